/** Corrections glide along the corridors: never through a wall, gone after a tenth of a second, a jump when the way is long. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FLOOR, tileOf } from "../../static/maze.js";
import { createGlides, wayBetween } from "../../static/motion.js";

const middle = (column, row) => ({ x: 8 * column + 4, y: 8 * row + 4 });
const poses = (place, state = "alive") => ({ pacs: [{ ...place, state }], ghosts: [] });
const onFloor = ({ x, y }) => FLOOR[tileOf(Math.floor(x + 16) & 255, Math.floor(y))] === 1;
const apart = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

test("round a corner it goes round the corner", () => {
  // Column 6 crosses row 5: from the corridor above it to the one at its right there is a block of wall between.
  const [from, to] = [middle(6, 3), middle(8, 5)];
  const way = wayBetween(from, to);
  assert.deepEqual(way, [from, middle(6, 5), to]);

  const glides = createGlides();
  glides.fade(0);
  glides.corrected(poses(to), poses(from));
  let left = 32;
  for (let now = 4; now < 200; now += 4) {
    glides.fade(now);
    const shown = glides.shifted("pac", 0, from);
    assert.ok(onFloor(shown), `in a wall at ${shown.x}, ${shown.y}`);
    assert.ok(apart(shown, from) <= left + 0.01);
    left = Math.max(apart(shown, from), Math.abs(shown.x - from.x) + Math.abs(shown.y - from.y));
    if (now >= 100) assert.ok(left < 2, `${left} px after ${now} ms`);
  }
});

test("while what is true moves on, the correction shrinks all the same and nothing trails behind", () => {
  const glides = createGlides();
  glides.fade(0);
  glides.corrected(poses(middle(6, 2)), poses(middle(6, 4)));
  for (let frame = 1; frame <= 30; frame += 1) {
    const place = frame <= 8 ? { x: 52, y: 36 + frame } : { x: 52 + frame - 8, y: 44 };
    glides.fade((frame * 1000) / 60);
    const shown = glides.shifted("pac", 0, place);
    assert.ok(onFloor(shown));
    if (frame >= 12) assert.ok(apart(shown, place) < 0.1, `${apart(shown, place)} px behind`);
  }
});

test("a long way is a jump, and so is one that there is not", () => {
  for (const [from, to] of [[middle(1, 1), middle(6, 1)], [middle(1, 1), middle(1, 8)], [middle(12, 1), middle(15, 1)]]) {
    const glides = createGlides();
    glides.corrected(poses(to), poses(from));
    assert.deepEqual(glides.shifted("pac", 0, from), from);
  }
});

test("through the tunnel the way is short", () => {
  const [from, to] = [{ x: 238, y: 116 }, { x: -14, y: 116 }];
  assert.deepEqual(wayBetween(from, to), [from, { x: 242, y: 116 }]);
});

test("who eats stands for six ticks and then catches up within a tenth of a second", () => {
  const glides = createGlides();
  const place = (tick) => ({ x: 60 + tick, y: 44 });
  glides.fade(0, 0);
  glides.hold("pac", 0, place(0), 6);
  for (let tick = 0; tick < 20; tick += 1) {
    glides.fade((tick * 1000) / 60, tick);
    const shown = glides.shifted("pac", 0, place(tick));
    if (tick < 6) assert.deepEqual(shown, place(0));
    if (tick > 12) assert.ok(apart(shown, place(tick)) < 0.5);
  }
});

test("a frame that shows him dead lets him glide to where he was caught; a spawn does not", () => {
  const glides = createGlides();
  glides.corrected(poses(middle(6, 2)), poses(middle(6, 4), "dead"));
  assert.notDeepEqual(glides.shifted("pac", 0, middle(6, 4)), middle(6, 4));
  glides.corrected(poses(middle(6, 4)), poses(middle(6, 5), "ready"));
  assert.deepEqual(glides.shifted("pac", 0, middle(6, 5)), middle(6, 5));
});
