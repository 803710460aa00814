// @ts-check
/**
 * The rails: how a scene moves on by itself for one tick. Integer for integer what src/game/rails.rs does; tests/golden/rails.json holds them together.
 *
 * No collision, death, energizer or spawn happens here: after those the server sends a frame.
 */

import { CENTRE_PX, COLUMNS, DX, DY, ENERGIZERS, PELLET_OF_TILE, isOpen, tileOf } from "./maze.js";

/** @typedef {import("./mirror.js").Scene} Scene */

const PAC_SPEEDS = [16, 18, 20, 18];

/**
 * Moves a scene on by one tick, in place.
 * @param {Scene} scene
 */
export function advance(scene) {
  scene.tick += 1;
  if (scene.phase !== "play") return;
  for (const [seat, pac] of scene.pacs.entries()) {
    if (pac && ["alive", "powered", "shielded"].includes(pac.state)) movePac(scene, seat, pac);
  }
}

/** @param {Scene} scene @param {number} seat @param {import("./wire.js").Pac} pac */
function movePac(scene, seat, pac) {
  if (pac.ticks > 0) {
    pac.ticks -= 1;
    return;
  }
  const f = scene.tick % 16;
  const k = PAC_SPEEDS[scene.speed_row];
  const pixels = Math.floor(((f + 1) * k) / 16) - Math.floor((f * k) / 16);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const tile = tileOf(pac.x, pac.y);
    if (isOpen(tile, pac.wish)) pac.direction = pac.wish;
    const along = DX[pac.direction] !== 0 ? (pac.x & 7) - CENTRE_PX : (pac.y & 7) - CENTRE_PX;
    const ahead = DX[pac.direction] + DY[pac.direction];
    if (isOpen(tile, pac.direction) || along * ahead < 0) {
      pac.x = (pac.x + DX[pac.direction]) & 255;
      pac.y += DY[pac.direction];
    }
    if (DX[pac.direction] !== 0) pac.y -= Math.sign((pac.y & 7) - CENTRE_PX);
    else pac.x -= Math.sign((pac.x & 7) - CENTRE_PX);
  }
  const pellet = PELLET_OF_TILE[tileOf(pac.x, pac.y)];
  if (pellet >= 0 && scene.pellets[pellet] && !ENERGIZERS[pellet]) {
    scene.pellets[pellet] = 0;
    scene.scores[seat].points += 10;
    pac.ticks = 1;
  }
}

export { COLUMNS };
