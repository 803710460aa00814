// @ts-check
/**
 * The list of players by score, and the own score beside the best. Rows are kept by seat, so that a changing number moves nothing else.
 */

import { grouped, language, text } from "../strings.js";
import { byId, make, setText } from "./element.js";
import { portrait } from "./portrait.js";
import { keepWhole, roomKey } from "./rows.js";

/** Lives that are shown as dots; more are more than anybody needs to count. */
const LIVES_SHOWN_MAX = 5;

/** @typedef {import("../picture.js").DrawnPac} DrawnPac */
/** @typedef {{ item: HTMLLIElement, who: HTMLButtonElement, face: string, name: HTMLElement, marks: HTMLElement, lives: HTMLElement, score: HTMLElement, marked: string, lived: number }} Row */

/** CSS pixels of a portrait. */
export const PORTRAIT_PX = 26;

/** The panel of players and scores. @param {{ person: (id: string, name: string) => void }} on */
export function createScoreboard(on) {
  const list = byId("board-rows", HTMLOListElement);
  const empty = byId("board-empty", HTMLElement);
  const spectators = byId("spectators", HTMLElement);
  const ownScore = byId("own-score", HTMLElement);
  const bestScore = byId("best-score", HTMLElement);
  /** @type {Map<number, Row>} */
  const rows = new Map();
  let order = "";
  let fitted = "";

  /**
   * @param {import("../state.js").State} state
   * @param {import("../picture.js").Picture | null} picture
   * @param {number} best
   * @param {import("../picture.js").DrawnPac} [followed] by a spectator
   */
  function render(state, picture, best, followed) {
    const pacs = [...(picture?.pacs ?? [])].filter((pac) => pac.id !== "").sort((a, b) => b.score - a.score || a.seat - b.seat);
    const own = pacs.find((pac) => pac.you);
    const shownScore = (own ?? followed)?.score ?? state.over?.points ?? 0;
    // Who looks at nobody in particular has no score to look at.
    setText(ownScore, own || followed || state.over || !state.spectating ? grouped(shownScore) : "–");
    setText(bestScore, grouped(followed ? best : Math.max(best, shownScore)));
    setText(spectators, state.spectators > 0 ? text("spectators", { n: state.spectators }) : "");
    empty.hidden = pacs.length > 0 || state.maze === "";

    const seats = new Set(pacs.map((pac) => pac.seat));
    for (const [seat, row] of rows) {
      if (seats.has(seat)) continue;
      row.item.remove();
      rows.delete(seat);
    }
    for (const pac of pacs) fill(rowOf(pac.seat), pac, pac.seat === followed?.seat);
    const nextOrder = pacs.map((pac) => pac.seat).join(" ");
    if (nextOrder !== order) {
      order = nextOrder;
      list.append(...pacs.map((pac) => rowOf(pac.seat).item));
    }
    const ownRow = pacs.findIndex((pac) => pac.you || pac.seat === followed?.seat);
    const nextFit = `${order} ${ownRow} ${list.hidden} ${roomKey()}`;
    if (nextFit === fitted) return;
    fitted = nextFit;
    keepWhole(list, ownRow);
  }

  /** @param {number} seat @returns {Row} */
  function rowOf(seat) {
    const kept = rows.get(seat);
    if (kept) return kept;
    const item = make("li", "row");
    const who = make("button", "who");
    who.type = "button";
    const name = make("span", "who-name");
    const marks = make("span", "marks");
    const lives = make("span", "row-lives");
    const score = make("span", "row-score");
    who.append(name, marks);
    item.append(make("span", "portrait"), who, lives, score);
    who.addEventListener("click", () => on.person(item.dataset.id ?? "", name.textContent ?? ""));
    const row = { item, who, face: "", name, marks, lives, score, marked: "", lived: -1 };
    rows.set(seat, row);
    order = "";
    return row;
  }

  return { render };
}

/** @param {Row} row @param {DrawnPac} pac @param {boolean} isFollowed */
function fill(row, pac, isFollowed) {
  setText(row.name, pac.name);
  setText(row.score, grouped(pac.score));
  const face = `${pac.colour} ${pac.symbol}`;
  if (row.face !== face) {
    row.face = face;
    row.item.firstElementChild?.replaceWith(portrait(pac.colour, pac.symbol, PORTRAIT_PX));
  }
  row.item.dataset.id = pac.id;
  row.item.classList.toggle("you", pac.you || isFollowed);
  row.item.classList.toggle("off", pac.state === "parked" || pac.state === "dead");
  row.item.classList.toggle("powered", pac.state === "powered");
  const marked = [pac.leader ? "leader" : "", pac.you ? "you" : "", pac.bot ? "bot" : "", pac.name, language()].join(" ");
  if (marked !== row.marked) {
    row.marked = marked;
    row.marks.replaceChildren();
    if (pac.leader) {
      const crown = make("span", "crown");
      crown.title = text("leader");
      crown.setAttribute("role", "img");
      crown.setAttribute("aria-label", text("leader"));
      row.marks.append(crown);
    }
    if (pac.you) row.marks.append(make("span", "mark", text("you")));
    if (pac.bot) row.marks.append(make("span", "mark", text("bot")));
    row.who.title = text("personMenu", { name: pac.name });
  }
  const lives = Math.min(LIVES_SHOWN_MAX, pac.lives);
  if (lives !== row.lived) {
    row.lived = lives;
    row.lives.replaceChildren(...Array.from({ length: lives }, () => make("span", "life")));
    row.lives.title = `${text("lives")}: ${pac.lives}`;
  }
}
