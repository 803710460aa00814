// @ts-check
/** W2: wire.js speaks what Rust speaks, by the golden vectors. */

import assert from "node:assert/strict";
import test from "node:test";

import * as maze from "../../static/maze.js";
import * as wire from "../../static/wire.js";
import { bytesOf, golden } from "./golden.js";

test("constants are those of Rust", () => {
  for (const { name, value } of golden("constants.json")) assert.deepEqual(wire[name], value, name);
});

test("close codes are those of Rust", () => {
  const closes = golden("closes.json").map(({ code, name, then }) => [String(code), { name, then }]);
  assert.deepEqual(Object.entries(wire.CLOSES), closes);
  assert.equal(wire.afterClose(4001), "reload");
  assert.equal(wire.afterClose(1006), "reconnect");
});

test("w2 frames decode to the same objects", () => {
  for (const { name, hex, frame } of golden("frames.json")) assert.deepEqual(wire.decodeFrame(bytesOf(hex)), frame, name);
});

test("w1 what is no frame is refused", () => {
  for (const { name, hex } of golden("bad_frames.json")) assert.throws(() => wire.decodeFrame(bytesOf(hex)), RangeError, name);
});

test("w1 any cut of a frame is refused or has fewer sections", () => {
  const whole = bytesOf(golden("frames.json").find(({ name }) => name === "the start, complete").hex);
  const sections = (/** @type {wire.Frame} */ frame) => frame.pellets.length + frame.scores.length / 2 + (frame.clocks ? 1 : 0);
  for (let length = 0; length < whole.length; length += 1) {
    let frame;
    try {
      frame = wire.decodeFrame(whole.subarray(0, length));
    } catch (error) {
      assert.ok(error instanceof RangeError, String(error));
      continue;
    }
    assert.ok(sections(frame) < 13, `cut at ${length}`);
  }
});

test("messages are what Rust parses", () => {
  for (const { make: [kind, ...wishes], text } of golden("from_client.json")) {
    assert.deepEqual(JSON.parse(wire[kind](...wishes)), JSON.parse(text), text);
  }
});

test("every refusal is known", () => {
  const told = golden("to_client.json").map(({ text }) => JSON.parse(text)).filter(({ type }) => type === "error");
  assert.deepEqual(wire.REFUSALS, told.map(({ code }) => code));
});

test("names and chat lines are judged as in Rust", () => {
  for (const { text, name, chat } of golden("text.json")) {
    assert.equal(wire.tidyName(text), name, JSON.stringify(text));
    assert.equal(wire.tidyChat(text), chat, JSON.stringify(text));
  }
});

test("the maze is that of Rust", () => {
  const tiles = golden("maze.json");
  for (const { tile, exits, pellet, energizer, slow, no_up } of tiles) {
    const ways = wire.DIRECTIONS.reduce((bits, way, bit) => bits | (maze.isOpen(tile, way) ? 1 << bit : 0), 0);
    assert.deepEqual(
      [ways, maze.PELLET_OF_TILE[tile], maze.ENERGIZERS[pellet] === 1, maze.inTunnel(tile), maze.forbidsUp(tile)],
      [exits, pellet ?? -1, energizer, slow, no_up],
      `tile ${tile}`,
    );
  }
  assert.equal(maze.FLOOR.reduce((sum, floor) => sum + floor), tiles.length);
});
