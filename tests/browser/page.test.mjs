/**
 * The page before a staged server: states that a real game reaches seldom, hostile text, every way in which a connection ends.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchBrowser, newPage, until, view } from "./browser.mjs";
import { ASK_EVERY_MS } from "../../static/ui/boards.js";
import { STAGE_URL, at, encodeFrame, scene, setStage } from "./stage.mjs";

const ADA = { seat: 0, id: "00000000000000aa", name: "Ada", colour: 0, symbol: 0 };
const HOSTILE = { seat: 1, id: "00000000000000bb", name: "<img src=x onerror", colour: 3 };
const SCRIPT = "<script>window.pwned = 1</script><img src=x onerror=window.pwned=1>";

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** A page on a stage that seats Ada and shows what `frame` makes of each tick. */
async function staged({ frame = standing, rows = [ADA], options, query = "", onMessage } = {}) {
  const page = await newPage(browser, { origin: STAGE_URL, ...options });
  const heard = [];
  let tick = 100;
  const sockets = await setStage(page, (message, send) => {
    heard.push(message);
    if (onMessage?.(message, send)) return;
    if (message.type === "hello") send({ type: "welcome", version: 1, you: ADA.id, token: `token-${heard.length}`, instance: "stage" });
    if (message.type === "ping") send({ type: "pong", n: message.n });
    if (message.type === "join" || message.type === "watch") {
      const spectating = message.type === "watch";
      send({ type: "joined", maze: "open-1", spectating, input: 0, ...(spectating ? {} : { seat: 0 }) });
      send({ type: "players", maze: "open-1", version: 0, spectators: 0, players: rows });
      send(encodeFrame(frame((tick += 6))));
    }
  });
  await page.goto(`${STAGE_URL}${query}`);
  return { page, sockets, heard, nextTick: () => (tick += 6) };
}

const standing = (tick) => scene({ tick, phase: "ready", pacs: [{ seat: 0, x: 127, y: 187, direction: "left", state: "ready" }] });
const hellos = (heard) => heard.filter((message) => message.type === "hello").length;
const running = (tick) => scene({ tick, pacs: [{ seat: 0, ...at(1, 29), direction: "right", state: "alive" }, { seat: 1, ...at(26, 5), direction: "left", state: "alive" }] });

test("Enter plays at once, under the name of the address, and the view has exactly the fields that are promised", async () => {
  const { page, heard } = await staged({ query: "?name=Ada%20L&m=friends" });
  await until(page, "a connection", (shown) => shown.connected);
  await page.keyboard.press("Enter");
  const shown = await until(page, "a frame", (seen) => seen.players.length === 1);
  const join = heard.find((message) => message.type === "join");
  assert.deepEqual([join.name, join.maze], ["Ada L", "friends"]);
  assert.deepEqual(Object.keys(shown), [
    "connected", "spectating", "you", "maze", "epoch", "tick", "drawnTick", "ownTick", "level", "pelletsLeft", "players", "ghosts", "chat", "pingMs", "framesPerSecond",
  ]);
  assert.deepEqual(shown.players, [{ id: ADA.id, name: "Ada", x: 112, y: 188, dir: "left", score: 0, lives: 0, state: "ready" }]);
  assert.deepEqual(shown.ghosts[0], { x: 112, y: 92, dir: "left", state: "normal" });
  assert.deepEqual(shown.ghosts.map((ghost) => ghost.state), ["normal", "house", "house", "house"]);
  assert.deepEqual([shown.you, shown.maze, shown.epoch, shown.level, shown.pelletsLeft], [ADA.id, "open-1", 5000, 1, 244]);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("what the view hands out is frozen and leads nowhere", async () => {
  const { page } = await staged({ query: "?watch=1" });
  await until(page, "a frame", (seen) => seen.ghosts.length === 4);
  const frozen = await page.evaluate(() => {
    const shown = window.waka.view();
    const parts = [window.waka, shown, shown.players, shown.ghosts, shown.ghosts[0], shown.chat];
    return parts.every((part) => Object.isFrozen(part)) && window.waka.view() !== shown;
  });
  assert.equal(frozen, true);
  await page.context().close();
});

test("between frames everybody moves on the rails", async () => {
  const { page } = await staged({ frame: running, rows: [ADA, HOSTILE] });
  await page.keyboard.press("Enter");
  const first = await until(page, "a frame", (seen) => seen.players.length === 2);
  const later = await until(page, "motion without a frame", (seen) => seen.players[0].x > first.players[0].x + 4 && seen.players[1].x < first.players[1].x - 4);
  assert.equal(later.tick, first.tick, "no frame came in between");
  assert.ok(later.drawnTick > first.drawnTick && later.ownTick === later.drawnTick);
  await page.context().close();
});

test("names and lines that look like markup are shown as text and run nothing", async () => {
  const { page, sockets } = await staged({ frame: running, rows: [ADA, HOSTILE] });
  await page.keyboard.press("Enter");
  await until(page, "both players", (seen) => seen.players.length === 2);
  sockets[0].send(JSON.stringify({ type: "chat", channel: "maze", lines: [{ id: "1-0", from: HOSTILE.id, name: HOSTILE.name, text: SCRIPT }] }));
  await page.locator(".line-text", { hasText: SCRIPT }).waitFor();
  await page.locator(".who-name", { hasText: HOSTILE.name }).waitFor();
  const made = await page.evaluate(() => ({ pwned: window.pwned ?? 0, images: document.images.length, scripts: document.querySelectorAll("body script").length }));
  assert.deepEqual(made, { pwned: 0, images: 0, scripts: 0 });
  assert.deepEqual((await view(page)).chat, [{ from: HOSTILE.name, text: SCRIPT }]);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("arrows and W A S D steer by the place of the key, and not while somebody types", async () => {
  const { page, heard } = await staged({ frame: running, rows: [ADA, HOSTILE] });
  await page.keyboard.press("Enter");
  await until(page, "a seat", (seen) => seen.players.length === 2);
  for (const key of ["ArrowUp", "KeyA", "ArrowDown", "KeyD"]) await page.keyboard.press(key);
  await page.keyboard.press("Enter");
  await page.keyboard.type("wasd");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await until(page, "an answer to all that", () => heard.some((message) => message.type === "chat"));
  const inputs = heard.filter((message) => message.type === "input");
  const first = inputs[0].n;
  assert.ok(first > 8, "numbers begin well above what the server told");
  assert.deepEqual(
    inputs.map(({ n, dir }) => [n - first, dir]),
    [[0, "up"], [1, "left"], [2, "down"], [3, "right"]],
  );
  assert.deepEqual(heard.filter((message) => message.type === "chat"), [{ type: "chat", channel: "maze", text: "wasd" }]);
  await page.context().close();
});

test("an Enter that an input method needs neither sends a line nor opens the chat", async () => {
  const { page, heard } = await staged({ frame: running, rows: [ADA, HOSTILE] });
  await page.keyboard.press("Enter");
  await until(page, "a seat", (seen) => seen.players.length === 2);
  const focused = await page.evaluate(() => {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { code: "Enter", key: "Enter", keyCode: 229, isComposing: true, bubbles: true }));
    return document.activeElement?.id;
  });
  assert.notEqual(focused, "chat-text");
  await page.keyboard.press("Enter");
  await page.evaluate(() => {
    const field = document.getElementById("chat-text");
    field.dispatchEvent(new CompositionEvent("compositionstart"));
    field.value = "안녕";
    field.form.requestSubmit();
  });
  assert.equal(await page.locator("#chat-text").inputValue(), "안녕");
  await page.evaluate(() => {
    const field = document.getElementById("chat-text");
    field.dispatchEvent(new CompositionEvent("compositionend"));
    field.form.requestSubmit();
  });
  await until(page, "the line, once", () => heard.some((message) => message.type === "chat"));
  assert.deepEqual(heard.filter((message) => message.type === "chat").map((message) => message.text), ["안녕"]);
  await page.context().close();
});

test("the page fits its window, and keys do not scroll it", async () => {
  const { page } = await staged({ frame: running, rows: [ADA, HOSTILE], options: { viewport: { width: 390, height: 500 } } });
  await page.keyboard.press("Enter");
  await until(page, "a seat", (seen) => seen.players.length === 2);
  assert.ok(await page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight), "nothing lies below the window");
  for (const key of ["ArrowDown", "ArrowDown", "Space", "PageDown", "End"]) await page.keyboard.press(key);
  await until(page, "the keys have had their effect", () => true);
  assert.equal(await page.evaluate(() => window.scrollY), 0);
  await page.context().close();
});

test("a run that is over shows its points, and Enter begins another", async () => {
  const { page, sockets, heard } = await staged({ frame: running, rows: [ADA, HOSTILE] });
  await page.keyboard.press("Enter");
  await until(page, "a seat", (seen) => seen.players.length === 2);
  sockets[0].send(JSON.stringify({ type: "over", points: 4210, level: 3 }));
  await page.locator("#over-score", { hasText: "4,210 points, level 3" }).waitFor();
  const shown = await view(page);
  assert.equal(shown.spectating, true);
  const joins = () => heard.filter((message) => message.type === "join").length;
  assert.equal(joins(), 1);
  await until(page, "Enter to count again", () => {
    if (joins() < 2) page.keyboard.press("Enter").catch(() => undefined);
    return joins() === 2;
  });
  await page.locator("#over").waitFor({ state: "hidden" });
  assert.equal(await page.evaluate(() => localStorage.getItem("waka.best")), "4210");
  await page.context().close();
});

test("a lost connection shows a banner and comes back with the token, the position seen and the same maze", async () => {
  let welcomeBack;
  const { page, sockets, heard } = await staged({
    onMessage(message, send) {
      if (message.type === "ping") send({ type: "pong", n: message.n, seen: "signed-position" });
      const again = message.type === "hello" && message.token !== undefined;
      if (again) welcomeBack = () => send({ type: "welcome", version: 1, you: ADA.id, token: message.token, instance: "stage" });
      return message.type === "ping" || again;
    },
  });
  await page.keyboard.press("Enter");
  await until(page, "a seat", (seen) => seen.players.length === 1 && seen.pingMs !== null);
  await sockets[0].close({ code: 1011 });
  await page.locator("#banner", { hasText: "Reconnecting" }).waitFor();
  await until(page, "a second hello", () => welcomeBack !== undefined);
  welcomeBack();
  await until(page, "the connection again", (seen) => seen.connected);
  await until(page, "the seat again", () => heard.filter((message) => message.type === "join").length === 2);
  const [first, second] = heard.filter((message) => message.type === "hello");
  assert.equal(first.token, undefined);
  assert.equal(second.token, "token-1");
  assert.equal(second.seen, "signed-position");
  assert.equal(heard.filter((message) => message.type === "join")[1].maze, "open-1");
  await page.locator("#banner").waitFor({ state: "hidden" });
  await page.context().close();
});

for (const [code, name, words] of [[4009, "replaced", "another tab"], [4002, "bad message", "closed the connection"]]) {
  test(`after close ${code} (${name}) the page stays away until it is asked`, async () => {
    const { page, sockets, heard } = await staged();
    await page.keyboard.press("Enter");
    await until(page, "a seat", (seen) => seen.players.length === 1);
    await sockets[0].close({ code });
    await page.locator("#banner", { hasText: words }).waitFor();
    assert.equal(heard.filter((message) => message.type === "hello").length, 1);
    await page.getByRole("button", { name: "Connect again" }).click();
    await until(page, "the connection again", (seen) => seen.connected);
    assert.equal(heard.filter((message) => message.type === "hello").length, 2);
    await page.context().close();
  });
}

test("a token that is refused is forgotten, and the page says hello without one", async () => {
  const { page, sockets, heard } = await staged();
  await page.keyboard.press("Enter");
  await until(page, "a seat", (seen) => seen.players.length === 1);
  await sockets[0].close({ code: 4007 });
  await until(page, "a second hello", () => heard.filter((message) => message.type === "hello").length === 2);
  assert.equal(heard.filter((message) => message.type === "hello")[1].token, undefined);
  await page.context().close();
});

test("a page that is too old reloads itself once, not for ever", async () => {
  const { page, heard } = await staged({
    onMessage(message) {
      return message.type === "hello";
    },
  }).then(async (stage) => {
    await until(stage.page, "a page", () => hellos(stage.heard) === 1);
    await stage.sockets[0].close({ code: 4001 });
    await until(stage.page, "the page again", () => hellos(stage.heard) === 2);
    await stage.sockets[1].close({ code: 4001 });
    return stage;
  });
  await page.locator("#banner", { hasText: "out of date" }).waitFor();
  assert.equal(heard.filter((message) => message.type === "hello").length, 2);
  await page.context().close();
});

test("a hidden page says that it is away, and asks for the newest when it is seen again", async () => {
  const { page, heard } = await staged();
  await page.keyboard.press("Enter");
  await until(page, "a seat", (seen) => seen.players.length === 1);
  const show = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  await show(true);
  await show(false);
  await until(page, "all three messages", () => heard.some((message) => message.type === "refresh"));
  assert.deepEqual(
    heard.filter((message) => ["away", "refresh"].includes(message.type)),
    [{ type: "away", away: true }, { type: "away", away: false }, { type: "refresh" }],
  );
  await page.context().close();
});

test("who watches steers nobody, and Play takes a seat in the same maze", async () => {
  const { page, heard } = await staged({ frame: running, rows: [HOSTILE], query: "?watch=1&m=friends" });
  await until(page, "a frame", (seen) => seen.spectating && seen.tick > 0);
  await page.keyboard.press("ArrowLeft");
  await page.locator("#join").click();
  await until(page, "a join", () => heard.some((message) => message.type === "join"));
  assert.equal(heard.find((message) => message.type === "watch").maze, "friends");
  assert.equal(heard.find((message) => message.type === "join").maze, "open-1", "the maze that it was told to be in");
  assert.deepEqual(heard.filter((message) => message.type === "input"), []);
  await page.context().close();
});

test("a name that is refused brings the title back, with the reason", async () => {
  const { page } = await staged({
    onMessage(message, send) {
      if (message.type === "join") send({ type: "error", code: "bad_name", message: "as the server puts it" });
      return message.type === "join";
    },
  });
  await until(page, "a connection", (seen) => seen.connected);
  await page.keyboard.press("Enter");
  await page.locator("#toast", { hasText: "A name has 1 to 16 visible characters." }).waitFor();
  assert.equal(await page.locator("#title").isVisible(), true);
  await page.locator("#name").fill("\u202eevil");
  await page.locator("#play").click();
  assert.equal(await page.locator("#name").evaluate((field) => field.validity.customError), true, "a name that would be refused is not sent");
  await page.context().close();
});

test("a reload goes on playing without being asked", async () => {
  const { page, heard } = await staged();
  await page.keyboard.press("Enter");
  await until(page, "a seat", (seen) => seen.players.length === 1);
  await page.reload();
  await until(page, "the seat again", (seen) => seen.players.length === 1 && heard.filter((message) => message.type === "join").length === 2);
  assert.equal(await page.locator("#title").isVisible(), false);
  await page.context().close();
});

test("the maze keeps its place whatever the panels hold, on a desk and on a phone", async () => {
  for (const viewport of [{ width: 1280, height: 720 }, { width: 390, height: 844 }]) {
    const { page, sockets } = await staged({ frame: running, rows: [ADA, HOSTILE], options: { viewport } });
    const boxes = [await page.locator("#maze").boundingBox()];
    await page.keyboard.press("Enter");
    await until(page, "a seat", (seen) => seen.players.length === 2);
    boxes.push(await page.locator("#maze").boundingBox());
    const height = () => page.evaluate(() => document.documentElement.scrollHeight);
    const heightBefore = await height();
    const lines = Array.from({ length: 50 }, (_, i) => ({ id: `${i}-0`, from: ADA.id, name: "Ada", text: "word ".repeat(40) }));
    sockets[0].send(JSON.stringify({ type: "chat", channel: "maze", lines }));
    await until(page, "fifty lines", (seen) => seen.chat.length === 50);
    boxes.push(await page.locator("#maze").boundingBox());
    assert.equal(await height(), heightBefore, "lines that come in do not make the page grow");
    sockets[0].send(JSON.stringify({ type: "over", points: 10, level: 1 }));
    await page.locator("#over").waitFor();
    boxes.push(await page.locator("#maze").boundingBox());
    for (const box of boxes) assert.deepEqual(box, boxes[0]);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "nothing sticks out at the side");
    await page.context().close();
  }
});

test("the boards have tabs: asked of the server while they are looked at, names as text, the own row marked", async () => {
  const asked = [];
  let askedFrom = 0;
  const rows = (points) => [
    { id: HOSTILE.id, points, name: SCRIPT, colour: 3, maze: "open-2" },
    { id: ADA.id, points: 40, name: "Ada", colour: 0, maze: "open-1" },
    { id: "00000000000000cc", points: 10, name: "Pixel", colour: 5, bot: true, maze: "open-1" },
  ];
  const onMessage = (message, send) => {
    if (message.type !== "board") return false;
    asked.push(message.of);
    askedFrom ||= performance.now();
    send({ type: "board", of: message.of, ...(message.of === "today" ? { day: "2026-11-24" } : {}), rows: message.of === "all" ? [] : rows(12340) });
    return true;
  };
  const { page } = await staged({ frame: running, rows: [ADA, HOSTILE], onMessage });
  await until(page, "a connection", (shown) => shown.connected);
  await page.keyboard.press("Enter");
  await until(page, "a frame", (shown) => shown.players.length === 2);
  assert.equal(await page.locator("#board-rows .row").count(), 2);
  assert.deepEqual(asked, [], "the maze's board comes from frames");

  await page.locator("#board-today").click();
  await page.locator("#board-best .row").nth(2).waitFor();
  assert.deepEqual(await page.locator("#board-best .who-name").allTextContents(), [SCRIPT, "Ada", "Pixel"]);
  assert.deepEqual(await page.locator("#board-best .row-score").allTextContents(), ["12,340", "40", "10"]);
  assert.equal(await page.locator("#board-best .row.you .who-name").textContent(), "Ada");
  assert.equal(await page.locator("#board-best .row .mark").last().textContent(), "bot");
  assert.ok((await page.locator("#board-best").getAttribute("title")).includes("2026-11-24"));
  assert.equal(await page.locator("#board-rows").isVisible(), false);
  assert.equal(await page.evaluate("window.pwned"), undefined);

  await page.locator("#board-today").press("ArrowRight");
  await page.locator("#board-best .quiet-note").waitFor();
  assert.equal(await page.locator("#board-all").getAttribute("aria-selected"), "true");
  await page.locator("#board-maze").click();
  assert.equal(await page.locator("#board-rows").isVisible(), true);
  assert.deepEqual([...new Set(asked)], ["today", "all"]);
  const most = 3 + (performance.now() - askedFrom) / ASK_EVERY_MS;
  assert.ok(asked.length <= most, `asked too often: ${asked}`);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
