// @ts-check
/**
 * Gamepads: the D-pad and the left stick steer, Start plays. They may come and go at any time; who pressed last is heard.
 *
 * The browser tells no event when a button is pressed, so the page looks once in each animation frame. `createGamepads` is pure but for what it is
 * given to look at.
 */

import { headingOf } from "./swipe.js";

/** A stick nearer to its middle than this rests. */
export const DEAD_ZONE = 0.35;
/** A stick keeps its direction until the other axis is ahead by so much: on a diagonal it does not tremble. */
const LEAN = 0.15;
/** Buttons of the standard mapping. */
const D_PAD = Object.freeze({ 12: "up", 13: "down", 14: "left", 15: "right" });
const START = 9;

/** @typedef {"up" | "left" | "down" | "right"} Direction */
/** @typedef {{ index: number, connected: boolean, axes: readonly number[], buttons: readonly { pressed: boolean }[] }} Pad what is read of a `Gamepad` */

/**
 * The direction that a gamepad is held in, or null.
 * @param {Pad} pad
 * @param {Direction | null} held what it was held in before
 * @returns {Direction | null}
 */
export function directionOf(pad, held) {
  for (const [button, direction] of Object.entries(D_PAD)) if (pad.buttons[Number(button)]?.pressed) return /** @type {Direction} */ (direction);
  const [x = 0, y = 0] = pad.axes;
  if (Math.max(Math.abs(x), Math.abs(y)) < DEAD_ZONE) return null;
  const lean = held === null ? 0 : LEAN;
  const sideways = held === "left" || held === "right";
  return headingOf(x * (sideways ? 1 + lean : 1), y * (held !== null && !sideways ? 1 + lean : 1));
}

/**
 * @param {object} on
 * @param {(direction: Direction) => void} on.steer
 * @param {() => void} on.start
 */
export function createGamepads(on) {
  /** @type {Map<number, { held: Direction | null, start: boolean }>} */
  const known = new Map();

  return {
    /** One look at all gamepads. @param {ReadonlyArray<Pad | null>} pads */
    look(pads) {
      const here = new Set();
      for (const pad of pads) {
        if (!pad?.connected) continue;
        here.add(pad.index);
        const before = known.get(pad.index) ?? { held: null, start: false };
        const held = directionOf(pad, before.held);
        const start = pad.buttons[START]?.pressed ?? false;
        known.set(pad.index, { held, start });
        if (held !== null && held !== before.held) on.steer(held);
        if (start && !before.start) on.start();
      }
      for (const index of known.keys()) if (!here.has(index)) known.delete(index);
    },
    /** The direction that one of them is held in. @returns {Direction | null} */
    get held() {
      for (const { held } of known.values()) if (held !== null) return held;
      return null;
    },
  };
}
