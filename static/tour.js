// @ts-check
/**
 * The tour of who looks on: which maze comes next. Pure.
 */

/** @typedef {{ id: string, players: number }} MazeRow */

/**
 * The id of the maze to go to: the one after this in order of players; empty when there is no other.
 * @param {MazeRow[]} rows
 * @param {string} here
 * @returns {string}
 */
export function nextMaze(rows, here) {
  const played = rows.filter((row) => row.players > 0 || row.id === here).sort((a, b) => b.players - a.players || (a.id < b.id ? -1 : 1));
  const at = played.findIndex((row) => row.id === here);
  const next = played[(at + 1) % played.length];
  return next && next.id !== here ? next.id : "";
}
