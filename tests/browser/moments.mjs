/**
 * The moments of a game that people should look at, staged: a busy maze of six, a power window, a chat, a lost connection.
 *
 * Each opens the page on a stage (`stage.mjs`), brings it there as a player would, and returns once it is to be seen.
 */

import { until } from "./browser.mjs";
import { STAGE_URL, at, encodeFrame, scene, setStage } from "./stage.mjs";

export const ADA = { seat: 0, id: "00000000000000aa", name: "Ada", colour: 0, symbol: 0 };
const NAMES = ["Ada", "모리", "Linus", "Katherine J.", "bot 1", "bot 2"];
const SIX = NAMES.map((name, seat) => ({ seat, id: seat === 0 ? ADA.id : `00000000000000b${seat}`, name, colour: [0, 2, 3, 5, 7, 4][seat], symbol: [0, 9, 3, 12, 7, 4][seat], bot: seat > 3 }));
const SAID = [
  [1, "안녕하세요!"], [2, "mind the red one"], [0, "race you to the cherry"], [3, "get ready, I am going for the power"], [1, "도와줘!"], [2, "good game"],
];
/** The stage's clock: real enough for the page to keep drawing. */
const FRAME_EVERY_MS = 100;
const TICKS_A_FRAME = 6;

const PLACES = [
  { ...at(6, 20), direction: "left", state: "alive" }, { ...at(21, 8), direction: "up", state: "alive" }, { ...at(9, 26), direction: "right", state: "alive" },
  { ...at(1, 5), direction: "right", state: "alive" }, { ...at(18, 17), direction: "down", state: "shielded" }, { ...at(26, 29), direction: "left", state: "alive" },
];
const GHOSTS = [
  { ...at(12, 5), direction: "right" }, { ...at(18, 11), direction: "up" }, { ...at(6, 26), direction: "left" }, { ...at(15.5, 14), direction: "up", place: "waiting" },
];
const POINTS = [12340, 15800, 7420, 3310, 910, 450];

/** @param {object} [changes] */
export function busy(tick, changes = {}) {
  const pellets = new Uint8Array(244).fill(1).map((one, i) => (i % 7 < 3 && i > 40 && i < 200 ? 0 : one));
  return scene({
    tick,
    pacs: PLACES.map((place, seat) => ({ seat, ...place })),
    ghosts: GHOSTS,
    fruit: true,
    pellets,
    scores: POINTS.map((points) => ({ points, lives: 2 })),
    clocks: { level: 3, sheets_done: 0, sheets_needed: 2, phase_ticks_left: 0, lock_ticks_left: 0, fruit_ticks_left: 200 },
    ...changes,
  });
}

/** A power window: Ada is powered, energizers sleep, ghosts are blue, one is eyes, points rise. */
export function power(tick) {
  return busy(tick, {
    power_ticks_left: 250,
    dormant: true,
    pacs: PLACES.map((place, seat) => ({ seat, ...place, state: seat === 0 ? "powered" : place.state })),
    ghosts: GHOSTS.map((ghost, i) => ({ ...ghost, mood: i === 2 ? "eyes" : "frightened" })),
    events: tick < 110 ? [{ kind: "ghost_eaten", who: 0, whom: 2, age: tick - 96, points: 200 }] : [],
    clocks: { level: 3, sheets_done: 0, sheets_needed: 2, phase_ticks_left: 0, lock_ticks_left: 490, fruit_ticks_left: 200 },
  });
}

/** Six rows, or sixteen. */
export function crowd(tick) {
  const columns = [1, 6, 9, 12, 15, 18, 21, 26];
  const pacs = Array.from({ length: 16 }, (_, seat) => ({ seat, ...at(columns[seat % 8], seat < 8 ? 5 : 20), direction: seat % 2 ? "left" : "right", state: seat === 3 ? "powered" : "alive" }));
  const ghosts = [...GHOSTS, { ...at(6, 8), direction: "left" }, { ...at(21, 14), direction: "left" }, { ...at(9, 17), direction: "up" }, { ...at(13.5, 14), direction: "up", place: "waiting" }];
  return busy(tick, { pacs, ghosts, scores: pacs.map((_, i) => ({ points: 10 * (i * 37 % 400), lives: i % 4 })), power_ticks_left: 200, dormant: true });
}

const SIXTEEN = Array.from({ length: 16 }, (_, seat) => ({ seat, id: seat === 0 ? ADA.id : `00000000000000${(16 + seat).toString(16)}`, name: `player ${seat + 1}`, colour: seat, symbol: seat }));

/**
 * Opens the page on a stage.
 * @param {{ frame: (tick: number) => object, rows?: object[], query?: string, storage?: Record<string, string>, moving?: boolean, pongAfterMs?: number }} set
 */
export async function openStage(page, { frame, rows = SIX, query = "", storage = {}, moving = false, pongAfterMs = 0 }) {
  const stage = { heard: [], sockets: [], timer: 0, dead: false };
  let tick = 100;
  await page.addInitScript((kept) => {
    for (const [key, value] of Object.entries(kept)) window.localStorage.setItem(key, value);
  }, { "waka.hinted": "yes", "waka.colour": "0", "waka.name": "Ada", ...storage });
  stage.sockets = await setStage(page, (message, send) => {
    stage.heard.push(message);
    if (stage.dead) return;
    if (message.type === "hello") send({ type: "welcome", version: 1, you: ADA.id, token: "token", instance: "stage" });
    if (message.type === "ping") setTimeout(send, pongAfterMs, { type: "pong", n: message.n });
    if (message.type !== "join" && message.type !== "watch") return;
    const spectating = message.type === "watch";
    send({ type: "joined", maze: "friday-night", spectating, input: 0, ...(spectating ? {} : { seat: 0 }) });
    const shown = spectating ? rows.map((row) => (row.id === ADA.id ? { ...row, id: "00000000000000ad" } : row)) : rows;
    send({ type: "players", maze: "friday-night", version: 0, spectators: 2, players: shown });
    const lines = SAID.filter(([seat]) => seat < rows.length).map(([seat, text], i) => ({ id: `${i + 1}-0`, from: rows[seat].id, name: rows[seat].name, text }));
    send({ type: "chat", channel: "maze", lines });
    const beat = () => send(encodeFrame(frame(moving ? (tick += TICKS_A_FRAME) : (tick += 1))));
    beat();
    clearInterval(stage.timer);
    stage.timer = setInterval(beat, FRAME_EVERY_MS);
  });
  page.context().on("close", () => clearInterval(stage.timer));
  await page.goto(`${STAGE_URL}${query}`);
  return stage;
}

async function play(page, frame, rows = SIX) {
  const stage = await openStage(page, { frame, rows });
  await until(page, "a connection", (shown) => shown.connected);
  await page.locator("#play").click();
  await until(page, "everybody", (shown) => shown.players.length === rows.length);
  await page.waitForTimeout(400); // time is the promise: what slides or fades has come to rest
  return stage;
}

export const MOMENTS = {
  async title(page) {
    await openStage(page, { frame: busy });
    await until(page, "a connection", (shown) => shown.connected);
    await page.waitForTimeout(1500); // the game behind the title has gone on for a while
  },
  play: (page) => play(page, busy),
  power: (page) => play(page, power),
  sixteen: (page) => play(page, crowd, SIXTEEN),
  async chat(page) {
    await play(page, busy);
    await page.keyboard.press("Enter");
    await page.keyboard.type("hello");
  },
  async watching(page) {
    await openStage(page, { frame: busy, query: "?watch=1" });
    await until(page, "everybody", (shown) => shown.players.length === 6);
    await page.keyboard.press("KeyT");
  },
  async reconnecting(page) {
    const stage = await play(page, busy);
    stage.dead = true;
    clearInterval(stage.timer);
    await stage.sockets.at(-1).close({ code: 1011 });
    await page.locator("#banner").waitFor();
  },
};

for (const panel of ["settings", "help", "share"]) {
  MOMENTS[panel] = async (page) => {
    await play(page, busy);
    await page.locator(`#open-${panel}`).click();
  };
}

MOMENTS.over = async (page) => {
  const stage = await play(page, busy);
  stage.sockets.at(-1).send(JSON.stringify({ type: "over", points: 14210, level: 3 }));
  await page.locator("#over").waitFor();
};

MOMENTS.ready = (page) => play(page, (tick) => busy(tick, { phase: "ready", fruit: false, pacs: [{ seat: 0, x: 127, y: 187, direction: "left", state: "ready" }] }), [ADA]);

export const openMoment = (page, name) => MOMENTS[name](page);
