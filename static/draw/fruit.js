// @ts-check
/**
 * The eight prizes, drawn in a box of 14 x 14 around the origin, and which of them a level shows.
 */

/** @typedef {"cherry" | "strawberry" | "orange" | "apple" | "melon" | "star" | "bell" | "key"} FruitName */

/** @type {ReadonlyArray<FruitName>} */
const BY_LEVEL = Object.freeze(["cherry", "strawberry", "orange", "orange", "apple", "apple", "melon", "melon", "star", "star", "bell", "bell"]);

/**
 * @param {number} level
 * @returns {FruitName}
 */
export function fruitOfLevel(level) {
  return BY_LEVEL[Math.max(1, level) - 1] ?? "key";
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {FruitName} name
 */
export function drawFruit(ctx, name) {
  ctx.save();
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  PAINTERS[name](ctx);
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} radius @param {string} colour */
function ball(ctx, x, y, radius, colour) {
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fill();
  ctx.fillStyle = "rgba(255, 255, 255, 0.55)";
  ctx.beginPath();
  ctx.arc(x - radius * 0.35, y - radius * 0.4, radius * 0.22, 0, 2 * Math.PI);
  ctx.fill();
}

/** @param {CanvasRenderingContext2D} ctx @param {string} colour @param {number} width @param {Array<number>} curve x0 y0 cx cy x1 y1 */
function stroke(ctx, colour, width, [x0, y0, cx, cy, x1, y1]) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.quadraticCurveTo(cx, cy, x1, y1);
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} turn */
function leaf(ctx, x, y, turn) {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(turn);
  ctx.fillStyle = "#3fbf5f";
  ctx.beginPath();
  ctx.ellipse(1.9, 0, 2.1, 1, 0, 0, 2 * Math.PI);
  ctx.fill();
  ctx.restore();
}

/** @type {Record<FruitName, (ctx: CanvasRenderingContext2D) => void>} */
const PAINTERS = {
  cherry(ctx) {
    stroke(ctx, "#c98a4b", 0.9, [-3, 2, -2, -3, 4, -6]);
    stroke(ctx, "#c98a4b", 0.9, [3.2, 3, 3.6, -2, 4, -6]);
    ball(ctx, -3.2, 3, 3, "#e5283c");
    ball(ctx, 3.2, 3.8, 3, "#c81e34");
  },
  strawberry(ctx) {
    ctx.fillStyle = "#e8304a";
    ctx.beginPath();
    ctx.moveTo(0, 7);
    ctx.bezierCurveTo(-4, 5, -7, -1, -5, -3.4);
    ctx.bezierCurveTo(-3, -5.4, 3, -5.4, 5, -3.4);
    ctx.bezierCurveTo(7, -1, 4, 5, 0, 7);
    ctx.fill();
    ctx.fillStyle = "#ffe7b0";
    for (const [x, y] of [[-2.6, -1.2], [0, 0.4], [2.6, -1.2], [-1.6, 3], [1.6, 3]]) ctx.fillRect(x - 0.4, y - 0.5, 0.8, 1);
    leaf(ctx, 0, -4.4, 0.3);
    leaf(ctx, 0, -4.4, Math.PI - 0.3);
    stroke(ctx, "#3fbf5f", 0.9, [0, -4.4, 0.3, -6, 1, -6.8]);
  },
  orange(ctx) {
    ball(ctx, 0, 1.2, 5.4, "#ff9a2e");
    stroke(ctx, "#8a5a2b", 0.9, [0, -4, 0.2, -5.4, 0.8, -6.4]);
    leaf(ctx, 0.4, -4.8, -0.25);
  },
  apple(ctx) {
    ctx.fillStyle = "#d92b3a";
    ctx.beginPath();
    ctx.moveTo(0, -2.8);
    ctx.bezierCurveTo(3, -5.4, 6.6, -3, 6, 1);
    ctx.bezierCurveTo(5.4, 5, 2.6, 7.4, 0, 6.2);
    ctx.bezierCurveTo(-2.6, 7.4, -5.4, 5, -6, 1);
    ctx.bezierCurveTo(-6.6, -3, -3, -5.4, 0, -2.8);
    ctx.fill();
    ctx.fillStyle = "rgba(255, 255, 255, 0.5)";
    ctx.beginPath();
    ctx.ellipse(-2.9, -0.6, 0.9, 1.6, 0.5, 0, 2 * Math.PI);
    ctx.fill();
    stroke(ctx, "#8a5a2b", 0.9, [0, -2.8, 0, -5, 1.2, -6.4]);
    leaf(ctx, 0.5, -4.8, -0.2);
  },
  melon(ctx) {
    ball(ctx, 0, 1.2, 5.6, "#58c05c");
    ctx.strokeStyle = "#2f8a45";
    ctx.lineWidth = 0.8;
    for (const width of [1.6, 4]) {
      ctx.beginPath();
      ctx.ellipse(0, 1.2, width, 5.5, 0, 0, 2 * Math.PI);
      ctx.stroke();
    }
    stroke(ctx, "#c98a4b", 1, [-1.6, -6.2, 0, -6.6, 0, -4.2]);
  },
  star(ctx) {
    ctx.fillStyle = "#ffd84a";
    ctx.beginPath();
    for (let i = 0; i < 10; i += 1) {
      const radius = i % 2 === 0 ? 7 : 3.1;
      const angle = -Math.PI / 2 + (i * Math.PI) / 5;
      ctx.lineTo(Math.cos(angle) * radius, Math.sin(angle) * radius + 0.6);
    }
    ctx.closePath();
    ctx.fill();
    ctx.fillStyle = "#ff6b4a";
    ctx.beginPath();
    ctx.arc(0, 0.6, 1.7, 0, 2 * Math.PI);
    ctx.fill();
  },
  bell(ctx) {
    ctx.fillStyle = "#f2c53d";
    ctx.beginPath();
    ctx.moveTo(-6, 4.4);
    ctx.quadraticCurveTo(-4.2, 3, -4.2, -0.6);
    ctx.bezierCurveTo(-4.2, -7.6, 4.2, -7.6, 4.2, -0.6);
    ctx.quadraticCurveTo(4.2, 3, 6, 4.4);
    ctx.closePath();
    ctx.fill();
    ctx.fillStyle = "#fff3c4";
    ctx.fillRect(-5.4, 3, 10.8, 1.2);
    ball(ctx, 0, 5.6, 1.5, "#b98a1e");
  },
  key(ctx) {
    ctx.strokeStyle = "#7fd8ff";
    ctx.lineWidth = 1.7;
    ctx.beginPath();
    ctx.arc(0, -3.4, 2.7, 0, 2 * Math.PI);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(0, -0.6);
    ctx.lineTo(0, 6.4);
    ctx.moveTo(0, 3.2);
    ctx.lineTo(2.6, 3.2);
    ctx.moveTo(0, 6);
    ctx.lineTo(3.2, 6);
    ctx.stroke();
  },
};
