// @ts-check
/**
 * Every colour and letter that is drawn on a canvas. The page's own colours live in `style.css`.
 *
 * The players' sixteen start from the Okabe-Ito set, brightened for a dark floor, and are told apart by lightness as well as by hue. A colour
 * never carries a meaning alone: frightened ghosts also change their face, the second pack wears a mark.
 */

/** Player colours by number, as the wire counts them. */
export const PLAYER_COLOURS = Object.freeze([
  "#f5e14b", "#f0a11f", "#5cbdf2", "#1fc48f", "#f5712b", "#e79ac6", "#4b8ff0", "#f4f4f4",
  "#b7e34d", "#cfa36a", "#b9a1ff", "#4fe3d8", "#ff9d88", "#ff5f8f", "#a9f5c4", "#9db2cf",
]);

/** Bodies of the ghosts in their order: first pack, then second. */
export const GHOST_COLOURS = Object.freeze(["#ff4136", "#ff9fd0", "#35dcf0", "#ffa63d", "#b3122e", "#c65fb4", "#1894b8", "#c2701a"]);

export const FRIGHTENED = Object.freeze({ body: "#2b3bd6", edge: "#8fa0ff", face: "#ffd9c2" });
export const FRIGHTENED_FLASH = Object.freeze({ body: "#f3f1ff", edge: "#ff5a5a", face: "#e0303a" });
export const EYE_WHITE = "#fdfdff";
export const EYE_PUPIL = "#2233aa";

export const PELLET = "#ffd9b8";
export const ENERGIZER = "#ffe6d0";
export const FLOOR = "#05060f";
export const DOOR = "#ff9fd0";
export const READY_TEXT = "#ffe14a";
export const PAUSED_TEXT = "#9fb4ff";
export const FRUIT_SPARK = "#ffd84a";
export const POP_TEXT = "#6ff3ff";

/** Walls by level: each level has another hue, so that reaching it shows. */
const WALL_HUES = Object.freeze([232, 192, 282, 158, 328, 212, 20, 256]);

/**
 * The colours of the walls in a level, or of walls that flash.
 * @param {number} level
 * @param {boolean} flash
 */
export function wallColours(level, flash) {
  const hue = WALL_HUES[(Math.max(1, level) - 1) % WALL_HUES.length];
  const tint = (/** @type {number} */ saturation, /** @type {number} */ lightness, alpha = 1) => `hsl(${hue} ${saturation}% ${lightness}% / ${alpha})`;
  const ground = { floor: tint(45, 9), speck: tint(60, 60, 0.1), flank: tint(60, 16) };
  if (flash) {
    return { ...ground, line: "#f4f6ff", light: "#fff", inset: "rgb(244 246 255 / 0.4)", top: "#7c83b4", foot: "#565c8c", glow: "rgb(230 235 255 / 0.5)" };
  }
  return { ...ground, line: tint(85, 62), light: tint(100, 84), inset: tint(80, 66, 0.28), top: tint(52, 27), foot: tint(58, 19), glow: tint(95, 60, 0.6) };
}

/**
 * The colour of a player's number; a number out of the table is taken round.
 * @param {number} colour
 * @returns {string}
 */
export function playerColour(colour) {
  return PLAYER_COLOURS[((colour % PLAYER_COLOURS.length) + PLAYER_COLOURS.length) % PLAYER_COLOURS.length];
}

/** Letters on canvases: the system's own, with a Hangul face for each system. */
export const CANVAS_FONT = `system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", NanumGothic, sans-serif`;
