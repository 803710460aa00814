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

test("w2 rails: scenes out of real games", () => {
  for (const [index, { start, hashes }] of golden("worlds.json").entries()) {
    const scene = sceneOf(start);
    let told = "";
    while (told.length < hashes.length) {
      advance(scene);
      told += fnv1a(listing(scene)).toString(16).padStart(8, "0");
    }
    assert.equal(told, hashes, `scene ${index}`);
  }
});

/** Everything that the rails move, line by line, as tests/it/wire_vectors/worlds.rs lists it. @param {Scene} scene */
function listing({ tick, phase, power_ticks_left, pacs, ghosts, pellets, scores, clocks }) {
  return [
    `${tick} ${phase} ${power_ticks_left}`,
    ...pacs.flatMap((pac, seat) => (pac ? [`${seat} ${toldPac(pac)}`] : [])),
    ...ghosts.map(toldGhost),
    pellets.join(""),
    scores.map(({ points }) => points).join(" "),
    `${clocks.phase_ticks_left} ${clocks.lock_ticks_left} ${clocks.fruit_ticks_left}`,
  ].join("\n");
}

/** @param {string} text */
function fnv1a(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
