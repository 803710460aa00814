/** The QR codes of the share panel, read again by a decoder of somebody else's. No browser here. */

import assert from "node:assert/strict";
import { test } from "node:test";
import jsQR from "jsqr";
import { qrCode } from "../../static/qr.js";

const QUIET = 4;
const SCALE = 3;

/** What a reader makes of a code. */
function read({ size, dark }) {
  const width = (size + 2 * QUIET) * SCALE;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (let y = 0; y < size * SCALE; y += 1) {
    for (let x = 0; x < size * SCALE; x += 1) {
      if (!dark[Math.floor(y / SCALE) * size + Math.floor(x / SCALE)]) continue;
      const at = 4 * ((y + QUIET * SCALE) * width + x + QUIET * SCALE);
      pixels.fill(0, at, at + 3);
    }
  }
  return jsQR(pixels, width, width)?.data ?? null;
}

test("links of every length that has a code are read as they were written", () => {
  const sizes = new Set();
  for (let length = 0; length <= 128; length += 1) {
    const link = `https://waka.example.org/?m=${"friday-night-".repeat(10)}`.slice(0, 24 + length);
    const code = qrCode(link);
    assert.ok(code, `${link.length} bytes`);
    sizes.add(code.size);
    assert.equal(read(code), link);
  }
  assert.deepEqual([...sizes], [25, 29, 33, 37, 41, 45, 49], "versions 2 to 8");
  assert.equal(read(qrCode("waka")), "waka");
});

test("what is too long has no code", () => {
  assert.notEqual(qrCode("x".repeat(152)), null);
  assert.equal(qrCode("x".repeat(153)), null);
});
