// @ts-check
/**
 * What happens for a moment: points that rise, rings of an energizer, sparks, "here you are", and the words READY! and PAUSED.
 *
 * Each pop is told once with the tick it began at and is forgotten when its time is over. The words stand below the house.
 */

import { CANVAS_FONT, PAUSED_TEXT, POP_TEXT, READY_TEXT } from "../palette.js";
import { text } from "../strings.js";

const POP_TICKS = 60;
const RING_TICKS = 24;
const SIGN_Y = 140;
const MIDDLE_X = 112;

/**
 * @typedef {{ x: number, y: number, points: number, sinceTick: number, mine: boolean }} Pop
 * @typedef {{ x: number, y: number, colour: string, sinceTick: number }} Ring
 */

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {ReadonlyArray<Pop>} pops
 * @param {number} tick
 * @param {boolean} calm
 */
export function drawPops(ctx, pops, tick, calm) {
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  for (const pop of pops) {
    const part = (tick - pop.sinceTick) / POP_TICKS;
    if (part < 0 || part >= 1) continue;
    const size = pop.mine ? 8.4 : 6.8;
    const y = pop.y - (calm ? 0 : 7 * part);
    ctx.globalAlpha = part < 0.7 ? 1 : (1 - part) / 0.3;
    ctx.font = `800 ${size}px ${CANVAS_FONT}`;
    ctx.lineWidth = 1.8;
    ctx.strokeStyle = "rgba(5, 6, 16, 0.85)";
    const shown = String(pop.points);
    const half = ctx.measureText(shown).width / 2 + 2;
    const x = Math.min(Math.max(pop.x, half), 224 - half);
    ctx.strokeText(shown, x, y);
    ctx.fillStyle = POP_TEXT;
    ctx.fillText(shown, x, y);
  }
  ctx.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {ReadonlyArray<Ring>} rings
 * @param {number} tick
 */
export function drawRings(ctx, rings, tick) {
  for (const ring of rings) {
    const part = (tick - ring.sinceTick) / RING_TICKS;
    if (part < 0 || part >= 1) continue;
    ctx.globalAlpha = 0.7 * (1 - part);
    ctx.strokeStyle = ring.colour;
    ctx.lineWidth = 1.6 * (1 - part) + 0.4;
    ctx.beginPath();
    ctx.arc(ring.x, ring.y, 6 + 26 * part, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/** Sparks of a burst, and where each flies: spread by the golden angle, so that nothing needs to be remembered. */
const SPARKS = 9;
const GOLDEN_ANGLE = 2.39996;
const BURST_TICKS = 30;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {ReadonlyArray<Ring>} bursts
 * @param {number} tick
 */
export function drawBursts(ctx, bursts, tick) {
  for (const burst of bursts) {
    const part = (tick - burst.sinceTick) / BURST_TICKS;
    if (part < 0 || part >= 1) continue;
    ctx.globalAlpha = 1 - part;
    ctx.fillStyle = burst.colour;
    const size = 1.7 * (1 - part) + 0.4;
    for (let i = 0; i < SPARKS; i += 1) {
      const far = (6 + (i % 3) * 5) * (1 - (1 - part) ** 2);
      const angle = i * GOLDEN_ANGLE + burst.sinceTick;
      ctx.fillRect(burst.x + Math.cos(angle) * far - size / 2, burst.y + Math.sin(angle) * far + 6 * part * part - size / 2, size, size);
    }
  }
  ctx.globalAlpha = 1;
}

/**
 * Rings that close in on a pac: here you are.
 * @param {CanvasRenderingContext2D} ctx
 * @param {{ x: number, y: number, colour: string }} at
 * @param {number} part of the call that is over, 0 to 1
 * @param {boolean} calm
 */
export function drawCall(ctx, at, part, calm) {
  ctx.strokeStyle = "#fff";
  for (const lag of calm ? [0.5] : [0, 0.33, 0.66]) {
    const near = calm ? 0.6 : (part * 3 + lag) % 1;
    ctx.globalAlpha = (calm ? 0.9 : near) * Math.min(1, 4 * (1 - part));
    ctx.lineWidth = 1.8;
    ctx.strokeStyle = lag === 0.33 ? "#fff" : at.colour;
    ctx.beginPath();
    ctx.arc(at.x, at.y, 46 - 36 * near, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/** A bracket around the one that a spectator follows. @param {CanvasRenderingContext2D} ctx @param {{ x: number, y: number }} at */
export function drawFollowed(ctx, { x, y }) {
  ctx.strokeStyle = "#fff";
  ctx.lineWidth = 1.1;
  ctx.beginPath();
  for (const [sx, sy] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) {
    ctx.moveTo(x + sx * 10.5, y + sy * 6.5);
    ctx.lineTo(x + sx * 10.5, y + sy * 10.5);
    ctx.lineTo(x + sx * 6.5, y + sy * 10.5);
  }
  ctx.stroke();
}

/** Whether a pop or ring can be forgotten. @param {{ sinceTick: number }} effect @param {number} tick */
export function isOver(effect, tick) {
  return tick - effect.sinceTick >= POP_TICKS || effect.sinceTick - tick > POP_TICKS;
}

const SIGNS = Object.freeze({
  ready: { key: "ready", colour: READY_TEXT },
  paused: { key: "paused", colour: PAUSED_TEXT },
});

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {"ready" | "paused" | ""} sign
 */
export function drawSign(ctx, sign) {
  if (sign === "") return;
  const { key, colour } = SIGNS[sign];
  ctx.font = `800 9.5px ${CANVAS_FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 2.6;
  ctx.strokeStyle = "rgba(5, 6, 16, 0.9)";
  ctx.strokeText(text(key), MIDDLE_X, SIGN_Y + 0.4);
  ctx.fillStyle = colour;
  ctx.fillText(text(key), MIDDLE_X, SIGN_Y + 0.4);
}
