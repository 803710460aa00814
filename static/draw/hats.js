// @ts-check
/**
 * The sixteen signs of the players: what each wears on his head, so that he is known by shape as well as by colour.
 *
 * Drawn upright around the origin, the brim at y = 0, some nine playfield pixels wide. Which sign is whose is the caller's to say.
 */

const INK = "#14162a";
const CREAM = "#fff4dc";
const RED = "#f0405a";
const GOLD = "#ffcf3f";
const LEAF = "#4fd07a";
const SKY = "#57b8ff";

/** @typedef {CanvasRenderingContext2D} Ctx */

/**
 * @param {Ctx} ctx
 * @param {number} symbol 0 to 15; others are taken round
 */
export function drawHat(ctx, symbol) {
  ctx.lineJoin = "round";
  ctx.lineCap = "round";
  ctx.lineWidth = 0.7;
  ctx.strokeStyle = INK;
  HATS[((symbol % HATS.length) + HATS.length) % HATS.length](ctx);
}

/** Fills a closed line of points, with an outline. @param {Ctx} ctx @param {string} colour @param {number[]} points x and y by turns */
function shape(ctx, colour, points) {
  ctx.beginPath();
  for (let i = 0; i < points.length; i += 2) ctx.lineTo(points[i], points[i + 1]);
  ctx.closePath();
  paint(ctx, colour);
}

/** @param {Ctx} ctx @param {string} colour @param {number} x @param {number} y @param {number} rx @param {number} [ry] @param {number} [turn] */
function oval(ctx, colour, x, y, rx, ry = rx, turn = 0) {
  ctx.beginPath();
  ctx.ellipse(x, y, rx, ry, turn, 0, 2 * Math.PI);
  paint(ctx, colour);
}

/** @param {Ctx} ctx @param {string} colour */
function paint(ctx, colour) {
  ctx.fillStyle = colour;
  ctx.stroke();
  ctx.fill();
}

/** A stalk from the head up to a point. @param {Ctx} ctx @param {string} colour @param {number} x @param {number} y */
function stalk(ctx, colour, x, y) {
  for (const [style, width] of /** @type {Array<[string, number]>} */ ([[INK, 1.9], [colour, 0.9]])) {
    ctx.strokeStyle = style;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.moveTo(0, 0.6);
    ctx.quadraticCurveTo(0, y * 0.6, x, y);
    ctx.stroke();
  }
  ctx.strokeStyle = INK;
  ctx.lineWidth = 0.7;
}

/** @type {ReadonlyArray<(ctx: Ctx) => void>} */
const HATS = Object.freeze([
  function cap(ctx) {
    ctx.beginPath();
    ctx.arc(-0.4, 0.4, 3.7, Math.PI, 0);
    ctx.lineTo(5.6, 0.5);
    ctx.quadraticCurveTo(5.4, -0.7, 3.1, -0.8);
    ctx.closePath();
    paint(ctx, RED);
    oval(ctx, CREAM, -0.4, -3.3, 0.7);
  },
  function topHat(ctx) {
    shape(ctx, "#4a4f86", [-2.6, 0, -2.9, -4.8, 2.9, -4.8, 2.6, 0]);
    shape(ctx, GOLD, [-2.6, -0.2, -2.7, -1.5, 2.7, -1.5, 2.6, -0.2]);
    shape(ctx, "#4a4f86", [-4.4, 0.7, -4.4, -0.3, 4.4, -0.3, 4.4, 0.7]);
  },
  function sprout(ctx) {
    stalk(ctx, LEAF, 0, -2.6);
    oval(ctx, LEAF, -2.1, -3.4, 2.3, 1.25, 0.45);
    oval(ctx, LEAF, 2.1, -3.4, 2.3, 1.25, -0.45);
  },
  function star(ctx) {
    const points = [];
    for (let i = 0; i < 10; i += 1) {
      const radius = i % 2 === 0 ? 3.4 : 1.5;
      points.push(Math.sin((i * Math.PI) / 5) * radius, -2.6 - Math.cos((i * Math.PI) / 5) * radius);
    }
    shape(ctx, GOLD, points);
  },
  function partyHat(ctx) {
    shape(ctx, SKY, [-2.9, 0.5, 0, -5.6, 2.9, 0.5]);
    shape(ctx, CREAM, [-1.9, -1.5, -1.2, -3, 1.5, -2.4, 2, -1.2]);
    oval(ctx, RED, 0, -5.6, 1);
  },
  function bow(ctx) {
    shape(ctx, RED, [0, -1.3, -4.2, -3.6, -4.2, 1]);
    shape(ctx, RED, [0, -1.3, 4.2, -3.6, 4.2, 1]);
    oval(ctx, "#ffb3c4", 0, -1.3, 1.15);
  },
  function antenna(ctx) {
    stalk(ctx, CREAM, 0, -4);
    oval(ctx, RED, 0, -4.6, 1.5);
  },
  function horns(ctx) {
    shape(ctx, RED, [-4.4, 1.2, -4.6, -3.2, -1.9, 0.1]);
    shape(ctx, RED, [4.4, 1.2, 4.6, -3.2, 1.9, 0.1]);
  },
  function flower(ctx) {
    for (let i = 0; i < 5; i += 1) oval(ctx, "#ff8fc7", Math.sin(i * 1.257) * 2, -2.3 - Math.cos(i * 1.257) * 2, 1.4);
    oval(ctx, GOLD, 0, -2.3, 1.3);
  },
  function cowboy(ctx) {
    ctx.beginPath();
    ctx.moveTo(-5.6, -1.2);
    ctx.quadraticCurveTo(0, 2.4, 5.6, -1.2);
    ctx.quadraticCurveTo(3, -0.4, 2.6, -1);
    ctx.quadraticCurveTo(2.4, -4.6, 0, -3.8);
    ctx.quadraticCurveTo(-2.4, -4.6, -2.6, -1);
    ctx.quadraticCurveTo(-3, -0.4, -5.6, -1.2);
    paint(ctx, "#a5673f");
  },
  function wizard(ctx) {
    shape(ctx, "#7b5cff", [-3, 0, 1.4, -6.4, 2.6, -5.6, 3, 0]);
    oval(ctx, "#7b5cff", 0, 0.2, 4.8, 0.95);
    oval(ctx, GOLD, 0.3, -2.4, 0.7);
  },
  function propeller(ctx) {
    ctx.beginPath();
    ctx.arc(0, 0.5, 3.3, Math.PI, 0);
    ctx.closePath();
    paint(ctx, GOLD);
    oval(ctx, SKY, -2.1, -4, 2.1, 0.75);
    oval(ctx, RED, 2.1, -4, 2.1, 0.75);
    oval(ctx, INK, 0, -3.7, 0.5);
  },
  function catEars(ctx) {
    shape(ctx, "#5b5f8f", [-4.6, 1.6, -4.3, -3, -1, -0.4]);
    shape(ctx, "#5b5f8f", [4.6, 1.6, 4.3, -3, 1, -0.4]);
    shape(ctx, "#ffb3c4", [-3.8, 0.4, -3.7, -1.7, -2.1, -0.4]);
    shape(ctx, "#ffb3c4", [3.8, 0.4, 3.7, -1.7, 2.1, -0.4]);
  },
  function heart(ctx) {
    ctx.beginPath();
    ctx.moveTo(0, 0.2);
    ctx.bezierCurveTo(-5.4, -3.4, -2.6, -6.4, 0, -4.2);
    ctx.bezierCurveTo(2.6, -6.4, 5.4, -3.4, 0, 0.2);
    paint(ctx, RED);
  },
  function mushroom(ctx) {
    shape(ctx, CREAM, [-1.6, 0.7, -1.3, -2, 1.3, -2, 1.6, 0.7]);
    ctx.beginPath();
    ctx.ellipse(0, -1.6, 4, 3.5, 0, Math.PI, 0);
    ctx.closePath();
    paint(ctx, RED);
    for (const [x, y] of [[-2, -2.6], [0.2, -3.8], [2.2, -2.5]]) {
      ctx.fillStyle = CREAM;
      ctx.fillRect(x - 0.6, y - 0.6, 1.2, 1.2);
    }
  },
  function headphones(ctx) {
    ctx.lineWidth = 1.9;
    ctx.beginPath();
    ctx.arc(0, 3.2, 5, 1.15 * Math.PI, 1.85 * Math.PI);
    ctx.stroke();
    ctx.lineWidth = 0.9;
    ctx.strokeStyle = SKY;
    ctx.stroke();
    ctx.strokeStyle = INK;
    ctx.lineWidth = 0.7;
    oval(ctx, SKY, -4.7, 1.5, 1.3, 1.9, 0.3);
    oval(ctx, SKY, 4.7, 1.5, 1.3, 1.9, -0.3);
  },
]);

/** How many there are. */
export const SYMBOLS = HATS.length;
