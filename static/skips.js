// @ts-check
/**
 * How many frames this page was not shown: a server that finds its socket full sends the newest frame and passes over those between. Pure.
 *
 * Frames carry no number of their own. A carried frame that nobody asked for stands for at least one that was passed over; and of one epoch a frame
 * comes at least every `BEAT_TICKS`, so ticks between two frames tell at least how many beats are missing.
 */

import { BEAT_TICKS } from "./wire.js";

/** Skips are told for so long. */
export const SKIPS_SHOWN_MS = 60000;

/** @typedef {{ epoch: number, tick: number, carried: boolean }} Head of a frame */

/** Counts from nothing. */
export function createSkips() {
  /** @type {Head | null} */
  let last = null;
  /** The next carried frame is the one that was asked for, or the first of a maze. */
  let asked = true;
  /** @type {Array<{ at: number, frames: number }>} */
  let skips = [];

  return {
    /** Frames begin anew: another socket, another maze, all sections asked for. */
    begin() {
      last = null;
      asked = true;
    },
    /** @param {Head} head @param {number} now */
    frame(head, now) {
      if (last && (head.epoch < last.epoch || (head.epoch === last.epoch && head.tick <= last.tick))) return;
      const ticks = last?.epoch === head.epoch ? head.tick - last.tick : 0;
      last = head;
      if (head.carried && asked) {
        asked = false;
        return;
      }
      const frames = Math.max(head.carried ? 1 : 0, Math.ceil(ticks / BEAT_TICKS) - 1);
      if (frames > 0) skips.push({ at: now, frames });
    },
    /** Frames skipped in the last minute. @param {number} now */
    recent(now) {
      if (skips.length > 0 && now - skips[0].at > SKIPS_SHOWN_MS) skips = skips.filter(({ at }) => now - at <= SKIPS_SHOWN_MS);
      return skips.reduce((sum, { frames }) => sum + frames, 0);
    },
  };
}
