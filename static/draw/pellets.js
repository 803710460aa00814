// @ts-check
/**
 * Dots and energizers. Which are left is the picture's to say; where they lie is told once.
 *
 * An energizer that sleeps (nobody may eat it now) is a hollow ring, so that it differs by shape and not by colour alone.
 */

import { ENERGIZER, PELLET } from "../palette.js";

const DOT_RADIUS = 1.1;
const DOT_GLOW = "rgb(255 217 184 / 0.14)";
const ENERGIZER_RADIUS = 3.1;
/** Ticks of one breath of an energizer. */
const BREATH_TICKS = 48;

/**
 * @typedef {{ x: number, y: number, energizer: boolean }} Spot in playfield pixels
 */

/**
 * Keeps floor, walls and dots in one canvas, so that a frame copies them once. A dot that is eaten is wiped with the wall's own pixels.
 * @param {ReadonlyArray<Spot>} spots
 */
export function createDots(spots) {
  const canvas = document.createElement("canvas");
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  /** @type {HTMLCanvasElement | null} */
  let ground = null;
  const drawn = new Uint8Array(spots.length);

  /**
   * @param {HTMLCanvasElement} walls
   * @param {number} scale
   * @param {(pellet: number) => boolean} hasPellet
   * @returns {HTMLCanvasElement}
   */
  function get(walls, scale, hasPellet) {
    if (walls !== ground || canvas.width !== walls.width) {
      ground = walls;
      canvas.width = walls.width;
      canvas.height = walls.height;
      ctx.drawImage(walls, 0, 0);
      drawn.fill(0);
    }
    for (let i = 0; i < spots.length; i += 1) {
      if (spots[i].energizer) continue;
      const there = hasPellet(i) ? 1 : 0;
      if (there === drawn[i]) continue;
      drawn[i] = there;
      if (there) drawDot(ctx, spots[i], scale);
      else wipe(ctx, walls, spots[i], scale);
    }
    return canvas;
  }

  return { get };
}

/** @param {CanvasRenderingContext2D} ctx @param {Spot} spot @param {number} scale */
function drawDot(ctx, spot, scale) {
  const [x, y] = [spot.x * scale, spot.y * scale];
  ctx.fillStyle = DOT_GLOW;
  ctx.beginPath();
  ctx.arc(x, y, DOT_RADIUS * 2 * scale, 0, 2 * Math.PI);
  ctx.fill();
  ctx.fillStyle = PELLET;
  ctx.beginPath();
  ctx.arc(x, y, Math.max(1, DOT_RADIUS * scale), 0, 2 * Math.PI);
  ctx.fill();
}

/** @param {CanvasRenderingContext2D} ctx @param {HTMLCanvasElement} walls @param {Spot} spot @param {number} scale */
function wipe(ctx, walls, spot, scale) {
  const side = Math.ceil(5 * scale);
  const [left, top] = [Math.round(spot.x * scale - side / 2), Math.round(spot.y * scale - side / 2)];
  ctx.drawImage(walls, left, top, side, side, left, top, side, side);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {ReadonlyArray<Spot>} spots
 * @param {Pick<import("../picture.js").Picture, "tick" | "dormant" | "hasPellet">} picture
 * @param {boolean} calm
 */
export function drawEnergizers(ctx, spots, picture, calm) {
  const breath = calm ? 1 : 0.86 + 0.14 * Math.cos((2 * Math.PI * (picture.tick % BREATH_TICKS)) / BREATH_TICKS);
  for (let i = 0; i < spots.length; i += 1) {
    const spot = spots[i];
    if (!spot.energizer || !picture.hasPellet(i)) continue;
    if (picture.dormant) drawAsleep(ctx, spot);
    else drawAwake(ctx, spot, breath);
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {Spot} spot @param {number} breath */
function drawAwake(ctx, spot, breath) {
  const glow = ctx.createRadialGradient(spot.x, spot.y, 1, spot.x, spot.y, 8);
  glow.addColorStop(0, "rgba(255, 214, 170, 0.42)");
  glow.addColorStop(1, "rgba(255, 214, 170, 0)");
  ctx.fillStyle = glow;
  ctx.fillRect(spot.x - 8, spot.y - 8, 16, 16);
  ctx.fillStyle = ENERGIZER;
  ctx.beginPath();
  ctx.arc(spot.x, spot.y, ENERGIZER_RADIUS * breath, 0, 2 * Math.PI);
  ctx.fill();
}

/** @param {CanvasRenderingContext2D} ctx @param {Spot} spot */
function drawAsleep(ctx, spot) {
  ctx.strokeStyle = "rgba(255, 217, 184, 0.62)";
  ctx.lineWidth = 0.9;
  ctx.beginPath();
  ctx.arc(spot.x, spot.y, ENERGIZER_RADIUS - 0.5, 0, 2 * Math.PI);
  ctx.stroke();
}
