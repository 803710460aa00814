// @ts-check
/**
 * The pacs: power rings, shields, crowns, name tags, and how somebody who was caught folds away; all from the picture in playfield pixels.
 *
 * The body itself comes from `face.js`, kept ready as a sprite. The mouth follows the way travelled, not the clock, so that a pac that stands at a wall
 * does not chew. Names are hostile text: a canvas shows them as glyphs and nothing else.
 */

import { CANVAS_FONT } from "../palette.js";
import { MOUTH_STEPS, RADIUS, drawFace } from "./face.js";

const POWERED_SCALE = 1.22;
/** In a larger crowd only those wear their name whom everybody looks for. */
const TAGGED_MAX = 8;
/** Ticks in which a caught pac folds away. */
const DEATH_TICKS = 80;
/** Half the room of a sprite, in playfield pixels. */
const SPRITE_HALF = 13;
/** A pac blinks for so long, once in so many ticks. */
const BLINK_TICKS = 7;
const BLINK_EVERY_TICKS = 230;

/** @typedef {import("../picture.js").DrawnPac} DrawnPac */
/** @typedef {import("./sprites.js").Sprites} Sprites */

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {ReadonlyArray<DrawnPac>} pacs
 * @param {number} tick
 * @param {boolean} calm
 * @param {Sprites} sprites
 */
export function drawPacs(ctx, pacs, tick, calm, sprites) {
  const seen = pacs.filter((pac) => !pac.hidden);
  for (const pac of seen) if (pac.state === "dead") drawDead(ctx, pac, calm);
  for (const pac of seen) if (pac.state !== "dead" && !pac.you) drawLiving(ctx, pac, tick, calm, sprites);
  // The own pac lies on top.
  for (const pac of seen) if (pac.state !== "dead" && pac.you) drawLiving(ctx, pac, tick, calm, sprites);
}

/** @param {CanvasRenderingContext2D} ctx @param {DrawnPac} pac @param {number} tick @param {boolean} calm @param {Sprites} sprites */
function drawLiving(ctx, pac, tick, calm, sprites) {
  const { sheltered } = pac;
  // Eight blinks a second: 7.5 ticks each.
  const off = sheltered && !calm && Math.floor(tick / 3.75) % 2 === 1;
  const powered = pac.state === "powered";
  // Who was bumped shakes his head.
  const x = pac.x + (pac.stunned && !calm ? Math.sin(tick * 1.3) * 0.9 : 0);
  if (powered) drawPower(ctx, x, pac, tick, calm);
  if (sheltered) drawShield(ctx, x, pac);
  if (pac.you) drawOwnMark(ctx, x, pac.y, powered ? RADIUS * POWERED_SCALE : RADIUS);
  const blinks = !calm && (Math.floor(tick) + pac.seat * 37) % BLINK_EVERY_TICKS < BLINK_TICKS;
  const mood = powered ? "powered" : pac.stunned ? "stunned" : blinks || pac.state === "parked" ? "asleep" : "alive";
  const step = Math.round(pac.mouth * MOUTH_STEPS);
  const { colour, symbol, dir } = pac;
  ctx.globalAlpha = off ? 0.32 : pac.state === "parked" ? 0.5 : 1;
  sprites.draw(ctx, `p${symbol} ${colour} ${dir} ${step} ${mood}`, x, pac.y, SPRITE_HALF, powered ? POWERED_SCALE : 1, (own) =>
    drawFace(own, { colour, symbol, dir, mouth: step / MOUTH_STEPS, mood }),
  );
  ctx.globalAlpha = 1;
}

/** A thin ring of white under the own pac, so that it is found among sixteen. @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} radius */
function drawOwnMark(ctx, x, y, radius) {
  ctx.strokeStyle = "rgba(255, 255, 255, 0.92)";
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.arc(x, y, radius + 0.9, 0, 2 * Math.PI);
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {DrawnPac} pac @param {number} tick @param {boolean} calm */
function drawPower(ctx, x, pac, tick, calm) {
  const radius = RADIUS * POWERED_SCALE + 3.6;
  ctx.fillStyle = pac.colour;
  for (const [extra, alpha] of [[4.6, 0.1], [2.2, 0.16], [0, 0.2]]) {
    ctx.globalAlpha = alpha;
    ctx.beginPath();
    ctx.arc(x, pac.y, radius + extra, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.globalAlpha = pac.fading && !calm && Math.floor(tick / 8) % 2 === 1 ? 0.35 : 1;
  ctx.strokeStyle = "#fff";
  ctx.lineWidth = 1.1;
  // Twelve rays that turn: drawn as one path, cheaper than a dashed line.
  const turn = calm ? 0 : tick * 0.025;
  ctx.beginPath();
  for (let i = 0; i < 12; i += 1) {
    const from = turn + (i * Math.PI) / 6;
    ctx.moveTo(x + Math.cos(from) * radius, pac.y + Math.sin(from) * radius);
    ctx.arc(x, pac.y, radius, from, from + 0.32);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {DrawnPac} pac */
function drawShield(ctx, x, pac) {
  ctx.beginPath();
  ctx.arc(x, pac.y, RADIUS + 2.6, 0, 2 * Math.PI);
  ctx.globalAlpha = 0.16;
  ctx.fillStyle = pac.colour;
  ctx.fill();
  ctx.globalAlpha = 0.9;
  ctx.strokeStyle = pac.colour;
  ctx.lineWidth = 0.9;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} ctx @param {DrawnPac} pac @param {boolean} calm */
function drawDead(ctx, pac, calm) {
  const part = pac.deadTicks / DEATH_TICKS;
  if (part >= 1) return;
  ctx.save();
  ctx.translate(pac.x, pac.y);
  ctx.fillStyle = pac.colour;
  if (part <= 0) {
    // The lone pac stands for a while before it folds.
    drawFace(ctx, { colour: pac.colour, symbol: pac.symbol, dir: pac.dir, mouth: pac.mouth, mood: "stunned" });
  } else if (calm) {
    ctx.globalAlpha = 1 - part;
    ctx.beginPath();
    ctx.arc(0, 0, RADIUS, 0, 2 * Math.PI);
    ctx.fill();
  } else if (part < 0.7) {
    // Opens upwards until nothing is left.
    const open = Math.PI * (part / 0.7);
    ctx.rotate(-Math.PI / 2);
    ctx.beginPath();
    ctx.moveTo(0, 0);
    ctx.arc(0, 0, RADIUS, open, 2 * Math.PI - open);
    ctx.closePath();
    ctx.fill();
  } else {
    drawBurst(ctx, pac.colour, (part - 0.7) / 0.3);
  }
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {string} colour @param {number} part */
function drawBurst(ctx, colour, part) {
  ctx.strokeStyle = colour;
  ctx.globalAlpha = 1 - part;
  ctx.lineWidth = 1;
  ctx.lineCap = "round";
  ctx.beginPath();
  for (let i = 0; i < 9; i += 1) {
    const angle = (2 * Math.PI * i) / 9;
    ctx.moveTo(Math.cos(angle) * (2 + 3 * part), Math.sin(angle) * (2 + 3 * part));
    ctx.lineTo(Math.cos(angle) * (3.5 + 5 * part), Math.sin(angle) * (3.5 + 5 * part));
  }
  ctx.stroke();
}

/**
 * Name tags and the leader's crown, above everything that moves.
 * @param {CanvasRenderingContext2D} ctx
 * @param {ReadonlyArray<DrawnPac>} pacs
 * @param {number} tagPixels height of the letters in playfield pixels
 * @param {number} followed the seat that a spectator follows, or -1
 */
export function drawTags(ctx, pacs, tagPixels, followed) {
  ctx.font = `700 ${tagPixels}px ${CANVAS_FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.lineJoin = "round";
  const crowded = pacs.length > TAGGED_MAX;
  const isSought = (/** @type {DrawnPac} */ pac) => pac.you || pac.seat === followed;
  const named = pacs.filter((pac) => !pac.hidden && pac.state !== "dead" && (!crowded || isSought(pac) || pac.leader || pac.state === "powered"));
  // Whom one looks for has the first choice of a place.
  named.sort((a, b) => Number(isSought(b)) - Number(isSought(a)) || Number(b.leader) - Number(a.leader) || a.seat - b.seat);
  /** @type {Array<{ x: number, y: number, half: number }>} */
  const taken = [];
  for (const pac of named) {
    const lift = pac.state === "powered" ? 15 : 13;
    const half = pac.name ? ctx.measureText(pac.name).width / 2 : 0;
    const x = Math.min(Math.max(pac.x, half + 2), 222 - half);
    const [above, below] = [pac.y - lift, pac.y + lift + tagPixels * 0.6];
    const covers = taken.some((tag) => Math.abs(tag.x - x) < tag.half + half + 1 && Math.abs(tag.y - above) < tagPixels);
    const y = above > tagPixels + 2 && !(covers && below < 246) ? above : below;
    taken.push({ x, y, half });
    if (pac.name) {
      ctx.lineWidth = tagPixels * 0.3;
      ctx.strokeStyle = "rgba(5, 6, 16, 0.9)";
      ctx.strokeText(pac.name, x, y);
      ctx.fillStyle = isSought(pac) ? "#ffffff" : pac.colour;
      ctx.fillText(pac.name, x, y);
    }
    if (pac.leader) drawCrown(ctx, x - half - (half > 0 ? tagPixels * 0.8 : 0), y - tagPixels * 0.36, tagPixels * 0.68);
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} size half its width */
export function drawCrown(ctx, x, y, size) {
  ctx.beginPath();
  ctx.moveTo(x - size, y + size * 0.7);
  ctx.lineTo(x - size, y - size * 0.6);
  ctx.lineTo(x - size * 0.45, y);
  ctx.lineTo(x, y - size * 0.95);
  ctx.lineTo(x + size * 0.45, y);
  ctx.lineTo(x + size, y - size * 0.6);
  ctx.lineTo(x + size, y + size * 0.7);
  ctx.closePath();
  ctx.lineWidth = size * 0.5;
  ctx.strokeStyle = "rgba(5, 6, 16, 0.9)";
  ctx.stroke();
  ctx.fillStyle = "#ffd84a";
  ctx.fill();
}
