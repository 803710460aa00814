// @ts-check
/**
 * What is done to lines before they are shown, and whose are not: links are taken out, quick phrases are told in the reader's language, muted people are
 * left out. The server keeps lines as they were written; all this is the page's own.
 */

import { TABLES, text } from "./strings.js";

export const PHRASES = Object.freeze(["phrase1", "phrase2", "phrase3", "phrase4", "phrase5", "phrase6"]);
/** People that are remembered as muted; the oldest is forgotten. */
const MUTED_MAX = 200;
const MUTED_KEY = "waka.muted";

/** Addresses with a scheme, with www, or a bare name with a path or a common ending. */
const LINK =
  /(?:[a-z][a-z0-9+.-]{1,12}:\/\/|www\.)\S+|(?<![\p{L}\p{N}])(?:[\p{L}\p{N}-]+\.)+(?:com|net|org|io|gg|kr|jp|cn|ru|me|tv|xyz|top|info|biz|link|app|dev|site|shop|online|club|co|ly|to|us|uk|de|fr)(?![\p{L}\p{N}])(?:[:/?#]\S*)?/giu;

/** By the words of every language: the key of a phrase. @type {ReadonlyMap<string, string>} */
const PHRASE_OF = new Map(Object.values(TABLES).flatMap((table) => PHRASES.map((key) => [table[key], key])));

/**
 * A line as it is shown.
 * @param {string} line
 * @returns {string}
 */
export function shownLine(line) {
  const phrase = PHRASE_OF.get(line);
  return phrase ? text(phrase) : line.replace(LINK, text("link"));
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
