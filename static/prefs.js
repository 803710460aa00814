// @ts-check
/**
 * What the player has set: sound, volume, pad, motion, help with colours, chat, language. Kept by the browser, told to whoever listens.
 *
 * A setting that was never made has its default; `motion` and `language` then follow the system. No DOM here.
 */

/** @typedef {"sound" | "volume" | "pad" | "motion" | "colourhelp" | "chat" | "language"} PrefKey */

/** Allowed values of each setting; the first is the default, and an empty one means that nothing is kept. */
const ALLOWED = Object.freeze({
  sound: ["on", "off"],
  volume: ["70", ...Array.from({ length: 101 }, (_, i) => String(i))],
  pad: ["", "on", "off"],
  motion: ["", "less", "full"],
  colourhelp: ["off", "on"],
  chat: ["on", "off"],
  language: ["", "en", "ko"],
});

/** @param {import("./storage.js").Memory} storage */
export function createPrefs(storage) {
  /** @type {Array<(key: PrefKey, value: string) => void>} */
  const listeners = [];

  /** @param {PrefKey} key @returns {string} */
  function get(key) {
    const kept = storage.get(`waka.${key}`) ?? "";
    return ALLOWED[key].includes(kept) ? kept : ALLOWED[key][0];
  }

  /** @param {PrefKey} key @param {string} value */
  function set(key, value) {
    if (!ALLOWED[key].includes(value)) return;
    storage.set(`waka.${key}`, value === "" ? null : value);
    for (const listener of listeners) listener(key, value);
  }

  return {
    get,
    set,
    /** Tells of every change from now on. @param {(key: PrefKey, value: string) => void} listener */
    listen(listener) {
      listeners.push(listener);
    },
    /** Whether motion is to be less; the system decides when the player has not. @param {boolean} systemWantsLess */
    isCalm(systemWantsLess) {
      const motion = get("motion");
      return motion === "" ? systemWantsLess : motion === "less";
    },
  };
}

/** @typedef {ReturnType<typeof createPrefs>} Prefs */
