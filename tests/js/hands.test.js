/** Fingers and sticks as directions: the pure halves of touch and gamepad. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createGamepads, directionOf } from "../../static/gamepad.js";
import { createSwipe } from "../../static/swipe.js";

const told = (swipe, points) => points.map(([x, y]) => swipe.move(x, y)).filter((direction) => direction !== null);

test("24 pixels are a swipe, 23 are a tremble", () => {
  const swipe = createSwipe(100, 100);
  assert.deepEqual(told(swipe, [[110, 104], [123, 100]]), []);
  assert.deepEqual(told(swipe, [[124, 103]]), ["right"]);
});

test("a finger that is not lifted turns", () => {
  const swipe = createSwipe(100, 300);
  const way = [[100, 270], [100, 240], [126, 238], [150, 238], [150, 264], [120, 264], [120, 236]];
  assert.deepEqual(told(swipe, way), ["up", "right", "down", "left", "up"]);
});

test("a slanted swipe is one direction, however long", () => {
  const swipe = createSwipe(0, 0);
  assert.deepEqual(told(swipe, Array.from({ length: 60 }, (_, i) => [i * 5, i * 2.5])), ["right"]);
});

const resting = { index: 0, connected: true, axes: [0, 0], buttons: Array.from({ length: 17 }, () => ({ pressed: false })) };
const pressing = (...which) => ({ ...resting, buttons: resting.buttons.map((_, i) => ({ pressed: which.includes(i) })) });
const leaning = (x, y) => ({ ...resting, axes: [x, y] });

test("the D-pad and the stick beyond its dead zone steer", () => {
  assert.deepEqual([12, 13, 14, 15].map((button) => directionOf(pressing(button), null)), ["up", "down", "left", "right"]);
  assert.deepEqual([[0.34, 0], [0.36, 0], [-0.9, 0.2], [0.1, -0.5], [0, 0.7]].map(([x, y]) => directionOf(leaning(x, y), null)), [null, "right", "left", "up", "down"]);
});

test("on the diagonal a stick does not tremble", () => {
  assert.equal(directionOf(leaning(0.7, 0.72), "right"), "right");
  assert.equal(directionOf(leaning(0.72, 0.7), "down"), "down");
  assert.equal(directionOf(leaning(0.5, 0.72), "right"), "down");
});

test("a gamepad tells what changes, may come and go, and has few buttons or none", () => {
  const heard = [];
  const gamepads = createGamepads({ steer: (direction) => heard.push(direction), start: () => heard.push("start") });
  for (const pads of [[null], [pressing(14)], [pressing(14)], [leaning(0, 0)], [pressing(14)], [pressing(9)], [pressing(9)], []]) gamepads.look(pads);
  assert.deepEqual(heard, ["left", "left", "start"]);
  assert.equal(gamepads.held, null);
  gamepads.look([null, { ...pressing(12), index: 1 }]);
  assert.equal(gamepads.held, "up");
  gamepads.look([{ index: 0, connected: true, axes: [], buttons: [] }, { ...pressing(12), index: 1, connected: false }]);
  assert.deepEqual([heard.at(-1), gamepads.held], ["up", null]);
});
