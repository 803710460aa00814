// @ts-check
/** W2: mirror.js draws exactly what src/client/mirror.rs does after the same frames, by the golden vectors. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { applied, createMirror } from "../../static/mirror.js";
import { decodeFrame } from "../../static/wire.js";
import { bytesOf, golden } from "./golden.js";

for (const { name, steps } of golden("mirror.json")) {
  test(`w2 mirror: ${name}`, () => {
    const mirror = createMirror();
    for (const [index, { receive, newer, at, shows }] of steps.entries()) {
      assert.equal(mirror.receive(bytesOf(receive)), newer, `step ${index}`);
      assert.deepEqual(mirror.at(at), { ...applied(decodeFrame(bytesOf(shows)), null) }, `step ${index}`);
    }
  });
}
