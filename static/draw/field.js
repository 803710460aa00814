// @ts-check
/**
 * The canvas of the maze: its size in whole device pixels a tile, and the order in which things are laid on it.
 *
 * Everything is drawn from a picture in playfield pixels (224 x 248); the walls come ready from their own canvas. It reads, and changes nothing.
 */

import { DRAWING, MARGIN_COLUMNS, COLUMNS, PELLET_TILES, ENERGIZERS, TILE_PX } from "../maze.js";
import { drawPops, drawRings, drawSign } from "./effects.js";
import { drawFruit, fruitOfLevel } from "./fruit.js";
import { drawGhosts } from "./ghosts.js";
import { FIELD_COLUMNS, FIELD_ROWS, createWalls } from "./maze.js";
import { drawPacs, drawTags } from "./pac.js";
import { drawPellets } from "./pellets.js";

const FLOOR_COLOUR = "#05060f";
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
 * @param {HTMLCanvasElement} canvas
 */
export function createField(canvas) {
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  const walls = createWalls({
    isWall: (column, row) => DRAWING[row]?.[column] === "#",
    isDoor: (column, row) => DRAWING[row]?.[column] === "-",
  });
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
   * @param {"ready" | "paused" | ""} sign
   * @param {boolean} calm less motion, no flashing
   */
  function draw(picture, sign, calm) {
    const scale = tilePx / TILE_PX;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.globalAlpha = 1;
    ctx.fillStyle = FLOOR_COLOUR;
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    ctx.drawImage(walls.get(scale, picture?.level ?? 1, picture?.wallFlash ?? false), 0, 0);
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    if (!picture) {
      drawPellets(ctx, SPOTS, RESTING, calm);
      return;
    }
    drawPellets(ctx, SPOTS, picture, calm);
    if (picture.fruit) {
      ctx.save();
      ctx.translate(112, 140);
      drawFruit(ctx, fruitOfLevel(picture.level));
      ctx.restore();
    }
    drawRings(ctx, calm ? [] : picture.rings, picture.tick);
    drawPacs(ctx, picture.pacs, picture.tick, calm);
    drawGhosts(ctx, picture.ghosts, picture.tick, calm);
    drawTags(ctx, picture.pacs, Math.min(TAG_CSS_PX_MAX, Math.max(TAG_CSS_PX_MIN, 4.6 * cssScale)) / cssScale);
    drawPops(ctx, picture.pops, picture.tick, calm);
    drawSign(ctx, sign);
  }

  return { fit, draw };
}

/** What is drawn behind the title before any maze is known: every pellet in its place. */
const RESTING = Object.freeze({ tick: 0, dormant: false, hasPellet: () => true });
