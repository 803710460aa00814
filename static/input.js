// @ts-check
/**
 * Keys to wishes. Keys are read by their place (`event.code`), so that W A S D works in every layout and input method.
 *
 * While somebody types, every key is the text field's. Keys that steer never scroll the page.
 */

/** @typedef {"up" | "left" | "down" | "right"} Direction */

/** @type {Readonly<Record<string, Direction>>} */
const STEERING = Object.freeze({
  ArrowUp: "up",
  ArrowLeft: "left",
  ArrowDown: "down",
  ArrowRight: "right",
  KeyW: "up",
  KeyA: "left",
  KeyS: "down",
  KeyD: "right",
});
/** Keys that would scroll the page. */
const SCROLLING = new Set(["Space", "PageUp", "PageDown", "Home", "End"]);
/** A held key steers again so often while a pac waits for its first wish. */
const REPEAT_MS = 200;

/**
 * @typedef {object} Keys
 * @property {(direction: Direction) => void} steer
 * @property {() => boolean} repeats whether a held key should steer again
 * @property {() => void} enter
 * @property {() => void} escape
 */

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Whether an input method is still composing, so that Enter belongs to it. @param {KeyboardEvent} event */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/**
 * Listens on the window for ever.
 * @param {Keys} keys
 */
export function listenToKeys(keys) {
  let repeatedAt = 0;
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.code === "Escape") {
      keys.escape();
      return;
    }
    if (isTyping(event.target) || isComposing(event)) return;
    const onButton = event.target instanceof HTMLButtonElement;
    if (event.code === "Enter" || event.code === "NumpadEnter") {
      if (onButton) return;
      event.preventDefault();
      if (!event.repeat) keys.enter();
      return;
    }
    const direction = STEERING[event.code];
    if (direction === undefined) {
      if (SCROLLING.has(event.code) && !onButton) event.preventDefault();
      return;
    }
    event.preventDefault();
    if (event.repeat) {
      if (!keys.repeats() || event.timeStamp - repeatedAt < REPEAT_MS) return;
      repeatedAt = event.timeStamp;
    }
    keys.steer(direction);
  });
}
