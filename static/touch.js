// @ts-check
/**
 * Swipes on the maze: every finger that comes down there steers, without a button and without being lifted for a turn.
 *
 * The mouse is left alone. `hands.css` keeps the browser from scrolling or zooming where one swipes.
 */

import { createSwipe } from "./swipe.js";

/**
 * @param {HTMLElement} surface
 * @param {(direction: import("./swipe.js").Direction) => void} steer
 */
export function listenToSwipes(surface, steer) {
  /** @type {Map<number, ReturnType<typeof createSwipe>>} */
  const fingers = new Map();

  surface.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" || isControl(event.target)) return;
    // Whoever wrote and now swipes wants to play.
    if (document.activeElement instanceof HTMLElement && surface !== document.activeElement) document.activeElement.blur();
    fingers.set(event.pointerId, createSwipe(event.clientX, event.clientY));
    surface.setPointerCapture(event.pointerId);
  });
  surface.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    // A fast finger moves through several points between two events.
    const points = event.getCoalescedEvents?.() ?? [];
    for (const point of points.length > 0 ? points : [event]) {
      const direction = finger.move(point.clientX, point.clientY);
      if (direction) steer(direction);
    }
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    surface.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
}

/** @param {EventTarget | null} target */
function isControl(target) {
  return target instanceof Element && target.closest("button, input, select, textarea, a, label, form, dialog, .sheet") !== null;
}
