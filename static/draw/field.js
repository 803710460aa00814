// @ts-check
/**
 * The canvas of the maze: its size in whole device pixels a tile, and the order in which things are laid on it.
 *
 * Everything is drawn from a picture in playfield pixels (224 x 248); the walls come ready from their own canvas. It reads, and changes nothing.
 */

import { DRAWING, MARGIN_COLUMNS, COLUMNS, PELLET_TILES, ENERGIZERS, TILE_PX } from "../maze.js";
import { drawBursts, drawCall, drawFollowed, drawPops, drawRings, drawSign } from "./effects.js";
import { drawFruit, fruitOfLevel } from "./fruit.js";
import { drawGhosts } from "./ghosts.js";
import { FIELD_COLUMNS, FIELD_ROWS, createWalls } from "./maze.js";
import { drawPacs, drawTags } from "./pac.js";
import { createDots, drawEnergizers } from "./pellets.js";
import { createSprites } from "./sprites.js";

/** Letters of a name tag in CSS pixels, on a small and on a large maze. */
const TAG_CSS_PX_MIN = 10;
const TAG_CSS_PX_MAX = 13;

/** @type {ReadonlyArray<import("./pellets.js").Spot>} */
const SPOTS = PELLET_TILES.map((tile, pellet) => ({
  x: ((tile % COLUMNS) - MARGIN_COLUMNS) * TILE_PX + TILE_PX / 2,
  y: Math.floor(tile / COLUMNS) * TILE_PX + TILE_PX / 2,
  energizer: ENERGIZERS[pellet] === 1,
}));

/**
 * @typedef {object} Looks
 * @property {"ready" | "paused" | ""} sign
 * @property {boolean} calm less motion, no flashing
 * @property {boolean} [letters] on the ghosts
 * @property {number | null} [call] how far "here you are" has come, 0 to 1; null when nobody asked
 * @property {number} [followed] the seat that a spectator follows
 */

/**
 * @param {HTMLCanvasElement} canvas
 */
export function createField(canvas) {
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  const walls = createWalls({
    isWall: (column, row) => DRAWING[row]?.[column] === "#",
    isDoor: (column, row) => DRAWING[row]?.[column] === "-",
  });
  const dots = createDots(SPOTS);
  const sprites = createSprites();
  let tilePx = 20;
  let cssScale = 2.5;

  /**
   * Takes the largest size within a box; a tile is a whole number of device pixels.
   * @param {number} cssWidth
   * @param {number} cssHeight
   * @param {number} ratio device pixels in a CSS pixel
   * @returns {{ width: number, height: number }} the size in CSS pixels
   */
  function fit(cssWidth, cssHeight, ratio) {
    tilePx = Math.max(6, Math.floor(Math.min((cssWidth * ratio) / FIELD_COLUMNS, (cssHeight * ratio) / FIELD_ROWS)));
    const width = tilePx * FIELD_COLUMNS;
    const height = tilePx * FIELD_ROWS;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    cssScale = tilePx / ratio / TILE_PX;
    return { width: width / ratio, height: height / ratio };
  }

  /**
   * @param {import("../picture.js").Picture | null} picture
   * @param {Looks} looks
   */
  function draw(picture, { sign, calm, letters = false, call = null, followed = -1 }) {
    const scale = tilePx / TILE_PX;
    sprites.resize(scale);
    const shown = picture ?? RESTING;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.globalAlpha = 1;
    ctx.drawImage(dots.get(walls.get(scale, shown.level, shown.wallFlash), scale, shown.hasPellet), 0, 0);
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    drawEnergizers(ctx, SPOTS, shown, calm);
    if (!picture) return;
    const { pacs, tick } = picture;
    if (picture.fruit) drawFruitAt(ctx, picture.level, calm ? 0 : tick);
    drawRings(ctx, calm ? [] : picture.rings, tick);
    drawPacs(ctx, pacs, tick, calm, sprites);
    drawGhosts(ctx, picture.ghosts, tick, calm, letters, sprites);
    drawBursts(ctx, calm ? [] : picture.bursts, tick);
    drawTags(ctx, pacs, Math.min(TAG_CSS_PX_MAX, Math.max(TAG_CSS_PX_MIN, 4.6 * cssScale)) / cssScale, followed);
    const found = pacs.find((pac) => pac.seat === followed && !pac.hidden);
    if (found) drawFollowed(ctx, found);
    const own = pacs.find((pac) => pac.you && !pac.hidden);
    if (call !== null && own) drawCall(ctx, own, call, calm);
    drawPops(ctx, picture.pops, tick, calm);
    drawSign(ctx, sign);
  }

  return { fit, draw };
}

/** @param {CanvasRenderingContext2D} ctx @param {number} level @param {number} tick */
function drawFruitAt(ctx, level, tick) {
  ctx.save();
  ctx.translate(112, 140 + Math.sin(tick / 14) * 0.7);
  drawFruit(ctx, fruitOfLevel(level));
  ctx.restore();
}

/** What is drawn before any maze is known: every pellet in its place. */
const RESTING = Object.freeze({ tick: 0, level: 1, wallFlash: false, dormant: false, hasPellet: () => true });
