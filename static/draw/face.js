// @ts-check
/**
 * The body of a pac: a round fellow with an eye, a cheek, a mouth and a hat, looking where he goes. Static: moods, not clocks.
 */

import { drawHat } from "./hats.js";

export const RADIUS = 6.4;
/** Positions of the mouth that are told apart. */
export const MOUTH_STEPS = 5;
/** Half the angle of a mouth that is wide open. */
const MOUTH_MAX = 0.82;
const ANGLES = Object.freeze({ right: 0, down: Math.PI / 2, left: Math.PI, up: -Math.PI / 2 });
const INK = "#14162a";

/**
 * @typedef {object} Face
 * @property {string} colour
 * @property {number} symbol which hat; -1 for none
 * @property {"up" | "down" | "left" | "right"} dir
 * @property {number} mouth 0 shut, 1 wide open
 * @property {"alive" | "powered" | "stunned" | "asleep"} mood
 */

/**
 * A pac at the origin.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Face} face
 */
export function drawFace(ctx, { colour, symbol, dir, mouth, mood }) {
  ctx.save();
  ctx.rotate(ANGLES[dir]);
  if (dir === "left") ctx.scale(1, -1);
  const half = mouth * MOUTH_MAX;
  ctx.beginPath();
  if (half > 0.02) {
    ctx.moveTo(-1.4, 0);
    ctx.arc(0, 0, RADIUS, half, 2 * Math.PI - half);
  } else {
    ctx.arc(0, 0, RADIUS, 0, 2 * Math.PI);
  }
  ctx.closePath();
  ctx.lineJoin = "round";
  ctx.strokeStyle = "rgba(5, 6, 16, 0.75)";
  ctx.lineWidth = 1.1;
  ctx.stroke();
  ctx.fillStyle = colour;
  ctx.fill();
  const shade = ctx.createRadialGradient(-1.8, -2.8, 0.6, 0, 0.4, RADIUS);
  shade.addColorStop(0, "rgba(255, 255, 255, 0.5)");
  shade.addColorStop(0.5, "rgba(255, 255, 255, 0)");
  shade.addColorStop(1, "rgba(10, 4, 40, 0.36)");
  ctx.fillStyle = shade;
  ctx.fill();
  // A shut mouth is a smile.
  if (half <= 0.02) curve(ctx, 1.1, [2.6, 1.2, 4.4, 2, 6, 0.4]);
  ctx.fillStyle = "rgba(255, 90, 110, 0.4)";
  ctx.beginPath();
  ctx.arc(-0.6, 2.9, 1.3, 0, 2 * Math.PI);
  ctx.fill();
  drawEye(ctx, mood);
  if (symbol >= 0) {
    ctx.save();
    ctx.translate(-1.3, -5.6);
    ctx.rotate(-0.2);
    drawHat(ctx, symbol);
    ctx.restore();
  }
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {Face["mood"]} mood */
function drawEye(ctx, mood) {
  if (mood === "asleep") {
    curve(ctx, 0.9, [-0.4, -2.8, 1.1, -1.6, 2.6, -2.8]);
    return;
  }
  ctx.fillStyle = "#fff";
  ctx.beginPath();
  ctx.ellipse(1.1, -2.9, 1.75, 2, 0, 0, 2 * Math.PI);
  ctx.fill();
  if (mood === "stunned") {
    curve(ctx, 0.8, [0.1, -3.9, 1.1, -2.9, 2.1, -1.9]);
    curve(ctx, 0.8, [2.1, -3.9, 1.1, -2.9, 0.1, -1.9]);
    return;
  }
  ctx.fillStyle = INK;
  ctx.beginPath();
  ctx.arc(1.7, -2.7, 1.1, 0, 2 * Math.PI);
  ctx.fill();
  ctx.fillStyle = "#fff";
  ctx.fillRect(1.7, -3.4, 0.6, 0.6);
  if (mood === "powered") curve(ctx, 1.1, [-0.8, -5.2, 1.2, -4.7, 3, -3.9]);
}

/** @param {CanvasRenderingContext2D} ctx @param {number} width @param {number[]} points */
function curve(ctx, width, [x0, y0, cx, cy, x1, y1]) {
  ctx.strokeStyle = INK;
  ctx.lineWidth = width;
  ctx.lineCap = "round";
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.quadraticCurveTo(cx, cy, x1, y1);
  ctx.stroke();
}
