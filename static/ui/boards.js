// @ts-check
/**
 * The boards beyond the own maze: who plays anywhere now, the best runs of today and of all time, each under a tab beside the list of players.
 *
 * The maze's tab is the list that `scoreboard.js` draws from frames. The others are asked of the server while they are looked at, no more often than
 * it has news. Where there is little room the whole list unfolds over the page. Names are what people type and are only ever set as text.
 */

import { playerColour } from "../palette.js";
import { grouped, text } from "../strings.js";
import { byId, make } from "./element.js";
import { portrait } from "./portrait.js";
import { keepWhole, roomKey } from "./rows.js";
import { PORTRAIT_PX } from "./scoreboard.js";

/** @typedef {import("../state.js").BoardName} BoardName */

/** @type {BoardName[]} */
const BOARDS = ["maze", "world", "today", "all"];
/** The server hears of a maze every two seconds and allows ten questions in ten. */
export const ASK_EVERY_MS = 2500;

/**
 * Whether a board is to be asked for now; the maze's is drawn from frames.
 * @param {BoardName} chosen
 * @param {number} askedAt when it was asked for last; -Infinity: not since it was chosen
 * @param {number} now
 * @param {boolean} open whether somebody listens and somebody looks
 * @returns {boolean}
 */
export function isDue(chosen, askedAt, now, open) {
  return chosen !== "maze" && open && now - askedAt >= ASK_EVERY_MS;
}

/** @param {{ ask: (of: BoardName) => void }} on */
export function createBoards(on) {
  const players = byId("board-rows", HTMLOListElement);
  const empty = byId("board-empty", HTMLElement);
  const list = byId("board-best", HTMLOListElement);
  const tabs = BOARDS.map((name) => byId(`board-${name}`, HTMLButtonElement));
  const app = byId("app", HTMLElement);
  const panel = byId("board", HTMLElement);
  const opener = byId("open-board", HTMLButtonElement);
  /** @type {BoardName} */
  let chosen = "maze";
  let askedAt = -Infinity;
  let drawn = "";

  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => choose(BOARDS[index]));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.code];
      if (step === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      const next = (index + step + BOARDS.length) % BOARDS.length;
      choose(BOARDS[next]);
      tabs[next].focus();
    });
  });

  /** @param {BoardName} name */
  function choose(name) {
    chosen = name;
    askedAt = -Infinity;
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(BOARDS[index] === name));
      tab.tabIndex = BOARDS[index] === name ? 0 : -1;
    });
    players.hidden = name !== "maze";
    list.hidden = name === "maze";
  }
  choose("maze");

  /** Lays the whole board over the page, or puts it back in its place. @param {boolean} isOpen */
  function unfold(isOpen) {
    app.dataset.board = isOpen ? "shown" : "";
    opener.setAttribute("aria-expanded", String(isOpen));
    // Where the folded board has no tabs it is always the maze's.
    if (!isOpen && tabs[0].offsetHeight === 0) choose("maze");
  }
  opener.addEventListener("click", () => unfold(app.dataset.board !== "shown"));
  byId("close-board", HTMLButtonElement).addEventListener("click", () => {
    unfold(false);
    opener.focus();
  });
  // Whoever reaches for anything else has read enough.
  document.addEventListener("pointerdown", ({ target }) => {
    if (app.dataset.board === "shown" && target instanceof Node && !panel.contains(target) && !opener.contains(target)) unfold(false);
  });

  /** @param {import("../state.js").State} state @param {number} now */
  function render(state, now) {
    if (isDue(chosen, askedAt, now, state.link === "open" && !document.hidden)) {
      askedAt = now;
      on.ask(chosen);
    }
    if (chosen === "maze") return;
    empty.hidden = true;
    const key = `${chosen} ${state.changed.boards} ${state.you} ${roomKey()}`;
    if (key === drawn) return;
    drawn = key;
    const board = state.boards[chosen];
    if (!board) {
      list.replaceChildren();
      return;
    }
    list.title = chosen === "today" ? text("todayIs", { day: board.day }) : "";
    const rows = board.rows.map((line, index) => row(line, index + 1, line.id === state.you));
    list.replaceChildren(...(rows.length > 0 ? rows : [make("li", "quiet-note", text("noScores"))]));
    keepWhole(list, board.rows.findIndex((line) => line.id === state.you));
  }

  return { render, unfold };
}

/** @param {import("../state.js").BoardLine} line @param {number} rank @param {boolean} you */
function row(line, rank, you) {
  const item = make("li", you ? "row you" : "row");
  const who = make("span", "who");
  who.append(make("span", "who-name", line.name));
  if (you) who.append(make("span", "mark", text("you")));
  if (line.bot) who.append(make("span", "mark", text("bot")));
  item.append(portrait(playerColour(line.colour), line.symbol, PORTRAIT_PX), who, make("span", "rank", String(rank)), make("span", "row-score", grouped(line.points)));
  item.title = text("mazeName", { name: line.maze });
  return item;
}
