// @ts-check
/**
 * The chat: two channels, the last lines of each, quick phrases, and the line being written. Every name and line is a stranger's and shown as text.
 *
 * On an upright phone it is a sheet that slides over the page; elsewhere it stands at the side. What is done to a line before it is shown is `talk.js`.
 */

import { isComposing } from "../input.js";
import { playerColour } from "../palette.js";
import { language, text } from "../strings.js";
import { phraseText, shownLine } from "../talk.js";
import { PHRASES, tidyChat } from "../wire.js";
import { byId, make, setText } from "./element.js";

const CHANNELS = /** @type {const} */ (["maze", "world"]);
/** Closer to the end than this, the list follows new lines. */
const FOLLOW_PX = 40;
/** So long the newest line is seen below the maze while the sheet is away. */
const PEEK_MS = 6000;

/** @typedef {"maze" | "world"} Channel */

/**
 * @param {{ say: (channel: Channel, words: import("../wire.js").Words) => void, refused: () => void, person: (id: string, name: string) => void }} on
 * @param {import("../talk.js").Muted} muted
 * @param {import("../prefs.js").Prefs} prefs
 */
export function createChat(on, muted, prefs) {
  const panel = byId("chat", HTMLElement);
  const scroller = byId("chat-lines", HTMLElement);
  const list = byId("chat-list", HTMLOListElement);
  const form = byId("chat-form", HTMLFormElement);
  const field = byId("chat-text", HTMLInputElement);
  const opener = byId("open-chat", HTMLButtonElement);
  const peek = byId("peek", HTMLElement);
  const tabs = { maze: byId("tab-maze", HTMLButtonElement), world: byId("tab-world", HTMLButtonElement) };
  /** @type {Channel} */
  let channel = "maze";
  let drawn = "";
  let composing = false;
  let peeked = { id: "", until: 0 };
  /** Rows by the id of their line. @type {Map<string, HTMLElement>} */
  let rows = new Map();
  /** @type {Record<Channel, string>} the last line that was seen of each channel */
  const seen = { maze: "", world: "" };

  /** @param {Channel} next */
  function choose(next) {
    channel = next;
    for (const other of CHANNELS) {
      tabs[other].setAttribute("aria-selected", String(other === channel));
      tabs[other].tabIndex = other === channel ? 0 : -1;
    }
    scroller.setAttribute("aria-labelledby", tabs[channel].id);
  }
  for (const each of CHANNELS) {
    tabs[each].addEventListener("click", () => choose(each));
    tabs[each].addEventListener("keydown", (event) => {
      if (event.code !== "ArrowLeft" && event.code !== "ArrowRight") return;
      event.stopPropagation();
      choose(each === "maze" ? "world" : "maze");
      tabs[channel].focus();
    });
  }

  /** @param {boolean} isOpen */
  function slide(isOpen) {
    panel.classList.toggle("open", isOpen);
    opener.setAttribute("aria-expanded", String(isOpen));
  }
  opener.addEventListener("click", () => slide(!panel.classList.contains("open")));
  byId("close-chat", HTMLButtonElement).addEventListener("click", () => {
    slide(false);
    opener.focus();
  });
  byId("hide-chat", HTMLButtonElement).addEventListener("click", () => prefs.set("chat", prefs.get("chat") === "on" ? "off" : "on"));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (composing) return;
    const line = tidyChat(field.value);
    if (line === null && field.value.trim() !== "") {
      on.refused();
      return;
    }
    field.value = "";
    if (line !== null) on.say(channel, { text: line });
    leave();
  });
  // While an input method composes, Enter finishes a syllable; some browsers would send the line as well.
  field.addEventListener("compositionstart", () => {
    composing = true;
  });
  field.addEventListener("compositionend", () => {
    composing = false;
  });
  field.addEventListener("keydown", (event) => {
    if (event.code === "Enter" && isComposing(event)) event.preventDefault();
    const number = phraseOf(event);
    if (number === 0 || field.value !== "" || isComposing(event)) return;
    event.preventDefault();
    phrase(number);
  });

  /** Nothing of the chat keeps the focus, so that every key steers again. */
  function leave() {
    if (panel.contains(document.activeElement) && document.activeElement instanceof HTMLElement) document.activeElement.blur();
    slide(false);
  }

  /** Says a quick phrase, and is done as after any line. @param {number} number from 1 */
  function phrase(number) {
    on.say(channel, { phrase: number });
    leave();
  }

  function fillPhrases() {
    byId("phrases", HTMLDivElement).replaceChildren(
      ...Array.from({ length: PHRASES }, (_, n) => {
        const button = make("button", "phrase");
        button.type = "button";
        button.append(make("kbd", "", String(n + 1)), phraseText(n + 1));
        button.addEventListener("click", () => phrase(n + 1));
        return button;
      }),
    );
  }

  const isOn = () => prefs.get("chat") === "on";

  /** @param {import("../state.js").State} state @param {number} now */
  function render(state, now) {
    const isShown = isOn();
    const look = `${channel} ${language()} ${isShown} ${state.maze}`;
    const key = `${state.changed.chat} ${state.changed.players} ${panel.classList.contains("open")} ${look}`;
    if (now > peeked.until) setText(peek, "");
    if (key === drawn) return;
    const anew = !drawn.endsWith(look);
    if (anew) relabel(isShown);
    drawn = key;
    const follows = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < FOLLOW_PX;
    fill(state, isShown ? state.chat[channel].filter((line) => !muted.has(line.from)) : null, anew);
    if (follows) scroller.scrollTop = scroller.scrollHeight;
    showUnread(state, isShown, now);
  }

  /** Adds what is new and takes away what is gone; all is made anew only for another look. @param {import("../state.js").State} state @param {import("../state.js").ChatLine[] | null} lines @param {boolean} anew */
  function fill(state, lines, anew) {
    // A list that is made anew is not read out.
    list.setAttribute("aria-live", anew ? "off" : "polite");
    const kept = new Map();
    for (const line of lines ?? []) kept.set(line.id, (!anew && rows.get(line.id)) || row(state, line));
    rows = kept;
    const shown = [...rows.values()];
    if (shown.length === 0) shown.push(make("li", "line empty", text(lines === null ? "chatHidden" : "noChat")));
    for (const child of [...list.children]) if (!shown.includes(/** @type {HTMLElement} */ (child))) child.remove();
    shown.forEach((each, i) => {
      if (list.children[i] !== each) list.insertBefore(each, list.children[i] ?? null);
    });
  }

  /** @param {import("../state.js").State} state @param {boolean} isShown @param {number} now */
  function showUnread(state, isShown, now) {
    const away = !panel.classList.contains("open") && opener.offsetParent !== null;
    let any = false;
    for (const each of CHANNELS) {
      const last = state.chat[each].findLast((line) => !muted.has(line.from));
      const id = last?.id ?? "";
      if (each === channel && !away) seen[each] = id;
      const unread = isShown && id !== "" && id !== seen[each];
      any ||= unread;
      tabs[each].classList.toggle("unread", unread);
      if (unread) tabs[each].title = text("newLines", { channel: text(each) });
      else tabs[each].removeAttribute("title");
    }
    opener.classList.toggle("unread", any);
    const newest = isShown ? state.chat.maze.findLast((line) => !muted.has(line.from)) : undefined;
    if (newest && newest.id !== peeked.id) {
      peeked = { id: newest.id, until: now + PEEK_MS };
      peek.replaceChildren(nameOf(state, newest, "span"), ` ${shownLine(newest)}`);
    }
  }

  /** @param {boolean} isShown */
  function relabel(isShown) {
    const hide = byId("hide-chat", HTMLButtonElement);
    const words = text(isShown ? "hideChat" : "showChat");
    hide.title = words;
    hide.setAttribute("aria-label", words);
    hide.setAttribute("aria-pressed", String(!isShown));
    fillPhrases();
  }

  /** @param {import("../state.js").State} state @param {import("../state.js").ChatLine} line */
  function row(state, line) {
    const item = make("li", "line");
    const name = nameOf(state, line, "button");
    name.setAttribute("aria-label", text("personMenu", { name: line.name }));
    name.addEventListener("click", () => on.person(line.from, line.name));
    item.append(name, make("span", "line-text", shownLine(line)));
    return item;
  }

  return {
    render,
    leave,
    phrase,
    /** Whether lines of this player are shown at all. @param {string} from */
    shows: (from) => isOn() && !muted.has(from),
    /** Shows the lines anew, as after somebody was muted. */
    refresh() {
      drawn = "";
    },
    open() {
      slide(true);
      field.focus();
    },
    get isOpen() {
      return document.activeElement === field;
    },
  };
}

/** Which quick phrase a key says; 0 for none. @param {KeyboardEvent} event @returns {number} */
export function phraseOf(event) {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  const plain = !event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  return plain && digit && Number(digit[1]) <= PHRASES ? Number(digit[1]) : 0;
}

/**
 * @template {"span" | "button"} K
 * @param {import("../state.js").State} state @param {import("../state.js").ChatLine} line @param {K} tag
 */
function nameOf(state, line, tag) {
  const name = make(tag, tag === "button" ? "line-name" : "peek-name", line.name);
  const seated = state.players.find((player) => player.id === line.from);
  name.style.color = seated ? playerColour(seated.colour) : "#a3a9d2";
  return name;
}
