/** The pure parts around the game: what is shown of a line, who is muted, settings, "here you are", the game behind the title, QR check words. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { afterEach, test } from "node:test";
import { createDemo } from "../../static/demo.js";
import { FLOOR, tileOf } from "../../static/maze.js";
import { createPrefs } from "../../static/prefs.js";
import { checkWords, qrCode } from "../../static/qr.js";
import { createSpotlight } from "../../static/spotlight.js";
import { speak } from "../../static/strings.js";
import { createMuted, shownLine } from "../../static/talk.js";
import { phraseOf } from "../../static/ui/chat.js";
import { PHRASES } from "../../static/wire.js";

const memory = () => {
  const kept = new Map();
  return { get: (key) => kept.get(key) ?? null, set: (key, value) => (value === null ? kept.delete(key) : kept.set(key, value)), kept };
};

afterEach(() => speak("en"));

test("links are taken out of lines, and what only looks a little like one stays", () => {
  for (const link of ["http://evil.example/x?y=1", "https://a.b", "HTTPS://A.B", "www.evil.example", "evil.com", "sub.evil.co/path", "javascript://x", "한글.kr/길"]) {
    assert.equal(shownLine({ text: `see ${link} now` }), "see [link] now", link);
  }
  for (const line of ["well done...ok", "3.5 points", "no.1 player", "a/b", "<b>hi</b>", "wait...what"]) assert.equal(shownLine({ text: line }), line);
  speak("ko");
  assert.equal(shownLine({ text: "https://a.b" }), "[링크]");
});

test("a quick phrase is told in the reader's language, as PROTOCOL.md lists it; words that were typed stay", async () => {
  const protocol = await readFile(new URL("../../PROTOCOL.md", import.meta.url), "utf8");
  const rows = [...protocol.matchAll(/^\| (\d) \| (.+?) \| (.*[가-힣].*?) \|$/gm)];
  assert.deepEqual(rows.map(([, number]) => Number(number)), Array.from({ length: PHRASES }, (_, i) => i + 1));
  for (const [, number, english, korean] of rows) {
    speak("en");
    assert.equal(shownLine({ phrase: Number(number) }), english);
    speak("ko");
    assert.equal(shownLine({ phrase: Number(number) }), korean);
    assert.equal(shownLine({ text: english }), english);
  }
  assert.equal(shownLine({ phrase: PHRASES + 1 }), "#7", "of a newer page");
});

test("which key says which phrase", () => {
  const key = (/** @type {string} */ code, held = {}) => phraseOf(/** @type {KeyboardEvent} */ (/** @type {unknown} */ ({ code, ...held })));
  assert.deepEqual(["Digit1", "Numpad6", "Digit7", "Digit0", "KeyA"].map((code) => key(code)), [1, 6, 0, 0, 0]);
  for (const held of [{ repeat: true }, { ctrlKey: true }, { shiftKey: true }]) assert.equal(key("Digit1", held), 0);
});

test("who is muted stays muted for the next visit, and not more people than can be kept", () => {
  const storage = memory();
  createMuted(storage).set("aa", true);
  const muted = createMuted(storage);
  assert.deepEqual([muted.has("aa"), muted.has("bb")], [true, false]);
  for (let i = 0; i < 300; i += 1) muted.set(`id${i}`, true);
  assert.deepEqual([muted.has("aa"), muted.has("id299")], [false, true]);
  muted.set("id299", false);
  assert.equal(createMuted(storage).has("id299"), false);
});

test("settings are kept, refuse nonsense, and tell who listens", () => {
  const storage = memory();
  const prefs = createPrefs(storage);
  const told = [];
  prefs.listen((key, value) => told.push([key, value]));
  assert.deepEqual([prefs.get("sound"), prefs.get("volume"), prefs.get("language")], ["on", "70", ""]);
  prefs.set("volume", "35");
  prefs.set("volume", "1000");
  prefs.set("motion", "less");
  assert.deepEqual(told, [["volume", "35"], ["motion", "less"]]);
  assert.deepEqual([storage.kept.get("waka.volume"), storage.kept.get("waka.motion")], ["35", "less"]);
  assert.deepEqual([prefs.isCalm(false), prefs.isCalm(true)], [true, true]);
  prefs.set("motion", "full");
  assert.equal(prefs.isCalm(true), false);
  prefs.set("motion", "");
  assert.deepEqual([prefs.isCalm(false), prefs.isCalm(true), storage.kept.has("waka.motion")], [false, true, false]);
  storage.kept.set("waka.sound", "loud");
  assert.equal(prefs.get("sound"), "on");
});

test("a call begins when the own pac appears and when it is asked for, and ends by itself", () => {
  const spotlight = createSpotlight();
  const up = { state: "ready", hidden: false };
  assert.equal(spotlight.part(undefined, 0), null);
  assert.equal(spotlight.part(up, 1000), 0);
  assert.ok(spotlight.part(up, 2000) > 0.4);
  assert.equal(spotlight.part(up, 4000), null);
  spotlight.call(5000);
  assert.equal(spotlight.part(up, 5000), 0);
  assert.equal(spotlight.part({ state: "dead", hidden: false }, 5100), null);
  assert.equal(spotlight.part(up, 9000), 0, "he is back");
});

test("the game behind the title goes on for ever, inside the maze, and is the same each time", () => {
  const games = [createDemo(3), createDemo(3)];
  const happened = new Set();
  for (let tick = 1; tick <= 60 * 240; tick += 1) {
    const [one, two] = games.map((game) => game.mirror.at(tick));
    for (const event of games[0].mirror.events) happened.add(event.kind);
    if (tick % 600 === 0) assert.deepEqual(one, two);
    for (const pac of one.pacs) if (pac) assert.equal(FLOOR[tileOf(pac.x, pac.y)], 1);
    for (const ghost of one.ghosts) if (ghost.place === "outside") assert.equal(FLOOR[tileOf(ghost.x, ghost.y)], 1);
  }
  assert.deepEqual([...happened].sort(), ["caught", "energizer_eaten", "ghost_eaten"]);
});

test("the demo does not hurry after the page has slept", () => {
  const demo = createDemo();
  demo.advance(1000);
  const before = demo.advance(1016);
  assert.ok(demo.advance(60000) - before <= 30);
});

test("check words of a QR code are those of the standard's example", () => {
  // ISO/IEC 18004, annex I: 01234567 as version 1-M.
  const data = [0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11];
  assert.deepEqual(checkWords(data, 10), [0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55]);
});

test("the format of a QR code is one of those of level M, to the bit", () => {
  const FORMATS = ["101010000010010", "101000100100101", "101111001111100", "101101101001011", "100010111111001", "100000011001110", "100111110010111", "100101010100000"];
  const { size, dark } = qrCode("https://waka.example/?m=open-1");
  const at = (x, y) => dark[y * size + x];
  const first = [0, 1, 2, 3, 4, 5, 7, 8].map((x) => at(x, 8)).concat([7, 5, 4, 3, 2, 1, 0].map((y) => at(8, y)));
  const second = [1, 2, 3, 4, 5, 6, 7].map((up) => at(8, size - up)).concat([8, 7, 6, 5, 4, 3, 2, 1].map((left) => at(size - left, 8)));
  assert.ok(FORMATS.includes(first.join("")), first.join(""));
  assert.equal(second.join(""), first.join(""));
});
