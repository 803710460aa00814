// @ts-check
/**
 * The ghosts: coloured, frightened or eyes only, looking where they go.
 *
 * A frightened ghost changes colour, outline and face, so that it is known without colour; the second pack wears a diamond on its forehead.
 */

import { EYE_PUPIL, EYE_WHITE, FRIGHTENED, FRIGHTENED_FLASH, GHOST_COLOURS } from "../palette.js";

const HALF_WIDTH = 6.4;
const TOP = -6.6;
const BOTTOM = 6.2;
/** Ticks of one swing of the hem. */
const SWING_TICKS = 16;
const LOOK = Object.freeze({ up: [0, -1], left: [-1, 0], down: [0, 1], right: [1, 0] });

/** @typedef {import("../picture.js").DrawnGhost} DrawnGhost */

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {ReadonlyArray<DrawnGhost>} ghosts
 * @param {number} tick
 * @param {boolean} calm
 */
export function drawGhosts(ctx, ghosts, tick, calm) {
  for (let i = ghosts.length - 1; i >= 0; i -= 1) {
    const ghost = ghosts[i];
    if (ghost.hidden) continue;
    ctx.save();
    ctx.translate(ghost.x, ghost.y);
    drawGhost(ctx, ghost, calm ? 0 : tick);
    ctx.restore();
  }
}

/**
 * One ghost at the origin.
 * @param {CanvasRenderingContext2D} ctx
 * @param {{ index: number, dir: "up" | "down" | "left" | "right", blue: boolean, eyes: boolean, flash: boolean }} ghost
 * @param {number} tick
 */
export function drawGhost(ctx, ghost, tick) {
  if (ghost.eyes) {
    drawEyes(ctx, ghost.dir);
    return;
  }
  drawSheet(ctx, tick);
  if (ghost.blue) {
    const look = ghost.flash ? FRIGHTENED_FLASH : FRIGHTENED;
    ctx.fillStyle = look.body;
    ctx.fill();
    ctx.strokeStyle = look.edge;
    ctx.lineWidth = 0.9;
    ctx.stroke();
    drawScare(ctx, look.face);
    return;
  }
  ctx.fillStyle = GHOST_COLOURS[ghost.index % GHOST_COLOURS.length];
  ctx.fill();
  const shade = ctx.createLinearGradient(0, TOP, 0, BOTTOM);
  shade.addColorStop(0, "rgba(255, 255, 255, 0.26)");
  shade.addColorStop(0.5, "rgba(255, 255, 255, 0)");
  shade.addColorStop(1, "rgba(0, 0, 0, 0.2)");
  ctx.fillStyle = shade;
  ctx.fill();
  drawEyes(ctx, ghost.dir);
  if (ghost.index >= 4) drawMark(ctx);
}

/** @param {CanvasRenderingContext2D} ctx @param {number} tick */
function drawSheet(ctx, tick) {
  const swing = Math.sin((2 * Math.PI * (tick % SWING_TICKS)) / SWING_TICKS);
  ctx.beginPath();
  ctx.moveTo(-HALF_WIDTH, BOTTOM - 1);
  ctx.lineTo(-HALF_WIDTH, 0);
  ctx.bezierCurveTo(-HALF_WIDTH, TOP * 1.14, HALF_WIDTH, TOP * 1.14, HALF_WIDTH, 0);
  ctx.lineTo(HALF_WIDTH, BOTTOM - 1);
  // Three folds whose tips sway.
  const fold = (2 * HALF_WIDTH) / 3;
  for (let i = 0; i < 3; i += 1) {
    const right = HALF_WIDTH - i * fold;
    const depth = 1.5 + 0.5 * swing * (i % 2 === 0 ? 1 : -1);
    ctx.quadraticCurveTo(right - fold * 0.22, BOTTOM + depth, right - fold / 2, BOTTOM + depth * 0.35);
    ctx.quadraticCurveTo(right - fold * 0.78, BOTTOM - 2.2, right - fold, BOTTOM - 1);
  }
  ctx.closePath();
}

/** @param {CanvasRenderingContext2D} ctx @param {"up" | "down" | "left" | "right"} dir */
function drawEyes(ctx, dir) {
  const [dx, dy] = LOOK[dir];
  for (const side of [-1, 1]) {
    const x = side * 2.7 + dx * 0.7;
    const y = -1.5 + dy * 0.8;
    ctx.fillStyle = EYE_WHITE;
    ctx.beginPath();
    ctx.ellipse(x, y, 1.9, 2.35, 0, 0, 2 * Math.PI);
    ctx.fill();
    ctx.fillStyle = EYE_PUPIL;
    ctx.beginPath();
    ctx.arc(x + dx * 0.95, y + dy * 1.25, 1.15, 0, 2 * Math.PI);
    ctx.fill();
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {string} colour */
function drawScare(ctx, colour) {
  ctx.fillStyle = colour;
  for (const side of [-1, 1]) {
    ctx.beginPath();
    ctx.arc(side * 2.3, -1.6, 1.05, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = 0.9;
  ctx.lineJoin = "round";
  ctx.lineCap = "round";
  ctx.beginPath();
  ctx.moveTo(-4.2, 3.2);
  for (let i = 1; i <= 6; i += 1) ctx.lineTo(-4.2 + i * 1.4, i % 2 === 1 ? 1.9 : 3.2);
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx */
function drawMark(ctx) {
  ctx.fillStyle = "rgba(255, 255, 255, 0.92)";
  ctx.beginPath();
  ctx.moveTo(0, -6.1);
  ctx.lineTo(1.1, -4.9);
  ctx.lineTo(0, -3.7);
  ctx.lineTo(-1.1, -4.9);
  ctx.closePath();
  ctx.fill();
}
