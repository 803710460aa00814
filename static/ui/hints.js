// @ts-check
/**
 * The first run's hints: the rules that differ from the arcade game, one after the other, while the player plays for the first time.
 */

import { text } from "../strings.js";

const HINTED_KEY = "waka.hinted";
const HINT_MS = 4500;
const HINTS = ["hint3", "hint1", "hint2"];

/** @param {import("../storage.js").Memory} storage */
export function createHints(storage) {
  let since = 0;
  let done = storage.get(HINTED_KEY) === "yes";

  return {
    /**
     * The hint to show now, or nothing. Time counts from the first moment of playing.
     * @param {boolean} isPlaying the own pac is up and has been steered
     * @param {number} now
     */
    now(isPlaying, now) {
      if (done || (!isPlaying && since === 0)) return "";
      if (since === 0) since = now;
      const hint = HINTS[Math.floor((now - since) / HINT_MS)];
      if (hint !== undefined) return text(hint);
      done = true;
      storage.set(HINTED_KEY, "yes");
      return "";
    },
  };
}
