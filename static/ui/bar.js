// @ts-check
/**
 * The bar below the maze: lives left, level and sheet, the power window and its lock, the fruit of the last levels. It has one height, always.
 */

import { drawFace } from "../draw/face.js";
import { drawFruit, fruitOfLevel } from "../draw/fruit.js";
import { language, text } from "../strings.js";
import { byId, setText } from "./element.js";

const LIVES_SHOWN_MAX = 7;
const FRUITS_SHOWN_MAX = 6;
/** Room that an icon takes, in CSS pixels. */
const ICON_CSS_PX = 26;
/** Playfield pixels across an icon. */
const ICON = 18;
/** The longest windows that the meter shows as full, in ticks. */
const POWER_FULL_TICKS = 360;
const LOCK_FULL_TICKS = 600;

/** The bar. */
export function createBar() {
  const lives = byId("lives", HTMLCanvasElement);
  const fruits = byId("fruits", HTMLCanvasElement);
  const bar = byId("bar", HTMLElement);
  const level = byId("level", HTMLElement);
  const sheet = byId("sheet-count", HTMLElement);
  const power = byId("power", HTMLElement);
  const powerLeft = byId("power-left", HTMLElement);
  const frame = byId("frame", HTMLElement);
  let drawn = "";

  /**
   * @param {import("../picture.js").Picture | null} picture
   * @param {number} ratio
   * @param {import("../picture.js").DrawnPac} [followed] by a spectator
   */
  function render(picture, ratio, followed) {
    const own = picture?.pacs.find((pac) => pac.you) ?? followed;
    setText(level, picture ? `${text("level")} ${picture.level}` : "");
    const several = picture !== null && picture.sheetsNeeded > 1;
    setText(sheet, several ? text("sheet", { done: Math.min(picture.sheetsDone + 1, picture.sheetsNeeded), needed: picture.sheetsNeeded }) : "");
    bar.classList.toggle("idle", picture === null);
    showPower(picture);

    const key = `${own?.lives ?? 0} ${own?.colour ?? ""} ${picture?.level ?? 0} ${ratio} ${lives.clientWidth} ${fruits.clientWidth} ${language()}`;
    if (key === drawn) return;
    drawn = key;
    lives.setAttribute("aria-label", `${text("lives")}: ${own?.lives ?? 0}`);
    const count = Math.min(LIVES_SHOWN_MAX, roomOf(lives), own?.lives ?? 0);
    paint(lives, ratio, count, false, (ctx) => own && drawFace(ctx, { colour: own.colour, symbol: -1, dir: "right", mouth: 0.6, mood: "alive" }));
    const highest = picture?.level ?? 0;
    const shown = Math.min(FRUITS_SHOWN_MAX, roomOf(fruits), highest);
    paint(fruits, ratio, shown, true, (ctx, i) => drawFruit(ctx, fruitOfLevel(highest - i)));
  }

  /** @param {import("../picture.js").Picture | null} picture */
  function showPower(picture) {
    const left = picture?.powerTicksLeft ?? 0;
    const locked = picture?.dormant === true && left === 0;
    const part = locked ? (picture?.lockTicksLeft ?? 0) / LOCK_FULL_TICKS : left / POWER_FULL_TICKS;
    powerLeft.style.transform = `scaleX(${Math.min(1, Math.max(0, part)).toFixed(3)})`;
    powerLeft.classList.toggle("lock", locked);
    const shown = left > 0 ? "on" : locked ? "lock" : "";
    if ((frame.dataset.power ?? "") !== shown) frame.dataset.power = shown;
    const words = picture?.dormant ? text("powerInUse") : "";
    if (power.title !== words) power.title = words;
  }

  return { render };
}

/** Icons for which there is room. @param {HTMLCanvasElement} canvas */
function roomOf(canvas) {
  return Math.floor(canvas.clientWidth / ICON_CSS_PX);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} ratio
 * @param {number} count
 * @param {boolean} fromRight
 * @param {(ctx: CanvasRenderingContext2D, i: number) => void} icon
 */
function paint(canvas, ratio, count, fromRight, icon) {
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  const ctx = canvas.getContext("2d");
  if (!ctx || canvas.height === 0) return;
  const scale = canvas.height / ICON;
  for (let i = 0; i < count; i += 1) {
    const x = (i + 0.5) * ICON;
    ctx.setTransform(scale, 0, 0, scale, fromRight ? canvas.width - x * scale : x * scale, canvas.height / 2);
    icon(ctx, i);
  }
}
