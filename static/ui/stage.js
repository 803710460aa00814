// @ts-check
/**
 * How large the maze may be: at full width on a phone held upright, else as high as the window, with room for the panels at its sides.
 *
 * `style.css` lays the page out; the numbers here are the room that it takes for everything but the maze.
 */

import { byId } from "./element.js";

const BAR_PX = 40;
const PADDING_PX = 28;
/** A phone on its side. */
const LOW_BELOW_PX = 480;
const LOW_REST_PX = 30 + 12;
/** Room for both side panels and the gaps, in wide and in narrow windows. */
const SIDES_WIDE_PX = 440;
const SIDES_NARROW_PX = 390;
const NARROW_BELOW_PX = 1080;
/** Upright: what stands above and below the maze at least, on a tablet the pad with room for some rows. */
const UPRIGHT_REST_PX = 310;
const UPRIGHT_PART_MIN = 0.62;
const BAR_NARROW_BELOW_PX = 440;

/**
 * @param {ReturnType<import("../draw/field.js").createField>} field
 * @param {number} ratio
 */
export function fitStage(field, ratio) {
  const { innerWidth, innerHeight } = window;
  const upright = innerWidth <= innerHeight;
  const roomWidth = upright ? document.documentElement.clientWidth : innerWidth - (innerWidth > NARROW_BELOW_PX ? SIDES_WIDE_PX : SIDES_NARROW_PX);
  const rest = innerHeight <= LOW_BELOW_PX ? LOW_REST_PX : BAR_PX + PADDING_PX;
  const roomHeight = upright ? Math.max(innerHeight - UPRIGHT_REST_PX, innerHeight * UPRIGHT_PART_MIN) : innerHeight - rest;
  const { width, height } = field.fit(roomWidth, roomHeight, ratio);
  const frame = byId("frame", HTMLDivElement);
  frame.style.width = `${width}px`;
  frame.style.height = `${height}px`;
  const bar = byId("bar", HTMLDivElement);
  bar.style.width = `${width}px`;
  bar.classList.toggle("narrow", width < BAR_NARROW_BELOW_PX);
}
