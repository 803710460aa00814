// @ts-check
/**
 * The rails: how a scene moves on by itself, one tick at a time, until somebody does something new.
 *
 * Integer for integer what src/game/rails.rs and src/game/motion.rs do; tests/golden/rails.json holds them together. Pacs turn as their players
 * wish and eat dots, ghosts take the two exits that the frame tells and then a guess, timers run down. Nobody collides, dies, appears or
 * thinks here, and energizers are not eaten: those are events, after which the server sends a frame.
 */

import {
  CENTRE_PX, DOORSTEP, DX, DY, ENERGIZERS, OPPOSITE, PELLET_OF_TILE, SEAT_X, SEAT_Y, forbidsUp, inTunnel, isOpen, neighbour, tileOf,
} from "./maze.js";
import { DIRECTIONS } from "./wire.js";

/** @typedef {import("./mirror.js").Scene} Scene */
/** @typedef {import("./wire.js").Pac} Pac */
/** @typedef {import("./wire.js").Ghost} Ghost */
/** @typedef {import("./wire.js").Direction} Direction */

/** Speeds in pixels per sixteen ticks, for levels 1, 2 to 4, 5 to 20, and 21 and above. */
export const SPEEDS = [
  { pac: 16, pac_fright: 18, pac_powered: 20, ghost: 15, ghost_fright: 10, ghost_tunnel: 8, elroy: [16, 17] },
  { pac: 18, pac_fright: 19, pac_powered: 22, ghost: 17, ghost_fright: 11, ghost_tunnel: 9, elroy: [18, 19] },
  { pac: 20, pac_fright: 20, pac_powered: 23, ghost: 19, ghost_fright: 12, ghost_tunnel: 10, elroy: [20, 21] },
  { pac: 18, pac_fright: 18, pac_powered: 22, ghost: 19, ghost_fright: 12, ghost_tunnel: 10, elroy: [20, 21] },
];
const EYES_K = 32;
const HOUSE_K = 8;
const PUSH_K = 32;
/** The last ticks of a bump, in which the pac is no longer pushed. */
const STUN_TICKS = 6;
const BOB_PX = 4;

/**
 * Moves a scene on by one tick, in place. The order is the server's: pacs, what they eat, ghosts, timers.
 * @param {Scene} scene
 */
export function advance(scene) {
  scene.tick = (scene.tick + 1) >>> 0;
  scene.clocks.phase_ticks_left = countDown(scene.clocks.phase_ticks_left);
  if (scene.phase === "play") {
    advancePacs(scene);
    advanceGhosts(scene, () => true);
    advanceTimers(scene);
  } else if (scene.phase === "eaten") {
    advanceGhosts(scene, (ghost) => ghost.mood === "eyes");
  }
}

/**
 * The same tick for a scene that a frame of it is about to be laid over: nobody eats. A key may have turned a pac in this very tick, and what he
 * did not come to he must not have eaten; the frame's own pacs tell what they ate (`eatInPlace`).
 * @param {Scene} scene changed in place
 */
export function advanceToMeetAFrame(scene) {
  const pellets = scene.pellets.slice();
  const points = scene.scores.map((score) => score.points);
  advance(scene);
  scene.pellets.set(pellets);
  scene.scores.forEach((score, seat) => (score.points = points[seat]));
}

/**
 * Takes away the dots that lie under pacs that eat, and counts them: a frame shows its pacs after they have eaten.
 * @param {(Pac | null)[]} pacs
 * @param {Uint8Array} pellets changed in place
 * @param {{points: number}[]} scores changed in place
 */
export function eatInPlace(pacs, pellets, scores) {
  pacs.forEach((pac, seat) => {
    if (!pac || !steers(pac)) return;
    const dot = dotAt(tileOf(pac.x, pac.y), pellets);
    if (dot < 0) return;
    pellets[dot] = 0;
    scores[seat].points += 10;
  });
}

/**
 * The pixels that an actor of speed `k` moves in a tick: `k` in every sixteen, evenly spread.
 * @param {number} k
 * @param {number} tick
 * @returns {number}
 */
export function pixels(k, tick) {
  const phase = tick % 16;
  return (((phase + 1) * k) >> 4) - ((phase * k) >> 4);
}

/** @param {number} ticks @returns {number} */
const countDown = (ticks) => Math.max(0, ticks - 1);

// ---- pacs ----

/** In order of their seats; the first in a tile eats its dot. @param {Scene} scene */
function advancePacs(scene) {
  const players = scene.pacs.filter((pac) => pac && pac.state !== "parked").length;
  scene.pacs.forEach((pac, seat) => {
    if (!pac) return;
    advancePac(pac, scene.speed_row, players, scene.tick);
    if (!steers(pac)) return;
    const dot = dotAt(tileOf(pac.x, pac.y), scene.pellets);
    if (dot < 0) return;
    scene.pellets[dot] = 0;
    scene.scores[seat].points += 10;
    pac.ticks = pac.state === "powered" && players >= 2 ? 0 : 1;
  });
}

/** The dot of a tile if it is there, else -1; energizers are not eaten on the rails. @param {number} tile @param {Uint8Array} pellets @returns {number} */
function dotAt(tile, pellets) {
  const pellet = PELLET_OF_TILE[tile];
  return pellet >= 0 && pellets[pellet] && !ENERGIZERS[pellet] ? pellet : -1;
}

/** Whether he goes where his player wishes, and eats. @param {Pac} pac @returns {boolean} */
const steers = (pac) => pac.state === "alive" || pac.state === "powered" || pac.state === "shielded";

/**
 * Moves a pac by one tick. An eat pause costs the tick instead. He turns the way he wants as soon as the next tile that way is floor.
 * @param {Pac} pac
 * @param {number} row of the speeds
 * @param {number} players
 * @param {number} tick
 */
export function advancePac(pac, row, players, tick) {
  const steering = steers(pac);
  if (steering && pac.ticks > 0) {
    pac.ticks -= 1;
    return;
  }
  for (let left = pixels(pacSpeed(pac, row, players), tick); left > 0; left -= 1) {
    if (steering && isOpen(tileOf(pac.x, pac.y), pac.wish)) pac.direction = pac.wish;
    movePacByPixel(pac);
  }
}

/** @param {Pac} pac @param {number} row @param {number} players @returns {number} */
function pacSpeed(pac, row, players) {
  const speeds = SPEEDS[row];
  switch (pac.state) {
    case "alive":
    case "shielded":
      return speeds.pac;
    case "powered":
      return players >= 2 ? speeds.pac_powered : speeds.pac_fright;
    case "bumped":
      return pac.ticks > STUN_TICKS ? PUSH_K : 0;
    case "powered_bumped":
      return PUSH_K;
    default:
      return 0;
  }
}

/**
 * One pixel along the direction unless a wall is ahead of the tile's centre, and one towards the centreline: together that cuts a corner.
 * @param {Pac} pac
 */
function movePacByPixel(pac) {
  const tile = tileOf(pac.x, pac.y);
  const dx = DX[pac.direction];
  const dy = DY[pac.direction];
  const offX = (pac.x & 7) - CENTRE_PX;
  const offY = (pac.y & 7) - CENTRE_PX;
  const beforeCentre = offX * dx + offY * dy < 0;
  if (isOpen(tile, pac.direction) || beforeCentre) {
    pac.x = (pac.x + dx) & 255;
    pac.y += dy;
  }
  if (dx !== 0) pac.y -= Math.sign(offY);
  else pac.x -= Math.sign(offX);
}

// ---- ghosts ----

/** @param {Scene} scene @param {(ghost: Ghost) => boolean} moves */
function advanceGhosts(scene, moves) {
  scene.ghosts.forEach((ghost, index) => {
    if (moves(ghost)) advanceGhost(ghost, index, scene);
  });
}

/** @param {Ghost} ghost @param {number} index @param {Scene} scene */
function advanceGhost(ghost, index, scene) {
  const k = ghostSpeed(ghost, scene.speed_row, index === 0 ? scene.elroy : 0);
  for (let left = pixels(k, scene.tick); left > 0; left -= 1) {
    if (ghost.mood === "eyes" && ghost.place === "outside" && isAt(ghost, DOORSTEP)) {
      Object.assign(ghost, { place: "entering", exit: "up", next_exit: "left", reversal_pending: false });
    }
    if (ghost.place === "outside") pixelOutside(ghost);
    else if (ghost.place === "waiting") pixelWaiting(ghost);
    else if (ghost.place === "leaving") pixelLeaving(ghost);
    else pixelEntering(ghost, index);
  }
}

/** @param {Ghost} ghost @param {number} row @param {number} elroy @returns {number} */
function ghostSpeed(ghost, row, elroy) {
  const speeds = SPEEDS[row];
  if (ghost.mood === "eyes" || ghost.place === "entering") return EYES_K;
  if (ghost.place !== "outside") return HOUSE_K;
  if (inTunnel(tileOf(ghost.x, ghost.y))) return speeds.ghost_tunnel;
  if (ghost.mood === "frightened") return speeds.ghost_fright;
  return elroy > 0 ? speeds.elroy[elroy - 1] : speeds.ghost;
}

/** Turns at the centre; on entering a tile takes the next exit from the look-ahead, or turns back if that was asked. @param {Ghost} ghost */
function pixelOutside(ghost) {
  const tile = tileOf(ghost.x, ghost.y);
  if ((ghost.x & 7) === CENTRE_PX && (ghost.y & 7) === CENTRE_PX) ghost.direction = ghost.exit;
  move(ghost);
  const entered = tileOf(ghost.x, ghost.y);
  if (entered === tile) return;
  if (ghost.reversal_pending) {
    ghost.reversal_pending = false;
    ghost.direction = OPPOSITE[ghost.direction];
    ghost.exit = ghost.direction;
  } else {
    ghost.exit = ghost.next_exit;
  }
  ghost.next_exit = guess(neighbour(entered, ghost.exit), ghost.exit, ghost.mood);
}

/** Bobs up and down. @param {Ghost} ghost */
function pixelWaiting(ghost) {
  if (ghost.y <= SEAT_Y - BOB_PX) ghost.direction = "down";
  else if (ghost.y >= SEAT_Y + BOB_PX || DX[ghost.direction] !== 0) ghost.direction = "up";
  move(ghost);
}

/** To the seats' row, to the middle, up through the door, and there the way that `next_exit` tells. @param {Ghost} ghost */
function pixelLeaving(ghost) {
  ghost.direction = ghost.x === DOORSTEP.x ? "up" : towardsSeat(ghost, DOORSTEP.x);
  move(ghost);
  if (!isAt(ghost, DOORSTEP)) return;
  const turn = ghost.next_exit;
  ghost.place = "outside";
  ghost.direction = turn;
  ghost.exit = turn;
  ghost.next_exit = guess(neighbour(tileOf(ghost.x, ghost.y), turn), turn, ghost.mood);
}

/** Down through the door and across to the seat, where eyes become a ghost again. Blinky does not wait. @param {Ghost} ghost @param {number} index */
function pixelEntering(ghost, index) {
  const seat = { x: SEAT_X[index % 4], y: SEAT_Y };
  if (!isAt(ghost, seat)) {
    ghost.direction = towardsSeat(ghost, seat.x);
    move(ghost);
    return;
  }
  ghost.mood = "normal";
  ghost.direction = "up";
  ghost.place = index === 0 ? "leaving" : "waiting";
}

/** Inside the house: first to the seats' row, then along it. @param {Ghost} ghost @param {number} x @returns {Direction} */
function towardsSeat(ghost, x) {
  if (ghost.y !== SEAT_Y) return ghost.y < SEAT_Y ? "down" : "up";
  return ghost.x < x ? "right" : "left";
}

/**
 * What the rails take for a ghost's way out of a tile until a frame knows better: straight on, else the first of up, left, down, right; never
 * back, and in a few tiles never up, unless he is blue or eyes.
 * @param {number} tile
 * @param {Direction} heading
 * @param {Ghost["mood"]} mood
 * @returns {Direction}
 */
function guess(tile, heading, mood) {
  const noUp = mood === "normal" && forbidsUp(tile);
  const open = (/** @type {Direction} */ way) => isOpen(tile, way) && way !== OPPOSITE[heading] && !(noUp && way === "up");
  return open(heading) ? heading : DIRECTIONS.find(open) ?? heading;
}

/** @param {Ghost} ghost */
function move(ghost) {
  ghost.x = (ghost.x + DX[ghost.direction]) & 255;
  ghost.y = (ghost.y + DY[ghost.direction]) & 255;
}

/** @param {{x: number, y: number}} actor @param {{x: number, y: number}} point @returns {boolean} */
const isAt = (actor, point) => actor.x === point.x && actor.y === point.y;

// ---- timers ----

/** The end of the last power window and of bumps. The other clocks are for the display: at 0 nothing happens by itself. @param {Scene} scene */
function advanceTimers(scene) {
  if (scene.power_ticks_left > 0) {
    scene.power_ticks_left -= 1;
    if (scene.power_ticks_left === 0) endPower(scene);
  }
  for (const pac of scene.pacs) {
    if (!pac || (pac.state !== "bumped" && pac.state !== "powered_bumped")) continue;
    pac.ticks -= 1;
    if (pac.ticks === 0) pac.state = pac.state === "powered_bumped" && scene.power_ticks_left > 0 ? "powered" : "alive";
  }
  scene.clocks.lock_ticks_left = countDown(scene.clocks.lock_ticks_left);
  scene.clocks.fruit_ticks_left = countDown(scene.clocks.fruit_ticks_left);
}

/** @param {Scene} scene */
function endPower(scene) {
  for (const ghost of scene.ghosts) if (ghost.mood === "frightened") ghost.mood = "normal";
  for (const pac of scene.pacs) if (pac?.state === "powered") pac.state = "alive";
}
