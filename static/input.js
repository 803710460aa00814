// @ts-check
/**
 * Keys to wishes. Keys are read by their place (`event.code`), so that W A S D works in every layout and input method.
 *
 * While somebody types, every key is the text field's; while a dialog is open, the dialog's. Keys that steer never scroll the page, and one that is
 * held steers again while a pac waits for its first wish.
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
/** Input elements in which letters and arrows mean something of their own. */
const NOT_TYPED_INTO = new Set(["button", "checkbox", "submit", "reset", "image"]);

/**
 * @typedef {object} Keys
 * @property {(direction: Direction) => void} steer
 * @property {() => boolean} repeats whether a held key should steer again
 * @property {() => boolean} plays whether Tab is the scoreboard's and not the focus's
 * @property {() => void} enter
 * @property {() => void} escape
 * @property {() => void} mute
 * @property {() => void} find
 * @property {(shown: boolean) => void} board
 * @property {(code: string) => boolean} [other] any other key outside text fields; tells whether it was used
 */

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (target instanceof HTMLInputElement) return !NOT_TYPED_INTO.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
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
  let boardShown = false;

  /** @param {boolean} shown */
  function showBoard(shown) {
    if (shown === boardShown) return;
    boardShown = shown;
    keys.board(shown);
  }

  // An Enter that ends a syllable sends no form, whichever field it is in.
  window.addEventListener(
    "keydown",
    (event) => {
      if (isComposing(event) && (event.code === "Enter" || event.code === "NumpadEnter")) event.preventDefault();
    },
    { capture: true },
  );
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // A dialog closes itself.
    if (document.querySelector("dialog[open]")) return;
    if (event.code === "Escape") {
      // What is being composed is given up first.
      if (!isComposing(event)) keys.escape();
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
    // With Shift, or once something has the focus, Tab goes from one thing to the next as ever.
    if (event.code === "Tab") {
      if (event.shiftKey || !keys.plays() || (document.activeElement !== null && document.activeElement !== document.body)) return;
      event.preventDefault();
      showBoard(true);
      return;
    }
    const direction = STEERING[event.code];
    if (direction === undefined) {
      if (SCROLLING.has(event.code) && !onButton) event.preventDefault();
      else if (!event.repeat && press(event.code)) event.preventDefault();
      return;
    }
    event.preventDefault();
    if (event.repeat) {
      if (!keys.repeats() || event.timeStamp - repeatedAt < REPEAT_MS) return;
      repeatedAt = event.timeStamp;
    }
    keys.steer(direction);
  });
  window.addEventListener("keyup", (event) => {
    if (event.code === "Tab") showBoard(false);
  });
  window.addEventListener("blur", () => showBoard(false));

  /** @param {string} code @returns {boolean} */
  function press(code) {
    if (code === "KeyP") keys.mute();
    else if (code === "KeyF") keys.find();
    else return keys.other?.(code) ?? false;
    return true;
  }
}
