// @ts-check
/**
 * A QR code of a short text: byte mode, error correction M, versions 1 to 8, the mask with the fewest penalties. Pure.
 *
 * After ISO/IEC 18004. What does not fit gives null, and the page then shows no code.
 */

/** By version: data codewords of each block, and error correction codewords of every block. */
const BLOCKS = Object.freeze([
  { data: [16], check: 10 }, { data: [28], check: 16 }, { data: [44], check: 26 }, { data: [32, 32], check: 18 }, { data: [43, 43], check: 24 },
  { data: [27, 27, 27, 27], check: 16 }, { data: [31, 31, 31, 31], check: 18 }, { data: [38, 38, 39, 39], check: 22 },
]);
/** Centres of the alignment patterns, by version. */
const ALIGNMENTS = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42]];
const MASKS = Object.freeze([
  (/** @type {number} */ x, /** @type {number} */ y) => (x + y) % 2 === 0,
  (/** @type {number} */ _, /** @type {number} */ y) => y % 2 === 0,
  (/** @type {number} */ x) => x % 3 === 0,
  (/** @type {number} */ x, /** @type {number} */ y) => (x + y) % 3 === 0,
  (/** @type {number} */ x, /** @type {number} */ y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (/** @type {number} */ x, /** @type {number} */ y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (/** @type {number} */ x, /** @type {number} */ y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (/** @type {number} */ x, /** @type {number} */ y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]);

/** @typedef {{ size: number, dark: Uint8Array, fixed: Uint8Array }} Grid */

/**
 * The modules of the code, row by row, 1 for dark; null when the text is too long.
 * @param {string} text
 * @returns {{ size: number, dark: Uint8Array } | null}
 */
export function qrCode(text) {
  const bytes = new TextEncoder().encode(text);
  const index = BLOCKS.findIndex(({ data }) => bytes.length + 2 <= sum(data));
  if (index < 0) return null;
  const version = index + 1;
  const bits = interleaved(codewords(bytes, sum(BLOCKS[index].data)), BLOCKS[index]);
  const blank = patterns(version);
  place(blank, bits);
  let best = blank;
  let least = Infinity;
  for (const [mask, flips] of MASKS.entries()) {
    const grid = masked(blank, flips);
    putFormat(grid, mask);
    const penalty = penaltyOf(grid);
    if (penalty < least) [best, least] = [grid, penalty];
  }
  return { size: best.size, dark: best.dark };
}

/** @param {ReadonlyArray<number>} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Mode, length, the bytes, and padding, as codewords. @param {Uint8Array} bytes @param {number} room */
function codewords(bytes, room) {
  const nibbles = [4, bytes.length >> 4, bytes.length & 15];
  for (const byte of bytes) nibbles.push(byte >> 4, byte & 15);
  nibbles.push(0);
  const words = [];
  for (let i = 0; i < nibbles.length; i += 2) words.push((nibbles[i] << 4) | nibbles[i + 1]);
  for (let pad = 0xec; words.length < room; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

/** @param {number[]} words @param {{ data: number[], check: number }} blocks @returns {number[]} bits */
function interleaved(words, { data, check }) {
  let from = 0;
  const parts = data.map((length) => words.slice(from, (from += length)));
  const checks = parts.map((part) => checkWords(part, check));
  const all = [];
  for (let i = 0; i < Math.max(...data); i += 1) for (const part of parts) if (i < part.length) all.push(part[i]);
  for (let i = 0; i < check; i += 1) for (const part of checks) all.push(part[i]);
  return all.flatMap((word) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (word >> bit) & 1));
}

/** Product in the field of 256 elements, modulo x^8 + x^4 + x^3 + x^2 + 1. @param {number} a @param {number} b */
function times(a, b) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> bit) & 1) * a;
  }
  return product;
}

/**
 * The Reed-Solomon check words of a block.
 * @param {ReadonlyArray<number>} data
 * @param {number} count
 * @returns {number[]}
 */
export function checkWords(data, count) {
  const divisor = new Array(count).fill(0);
  divisor[count - 1] = 1;
  for (let i = 0, root = 1; i < count; i += 1, root = times(root, 2)) {
    for (let j = 0; j < count; j += 1) divisor[j] = times(divisor[j], root) ^ (divisor[j + 1] ?? 0);
  }
  const rest = new Array(count).fill(0);
  for (const word of data) {
    const factor = word ^ rest.shift();
    rest.push(0);
    for (let j = 0; j < count; j += 1) rest[j] ^= times(divisor[j], factor);
  }
  return rest;
}

/** @param {Grid} grid @param {number} x @param {number} y @param {boolean | number} isDark */
function fix(grid, x, y, isDark) {
  if (x < 0 || y < 0 || x >= grid.size || y >= grid.size) return;
  grid.dark[y * grid.size + x] = isDark ? 1 : 0;
  grid.fixed[y * grid.size + x] = 1;
}

/** Finders, timing, alignment, version; and room kept for the format. @param {number} version @returns {Grid} */
function patterns(version) {
  const size = 17 + 4 * version;
  const grid = { size, dark: new Uint8Array(size * size), fixed: new Uint8Array(size * size) };
  for (let i = 0; i < size; i += 1) {
    fix(grid, 6, i, i % 2 === 0);
    fix(grid, i, 6, i % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(grid, x, y, 4, (ring) => ring !== 2 && ring !== 4);
  const centres = ALIGNMENTS[version - 1];
  const last = centres.at(-1) ?? 0;
  for (const x of centres) {
    for (const y of centres) {
      const atFinder = (x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6);
      if (!atFinder) square(grid, x, y, 2, (ring) => ring !== 1);
    }
  }
  putFormat(grid, 0);
  if (version >= 7) putVersion(grid, version);
  return grid;
}

/** @param {Grid} grid @param {number} x @param {number} y @param {number} radius @param {(ring: number) => boolean} isDark */
function square(grid, x, y, radius, isDark) {
  for (let dy = -radius; dy <= radius; dy += 1) {
    for (let dx = -radius; dx <= radius; dx += 1) fix(grid, x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
  }
}

/** @param {number} value @param {number} checkBits @param {number} divisor */
function withCheck(value, checkBits, divisor) {
  let rest = value;
  for (let i = 0; i < checkBits; i += 1) rest = (rest << 1) ^ ((rest >> (checkBits - 1)) * divisor);
  return (value << checkBits) | rest;
}

/** Level M and the mask, twice. @param {Grid} grid @param {number} mask */
function putFormat(grid, mask) {
  const { size } = grid;
  const bits = withCheck(mask, 10, 0x537) ^ 0x5412;
  const bit = (/** @type {number} */ i) => (bits >> i) & 1;
  for (let i = 0; i < 6; i += 1) fix(grid, 8, i, bit(i));
  fix(grid, 8, 7, bit(6));
  fix(grid, 8, 8, bit(7));
  fix(grid, 7, 8, bit(8));
  for (let i = 9; i < 15; i += 1) fix(grid, 14 - i, 8, bit(i));
  for (let i = 0; i < 8; i += 1) fix(grid, size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i += 1) fix(grid, 8, size - 15 + i, bit(i));
  fix(grid, 8, size - 8, true);
}

/** @param {Grid} grid @param {number} version */
function putVersion(grid, version) {
  const bits = withCheck(version, 12, 0x1f25);
  for (let i = 0; i < 18; i += 1) {
    const [far, near] = [grid.size - 11 + (i % 3), Math.floor(i / 3)];
    fix(grid, far, near, (bits >> i) & 1);
    fix(grid, near, far, (bits >> i) & 1);
  }
}

/** Lays the bits in columns of two, upwards and downwards by turns, from the right. @param {Grid} grid @param {number[]} bits */
function place(grid, bits) {
  const { size } = grid;
  let next = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    const upwards = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) {
      const y = upwards ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (grid.fixed[y * size + x]) continue;
        grid.dark[y * size + x] = bits[next] ?? 0;
        next += 1;
      }
    }
  }
}

/** @param {Grid} grid @param {(x: number, y: number) => boolean} flips @returns {Grid} */
function masked(grid, flips) {
  const { size, fixed } = grid;
  const dark = grid.dark.map((module, i) => (fixed[i] ? module : module ^ (flips(i % size, Math.floor(i / size)) ? 1 : 0)));
  return { size, dark, fixed };
}

/** Long runs, blocks of one shade, what looks like a finder, and too much of one shade. @param {Grid} grid */
function penaltyOf({ size, dark }) {
  let penalty = 0;
  for (let i = 0; i < size; i += 1) {
    let row = "";
    let column = "";
    for (let j = 0; j < size; j += 1) {
      row += dark[i * size + j];
      column += dark[j * size + i];
      const block = i > 0 && j > 0 ? dark[i * size + j] + dark[i * size + j - 1] + dark[(i - 1) * size + j] + dark[(i - 1) * size + j - 1] : 1;
      if (block % 4 === 0) penalty += 3;
    }
    for (const line of [row, column]) {
      for (const run of line.match(/0{5,}|1{5,}/g) ?? []) penalty += run.length - 2;
      penalty += 40 * (line.match(/(?=10111010000|00001011101)/g) ?? []).length;
    }
  }
  const part = (100 * dark.reduce((total, module) => total + module, 0)) / (size * size);
  return penalty + 10 * Math.floor(Math.abs(part - 50) / 5);
}
