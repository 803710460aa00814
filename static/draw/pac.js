// @ts-check
/**
 * The pacs: bodies, mouths, power rings, shields, crowns and name tags, all drawn from the picture in playfield pixels.
 *
 * The mouth follows the way travelled, not the clock, so that a pac that stands at a wall does not chew. Names are hostile text: a canvas shows
 * them as glyphs and nothing else.
 */

const RADIUS = 6.4;
const POWERED_SCALE = 1.22;
/** Half the angle of a mouth that is wide open. */
const MOUTH_MAX = 0.82;
const ANGLES = Object.freeze({ right: 0, down: Math.PI / 2, left: Math.PI, up: -Math.PI / 2 });
/** Ticks in which a caught pac folds away. */
const DEATH_TICKS = 80;

/** @typedef {import("../picture.js").DrawnPac} DrawnPac */

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {ReadonlyArray<DrawnPac>} pacs
 * @param {number} tick
 * @param {boolean} calm
 */
export function drawPacs(ctx, pacs, tick, calm) {
  const seen = pacs.filter((pac) => !pac.hidden);
  for (const pac of seen) if (pac.state === "dead") drawDead(ctx, pac, calm);
  for (const pac of seen) if (pac.state !== "dead" && !pac.you) drawLiving(ctx, pac, tick, calm);
  // The own pac lies on top.
  for (const pac of seen) if (pac.state !== "dead" && pac.you) drawLiving(ctx, pac, tick, calm);
}

/** @param {CanvasRenderingContext2D} ctx @param {DrawnPac} pac @param {number} tick @param {boolean} calm */
function drawLiving(ctx, pac, tick, calm) {
  const { sheltered } = pac;
  // Eight blinks a second: 7.5 ticks each.
  const off = sheltered && !calm && Math.floor(tick / 3.75) % 2 === 1;
  ctx.save();
  // Who was bumped shakes his head.
  ctx.translate(pac.x + (pac.stunned && !calm ? Math.sin(tick * 1.3) * 0.9 : 0), pac.y);
  if (pac.you && pac.beacon) drawBeacon(ctx, pac.colour, tick, calm);
  if (pac.state === "powered") drawPower(ctx, pac, tick, calm);
  if (sheltered) drawShield(ctx, pac.colour);
  ctx.globalAlpha = off ? 0.32 : pac.state === "parked" ? 0.5 : 1;
  const scale = pac.state === "powered" ? POWERED_SCALE : 1;
  ctx.scale(scale, scale);
  drawBody(ctx, pac.colour, pac.dir, pac.mouth * MOUTH_MAX);
  ctx.restore();
}

/**
 * A body at the origin.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} colour
 * @param {"up" | "down" | "left" | "right"} dir
 * @param {number} mouth half its angle
 */
export function drawBody(ctx, colour, dir, mouth) {
  ctx.save();
  ctx.rotate(ANGLES[dir]);
  if (dir === "left") ctx.scale(1, -1);
  ctx.beginPath();
  if (mouth > 0.02) {
    ctx.moveTo(-1.2, 0);
    ctx.arc(0, 0, RADIUS, mouth, 2 * Math.PI - mouth);
  } else {
    ctx.arc(0, 0, RADIUS, 0, 2 * Math.PI);
  }
  ctx.closePath();
  ctx.fillStyle = colour;
  ctx.fill();
  const shade = ctx.createRadialGradient(-1.5, -2.4, 1, 0, 0, RADIUS);
  shade.addColorStop(0, "rgba(255, 255, 255, 0.34)");
  shade.addColorStop(0.55, "rgba(255, 255, 255, 0)");
  shade.addColorStop(1, "rgba(0, 0, 0, 0.22)");
  ctx.fillStyle = shade;
  ctx.fill();
  ctx.beginPath();
  ctx.arc(0.9, -3.5, 0.95, 0, 2 * Math.PI);
  ctx.fillStyle = "#14162a";
  ctx.fill();
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {DrawnPac} pac @param {number} tick @param {boolean} calm */
function drawPower(ctx, pac, tick, calm) {
  const radius = RADIUS * POWERED_SCALE + 3.4;
  const glow = ctx.createRadialGradient(0, 0, RADIUS, 0, 0, radius + 4);
  glow.addColorStop(0, pac.colour);
  glow.addColorStop(1, "rgba(0, 0, 0, 0)");
  ctx.globalAlpha = 0.34;
  ctx.fillStyle = glow;
  ctx.beginPath();
  ctx.arc(0, 0, radius + 4, 0, 2 * Math.PI);
  ctx.arc(0, 0, RADIUS * POWERED_SCALE, 0, 2 * Math.PI);
  ctx.fill("evenodd");
  ctx.globalAlpha = pac.fading && !calm && Math.floor(tick / 8) % 2 === 1 ? 0.35 : 1;
  ctx.strokeStyle = pac.colour;
  ctx.lineWidth = 1;
  ctx.setLineDash([4.2, 2.2]);
  ctx.lineDashOffset = calm ? 0 : -tick * 0.25;
  ctx.beginPath();
  ctx.arc(0, 0, radius, 0, 2 * Math.PI);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} ctx @param {string} colour */
function drawShield(ctx, colour) {
  ctx.globalAlpha = 0.85;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 0.8;
  ctx.beginPath();
  ctx.arc(0, 0, RADIUS + 2.3, 0, 2 * Math.PI);
  ctx.stroke();
  ctx.globalAlpha = 0.1;
  ctx.fillStyle = colour;
  ctx.fill();
}

/** Rings that close in on the own pac while it waits for the first key. @param {CanvasRenderingContext2D} ctx @param {string} colour @param {number} tick @param {boolean} calm */
function drawBeacon(ctx, colour, tick, calm) {
  const part = calm ? 0.5 : (tick % 60) / 60;
  ctx.globalAlpha = 0.75 * part;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.arc(0, 0, 26 - 15 * part, 0, 2 * Math.PI);
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
    drawBody(ctx, pac.colour, pac.dir, pac.mouth * MOUTH_MAX);
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
    const burst = (part - 0.7) / 0.3;
    ctx.strokeStyle = pac.colour;
    ctx.globalAlpha = 1 - burst;
    ctx.lineWidth = 1;
    ctx.lineCap = "round";
    ctx.beginPath();
    for (let i = 0; i < 9; i += 1) {
      const angle = (2 * Math.PI * i) / 9;
      ctx.moveTo(Math.cos(angle) * (2 + 3 * burst), Math.sin(angle) * (2 + 3 * burst));
      ctx.lineTo(Math.cos(angle) * (3.5 + 5 * burst), Math.sin(angle) * (3.5 + 5 * burst));
    }
    ctx.stroke();
  }
  ctx.restore();
}

/**
 * Name tags and the leader's crown, above everything that moves.
 * @param {CanvasRenderingContext2D} ctx
 * @param {ReadonlyArray<DrawnPac>} pacs
 * @param {number} tagPixels height of the letters in playfield pixels
 */
export function drawTags(ctx, pacs, tagPixels) {
  ctx.save();
  ctx.font = `600 ${tagPixels}px system-ui, "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.lineJoin = "round";
  for (const pac of pacs) {
    if (pac.hidden || pac.state === "dead") continue;
    const lift = pac.state === "powered" ? 13 : 10;
    const half = pac.name ? ctx.measureText(pac.name).width / 2 : 0;
    const x = Math.min(Math.max(pac.x, half + 2), 222 - half);
    const above = pac.y - lift > tagPixels + 2;
    const y = above ? pac.y - lift : pac.y + lift + tagPixels * 0.8;
    if (pac.name) {
      ctx.lineWidth = tagPixels * 0.28;
      ctx.strokeStyle = "rgba(5, 6, 16, 0.85)";
      ctx.strokeText(pac.name, x, y);
      ctx.fillStyle = pac.you ? "#ffffff" : pac.colour;
      ctx.fillText(pac.name, x, y);
    }
    if (pac.leader) drawCrown(ctx, x - half - (half > 0 ? tagPixels * 0.75 : 0), y - tagPixels * 0.36, tagPixels * 0.62);
  }
  ctx.restore();
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
  ctx.strokeStyle = "rgba(5, 6, 16, 0.85)";
  ctx.stroke();
  ctx.fillStyle = "#ffd84a";
  ctx.fill();
}
