/** What the page knows: messages in, plain fields out; chat in the order of its ids; identity and maze that change. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { CHAT_LINES_MAX, compareIds, createState } from "../../static/state.js";
import { ASK_EVERY_MS, isDue } from "../../static/ui/boards.js";
import { refusalText, text } from "../../static/strings.js";
import { encodeFrame, scene } from "../browser/stage.mjs";

const line = (id, words = "hi") => ({ id, from: "0000000000000001", name: "Ada", text: words });
const joined = (changes = {}) => ({ type: "joined", maze: "open-1", spectating: false, input: 0, ...changes });

test("ids of chat lines compare by time, then by counter", () => {
  assert.ok(compareIds("9-0", "10-0") < 0);
  assert.ok(compareIds("10-2", "10-10") < 0);
  assert.equal(compareIds("10-2", "10-2"), 0);
});

test("lines come in once, in the order of their ids, and only the last fifty stay", () => {
  const state = createState();
  state.receive({ type: "chat", channel: "world", lines: [line("5-0"), line("3-0")] });
  state.receive({ type: "chat", channel: "world", lines: [line("3-0"), line("4-0")] });
  assert.deepEqual(state.chat.world.map((each) => each.id), ["3-0", "4-0", "5-0"]);
  state.receive({ type: "chat", channel: "world", lines: Array.from({ length: 60 }, (_, i) => line(`${10 + i}-0`)) });
  assert.equal(state.chat.world.length, CHAT_LINES_MAX);
  assert.equal(state.chat.world.at(-1).id, "69-0");
});

test("a board is whole: the newest of its name stands, the others stay", () => {
  const state = createState();
  const row = { id: "0000000000000001", points: 40, name: "Ada", colour: 0, maze: "open-1" };
  state.receive({ type: "board", of: "today", day: "2026-11-24", rows: [row] });
  state.receive({ type: "board", of: "all", rows: [] });
  state.receive({ type: "board", of: "today", day: "2026-11-25", rows: [] });
  assert.deepEqual(state.boards, { today: { day: "2026-11-25", rows: [] }, all: { day: "", rows: [] } });
  assert.equal(state.changed.boards, 3);
});

test("a board is asked for at once and then every so often, while somebody looks", () => {
  assert.equal(isDue("today", -Infinity, 10, true), true);
  assert.equal(isDue("today", 10, 10 + ASK_EVERY_MS - 1, true), false);
  assert.equal(isDue("today", 10, 10 + ASK_EVERY_MS, true), true);
  assert.equal(isDue("today", -Infinity, 10, false), false);
  assert.equal(isDue("maze", -Infinity, 10, true), false);
});

test("another maze takes players, lines and mirror away; the same one does not", () => {
  const state = createState();
  state.receive(joined());
  state.receive({ type: "players", maze: "open-1", version: 1, spectators: 0, players: [{ seat: 0, id: "a", name: "Ada", colour: 0, symbol: 0 }] });
  state.receive({ type: "chat", channel: "maze", lines: [line("1-0")] });
  const { mirror } = state;
  state.receive(joined({ seat: 3 }));
  assert.equal(state.seat, 3);
  assert.equal(state.mirror, mirror);
  assert.equal(state.players.length, 1);
  state.receive(joined({ maze: "open-2" }));
  assert.notEqual(state.mirror, mirror);
  assert.deepEqual([state.players.length, state.chat.maze.length], [0, 0]);
});

test("a list of players of another maze is not taken", () => {
  const state = createState();
  state.receive(joined());
  state.receive({ type: "players", maze: "open-2", version: 1, spectators: 9, players: [] });
  assert.equal(state.spectators, 0);
});

test("a run that is over is remembered until there is a seat again", () => {
  const state = createState();
  state.receive(joined({ seat: 2 }));
  state.receive({ type: "over", points: 4200, level: 3 });
  assert.deepEqual([state.over, state.seat], [{ points: 4200, level: 3 }, null]);
  state.receive(joined());
  assert.notEqual(state.over, null);
  state.receive(joined({ seat: 1 }));
  assert.equal(state.over, null);
});

test("input numbers go on from what the server knows and never fall", () => {
  const state = createState();
  const press = () => state.prediction.press("left", 0, 0, null);
  state.receive(joined({ seat: 0, input: 41 }));
  const first = press();
  assert.ok(first > 41 + 8, "well above what may be half a second old");
  state.receive(joined({ seat: 0, input: 7 }));
  assert.equal(press(), first + 1);
});

test("y3 an older epoch is refused, unless nothing but older ones comes for two seconds", () => {
  const state = createState();
  const frame = (epoch, tick) => encodeFrame(scene({ epoch, tick }));
  assert.equal(state.frame(frame(9000, 500), 1000), true);
  assert.equal(state.frame(frame(4000, 900), 1100), false);
  assert.equal(state.frame(frame(9000, 506), 1200), true);
  assert.equal(state.frame(frame(9000, 506), 1300), false, "the same again is not newer");
  assert.equal(state.frame(frame(9000, 512), 1400), true);
  assert.equal(state.frame(frame(4000, 10), 8000), false, "a pause alone is no reason");
  assert.equal(state.frame(frame(4000, 16), 9900), false);
  assert.equal(state.frame(frame(4000, 22), 10100), true);
  assert.equal(state.mirror.epoch, 4000);
});

test("placeholders take values as they are, whatever they hold", () => {
  assert.equal(text("youAte", { name: "{points} $& <b>", points: 400 }), "You ate {points} $& <b> (+400)");
  assert.equal(text("no such key"), "no such key");
  assert.equal(refusalText("constructor", "as sent"), "as sent");
});
