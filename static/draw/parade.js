// @ts-check
/**
 * The little chase above the title: a pac flees to the left, turns, and comes back as the hunter. Own art, no state of the game.
 */

import { PLAYER_COLOURS } from "../palette.js";
import { drawGhost } from "./ghosts.js";
import { drawBody } from "./pac.js";

const HEIGHT = 16;
/** Seconds of one way. */
const WAY_S = 5.5;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} now milliseconds
 * @param {string} colour of the player to be
 * @param {number} ratio
 * @param {boolean} calm
 */
export function drawParade(canvas, now, colour, ratio, calm) {
  const cssWidth = canvas.clientWidth;
  const cssHeight = canvas.clientHeight;
  if (cssWidth === 0 || cssHeight === 0) return;
  const width = Math.round(cssWidth * ratio);
  const height = Math.round(cssHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const scale = height / HEIGHT;
  const span = width / scale;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, width, height);
  ctx.setTransform(scale, 0, 0, scale, 0, 0);

  const seconds = calm ? WAY_S * 0.5 : now / 1000;
  const hunting = Math.floor(seconds / WAY_S) % 2 === 1;
  const part = (seconds % WAY_S) / WAY_S;
  const tick = seconds * 60;
  const mouth = Math.abs((((seconds * 9) % 2) + 2) % 2 - 1) * 0.8;
  const at = hunting ? -110 + part * (span + 220) : span + 20 - part * (span + 130);
  const dir = hunting ? "right" : "left";
  place(ctx, at, () => drawBody(ctx, colour || PLAYER_COLOURS[0], dir, mouth));
  for (let i = 0; i < 4; i += 1) {
    const ahead = 24 + i * 17;
    place(ctx, at + ahead, () => drawGhost(ctx, { index: i, dir, blue: hunting, eyes: false, flash: false }, tick + i * 3));
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {() => void} paint */
function place(ctx, x, paint) {
  ctx.save();
  ctx.translate(x, HEIGHT / 2);
  paint();
  ctx.restore();
}
