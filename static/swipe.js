// @ts-check
/**
 * A finger's way across the glass as directions. Pure.
 *
 * Each 24 px along one axis is a direction, counted from where the last one was complete: the finger need not be lifted to turn, and a slanted swipe
 * does not add up to a turn that nobody meant. The same direction is told once for each time the finger comes down or turns.
 */

/** CSS pixels; less is a tremble. */
export const SWIPE_PX = 24;

/** @typedef {"up" | "left" | "down" | "right"} Direction */

/** A finger that comes down at a point. @param {number} x @param {number} y */
export function createSwipe(x, y) {
  let anchorX = x;
  let anchorY = y;
  /** @type {Direction | null} */
  let told = null;

  return {
    /**
     * The finger is at a point now: the direction it has taken anew, or null.
     * @param {number} toX
     * @param {number} toY
     * @returns {Direction | null}
     */
    move(toX, toY) {
      const dx = toX - anchorX;
      const dy = toY - anchorY;
      if (Math.max(Math.abs(dx), Math.abs(dy)) < SWIPE_PX) return null;
      anchorX = toX;
      anchorY = toY;
      const direction = headingOf(dx, dy);
      if (direction === told) return null;
      told = direction;
      return direction;
    },
    /** The direction it has taken last. */
    get told() {
      return told;
    },
  };
}

/** The direction that a way points in most. @param {number} dx @param {number} dy @returns {Direction} */
export function headingOf(dx, dy) {
  if (Math.abs(dx) > Math.abs(dy)) return dx < 0 ? "left" : "right";
  return dy < 0 ? "up" : "down";
}
