// @ts-check
/**
 * The game behind the title: four pacs and four ghosts on the rails, steered by a few lines of taste, in this page alone.
 *
 * It has the shape of `state.js` as far as `picture.js` reads it, so that it is drawn like a real maze. Nothing of it comes from or goes to a server.
 */

import { CENTRE_PX, DOORSTEP, DX, DY, ENERGIZERS, OPPOSITE, PELLET_OF_TILE, SEAT_X, SEAT_Y, isOpen, neighbour, tileOf } from "./maze.js";
import { copyScene } from "./mirror.js";
import { advance } from "./rails.js";
import { DIRECTIONS, EVENT_TICKS, PELLETS, SEATS } from "./wire.js";

const POWER_TICKS = 330;
const LOCK_TICKS = 240;
const RESPAWN_TICKS = 110;
const TOUCH_PX = 5;
/** With fewer dots left a new sheet is laid. */
const DOTS_MIN = 24;
/** Ticks that are made up for at most; after a longer sleep the game goes on where it was. */
const CATCH_UP_TICKS = 30;
const TICK_MS = 1000 / 60;
/** Tiles that a pac looks ahead. */
const AHEAD = 7;
const PACS = Object.freeze([
  { colour: 0, column: 6, row: 26 }, { colour: 2, column: 21, row: 5 }, { colour: 3, column: 1, row: 5 }, { colour: 5, column: 21, row: 23 },
]);

/** @typedef {import("./mirror.js").Scene} Scene */
/** @typedef {import("./wire.js").Direction} Direction */
/** @typedef {import("./wire.js").Pac} Pac */
/** @typedef {import("./wire.js").Ghost} Ghost */
/** @typedef {(limit: number) => number} Dice a whole number below a limit */

/** A game that begins now. @param {number} [seed] */
export function createDemo(seed = 7) {
  const dice = diceOf(seed);
  let here = firstScene();
  let next = copyScene(here);
  /** @type {import("./mirror.js").MazeEvent[]} */
  let events = [];
  /** Ticks at which the dead come back, by seat. @type {number[]} */
  const back = [];
  let drawn = 0;
  let drawnAt = 0;

  function step() {
    here = copyScene(next);
    for (const pac of next.pacs) if (pac) steer(next, pac, dice);
    for (const ghost of next.ghosts) hunt(next, ghost, dice);
    advance(next);
    events = events.filter((event) => next.tick - event.tick < EVENT_TICKS);
    eatEnergizers(next, events);
    meet(next, events, back);
    wakeUp(next, back);
  }

  const mirror = {
    /** @param {number} tick @returns {Scene} */
    at(tick) {
      while (next.tick < tick) step();
      return tick <= here.tick ? here : next;
    },
    epoch: 0,
    get base() {
      return here;
    },
    get tick() {
      return here.tick;
    },
    get events() {
      return events;
    },
  };

  return {
    mirror,
    players: PACS.map(({ colour }, seat) => ({ seat, id: "", name: "", colour, symbol: colour })),
    you: "nobody",
    ownRow: () => undefined,
    /** The tick to draw. @param {number} now milliseconds */
    advance(now) {
      drawn += Math.min(CATCH_UP_TICKS, Math.max(0, drawnAt === 0 ? 0 : (now - drawnAt) / TICK_MS));
      drawnAt = now;
      return drawn;
    },
  };
}

/** Repeatable chance (a linear congruence). @param {number} seed @returns {Dice} */
function diceOf(seed) {
  let word = seed >>> 0;
  return (limit) => {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
    return Math.floor((word / 2 ** 32) * limit);
  };
}

/** @returns {Scene} */
function firstScene() {
  /** @type {(Pac | null)[]} */
  const pacs = new Array(SEATS).fill(null);
  PACS.forEach((_, seat) => (pacs[seat] = pacAt(seat)));
  const ghosts = [0, 1, 2, 3].map((index) => ghostAt(index));
  return {
    tick: 0, phase: "play", speed_row: 0, elroy: 0, power_ticks_left: 0, dormant: false, fruit: true, pacs, ghosts,
    pellets: new Uint8Array(PELLETS).fill(1),
    scores: Array.from({ length: SEATS }, () => ({ points: 0, lives: 0 })),
    clocks: { level: 1, sheets_done: 0, sheets_needed: 1, phase_ticks_left: 0, lock_ticks_left: 0, fruit_ticks_left: 0, power_owner: null, chain: 0 },
  };
}

/** @param {number} seat @returns {Pac} */
function pacAt(seat) {
  const { column, row } = PACS[seat];
  return { x: 16 + 8 * column + CENTRE_PX, y: 8 * row + CENTRE_PX, direction: "left", wish: "left", state: "alive", ticks: 0 };
}

/** @param {number} index @returns {Ghost} */
function ghostAt(index) {
  const outside = index === 0;
  return {
    x: outside ? DOORSTEP.x : SEAT_X[index], y: outside ? DOORSTEP.y : SEAT_Y, direction: "left", mood: "normal", place: outside ? "outside" : "leaving",
    exit: outside ? "left" : "up", next_exit: index % 2 ? "right" : "left", reversal_pending: false,
  };
}

/** At the middle of a tile a pac looks every way and takes the most promising. @param {Scene} scene @param {Pac} pac @param {Dice} dice */
function steer(scene, pac, dice) {
  if (pac.state === "dead" || (pac.x & 7) !== CENTRE_PX || (pac.y & 7) !== CENTRE_PX) return;
  const from = tileOf(pac.x, pac.y);
  let best = -Infinity;
  for (const way of DIRECTIONS) {
    if (!isOpen(from, way)) continue;
    const worth = promise(scene, from, way) + dice(3) - (way === OPPOSITE[pac.direction] ? 4 : 0);
    if (worth > best) [best, pac.wish] = [worth, way];
  }
}

/** @param {Scene} scene @param {number} from @param {Direction} way */
function promise(scene, from, way) {
  let worth = 0;
  let tile = from;
  for (let far = 1; far <= AHEAD && isOpen(tile, way); far += 1) {
    tile = neighbour(tile, way);
    const pellet = PELLET_OF_TILE[tile];
    if (pellet >= 0 && scene.pellets[pellet]) worth += (ENERGIZERS[pellet] ? 6 : 3) / far;
    for (const ghost of scene.ghosts) {
      if (ghost.mood === "eyes" || tileOf(ghost.x, ghost.y) !== tile) continue;
      worth += (ghost.mood === "frightened" ? 9 : -30) / far;
    }
  }
  return worth;
}

/** A ghost that looks ahead takes the exit nearer to the nearest pac, and sometimes another. @param {Scene} scene @param {Ghost} ghost @param {Dice} dice */
function hunt(scene, ghost, dice) {
  if (ghost.place !== "outside" || (ghost.x & 7) !== CENTRE_PX || (ghost.y & 7) !== CENTRE_PX) return;
  const ahead = neighbour(tileOf(ghost.x, ghost.y), ghost.exit);
  const goal = ghost.mood === "eyes" ? DOORSTEP : nearest(scene, ghost);
  let least = Infinity;
  for (const way of DIRECTIONS) {
    if (way === OPPOSITE[ghost.exit] || !isOpen(ahead, way)) continue;
    const tile = neighbour(ahead, way);
    const far = Math.hypot((tile & 31) * 8 - goal.x, (tile >> 5) * 8 - goal.y);
    const worth = ghost.mood === "eyes" ? far : (ghost.mood === "frightened" ? -far : far) + dice(40);
    if (worth < least) [least, ghost.next_exit] = [worth, way];
  }
}

/** @param {Scene} scene @param {Ghost} ghost */
function nearest(scene, ghost) {
  let found = { x: ghost.x, y: ghost.y };
  let least = Infinity;
  for (const pac of scene.pacs) {
    if (!pac || pac.state === "dead") continue;
    const far = Math.hypot(pac.x - ghost.x, pac.y - ghost.y);
    if (far < least) [least, found] = [far, pac];
  }
  return found;
}

/** @param {Scene} scene @param {import("./mirror.js").MazeEvent[]} events */
function eatEnergizers(scene, events) {
  if (scene.power_ticks_left === 0) for (const pac of scene.pacs) if (pac?.state === "powered") pac.state = "alive";
  if (scene.power_ticks_left === 0) for (const ghost of scene.ghosts) if (ghost.mood === "frightened") ghost.mood = "normal";
  scene.dormant = scene.power_ticks_left > 0 || scene.clocks.lock_ticks_left > 0;
  scene.pacs.forEach((pac, seat) => {
    if (!pac || pac.state === "dead" || scene.dormant) return;
    const pellet = PELLET_OF_TILE[tileOf(pac.x, pac.y)];
    if (pellet < 0 || !ENERGIZERS[pellet] || !scene.pellets[pellet]) return;
    scene.pellets[pellet] = 0;
    pac.state = "powered";
    scene.power_ticks_left = POWER_TICKS;
    scene.clocks.lock_ticks_left = POWER_TICKS + LOCK_TICKS;
    scene.dormant = true;
    events.push({ tick: scene.tick, kind: "energizer_eaten", who: seat, whom: 0, points: 50 });
    for (const ghost of scene.ghosts) if (ghost.mood === "normal") Object.assign(ghost, { mood: "frightened", reversal_pending: ghost.place === "outside" });
  });
}

/** @param {Scene} scene @param {import("./mirror.js").MazeEvent[]} events @param {number[]} back */
function meet(scene, events, back) {
  scene.pacs.forEach((pac, seat) => {
    if (!pac || pac.state === "dead") return;
    scene.ghosts.forEach((ghost, index) => {
      if (ghost.mood === "eyes" || Math.abs(ghost.x - pac.x) >= TOUCH_PX || Math.abs(ghost.y - pac.y) >= TOUCH_PX) return;
      if (ghost.mood === "frightened") {
        ghost.mood = "eyes";
        events.push({ tick: scene.tick, kind: "ghost_eaten", who: seat, whom: index, points: 200 });
      } else if (pac.state !== "dead") {
        pac.state = "dead";
        back[seat] = scene.tick + RESPAWN_TICKS;
        events.push({ tick: scene.tick, kind: "caught", who: seat, whom: index, points: 0 });
      }
    });
  });
}

/** @param {Scene} scene @param {number[]} back */
function wakeUp(scene, back) {
  scene.pacs.forEach((pac, seat) => {
    if (pac?.state === "dead" && scene.tick >= back[seat]) scene.pacs[seat] = pacAt(seat);
  });
  for (const [index, ghost] of scene.ghosts.entries()) if (ghost.place === "waiting") scene.ghosts[index].place = "leaving";
  if (scene.pellets.reduce((sum, pellet) => sum + pellet, 0) < DOTS_MIN) {
    scene.pellets.fill(1);
    scene.clocks.level = (scene.clocks.level % 8) + 1;
  }
}
