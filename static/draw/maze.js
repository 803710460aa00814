// @ts-check
/**
 * Floor and walls, drawn once for each size and level into a canvas of their own: rounded blocks lit from above, with flank, shadow and glow.
 *
 * A wall is traced, not tiled. Around the centre of every wall tile lies a small square, neighbours are joined, and the outline of the whole is
 * walked once; its corners, inner and outer, become arcs. Where walls are and which tiles are the door is told by the caller, not known here.
 */

import { DOOR, FLOOR, wallColours } from "../palette.js";

export const FIELD_COLUMNS = 28;
export const FIELD_ROWS = 31;
const TILE = 8;
/** Half the thickness of a wall of one tile, in playfield pixels; leaves a pac of 13 pixels room in a corridor. */
const HALF = 1.5;
/** Radius of the corners where two or more tiles meet. */
const CORNER = 3.6;
/** Distance of the second line from the outline. */
const INSET = 2.5;
/** How far down the flank of a wall is seen. */
const DEPTH = 1.5;
/** Columns beyond each edge, so that the tunnel's walls run off the field. */
const BEYOND = 2;

/**
 * @typedef {{ isWall: (column: number, row: number) => boolean, isDoor: (column: number, row: number) => boolean }} Plan
 * @typedef {Array<[number, number]>} Outline
 */

/**
 * Keeps the canvases of the walls; `get` draws one when size, level or flash are new.
 * @param {Plan} plan
 */
export function createWalls(plan) {
  const outlines = traceOutlines(plan);
  /** @type {Map<string, HTMLCanvasElement>} */
  const kept = new Map();
  let keptScale = 0;

  /**
   * @param {number} scale device pixels in one playfield pixel
   * @param {number} level
   * @param {boolean} flash
   * @returns {HTMLCanvasElement}
   */
  function get(scale, level, flash) {
    if (scale !== keptScale || kept.size > 12) {
      kept.clear();
      keptScale = scale;
    }
    const key = flash ? "flash" : wallColours(level, false).line;
    let canvas = kept.get(key);
    if (!canvas) {
      canvas = paint(outlines, plan, scale, wallColours(level, flash));
      kept.set(key, canvas);
    }
    return canvas;
  }

  return { get };
}

/**
 * Floor, shadows, flanks, tops and edges, from the bottom up.
 * @param {Outline[]} outlines
 * @param {Plan} plan
 * @param {number} scale
 * @param {ReturnType<typeof wallColours>} colours
 */
function paint(outlines, plan, scale, colours) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(FIELD_COLUMNS * TILE * scale);
  canvas.height = Math.round(FIELD_ROWS * TILE * scale);
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  const lineWidth = Math.max(1, Math.round(scale * 0.7));
  const path = roundedPath(outlines, scale, lineWidth);
  paintFloor(ctx, scale, colours);

  // The walls throw a soft shadow down and stand on a dark flank.
  const depth = DEPTH * scale;
  ctx.save();
  ctx.shadowColor = "rgba(0, 0, 0, 0.85)";
  ctx.shadowBlur = 3.2 * scale;
  ctx.shadowOffsetY = 1.8 * scale;
  ctx.translate(0, depth);
  ctx.fillStyle = colours.flank;
  ctx.fill(path, "evenodd");
  ctx.restore();
  ctx.save();
  ctx.translate(0, depth);
  ctx.strokeStyle = colours.flank;
  ctx.lineWidth = lineWidth;
  ctx.stroke(path);
  ctx.restore();

  const top = ctx.createLinearGradient(0, 0, 0, canvas.height);
  top.addColorStop(0, colours.top);
  top.addColorStop(1, colours.foot);
  ctx.fillStyle = top;
  ctx.fill(path, "evenodd");
  paintInset(ctx, path, scale, lineWidth, colours);

  ctx.save();
  ctx.shadowColor = colours.glow;
  ctx.shadowBlur = 3.4 * scale;
  ctx.strokeStyle = colours.line;
  ctx.lineWidth = lineWidth;
  ctx.stroke(path);
  ctx.restore();
  paintLight(ctx, path, scale, lineWidth, colours);
  paintDoor(ctx, plan, scale);
  return canvas;
}

/** A dark floor, a little lighter in the middle, with a faint point at each crossing of tiles. @param {CanvasRenderingContext2D} ctx @param {number} scale @param {ReturnType<typeof wallColours>} colours */
function paintFloor(ctx, scale, colours) {
  const { width, height } = ctx.canvas;
  const light = ctx.createRadialGradient(width / 2, height * 0.46, 0, width / 2, height / 2, height * 0.62);
  light.addColorStop(0, colours.floor);
  light.addColorStop(1, FLOOR);
  ctx.fillStyle = light;
  ctx.fillRect(0, 0, width, height);
  ctx.fillStyle = colours.speck;
  const size = Math.max(1, Math.round(scale * 0.4));
  for (let y = 1; y < FIELD_ROWS; y += 1) {
    for (let x = 1; x < FIELD_COLUMNS; x += 1) ctx.fillRect(Math.round(x * TILE * scale), Math.round(y * TILE * scale), size, size);
  }
}

/** A line parallel to the outline: stroke wide inside the shape, then take the rim away again. Thin walls keep none. @param {CanvasRenderingContext2D} ctx @param {Path2D} path @param {number} scale @param {number} lineWidth @param {ReturnType<typeof wallColours>} colours */
function paintInset(ctx, path, scale, lineWidth, colours) {
  const inner = document.createElement("canvas");
  inner.width = ctx.canvas.width;
  inner.height = ctx.canvas.height;
  const inside = /** @type {CanvasRenderingContext2D} */ (inner.getContext("2d"));
  inside.clip(path, "evenodd");
  inside.strokeStyle = colours.inset;
  inside.lineWidth = 2 * (INSET * scale + lineWidth);
  inside.stroke(path);
  inside.globalCompositeOperation = "destination-out";
  inside.strokeStyle = "#000";
  inside.lineWidth = 2 * INSET * scale;
  inside.stroke(path);
  ctx.drawImage(inner, 0, 0);
}

/** Light from above on the upper edges: the outline again, brighter, where the shape moved down does not cover it. @param {CanvasRenderingContext2D} ctx @param {Path2D} path @param {number} scale @param {number} lineWidth @param {ReturnType<typeof wallColours>} colours */
function paintLight(ctx, path, scale, lineWidth, colours) {
  const rim = document.createElement("canvas");
  rim.width = ctx.canvas.width;
  rim.height = ctx.canvas.height;
  const lit = /** @type {CanvasRenderingContext2D} */ (rim.getContext("2d"));
  lit.strokeStyle = colours.light;
  lit.lineWidth = lineWidth;
  lit.stroke(path);
  lit.globalCompositeOperation = "destination-out";
  lit.translate(0, 1.1 * scale + lineWidth);
  lit.lineWidth = 2 * scale;
  lit.fill(path, "evenodd");
  lit.stroke(path);
  ctx.drawImage(rim, 0, 0);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Plan} plan
 * @param {number} scale
 */
function paintDoor(ctx, plan, scale) {
  ctx.fillStyle = DOOR;
  for (let row = 0; row < FIELD_ROWS; row += 1) {
    for (let column = 0; column < FIELD_COLUMNS; column += 1) {
      if (!plan.isDoor(column, row)) continue;
      const height = Math.max(2, Math.round(1.6 * scale));
      const top = Math.round((row * TILE + TILE / 2) * scale - height / 2);
      const left = Math.round((column * TILE - (plan.isDoor(column - 1, row) ? 0 : TILE / 2 - HALF)) * scale);
      const right = Math.round(((column + 1) * TILE + (plan.isDoor(column + 1, row) ? 0 : TILE / 2 - HALF)) * scale);
      ctx.fillRect(left, top, right - left, height);
    }
  }
}

/**
 * @param {Outline[]} outlines
 * @param {number} scale
 * @param {number} lineWidth
 */
function roundedPath(outlines, scale, lineWidth) {
  const path = new Path2D();
  // Lines of an odd width are crisp on half pixels, those of an even width on whole ones.
  const half = lineWidth % 2 === 1 ? 0.5 : 0;
  const snap = (/** @type {number} */ value) => Math.round(value * scale) + half;
  for (const outline of outlines) {
    const points = outline.map(([x, y]) => [snap(x), snap(y)]);
    const count = points.length;
    const [firstX, firstY] = points[0];
    const [lastX, lastY] = points[count - 1];
    path.moveTo((firstX + lastX) / 2, (firstY + lastY) / 2);
    for (let i = 0; i < count; i += 1) {
      const [x, y] = points[i];
      const [nextX, nextY] = points[(i + 1) % count];
      const [beforeX, beforeY] = points[(i + count - 1) % count];
      const before = Math.abs(x - beforeX) + Math.abs(y - beforeY);
      const after = Math.abs(nextX - x) + Math.abs(nextY - y);
      path.arcTo(x, y, nextX, nextY, Math.min(CORNER * scale, before / 2, after / 2));
    }
    path.closePath();
  }
  return path;
}

/**
 * Walks around every connected wall once, the wall always on the right hand.
 * @param {Plan} plan
 * @returns {Outline[]}
 */
function traceOutlines(plan) {
  const columns = FIELD_COLUMNS + 2 * BEYOND;
  const wide = 2 * columns - 1;
  const high = 2 * FIELD_ROWS - 1;
  const wall = (/** @type {number} */ i, /** @type {number} */ j) => isWallBeyond(plan, i - BEYOND, j);
  const filled = (/** @type {number} */ cx, /** @type {number} */ cy) => {
    if (cx < 0 || cy < 0 || cx >= wide || cy >= high) return false;
    const [i, j] = [cx >> 1, cy >> 1];
    return wall(i, j) && wall(i + (cx & 1), j) && wall(i, j + (cy & 1)) && wall(i + (cx & 1), j + (cy & 1));
  };
  const line = (/** @type {number} */ k) => (k >> 1) * TILE + TILE / 2 + (k & 1 ? HALF : -HALF);

  /** @type {Map<string, [number, number]>} */
  const edges = new Map();
  for (let cy = 0; cy < high; cy += 1) {
    for (let cx = 0; cx < wide; cx += 1) {
      if (!filled(cx, cy)) continue;
      if (!filled(cx, cy - 1)) edges.set(`${cx},${cy}`, [cx + 1, cy]);
      if (!filled(cx + 1, cy)) edges.set(`${cx + 1},${cy}`, [cx + 1, cy + 1]);
      if (!filled(cx, cy + 1)) edges.set(`${cx + 1},${cy + 1}`, [cx, cy + 1]);
      if (!filled(cx - 1, cy)) edges.set(`${cx},${cy + 1}`, [cx, cy]);
    }
  }

  /** @type {Outline[]} */
  const outlines = [];
  while (edges.size > 0) {
    const start = /** @type {string} */ (edges.keys().next().value);
    /** @type {Array<[number, number]>} */
    const corners = [];
    let at = start;
    for (let to = edges.get(at); to; to = edges.get(at)) {
      edges.delete(at);
      corners.push(to);
      at = `${to[0]},${to[1]}`;
    }
    outlines.push(withoutStraights(corners).map(([x, y]) => [line(x) - BEYOND * TILE, line(y)]));
  }
  return outlines;
}

/** @param {Plan} plan @param {number} column @param {number} row */
function isWallBeyond(plan, column, row) {
  if (row < 0 || row >= FIELD_ROWS) return false;
  if (column >= 0 && column < FIELD_COLUMNS) return plan.isWall(column, row);
  // Off the field only the walls along a tunnel go on.
  const edge = column < 0 ? 0 : FIELD_COLUMNS - 1;
  const opens = (/** @type {number} */ y) => y >= 0 && y < FIELD_ROWS && !plan.isWall(edge, y);
  return !opens(row) && (opens(row - 1) || opens(row + 1));
}

/** @param {Array<[number, number]>} corners @returns {Array<[number, number]>} */
function withoutStraights(corners) {
  return corners.filter(([x, y], i) => {
    const [beforeX, beforeY] = corners[(i + corners.length - 1) % corners.length];
    const [afterX, afterY] = corners[(i + 1) % corners.length];
    return !((beforeX === x && x === afterX) || (beforeY === y && y === afterY));
  });
}
