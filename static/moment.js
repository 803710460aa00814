// @ts-check
/**
 * The drawn moment: takes frames and keys in, says which tick to draw, and hands what changed at that moment to whoever glides it away.
 *
 * It joins clock, mirror and prediction; `main.js` drives it, and the tests drive it without a page. No DOM, no socket.
 */

import { createClock } from "./clock.js";
import { posesAt } from "./motion.js";

/** Phases at whose beginning everybody may stand elsewhere: that is no error to glide away. */
const ANEW = new Set(["ready", "paused", "empty"]);

/**
 * @param {import("./state.js").State} state
 * @param {object} on
 * @param {(before: import("./motion.js").Poses | null, after: import("./motion.js").Poses | null) => void} on.corrected poses of the drawn moment, as
 *   they were and as they are known now
 * @param {(n: number, direction: import("./wire.js").Direction) => void} on.send
 */
export function createMoment(state, on) {
  const clock = createClock();

  /**
   * A frame has come; tells whether it was taken.
   * @param {Uint8Array} bytes
   * @param {number} now
   */
  function frame(bytes, now) {
    const { mirror } = state;
    const { epoch } = mirror;
    const phase = mirror.base?.phase;
    // Both poses are of the same drawn moment: what has moved since the last one is no error.
    const drawn = clock.advance(now);
    const before = mirror.base && clock.started ? posesAt(mirror, drawn) : null;
    if (!state.frame(bytes, now)) return false;
    clock.observe(state.mirror.tick, now, state.mirror.epoch !== epoch);
    const waited = state.prediction.takeHeld(now);
    if (waited) on.send(waited.n, waited.direction);
    const phaseNow = state.mirror.base?.phase ?? "";
    const same = state.mirror === mirror && (phaseNow === phase || !ANEW.has(phaseNow));
    on.corrected(same ? before : null, same ? posesAt(state.mirror, clock.drawn) : null);
    return true;
  }

  /**
   * A wish of the player: it is seen in the next animation frame, whatever the server's distance.
   * @param {import("./wire.js").Direction} direction
   * @param {number} now
   */
  function steer(direction, now) {
    // What cannot be said is not foretold either.
    if (state.seat === null || state.link !== "open") return;
    const { mirror, prediction } = state;
    const before = posesAt(mirror, clock.drawn);
    const n = prediction.press(direction, clock.drawn, now, mirror.at(Math.floor(clock.drawn) + 1));
    mirror.rethink();
    on.corrected(before, posesAt(mirror, clock.drawn));
    if (n !== null) on.send(n, direction);
  }

  return {
    frame,
    steer,
    /** The tick to draw now. @param {number} now */
    advance(now) {
      clock.lead = state.prediction.leadTicks;
      return clock.advance(now);
    },
    reset: clock.reset,
    get drawn() {
      return clock.drawn;
    },
    get started() {
      return clock.started;
    },
  };
}
