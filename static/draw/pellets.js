// @ts-check
/**
 * Dots and energizers. Which are left is the picture's to say; where they lie is told once.
 *
 * An energizer that sleeps (nobody may eat it now) is a hollow ring, so that it differs by shape and not by colour alone.
 */

import { ENERGIZER, PELLET } from "../palette.js";

const DOT_RADIUS = 1.05;
const ENERGIZER_RADIUS = 3.1;
/** Ticks of one breath of an energizer. */
const BREATH_TICKS = 48;

/**
 * @typedef {{ x: number, y: number, energizer: boolean }} Spot in playfield pixels
 */

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {ReadonlyArray<Spot>} spots
 * @param {Pick<import("../picture.js").Picture, "tick" | "dormant" | "hasPellet">} picture
 * @param {boolean} calm
 */
export function drawPellets(ctx, spots, picture, calm) {
  ctx.fillStyle = PELLET;
  ctx.beginPath();
  for (let i = 0; i < spots.length; i += 1) {
    const spot = spots[i];
    if (spot.energizer || !picture.hasPellet(i)) continue;
    ctx.moveTo(spot.x + DOT_RADIUS, spot.y);
    ctx.arc(spot.x, spot.y, DOT_RADIUS, 0, 2 * Math.PI);
  }
  ctx.fill();

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
