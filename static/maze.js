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
const TUNNEL_ROW = 14;

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
 * The tile next to another; columns wrap around.
 * @param {number} tile
 * @param {Direction} direction
 * @returns {number}
 */
export function neighbour(tile, direction) {
  const column = (tile + DX[direction]) & (COLUMNS - 1);
  return (Math.floor(tile / COLUMNS) + DY[direction]) * COLUMNS + column;
}

/**
 * Whether the tile next to this one, that way, is floor.
 * @param {number} tile
 * @param {Direction} direction
 * @returns {boolean}
 */
export function isOpen(tile, direction) {
  return FLOOR[neighbour(tile, direction)] === 1;
}
