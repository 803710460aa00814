// @ts-check
/**
 * The title: name, colour, symbol, Play and Watch; and the sheet after a run. Both stand over the maze and never move it.
 *
 * Name, colour and symbol are remembered for the next visit. Who plays what is decided by the caller.
 */

import { playerColour } from "../palette.js";
import { grouped, text } from "../strings.js";
import { COLOURS, SYMBOLS, tidyName } from "../wire.js";
import { byId, make, setText } from "./element.js";
import { portrait } from "./portrait.js";

const NAME_KEY = "waka.name";
const COLOUR_KEY = "waka.colour";
const SYMBOL_KEY = "waka.symbol";
/** Enter right after the end is meant for the game that was; it does not begin another yet. */
const AGAIN_AFTER_MS = 700;
const PORTRAIT_PX = 34;

/**
 * @param {{ get: (key: string) => string | null, set: (key: string, value: string | null) => void }} storage
 * @param {string | null} givenName from the address
 * @param {{ play: (name: string, colour: number, symbol: number) => void, watch: () => void }} on
 */
export function createTitle(storage, givenName, on) {
  const form = byId("title", HTMLFormElement);
  const nameField = byId("name", HTMLInputElement);
  const swatches = byId("swatches", HTMLDivElement);
  const hats = byId("hats", HTMLDivElement);
  const over = byId("over", HTMLElement);
  const guestNumber = 10 + Math.floor(Math.random() * 90);
  let guest = "";
  let colour = numberOf(storage.get(COLOUR_KEY), COLOURS) ?? Math.floor(Math.random() * COLOURS);
  let symbol = numberOf(storage.get(SYMBOL_KEY), SYMBOLS) ?? colour;
  let overSince = 0;

  nameField.value = (givenName ?? storage.get(NAME_KEY) ?? "").slice(0, 16);
  fillChoices(swatches, COLOURS, "colour", colour, (number) => {
    colour = number;
    storage.set(COLOUR_KEY, String(colour));
    paint();
  });
  fillChoices(hats, SYMBOLS, "symbol", symbol, (number) => {
    symbol = number;
    storage.set(SYMBOL_KEY, String(symbol));
  });
  paint();

  /** Colours are shown bare, hats on who would wear them. */
  function paint() {
    for (const [number, face] of swatches.querySelectorAll(".swatch-face").entries()) face.replaceWith(portrait(playerColour(number), -1, PORTRAIT_PX, "swatch-face"));
    for (const [number, face] of hats.querySelectorAll(".swatch-face").entries()) face.replaceWith(portrait(playerColour(colour), number, PORTRAIT_PX, "swatch-face"));
  }

  /** What is said in words, in the language that is spoken now. @param {string} maze of the link that led here, or empty */
  function relabel(maze) {
    guest = text("guest", { n: guestNumber });
    nameField.placeholder = guest;
    setText(byId("tagline", HTMLElement), maze === "" ? text("tagline") : text("linkTo", { name: maze }));
    for (const [i, radio] of swatches.querySelectorAll("input").entries()) radio.setAttribute("aria-label", text("colourNumber", { n: i + 1 }));
    for (const [i, radio] of hats.querySelectorAll("input").entries()) radio.setAttribute("aria-label", text("symbolNumber", { n: i + 1 }));
  }

  /** The name as it will be shown; null when the server would refuse it. */
  function name() {
    return nameField.value.trim() === "" ? guest : tidyName(nameField.value);
  }

  function play() {
    const chosen = name();
    nameField.setCustomValidity(chosen === null ? text("error_bad_name") : "");
    if (chosen === null) {
      nameField.reportValidity();
      return;
    }
    storage.set(NAME_KEY, chosen);
    // Who plays once under a look drawn by chance keeps it.
    storage.set(COLOUR_KEY, String(colour));
    storage.set(SYMBOL_KEY, String(symbol));
    nameField.blur();
    on.play(chosen, colour, symbol);
  }

  nameField.addEventListener("input", () => nameField.setCustomValidity(""));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    play();
  });
  byId("watch", HTMLButtonElement).addEventListener("click", on.watch);
  byId("again", HTMLButtonElement).addEventListener("click", play);
  byId("over-watch", HTMLButtonElement).addEventListener("click", on.watch);

  return {
    play,
    relabel,
    get name() {
      return name() ?? guest;
    },
    get colour() {
      return colour;
    },
    get symbol() {
      return symbol;
    },
    /** Enter outside a text field. @param {number} now */
    again(now) {
      if (!over.hidden && now - overSince > AGAIN_AFTER_MS) play();
    },
    /**
     * @param {"title" | "over" | ""} shown
     * @param {{ points: number, level: number } | null} run
     * @param {number} best before this run
     * @param {number} now
     * @param {string} cause what ended the run, in words
     */
    show(shown, run, best, now, cause) {
      form.hidden = shown !== "title";
      const wasHidden = over.hidden;
      over.hidden = shown !== "over";
      if (shown !== "over" || !run || !wasHidden) return;
      overSince = now;
      setText(byId("over-score", HTMLElement), text("overScore", { points: grouped(run.points), level: run.level }));
      setText(byId("over-cause", HTMLElement), cause);
      const record = run.points > best && run.points > 0;
      byId("over-best", HTMLElement).classList.toggle("record", record);
      setText(byId("over-best", HTMLElement), record ? text("overNewBest") : text("overBest", { points: grouped(best) }));
    },
  };
}

/** A remembered colour or symbol; null when there is none. @param {string | null} stored @param {number} count @returns {number | null} */
function numberOf(stored, count) {
  const number = Number(stored ?? "x");
  return Number.isInteger(number) && number >= 0 && number < count ? number : null;
}

/**
 * A group of radio buttons, one for each number.
 * @param {HTMLElement} group @param {number} count @param {string} name @param {number} chosen @param {(number: number) => void} choose
 */
function fillChoices(group, count, name, chosen, choose) {
  for (let number = 0; number < count; number += 1) {
    const label = make("label", "swatch");
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = name;
    radio.value = String(number);
    radio.checked = number === chosen;
    radio.addEventListener("change", () => choose(number));
    label.append(radio, make("span", "swatch-face"));
    group.append(label);
  }
}
