// @ts-check
/**
 * What is done to lines before they are shown, and whose are not: links are taken out, quick phrases are told in the reader's language, muted people are
 * left out. The server keeps lines as they were written; all this is the page's own.
 */

import { text } from "./strings.js";
import { PHRASES } from "./wire.js";

/** People that are remembered as muted; the oldest is forgotten. */
const MUTED_MAX = 200;
const MUTED_KEY = "waka.muted";

/** Addresses with a scheme, with www, or a bare name with a path or a common ending. */
const LINK =
  /(?:[a-z][a-z0-9+.-]{1,12}:\/\/|www\.)\S+|(?<![\p{L}\p{N}])(?:[\p{L}\p{N}-]+\.)+(?:com|net|org|io|gg|kr|jp|cn|ru|me|tv|xyz|top|info|biz|link|app|dev|site|shop|online|club|co|ly|to|us|uk|de|fr)(?![\p{L}\p{N}])(?:[:/?#]\S*)?/giu;

/** The words of a quick phrase; a number that this page does not know is shown as one. @param {number} number @returns {string} */
export function phraseText(number) {
  return number >= 1 && number <= PHRASES ? text(`phrase${number}`) : `#${number}`;
}

/**
 * A line as it is shown.
 * @param {{ text?: string, phrase?: number }} line
 * @returns {string}
 */
export function shownLine(line) {
  return line.text === undefined ? phraseText(line.phrase ?? 0) : line.text.replace(LINK, text("link"));
}

/** Whom this page does not want to read. @param {import("./storage.js").Memory} storage */
export function createMuted(storage) {
  /** @type {Set<string>} */
  let ids = new Set((storage.get(MUTED_KEY) ?? "").split(" ").filter((id) => id !== ""));
  return {
    /** @param {string} id */
    has: (id) => ids.has(id),
    /** @param {string} id @param {boolean} isMuted */
    set(id, isMuted) {
      ids.delete(id);
      if (isMuted) ids.add(id);
      ids = new Set([...ids].slice(-MUTED_MAX));
      storage.set(MUTED_KEY, [...ids].join(" "));
    },
  };
}

/** @typedef {ReturnType<typeof createMuted>} Muted */
