// @ts-check
/**
 * The settings panel: a row for each preference. It reads and writes `prefs.js` only; what a setting does is up to whoever listens there.
 */

import { text } from "../strings.js";
import { createDialog } from "./dialog.js";
import { byId, make } from "./element.js";

/** @typedef {import("../prefs.js").Prefs} Prefs */
/** @typedef {import("../prefs.js").PrefKey} PrefKey */

/** Settings of more than two values, with the values in order. @type {Record<string, string[]>} */
const CHOICES = { motion: ["", "less", "full"], language: ["", "ko", "en"] };

/** @param {Prefs} prefs */
export function createSettings(prefs) {
  const rows = byId("settings-rows", HTMLDivElement);
  const sound = byId("toggle-sound", HTMLButtonElement);

  function fill() {
    const focused = document.activeElement?.id ?? "";
    rows.replaceChildren(
      toggle("sound", prefs.get("sound") === "on"),
      slider(),
      toggle("pad", isPadShown(prefs)),
      choice("motion"),
      toggle("colourhelp", prefs.get("colourhelp") === "on", text("colourhelpNote")),
      choice("language"),
    );
    if (focused.startsWith("set-")) document.getElementById(focused)?.focus();
  }

  /** @param {PrefKey} key @param {HTMLElement} control @param {string} [note] */
  function row(key, control, note) {
    const label = make("label", "set");
    control.id = `set-${key}`;
    const words = make("span", "set-words", text(key));
    if (note) words.append(make("span", "soft", note));
    label.append(words, control);
    return label;
  }

  /** @param {PrefKey} key @param {boolean} isOn @param {string} [note] */
  function toggle(key, isOn, note) {
    const box = make("input", "switch");
    box.type = "checkbox";
    box.setAttribute("role", "switch");
    box.checked = isOn;
    box.addEventListener("change", () => prefs.set(key, box.checked ? "on" : "off"));
    return row(key, box, note);
  }

  function slider() {
    const range = make("input", "range");
    range.type = "range";
    range.min = "0";
    range.max = "100";
    range.step = "5";
    range.value = prefs.get("volume");
    range.addEventListener("input", () => prefs.set("volume", String(Math.round(Number(range.value)))));
    return row("volume", range);
  }

  /** @param {"motion" | "language"} key */
  function choice(key) {
    const select = make("select", "text choice");
    for (const value of CHOICES[key]) {
      const option = make("option", "", text(`${key}_${value}`));
      option.value = value;
      select.append(option);
    }
    select.value = prefs.get(key);
    select.addEventListener("change", () => prefs.set(key, select.value));
    return row(key, select);
  }

  const dialog = createDialog("settings", "open-settings", fill);
  const showSound = () => sound.setAttribute("aria-pressed", String(prefs.get("sound") === "on"));
  sound.addEventListener("click", () => prefs.set("sound", prefs.get("sound") === "on" ? "off" : "on"));
  prefs.listen((key) => {
    if (key === "sound") showSound();
    if (key === "language" && dialog.element.open) fill();
  });
  showSound();
  return dialog;
}

/** Whether the pad is wanted: as it was set, else where fingers are what one points with. @param {Prefs} prefs */
export function isPadShown(prefs) {
  const set = prefs.get("pad");
  return set === "" ? window.matchMedia("(pointer: coarse)").matches : set === "on";
}
