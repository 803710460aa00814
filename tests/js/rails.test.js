// @ts-check
/** W2: rails.js moves everybody exactly as src/game/rails.rs does, by the golden vectors. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { applied } from "../../static/mirror.js";
import { advance } from "../../static/rails.js";
import { decodeFrame } from "../../static/wire.js";
import { bytesOf, golden } from "./golden.js";

/** @typedef {import("../../static/mirror.js").Scene} Scene */

/** @param {string} hex @returns {Scene} */
const sceneOf = (hex) => applied(decodeFrame(bytesOf(hex)), null);

for (const { name, start, watch, path, end } of golden("rails.json")) {
  test(`w2 rails: ${name}`, () => {
    const scene = sceneOf(start);
    const told = path.map(() => {
      advance(scene);
      return "pac" in watch ? toldPac(scene.pacs[watch.pac]) : toldGhost(scene.ghosts[watch.ghost]);
    });
    assert.deepEqual(told, path);
    assert.deepEqual(scene, sceneOf(end));
  });
}

/** @param {any} pac */
function toldPac({ x, y, direction, wish, state, ticks }) {
  return `${x} ${y} ${direction} ${wish} ${state} ${ticks}`;
}

/** @param {any} ghost */
function toldGhost({ x, y, direction, mood, place, exit, next_exit, reversal_pending }) {
  return `${x} ${y} ${direction} ${mood} ${place} ${exit} ${next_exit} ${Number(reversal_pending)}`;
}
