// @ts-check
/**
 * The help panel: what the goal is, which rules differ from the arcade game, who the ghosts are, which keys there are. Drawn with the game's own figures.
 */

import { drawFace } from "../draw/face.js";
import { drawGhost } from "../draw/ghosts.js";
import { drawCrown } from "../draw/pac.js";
import { PLAYER_COLOURS } from "../palette.js";
import { text } from "../strings.js";
import { createDialog } from "./dialog.js";
import { byId, make } from "./element.js";

/** Playfield pixels and CSS pixels across a figure. */
const FIGURE = 22;
const FIGURE_CSS_PX = 46;

/** @typedef {(ctx: CanvasRenderingContext2D) => void} Painter */

/** @type {ReadonlyArray<[string, Painter]>} */
const RULES = [
  ["helpPower", (ctx) => {
    ring(ctx, PLAYER_COLOURS[0], 9.4, [4, 2]);
    pac(ctx, 0, "powered");
  }],
  ["helpSleep", (ctx) => ring(ctx, "#ffd9b8", 3.4, [])],
  ["helpBump", (ctx) => {
    ctx.translate(-5, 0);
    pac(ctx, 2, "alive");
    ctx.translate(10, 0);
    pac(ctx, 4, "alive", "left");
  }],
  ["helpShield", (ctx) => {
    ring(ctx, PLAYER_COLOURS[3], 8.8, []);
    pac(ctx, 3, "alive");
  }],
  ["helpCrown", (ctx) => drawCrown(ctx, 0, 0, 7)],
  ["helpAlone", (ctx) => pac(ctx, 0, "alive")],
];

/** The rules that differ, drawn and told: also for who has not begun yet. @param {number} [count] the first so many */
export function rulesList(count = RULES.length) {
  const ratio = window.devicePixelRatio || 1;
  return list(RULES.slice(0, count).map(([key, painter]) => entry(ratio, painter, text(key), text(`${key}Text`))));
}

/** The ghosts, drawn, with their names and tempers. */
export function ghostsList() {
  const ratio = window.devicePixelRatio || 1;
  return list([0, 1, 2, 3].map((i) => entry(ratio, ghost(i), text(`ghost${i}`), text(`ghost${i}Text`))));
}

/** The help panel. */
export function createHelp() {
  const body = byId("help-body", HTMLDivElement);
  return createDialog("help", "open-help", () => {
    body.replaceChildren(
      make("p", "help-goal", text("helpGoal")),
      rulesList(),
      make("h3", "", text("helpGhosts")),
      ghostsList(),
      make("h3", "", text("helpKeys")),
      make("p", "", text("helpKeysText")),
    );
  });
}

/** @param {HTMLElement[]} entries */
function list(entries) {
  const made = make("ul", "help-list");
  made.append(...entries);
  return made;
}

/** @param {number} ratio @param {Painter} painter @param {string} head @param {string} words */
function entry(ratio, painter, head, words) {
  const item = make("li", "help-entry");
  const canvas = make("canvas", "help-figure");
  canvas.setAttribute("aria-hidden", "true");
  canvas.width = canvas.height = Math.round(FIGURE_CSS_PX * ratio);
  const ctx = canvas.getContext("2d");
  if (ctx) {
    const scale = canvas.width / FIGURE;
    ctx.setTransform(scale, 0, 0, scale, canvas.width / 2, canvas.height / 2);
    painter(ctx);
  }
  const said = make("p", "");
  said.append(make("strong", "", head), " ", words);
  item.append(canvas, said);
  return item;
}

/** @param {CanvasRenderingContext2D} ctx @param {number} colour @param {"alive" | "powered"} mood @param {"left" | "right"} [dir] */
function pac(ctx, colour, mood, dir = "right") {
  drawFace(ctx, { colour: PLAYER_COLOURS[colour], symbol: colour, dir, mouth: 0.5, mood });
}

/** @param {number} index @returns {Painter} */
function ghost(index) {
  return (ctx) => drawGhost(ctx, { index, dir: "left", blue: false, eyes: false, flash: false }, 3, true);
}

/** @param {CanvasRenderingContext2D} ctx @param {string} colour @param {number} radius @param {number[]} dashes */
function ring(ctx, colour, radius, dashes) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.setLineDash(dashes);
  ctx.beginPath();
  ctx.arc(0, 0, radius, 0, 2 * Math.PI);
  ctx.stroke();
  ctx.setLineDash([]);
}
