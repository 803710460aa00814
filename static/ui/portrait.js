// @ts-check
/**
 * Small pictures of players for lists: the body and the hat, so that nobody is known by colour alone. Painted by who shows them, once.
 */

import { drawFace } from "../draw/face.js";
import { make } from "./element.js";

/** Playfield pixels across a portrait; hats need room above. */
const ACROSS = 21;

/**
 * A canvas with the portrait of a player.
 * @param {string} colour of the body
 * @param {number} symbol which hat; -1 for none
 * @param {number} cssPixels
 * @param {string} [className]
 */
export function portrait(colour, symbol, cssPixels, className = "portrait") {
  const canvas = make("canvas", className);
  canvas.setAttribute("aria-hidden", "true");
  canvas.width = canvas.height = Math.round(cssPixels * (window.devicePixelRatio || 1));
  const ctx = canvas.getContext("2d");
  if (!ctx) return canvas;
  const scale = canvas.width / ACROSS;
  ctx.setTransform(scale, 0, 0, scale, canvas.width / 2, canvas.height * 0.6);
  drawFace(ctx, { colour, symbol, dir: "right", mouth: 0.4, mood: "alive" });
  return canvas;
}
