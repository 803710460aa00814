// @ts-check
/**
 * The chat: two channels, the last lines of each, and the line being written. Every name and line is a stranger's and shown as text.
 */

import { isComposing } from "../input.js";
import { playerColour } from "../palette.js";
import { text } from "../strings.js";
import { tidyChat } from "../wire.js";
import { byId, make } from "./element.js";

const CHANNELS = /** @type {const} */ (["maze", "world"]);
/** Closer to the end than this, the list follows new lines. */
const FOLLOW_PX = 40;

/** @typedef {"maze" | "world"} Channel */

/**
 * @param {{ say: (channel: Channel, line: string) => void, refused: () => void }} on
 */
export function createChat(on) {
  const lines = byId("chat-lines", HTMLOListElement);
  const form = byId("chat-form", HTMLFormElement);
  const field = byId("chat-text", HTMLInputElement);
  const tabs = { maze: byId("tab-maze", HTMLButtonElement), world: byId("tab-world", HTMLButtonElement) };
  /** @type {Channel} */
  let channel = "maze";
  let drawnChange = -1;
  let composing = false;
  /** @type {Record<Channel, string>} the last line that was seen of each channel */
  const seen = { maze: "", world: "" };

  for (const each of CHANNELS) {
    tabs[each].addEventListener("click", () => {
      channel = each;
      drawnChange = -1;
      for (const other of CHANNELS) tabs[other].setAttribute("aria-selected", String(other === channel));
    });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (composing) return;
    const line = tidyChat(field.value);
    if (line === null && field.value.trim() !== "") {
      on.refused();
      return;
    }
    field.value = "";
    if (line !== null) on.say(channel, line);
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
  });

  /** Nothing of the chat keeps the focus, so that every key steers again. */
  function leave() {
    if (form.contains(document.activeElement) && document.activeElement instanceof HTMLElement) document.activeElement.blur();
  }

  /** @param {import("../state.js").State} state */
  function render(state) {
    if (state.changed.chat === drawnChange) return;
    drawnChange = state.changed.chat;
    const follows = lines.scrollHeight - lines.scrollTop - lines.clientHeight < FOLLOW_PX;
    const shown = state.chat[channel];
    lines.replaceChildren(...(shown.length > 0 ? shown.map((line) => row(state, line)) : [make("li", "line empty", text("noChat"))]));
    if (follows) lines.scrollTop = lines.scrollHeight;
    for (const each of CHANNELS) {
      const last = state.chat[each].at(-1)?.id ?? "";
      if (each === channel) seen[each] = last;
      const unread = last !== "" && last !== seen[each];
      tabs[each].classList.toggle("unread", unread);
      if (unread) tabs[each].title = text("newLines", { channel: text(each) });
      else tabs[each].removeAttribute("title");
    }
  }

  /** @param {import("../state.js").State} state @param {import("../state.js").ChatLine} line */
  function row(state, line) {
    const item = make("li", "line");
    const name = make("span", "line-name", line.name);
    const seated = state.players.find((player) => player.id === line.from);
    name.style.color = seated ? playerColour(seated.colour) : "#a3a9d2";
    item.append(name, make("span", "line-text", line.text));
    return item;
  }

  return {
    render,
    leave,
    open() {
      field.focus();
    },
    get isOpen() {
      return document.activeElement === field;
    },
  };
}
