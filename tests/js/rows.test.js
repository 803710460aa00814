/** Which rows of a list are shown where there is little room. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { shownRows } from "../../static/ui/rows.js";

const indices = (/** @type {number} */ count, /** @type {number} */ room, /** @type {number} */ own) => shownRows(count, room, own).flatMap((shown, i) => (shown ? [i] : []));

test("as many rows as there is room for, the own one in the last place when it is further down", () => {
  assert.deepEqual(indices(6, 9, 3), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(indices(6, 3, -1), [0, 1, 2]);
  assert.deepEqual(indices(6, 3, 1), [0, 1, 2]);
  assert.deepEqual(indices(6, 3, 2), [0, 1, 2]);
  assert.deepEqual(indices(6, 3, 5), [0, 1, 5]);
  assert.deepEqual(indices(16, 1, 9), [9]);
});

test("where there is no room at all the own row is still shown, and no list is no trouble", () => {
  assert.deepEqual(indices(6, 0, 4), [4]);
  assert.deepEqual(indices(6, 0, -1), [0]);
  assert.deepEqual(indices(0, 5, -1), []);
});
