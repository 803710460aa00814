// @ts-check
/** The golden vectors that Rust writes (tests/it/wire_vectors.rs), for the tests of the page's modules. */

import { readFileSync } from "node:fs";

/** @param {string} file @returns {any[]} */
export function golden(file) {
  return JSON.parse(readFileSync(new URL(`../golden/${file}`, import.meta.url), "utf8"));
}

/** @param {string} hex @returns {Uint8Array} */
export function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
