// @ts-check
/**
 * The list of players by score, and the own score beside the best. Rows are kept by seat, so that a changing number moves nothing else.
 */

import { grouped, text } from "../strings.js";
import { byId, make, setText } from "./element.js";

/** Lives that are shown as dots; more are more than anybody needs to count. */
const LIVES_SHOWN_MAX = 5;

/** @typedef {import("../picture.js").DrawnPac} DrawnPac */
/** @typedef {{ item: HTMLLIElement, dot: HTMLElement, name: HTMLElement, marks: HTMLElement, lives: HTMLElement, score: HTMLElement, marked: string, lived: number }} Row */

/** The panel of players and scores. */
export function createScoreboard() {
  const list = byId("board-rows", HTMLOListElement);
  const empty = byId("board-empty", HTMLElement);
  const spectators = byId("spectators", HTMLElement);
  const ownScore = byId("own-score", HTMLElement);
  const bestScore = byId("best-score", HTMLElement);
  /** @type {Map<number, Row>} */
  const rows = new Map();
  let order = "";

  /**
   * @param {import("../state.js").State} state
   * @param {import("../picture.js").Picture | null} picture
   * @param {number} best
   */
  function render(state, picture, best) {
    const pacs = [...(picture?.pacs ?? [])].filter((pac) => pac.id !== "").sort((a, b) => b.score - a.score || a.seat - b.seat);
    const own = pacs.find((pac) => pac.you);
    const shownScore = own?.score ?? state.over?.points ?? 0;
    setText(ownScore, grouped(shownScore));
    setText(bestScore, grouped(Math.max(best, shownScore)));
    setText(spectators, state.spectators > 0 ? text("spectators", { n: state.spectators }) : "");
    empty.hidden = pacs.length > 0 || state.maze === "";

    const seats = new Set(pacs.map((pac) => pac.seat));
    for (const [seat, row] of rows) {
      if (seats.has(seat)) continue;
      row.item.remove();
      rows.delete(seat);
    }
    for (const pac of pacs) fill(rowOf(pac.seat), pac);
    const nextOrder = pacs.map((pac) => pac.seat).join(" ");
    if (nextOrder !== order) {
      order = nextOrder;
      list.append(...pacs.map((pac) => rowOf(pac.seat).item));
    }
  }

  /** @param {number} seat @returns {Row} */
  function rowOf(seat) {
    const kept = rows.get(seat);
    if (kept) return kept;
    const item = make("li", "row");
    const dot = make("span", "dot");
    const who = make("span", "who");
    const name = make("span", "who-name");
    const marks = make("span", "who");
    const lives = make("span", "row-lives");
    const score = make("span", "row-score");
    who.append(name, marks);
    item.append(dot, who, lives, score);
    const row = { item, dot, name, marks, lives, score, marked: "", lived: -1 };
    rows.set(seat, row);
    order = "";
    return row;
  }

  return { render };
}

/** @param {Row} row @param {DrawnPac} pac */
function fill(row, pac) {
  setText(row.name, pac.name);
  setText(row.score, grouped(pac.score));
  row.dot.style.background = pac.colour;
  row.item.classList.toggle("you", pac.you);
  row.item.classList.toggle("off", pac.state === "parked" || pac.state === "dead");
  const marked = [pac.leader ? "leader" : "", pac.you ? "you" : "", pac.bot ? "bot" : ""].join(" ");
  if (marked !== row.marked) {
    row.marked = marked;
    row.marks.replaceChildren();
    if (pac.leader) {
      const crown = make("span", "crown");
      crown.title = text("leader");
      row.marks.append(crown);
    }
    if (pac.you) row.marks.append(make("span", "mark", text("you")));
    if (pac.bot) row.marks.append(make("span", "mark", text("bot")));
  }
  const lives = Math.min(LIVES_SHOWN_MAX, pac.lives);
  if (lives !== row.lived) {
    row.lived = lives;
    row.lives.replaceChildren(...Array.from({ length: lives }, () => make("span", "life")));
    row.lives.title = `${text("lives")}: ${pac.lives}`;
  }
}
