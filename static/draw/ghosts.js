// @ts-check
/**
 * The ghosts: wisps in hoods, each with a crest, brows, eyes and a mouth of its own, drifting away from where they go.
 *
 * Blaze burns and scowls, Petal is a bud with lashes, Icy has shards and heavy lids, Copper an aerial and worries. A frightened ghost changes
 * colour, outline and face, so that it is known without colour; the second pack wears two stripes. Letters are for those who asked for help with colours.
 */

import { CANVAS_FONT, EYE_PUPIL, EYE_WHITE, FRIGHTENED, FRIGHTENED_FLASH, GHOST_COLOURS } from "../palette.js";

const HALF_WIDTH = 6.3;
const BOTTOM = 5.6;
/** Positions of the hem that are told apart, and ticks of each. */
const HEMS = 6;
const HEM_TICKS = 5;
const SPRITE_HALF = 13;
const LOOK = Object.freeze({ up: [0, -1], left: [-1, 0], down: [0, 1], right: [1, 0] });
const LETTERS = ["B", "P", "I", "C"];
const INK = "#14162a";

/** @typedef {import("../picture.js").DrawnGhost} DrawnGhost */
/** @typedef {CanvasRenderingContext2D} Ctx */
/** @typedef {{ index: number, dir: "up" | "down" | "left" | "right", blue: boolean, eyes: boolean, flash: boolean }} GhostLook */

/**
 * @param {Ctx} ctx
 * @param {ReadonlyArray<DrawnGhost>} ghosts
 * @param {number} tick
 * @param {boolean} calm
 * @param {boolean} letters
 * @param {import("./sprites.js").Sprites} sprites
 */
export function drawGhosts(ctx, ghosts, tick, calm, letters, sprites) {
  for (let i = ghosts.length - 1; i >= 0; i -= 1) {
    const ghost = ghosts[i];
    if (ghost.hidden) continue;
    const { index, dir, blue, eyes, flash } = ghost;
    const hem = calm || eyes ? 0 : Math.floor(tick / HEM_TICKS + index * 2) % HEMS;
    const mood = eyes ? "eyes" : blue ? (flash ? "flash" : "blue") : "";
    // In fright all look the same but for the letter; sharing a sprite then saves painting.
    const who = (eyes || blue) && !letters ? index % 4 : index;
    const float = calm || eyes ? 0 : Math.sin(tick / 11 + index) * 0.35;
    const key = `g${who} ${dir} ${hem} ${mood} ${letters}`;
    sprites.draw(ctx, key, ghost.x, ghost.y + float, SPRITE_HALF, 1, (own) => drawGhost(own, { index, dir, blue, eyes, flash }, hem, letters));
  }
}

/**
 * One ghost at the origin.
 * @param {Ctx} ctx
 * @param {GhostLook} ghost
 * @param {number} hem position of the hem
 * @param {boolean} [letters]
 */
export function drawGhost(ctx, ghost, hem, letters = false) {
  ctx.lineJoin = "round";
  ctx.lineCap = "round";
  const who = ghost.index % 4;
  const [dx, dy] = LOOK[ghost.dir];
  if (ghost.eyes) {
    drawEyes(ctx, who, dx, dy);
    return;
  }
  const look = ghost.blue ? (ghost.flash ? FRIGHTENED_FLASH : FRIGHTENED) : null;
  const body = look?.body ?? GHOST_COLOURS[ghost.index % GHOST_COLOURS.length];
  ctx.strokeStyle = look?.edge ?? "rgba(5, 6, 16, 0.8)";
  ctx.lineWidth = look ? 1.5 : 1.2;
  ctx.fillStyle = body;
  CRESTS[who](ctx, Boolean(look));
  sheet(ctx, dx, dy, hem);
  ctx.stroke();
  ctx.fillStyle = body;
  ctx.fill();
  const shade = ctx.createLinearGradient(-3, -7, 3, BOTTOM + 1);
  shade.addColorStop(0, "rgba(255, 255, 255, 0.34)");
  shade.addColorStop(0.45, "rgba(255, 255, 255, 0)");
  shade.addColorStop(1, "rgba(10, 4, 40, 0.34)");
  ctx.fillStyle = shade;
  ctx.fill();
  if (ghost.index >= 4) drawStripes(ctx);
  if (look) {
    drawScare(ctx, look.face);
  } else {
    drawEyes(ctx, who, dx, dy);
    drawBrows(ctx, who, dx, dy);
    drawMouth(ctx, who, dx, dy);
  }
  if (letters) drawLetter(ctx, LETTERS[who]);
}

/** A hood that narrows downwards into three tongues, which trail behind. @param {Ctx} ctx @param {number} dx @param {number} dy @param {number} hem */
function sheet(ctx, dx, dy, hem) {
  const swing = Math.sin((2 * Math.PI * hem) / HEMS);
  const trail = -dx * 1.9;
  const long = dy < 0 ? 1 : dy > 0 ? -0.9 : 0;
  ctx.beginPath();
  ctx.moveTo(-HALF_WIDTH, 0.6);
  ctx.bezierCurveTo(-HALF_WIDTH - 0.2, -4.4, -3.6, -6.9, 0, -6.9);
  ctx.bezierCurveTo(3.6, -6.9, HALF_WIDTH + 0.2, -4.4, HALF_WIDTH, 0.6);
  const tips = [5.4, 0.4, -5];
  let from = HALF_WIDTH;
  for (const [i, tip] of tips.entries()) {
    const to = i === 2 ? -HALF_WIDTH : tip - 2.6;
    const y = BOTTOM + long + (i === 1 ? 0.9 : 0) + swing * (i === 1 ? -0.6 : 0.6);
    ctx.quadraticCurveTo(from + trail * 0.3, y - 1.4, tip + trail, y + 0.9);
    ctx.quadraticCurveTo(to + trail * 0.7 + 1.2, y + 0.4, to + trail * (i === 2 ? 0 : 0.5), i === 2 ? 0.6 : y - 2.6);
    from = to;
  }
  ctx.closePath();
}

/** What each wears on the hood; in fright it droops. @type {ReadonlyArray<(ctx: Ctx, droops: boolean) => void>} */
const CRESTS = Object.freeze([
  function flame(ctx, droops) {
    const high = droops ? 0.45 : 1;
    ctx.beginPath();
    ctx.moveTo(-4.6, -4.6);
    ctx.quadraticCurveTo(-4.9, -7.2, -3.2, -5.6 - 3.4 * high);
    ctx.quadraticCurveTo(-2.4, -7.2, -1.4, -7.2);
    ctx.quadraticCurveTo(-1, -9 * high - 1, 0.8, -7 - 4.4 * high);
    ctx.quadraticCurveTo(0.8, -8, 2.2, -6.8);
    ctx.quadraticCurveTo(3, -8.4, 4.4, -5.4 - 3 * high);
    ctx.quadraticCurveTo(4, -6, 4.8, -4.4);
    outline(ctx);
  },
  function bud(ctx, droops) {
    for (const side of [-1, 1]) {
      ctx.beginPath();
      ctx.ellipse(side * 2.3, -7.9 + (droops ? 1.4 : 0), 2.9, 1.5, side * (droops ? 0.5 : -0.6), 0, 2 * Math.PI);
      outline(ctx);
    }
  },
  function shards(ctx, droops) {
    const high = droops ? 1.6 : 0;
    for (const [x, tip] of [[-3.6, -5.2], [3.6, 5.2], [0, 0]]) {
      ctx.beginPath();
      ctx.moveTo(x - 1.9, -5);
      ctx.lineTo(tip - 0.2, (x === 0 ? -10.9 : -9) + high);
      ctx.lineTo(x + 1.9, -5);
      outline(ctx);
    }
  },
  function aerial(ctx, droops) {
    const [x, y] = droops ? [3.6, -7.4] : [1.2, -9.6];
    const [fill, edge] = [ctx.fillStyle, ctx.strokeStyle];
    ctx.beginPath();
    ctx.moveTo(0, -6.4);
    ctx.quadraticCurveTo(-1, -8.4, x, y);
    ctx.lineWidth += 1;
    ctx.stroke();
    ctx.lineWidth -= 1;
    ctx.strokeStyle = fill;
    ctx.stroke();
    ctx.strokeStyle = edge;
    ctx.beginPath();
    ctx.arc(x, y, 1.5, 0, 2 * Math.PI);
    outline(ctx);
  },
]);

/** @param {Ctx} ctx */
function outline(ctx) {
  ctx.stroke();
  ctx.fill();
}

/** @param {Ctx} ctx @param {number} who @param {number} dx @param {number} dy */
function drawEyes(ctx, who, dx, dy) {
  // Copper squints a little with one eye; Petal's are large.
  const tall = [2.1, 2.6, 2.1, 2.3][who];
  for (const side of [-1, 1]) {
    const x = side * 2.6 + dx * 0.9;
    const y = -1.7 + dy * 0.9;
    const high = who === 3 && side > 0 ? tall * 0.8 : tall;
    ctx.fillStyle = EYE_WHITE;
    ctx.beginPath();
    ctx.ellipse(x, y, 1.9, high, 0, 0, 2 * Math.PI);
    ctx.fill();
    ctx.fillStyle = EYE_PUPIL;
    ctx.beginPath();
    ctx.arc(x + dx * 0.9, y + dy * 1.1, 1.15, 0, 2 * Math.PI);
    ctx.fill();
  }
}

/** Two lines above the eyes tell the temper. @param {Ctx} ctx @param {number} who @param {number} dx @param {number} dy */
function drawBrows(ctx, who, dx, dy) {
  ctx.strokeStyle = INK;
  ctx.lineWidth = 1;
  for (const side of [-1, 1]) {
    const x = side * 2.6 + dx * 0.9;
    const y = -4.3 + dy * 0.9;
    // The outer end, then the inner.
    const [outer, inner] = [[-0.9, 1], [-0.4, -0.4], [0.9, 0.9], [0.7, -0.7]][who];
    ctx.beginPath();
    ctx.moveTo(x + side * 2, y + outer);
    ctx.lineTo(x - side * 1.7, y + inner);
    if (who === 1) {
      ctx.moveTo(x + side * 1.6, y + 1.4);
      ctx.lineTo(x + side * 2.9, y + 0.3);
    }
    ctx.stroke();
  }
}

/** @param {Ctx} ctx @param {number} who @param {number} dx @param {number} dy */
function drawMouth(ctx, who, dx, dy) {
  const x = dx * 1.1;
  const y = 2.5 + dy * 0.6;
  ctx.strokeStyle = INK;
  ctx.lineWidth = 0.8;
  ctx.beginPath();
  if (who === 0) {
    ctx.moveTo(x - 2, y + 0.6);
    ctx.lineTo(x - 0.9, y - 0.2);
    ctx.lineTo(x, y + 0.6);
    ctx.lineTo(x + 0.9, y - 0.2);
    ctx.lineTo(x + 2, y + 0.6);
  } else if (who === 1) {
    ctx.moveTo(x - 1.4, y);
    ctx.quadraticCurveTo(x + 0.6, y + 1.4, x + 1.7, y - 0.4);
  } else if (who === 2) {
    ctx.moveTo(x - 1.4, y + 0.2);
    ctx.lineTo(x + 1.4, y + 0.2);
  } else {
    ctx.ellipse(x, y + 0.2, 0.8, 1, 0, 0, 2 * Math.PI);
  }
  ctx.stroke();
}

/** @param {Ctx} ctx @param {string} colour */
function drawScare(ctx, colour) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const side of [-1, 1]) {
    // Eyes pressed shut: > and <.
    ctx.moveTo(side * 3.9, -3.2);
    ctx.lineTo(side * 1.6, -1.9);
    ctx.lineTo(side * 3.9, -0.6);
  }
  ctx.moveTo(-3.8, 2.9);
  for (let i = 1; i <= 4; i += 1) ctx.quadraticCurveTo(-3.8 + i * 1.9 - 0.95, i % 2 ? 1 : 4.6, -3.8 + i * 1.9, 2.9);
  ctx.stroke();
}

/** @param {Ctx} ctx */
function drawStripes(ctx) {
  ctx.save();
  ctx.clip();
  ctx.fillStyle = "rgba(255, 255, 255, 0.55)";
  ctx.fillRect(-9, 3.9, 18, 0.9);
  ctx.fillRect(-9, 5.6, 18, 0.9);
  ctx.restore();
}

/** @param {Ctx} ctx @param {string} letter */
function drawLetter(ctx, letter) {
  ctx.font = `900 6.4px ${CANVAS_FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 1.9;
  ctx.strokeStyle = "rgba(5, 6, 16, 0.95)";
  ctx.strokeText(letter, 0, 4.2);
  ctx.fillStyle = "#fff";
  ctx.fillText(letter, 0, 4.2);
}
