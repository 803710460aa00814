// @ts-check
/**
 * The moment that is drawn: maps the wall clock to a fractional tick of the maze.
 *
 * A frame says which tick it was when it left. The earliest of the last second's frames tells best what time it is in the maze now; the drawn tick
 * runs at its own speed and is led there gently. Who plays sees everything ahead of that by a lead (`predict.js`). It never runs backwards, never behind
 * the newest frame, and never further ahead of frame and lead than the horizon, where motion on the rails would be guesswork. After a pause of the
 * page it jumps instead of hurrying.
 */

export const TICK_MS = 1000 / 60;
/** How long a frame's arrival counts in the estimate. */
const WINDOW_MS = 1000;
/** Arrivals all later than the estimate by this much for so long mean that the maze's clock stood; then only they count. */
const STOOD_MS = 60;
const STOOD_FOR_MS = 350;
/** No drawn tick lies further beyond the newest frame and the lead; frames come at least every 6 ticks. */
export const HORIZON_TICKS = 30;
/** The drawn clock is nudged by at most this part of its speed. */
const SLEW = 0.08;
/** An error beyond this is jumped over, forwards only. */
const JUMP_TICKS = 15;

/** A clock that knows no maze yet. */
export function createClock() {
  /** @type {Array<{ at: number, zero: number }>} arrivals, with the wall time at which tick 0 would have been */
  let arrivals = [];
  let newest = 0;
  let drawn = 0;
  let drawnAt = 0;
  let started = false;
  let lead = 0;

  /**
   * A frame has come.
   * @param {number} tick
   * @param {number} now milliseconds of the wall clock
   * @param {boolean} anew the maze or its epoch is another, so that its ticks may lie anywhere
   */
  function observe(tick, now, anew) {
    advance(now);
    if (!started || (anew && Math.abs(tick - drawn) > JUMP_TICKS)) {
      arrivals = [];
      drawn = tick + lead;
      drawnAt = now;
      started = true;
    } else if (anew) {
      arrivals = [];
    }
    newest = tick;
    arrivals.push({ at: now, zero: now - tick * TICK_MS });
    arrivals = arrivals.filter((arrival) => now - arrival.at <= WINDOW_MS);
    forgetTheTimeBeforeAStop(now);
    drawn = Math.max(drawn, tick);
  }

  /** @param {number} now */
  function forgetTheTimeBeforeAStop(now) {
    const recent = arrivals.filter((arrival) => now - arrival.at <= STOOD_FOR_MS);
    const earliest = Math.min(...arrivals.map((arrival) => arrival.zero));
    if (recent.length >= 3 && Math.min(...recent.map((arrival) => arrival.zero)) > earliest + STOOD_MS) arrivals = recent;
  }

  /**
   * The tick to draw now.
   * @param {number} now
   * @returns {number}
   */
  function advance(now) {
    if (!started) return 0;
    // The moment of an animation frame lies a little before that of a message that came just before it.
    if (now <= drawnAt) return drawn;
    const passed = (now - drawnAt) / TICK_MS;
    drawnAt = now;
    const earliest = arrivals.length > 0 ? Math.min(...arrivals.map((arrival) => arrival.zero)) : now - newest * TICK_MS;
    const horizon = newest + HORIZON_TICKS + lead;
    const target = Math.min((now - earliest) / TICK_MS + lead, horizon);
    const error = target - (drawn + passed);
    if (error > JUMP_TICKS) {
      drawn = target;
    } else {
      const nudge = Math.min(Math.max(error * 0.1, -SLEW * passed), SLEW * passed);
      drawn = Math.min(drawn + passed + nudge, Math.max(drawn, horizon));
    }
    return drawn;
  }

  return {
    observe,
    advance,
    /** The tick drawn last. */
    get drawn() {
      return drawn;
    },
    get started() {
      return started;
    },
    /** How far ahead of the newest news everything is drawn. @param {number} ticks */
    set lead(ticks) {
      // Who has just sat down has nothing yet that could leap.
      if (started && lead === 0) drawn += ticks;
      lead = ticks;
    },
    /** Forgets everything, as when another maze is shown. */
    reset() {
      arrivals = [];
      started = false;
      drawn = 0;
      newest = 0;
    },
  };
}
