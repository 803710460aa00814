/**
 * How it feels from afar: players at a real server behind a line that delays and stalls, made of the page's own modules without a browser.
 *
 * Prints how far frames correct the own pac, the others and the ghosts at the drawn moment, and how evenly the own pac is drawn. Run:
 *   WAKA_BIN=../../target/release/waka node --experimental-websocket feel.mjs [--seconds 60] [--players 6] [--latency 200] [--stalls 2]
 */

import { parseArgs } from "node:util";
import { isOpen, tileOf } from "../../static/maze.js";
import { createMoment } from "../../static/moment.js";
import { createGlides, isAfoot, posesAt, wrapped } from "../../static/motion.js";
import { createState } from "../../static/state.js";
import * as wire from "../../static/wire.js";
import { startLine } from "./line.mjs";
import { startServer } from "./server.mjs";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, players: { type: "string", default: "6" }, latency: { type: "string", default: "200" }, stalls: { type: "string", default: "2" } },
});
const [seconds, players, latencyMs, stallPercent] = [values.seconds, values.players, values.latency, values.stalls].map(Number);
const FRAME_MS = 1000 / 60;
const PING_EVERY_MS = 5000;
/** A person presses a key so often, a fifth of them back the way he came. */
const KEYS_PER_SECOND = 1.8;
/** What counts as a visible leap of the own pac in one animation frame. */
const LEAP_PX = 5;

const server = await startServer();
const line = await startLine(server.port, { oneWayMs: latencyMs / 2, stallChance: stallPercent / 100 });
const sizes = { own: [], others: [], ghosts: [] };
const steps = [];
const answers = [];
const leads = [];

function play(index) {
  const state = createState();
  const glides = createGlides();
  const moment = createMoment(state, {
    corrected(before, after) {
      if (!pressing) note(before, after);
      glides.corrected(before, after);
    },
    send: (n, direction) => say(wire.input(n, direction)),
  });
  const socket = new WebSocket(`${line.origin.replace("http", "ws")}/ws`);
  const say = (text) => socket.readyState === 1 && socket.send(text);
  let pressing = false;
  let pingAt = 0;
  let pinged = 0;
  let last = null;
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    state.link = "open";
    say(wire.hello());
  };
  socket.onmessage = ({ data }) => {
    if (typeof data !== "string") return moment.frame(new Uint8Array(data), performance.now());
    const message = JSON.parse(data);
    state.receive(message);
    if (message.type === "welcome") say(wire.join({ maze: "feel", name: `p${index}`, colour: index }));
    if (message.type === "pong") state.prediction.ping(performance.now() - pinged);
    if (message.type === "over") say(wire.join({ maze: "feel", name: `p${index}`, colour: index }));
  };

  function note(before, after) {
    if (!before || !after || state.seat === null || state.mirror.base?.phase !== "play") return;
    const size = (a, b) => Math.hypot(wrapped(a.x - b.x), a.y - b.y);
    for (const [seat, pac] of after.pacs.entries()) {
      const old = before.pacs[seat];
      if (pac && old && isAfoot(pac.state) && isAfoot(old.state)) (seat === state.seat ? sizes.own : sizes.others).push(size(old, pac));
    }
    for (const [i, ghost] of after.ghosts.entries()) if (state.mirror.base.ghosts[i].place === "outside") sizes.ghosts.push(size(before.ghosts[i], ghost));
  }

  function look() {
    const now = performance.now();
    if (now - pingAt > PING_EVERY_MS && state.you !== "") {
      pingAt = pinged = now;
      say(wire.ping(1));
    }
    const drawn = moment.advance(now);
    if (state.seat === null || !moment.started) return;
    glides.fade(now, drawn);
    const pose = posesAt(state.mirror, drawn)?.pacs[state.seat];
    const pac = state.mirror.at(Math.floor(drawn) + 1)?.pacs[state.seat];
    if (!pose || !pac) return;
    const shown = glides.shifted("pac", state.seat, pose);
    if (isAfoot(pac.state) && last?.afoot) steps.push(Math.hypot(wrapped(shown.x - last.x), shown.y - last.y) / Math.max(1, drawn - last.drawn));
    if (last?.asked) answers.push(pac.direction === last.asked);
    last = { x: shown.x, y: shown.y, drawn, afoot: isAfoot(pac.state), asked: null };
    leads.push(state.prediction.leadTicks);
    if (Math.random() < KEYS_PER_SECOND / 60 || pac.state === "ready" || state.mirror.base.phase === "paused") press(pac);
  }

  function press(pac) {
    const tile = tileOf(pac.x, pac.y);
    const ahead = wire.DIRECTIONS.filter((way) => way !== pac.direction);
    const direction = ahead[Math.floor(Math.random() * ahead.length)];
    if (isOpen(tile, direction) && ["alive", "powered", "shielded"].includes(pac.state) && pac.ticks === 0 && state.mirror.base.phase === "play") last.asked = direction;
    pressing = true;
    moment.steer(direction, performance.now());
    pressing = false;
  }

  const timer = setInterval(look, FRAME_MS);
  return () => {
    clearInterval(timer);
    socket.close();
  };
}

const part = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0;
const mean = (list) => list.reduce((sum, value) => sum + value, 0) / Math.max(1, list.length);
const ends = Array.from({ length: players }, (_, index) => play(index));
await new Promise((resolve) => {
  setTimeout(resolve, seconds * 1000);
});
for (const end of ends) end();
console.log(`${players} players, ${seconds} s, ${latencyMs} ms there and back, ${stallPercent} % of the pieces stalled`);
for (const [who, list] of Object.entries(sizes)) {
  const wrong = list.filter((px) => px > 0.05);
  console.log(
    `${who.padEnd(7)} corrected by a frame: mean ${mean(list).toFixed(2)} px, p99 ${part(list, 0.99).toFixed(1)} px, ` +
      `${((100 * wrong.length) / Math.max(1, list.length)).toFixed(1)} % of frames at all, ${((100 * list.filter((px) => px > 8).length) / Math.max(1, list.length)).toFixed(2)} % by more than a tile (${list.length} frames)`,
  );
}
console.log(`own pac as drawn: ${mean(steps).toFixed(2)} px a tick, p99 ${part(steps, 0.99).toFixed(1)}, leaps over ${LEAP_PX} px: ${((100 * steps.filter((px) => px > LEAP_PX).length) / steps.length).toFixed(2)} %`);
console.log(`keys that could turn at once and did by the next animation frame: ${answers.filter(Boolean).length} of ${answers.length}; lead ${part(leads, 0.5).toFixed(1)} ticks (median)`);
await line.close();
await server.stop();
