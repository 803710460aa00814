// @ts-check
/**
 * The pad on the screen: four large keys for a thumb, which may slide from one to the next. Shown by choice.
 *
 * There is one for the page. It lays itself into `#hands` where the page has such a place, else over the lower edge.
 */

import { text } from "./strings.js";
import { headingOf } from "./swipe.js";

/** @typedef {"up" | "left" | "down" | "right"} Direction */

/** @type {ReadonlyArray<{ direction: Direction, key: string, path: string }>} */
const ARROWS = Object.freeze([
  { direction: "up", key: "padUp", path: "M12 6l7 11H5z" },
  { direction: "left", key: "padLeft", path: "M6 12l11-7v14z" },
  { direction: "down", key: "padDown", path: "M12 18L5 7h14z" },
  { direction: "right", key: "padRight", path: "M18 12L7 19V5z" },
]);
/** Nearer to the middle than this a thumb chooses nothing. */
const MIDDLE_PX = 12;

function createPad() {
  /** @type {HTMLElement | null} */
  let element = null;
  let wanted = false;
  let rests = false;
  /** @type {(direction: Direction) => void} */
  let steer = () => undefined;
  /** @type {Map<number, Direction | null>} */
  const thumbs = new Map();

  function build() {
    const pad = document.createElement("div");
    pad.id = "pad";
    pad.className = "pad";
    pad.setAttribute("role", "group");
    for (const { direction, key, path } of ARROWS) pad.append(button(direction, key, path));
    pad.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      pad.setPointerCapture(event.pointerId);
      thumbs.set(event.pointerId, null);
      follow(event);
    });
    pad.addEventListener("pointermove", follow);
    for (const end of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
      pad.addEventListener(end, (event) => {
        thumbs.delete(event.pointerId);
        light();
      });
    }
    pad.addEventListener("contextmenu", (event) => event.preventDefault());
    const place = document.getElementById("hands");
    pad.classList.toggle("floating", place === null);
    (place ?? document.body).append(pad);
    return pad;
  }

  /** @param {Direction} direction @param {string} key @param {string} path */
  function button(direction, key, path) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `pad-key pad-${direction}`;
    made.dataset.direction = direction;
    made.setAttribute("aria-label", text(key));
    made.dataset.label = key;
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("viewBox", "0 0 24 24");
    picture.setAttribute("aria-hidden", "true");
    const arrow = document.createElementNS("http://www.w3.org/2000/svg", "path");
    arrow.setAttribute("d", path);
    picture.append(arrow);
    made.append(picture);
    // Fingers are followed on the whole pad; this is the keyboard's and the screen reader's click.
    made.addEventListener("click", (event) => {
      if (event.detail === 0) steer(direction);
    });
    return made;
  }

  /** A thumb chooses by where it is seen from the middle of the pad. @param {PointerEvent} event */
  function follow(event) {
    if (!element || !thumbs.has(event.pointerId)) return;
    const box = element.getBoundingClientRect();
    const dx = event.clientX - box.left - box.width / 2;
    const dy = event.clientY - box.top - box.height / 2;
    if (Math.hypot(dx, dy) < MIDDLE_PX) return;
    const direction = headingOf(dx, dy);
    if (thumbs.get(event.pointerId) === direction) return;
    thumbs.set(event.pointerId, direction);
    light();
    steer(direction);
  }

  function light() {
    const pressed = new Set(thumbs.values());
    for (const each of element?.children ?? []) {
      if (each instanceof HTMLElement) each.classList.toggle("pressed", pressed.has(/** @type {Direction} */ (each.dataset.direction)));
    }
  }

  return {
    /** Whom a thumb steers. @param {(direction: Direction) => void} to */
    steers(to) {
      steer = to;
    },
    /** @param {boolean} shown */
    show(shown) {
      wanted = shown;
      if (!element && !shown) return;
      element ??= build();
      element.hidden = !shown || rests;
    },
    /** Who only looks on has nothing to steer, and wants the room. @param {boolean} isResting */
    rest(isResting) {
      if (isResting === rests) return;
      rests = isResting;
      if (element) element.hidden = !wanted || rests;
    },
    /** The direction that a thumb rests on. @returns {Direction | null} */
    get held() {
      for (const direction of thumbs.values()) if (direction !== null) return direction;
      return null;
    },
  };
}

export const pad = createPad();
