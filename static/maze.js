// @ts-check
/**
 * The maze: its walls, its pellets and the ways out of each tile, all from one drawing.
 *
 * Tiles are numbered as on the plane: row * 32 + column, where the playfield's column 0 is column 2, because two columns lie off-screen on
 * each side. src/game/maze.rs is made from the same drawing; tests/golden/maze.json holds the two together.
 */

/** Walls `#`, dots `.`, energizers `o`, the door `-`; the rest is floor. */
export const DRAWING = [
  "############################",
  "#............##............#",
  "#.####.#####.##.#####.####.#",
  "#o####.#####.##.#####.####o#",
  "#.####.#####.##.#####.####.#",
  "#..........................#",
  "#.####.##.########.##.####.#",
  "#.####.##.########.##.####.#",
  "#......##....##....##......#",
  "######.##### ## #####.######",
  "######.##### ## #####.######",
  "######.##          ##.######",
  "######.## ###--### ##.######",
  "######.## #      # ##.######",
  "      .   #      #   .      ",
  "######.## #      # ##.######",
  "######.## ######## ##.######",
  "######.##          ##.######",
  "######.## ######## ##.######",
  "######.## ######## ##.######",
  "#............##............#",
  "#.####.#####.##.#####.####.#",
  "#.####.#####.##.#####.####.#",
  "#o..##.......  .......##..o#",
  "###.##.##.########.##.##.###",
  "###.##.##.########.##.##.###",
  "#......##....##....##......#",
  "#.##########.##.##########.#",
  "#.##########.##.##########.#",
  "#..........................#",
  "############################",
];

export const COLUMNS = 32;
export const ROWS = 31;
export const MARGIN_COLUMNS = 2;
export const TILE_PX = 8;
/** The pixel of a tile, in both axes, that counts as its centre. */
export const CENTRE_PX = 3;
/** The only row that leaves the playfield. */
const TUNNEL_ROW = 14;

/** The point above the door, where ghosts come out and eyes go in. */
export const DOORSTEP = Object.freeze({ x: 127, y: 91 });
/** The row of the ghosts' seats; waiting ghosts bob 4 pixels above and below. */
export const SEAT_Y = 115;
/** The columns of the ghosts' seats, by their place in the pack. */
export const SEAT_X = [127, 127, 111, 143];

/** @typedef {import("./wire.js").Direction} Direction */

/** @type {Record<Direction, number>} */
export const DX = { up: 0, left: -1, down: 0, right: 1 };
/** @type {Record<Direction, number>} */
export const DY = { up: -1, left: 0, down: 1, right: 0 };
/** @type {Record<Direction, Direction>} */
export const OPPOSITE = { up: "down", left: "right", down: "up", right: "left" };

/** By tile: 1 where actors may walk outside the house. */
export const FLOOR = new Uint8Array(COLUMNS * ROWS);
/** By tile: the number of its pellet, or -1. */
export const PELLET_OF_TILE = new Int16Array(COLUMNS * ROWS).fill(-1);
/** By pellet: its tile. @type {number[]} */
export const PELLET_TILES = [];
/** By pellet: 1 for the four energizers. @type {number[]} */
export const ENERGIZERS = [];

for (let row = 0; row < ROWS; row += 1) {
  for (let column = 0; column < COLUMNS; column += 1) {
    const tile = row * COLUMNS + column;
    const mark = DRAWING[row][column - MARGIN_COLUMNS] ?? (row === TUNNEL_ROW ? " " : "#");
    FLOOR[tile] = mark === "#" || mark === "-" || isHouse(column, row) ? 0 : 1;
    if (mark === "." || mark === "o") {
      PELLET_OF_TILE[tile] = PELLET_TILES.length;
      PELLET_TILES.push(tile);
      ENERGIZERS.push(mark === "o" ? 1 : 0);
    }
  }
}

/** @param {number} column @param {number} row @returns {boolean} the inside of the house, which is floor to ghosts at home only */
function isHouse(column, row) {
  return column >= 13 && column <= 18 && row >= 13 && row <= 15;
}

/**
 * The tile of a point of the plane.
 * @param {number} x
 * @param {number} y
 * @returns {number}
 */
export function tileOf(x, y) {
  return (y >> 3) * COLUMNS + (x >> 3);
}

/**
 * The tile next to another; columns wrap around, and so that nothing can go wrong rows do, too.
 * @param {number} tile
 * @param {Direction} direction
 * @returns {number}
 */
export function neighbour(tile, direction) {
  const column = (tile + DX[direction]) & (COLUMNS - 1);
  const row = ((tile >> 5) + DY[direction] + ROWS) % ROWS;
  return row * COLUMNS + column;
}

/**
 * Whether one can leave this tile that way.
 * @param {number} tile
 * @param {Direction} direction
 * @returns {boolean}
 */
export function isOpen(tile, direction) {
  return FLOOR[tile] === 1 && FLOOR[neighbour(tile, direction)] === 1;
}

/**
 * Where ghosts are slow: the tunnel beyond its inner ends, margins included.
 * @param {number} tile
 * @returns {boolean}
 */
export function inTunnel(tile) {
  const column = tile & (COLUMNS - 1);
  return tile >> 5 === TUNNEL_ROW && (column <= 5 + MARGIN_COLUMNS || column >= 22 + MARGIN_COLUMNS);
}

/**
 * Where ghosts that scatter or chase may not turn up.
 * @param {number} tile
 * @returns {boolean}
 */
export function forbidsUp(tile) {
  const column = (tile & (COLUMNS - 1)) - MARGIN_COLUMNS;
  return (tile >> 5 === 11 || tile >> 5 === 23) && (column === 12 || column === 15);
}
