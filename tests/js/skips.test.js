/** What skips.js counts: carried frames that nobody asked for, beats that are missing, and nothing else. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { SKIPS_SHOWN_MS, createSkips } from "../../static/skips.js";
import { decodeFrame, headOf } from "../../static/wire.js";
import { bytesOf, golden } from "./golden.js";

const head = (/** @type {number} */ tick, carried = false, epoch = 1) => ({ epoch, tick, carried });

/** What is counted after these frames. @param {Array<ReturnType<typeof head> | "begin">} frames */
function counted(frames) {
  const skips = createSkips();
  for (const frame of frames) {
    if (frame === "begin") skips.begin();
    else skips.frame(frame, 0);
  }
  return skips.recent(0);
}

test("frames at every beat or more often are no skip", () => {
  assert.equal(counted([head(100, true), head(106), head(107), head(113), head(119)]), 0);
});

test("a carried frame after a skip counts what is missing before it, one at least", () => {
  assert.equal(counted([head(100, true), head(103), head(106, true)]), 1, "somebody turned in between");
  assert.equal(counted([head(100, true), head(106), head(130, true)]), 3, "beats at 112, 118 and 124");
  assert.equal(counted([head(100, true), head(106), head(131, true)]), 4);
  assert.equal(counted([head(100, true), head(124)]), 3, "lost before the server's socket");
});

test("what was asked for is no skip, even if a frame was under way before it", () => {
  assert.equal(counted([head(100, true), head(106), "begin", head(400, true), head(406)]), 0);
  assert.equal(counted([head(100, true), head(106), "begin", head(112), head(400, true), head(406)]), 0);
  assert.equal(counted([head(100, true), head(106), "begin", head(400, true), head(412, true)]), 1, "but the next one is");
});

test("an older frame and another epoch are no skip", () => {
  assert.equal(counted([head(100, true), head(106), head(50), head(112)]), 0);
  assert.equal(counted([head(100, true), head(106), head(300, false, 2), head(306, false, 2), head(400, false, 1)]), 0);
});

test("skips are told for a minute", () => {
  const skips = createSkips();
  skips.frame(head(0, true), 0);
  skips.frame(head(12), 1000);
  skips.frame(head(30), 2000);
  assert.deepEqual([1500, 1000 + SKIPS_SHOWN_MS, 1001 + SKIPS_SHOWN_MS, 2001 + SKIPS_SHOWN_MS].map((now) => skips.recent(now)), [3, 3, 2, 0]);
});

test("the head of a frame is read without the rest of it", () => {
  for (const { hex, name } of golden("frames.json")) {
    const { epoch, tick, carried } = decodeFrame(bytesOf(hex));
    assert.deepEqual(headOf(bytesOf(hex)), { epoch, tick, carried }, name);
  }
});
