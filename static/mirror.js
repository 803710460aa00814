// @ts-check
/**
 * A mirror of the maze: takes frames, keeps the newest, and tells where everything is at any later tick.
 *
 * `base` is the scene at the newest frame's tick. Before a frame is applied, the base is moved on along the rails to meet it; then the
 * frame's core replaces, and of pellets, scores and clocks what the frame brings. `at(tick)` is the base moved on further, for the drawing.
 * src/client/mirror.rs does the same. The position only moves forward (Y3).
 */

import { PELLETS, PELLETS_IN_QUARTER, SEATS, decodeFrame } from "./wire.js";
import { advance, advanceToMeetAFrame, eatInPlace } from "./rails.js";

/** Ticks that a scene is moved on at most; after a longer silence there is nothing true to show. */
export const ADVANCE_TICKS_MAX = 120;

/**
 * @typedef {object} Scene what is seen of a maze at a tick
 * @property {number} tick
 * @property {string} phase
 * @property {number} speed_row
 * @property {number} elroy
 * @property {number} power_ticks_left
 * @property {boolean} dormant
 * @property {boolean} fruit
 * @property {(import("./wire.js").Pac | null)[]} pacs by seat
 * @property {import("./wire.js").Ghost[]} ghosts
 * @property {Uint8Array} pellets by pellet, 1 where it is left
 * @property {{points: number, lives: number}[]} scores by seat
 * @property {import("./wire.js").Clocks} clocks
 */
/** @typedef {{tick: number, kind: string, who: number, whom: number, points: number}} MazeEvent */

/**
 * A mirror that has seen nothing yet.
 * @param {(scene: Scene, base: Scene, events: readonly MazeEvent[]) => void} [steer] lays over a scene, before each tick of the future, what is known
 *   here and not yet in a frame
 */
export function createMirror(steer = () => undefined) {
  /** @type {Scene | null} */
  let base = null;
  /** @type {Scene | null} */
  let shown = null;
  /** The scene a tick before `shown`: to blend two, both are asked for again and again. @type {Scene | null} */
  let behind = null;
  /** @type {MazeEvent[]} */
  let events = [];
  /** @type {number[]} */
  let numbers = new Array(SEATS).fill(0);
  let epoch = -1;
  let rosterVersion = -1;

  /**
   * Takes a frame; tells whether it was newer than all before. Throws a `RangeError` when it is no frame.
   * @param {Uint8Array | import("./wire.js").Frame} message binary, or the object of `?frames=json`
   * @returns {boolean}
   */
  function receive(message) {
    const frame = message instanceof Uint8Array ? decodeFrame(message) : message;
    const newer = !base || frame.epoch > epoch || (frame.epoch === epoch && frame.tick > base.tick);
    if (!newer) return false;
    // What belongs to another epoch is forgotten.
    base = base && frame.epoch === epoch ? advancedToMeet(base, frame.tick) : null;
    base = applied(frame, base);
    rethink();
    events = newEvents(frame, epoch === frame.epoch ? events : []);
    epoch = frame.epoch;
    rosterVersion = frame.roster_version;
    numbers = new Array(SEATS).fill(0);
    for (const pac of frame.pacs) numbers[pac.seat] = pac.number;
    return true;
  }

  /**
   * The scene at a tick: the base, moved on along the rails. Ask for later and later ticks and each is computed once. An earlier tick than
   * the base's gives the base; one too far ahead gives the last that can be told. The scene is for reading only.
   * @param {number} tick
   * @returns {Scene | null} null as long as no frame has come
   */
  function at(tick) {
    if (!base || tick <= base.tick) return base;
    const last = Math.min(Math.floor(tick), base.tick + ADVANCE_TICKS_MAX);
    if (behind?.tick === last) return behind;
    if (!shown || shown.tick > last) shown = copyScene(base);
    while (shown.tick < last) {
      if (shown.tick === last - 1) behind = copyScene(shown);
      steer(shown, base, events);
      advance(shown);
    }
    return shown;
  }

  /** The future is another: something is known now that was not when it was computed. */
  function rethink() {
    shown = null;
    behind = null;
  }

  return {
    receive,
    at,
    rethink,
    /** The scene at the newest frame's tick, or null. */
    get base() {
      return base;
    },
    /** What happened in the last quarter of a second before the newest frame, newest first. Known by tick, kind, who and whom. */
    get events() {
      return events;
    },
    get epoch() {
      return epoch;
    },
    /** The newest frame's tick; -1 before the first. */
    get tick() {
      return base ? base.tick : -1;
    },
    /** The low four bits of the list of players' version that the newest frame goes with. */
    get rosterVersion() {
      return rosterVersion;
    },
    /** By seat: the number, modulo 8, of the last input that is in the newest frame. */
    get numbers() {
      return numbers;
    },
  };
}

/**
 * A scene moved on to meet a frame of a later tick, as far as it can be told.
 * @param {Scene} scene
 * @param {number} tick
 */
function advancedToMeet(scene, tick) {
  const moved = copyScene(scene);
  const last = Math.min(tick - 1, scene.tick + ADVANCE_TICKS_MAX);
  while (moved.tick < last) advance(moved);
  advanceToMeetAFrame(moved);
  return moved;
}

/**
 * A frame laid over what was known before.
 * @param {import("./wire.js").Frame} frame
 * @param {Scene | null} before moved on to meet it
 * @returns {Scene}
 */
export function applied(frame, before) {
  /** @type {(import("./wire.js").Pac | null)[]} */
  const pacs = new Array(SEATS).fill(null);
  for (const { seat, x, y, direction, wish, state, ticks } of frame.pacs) pacs[seat] = { x, y, direction, wish, state, ticks };
  const scores = before ? before.scores.map((score) => ({ ...score })) : blankScores();
  // Before anything is known every pellet lies there, for the carried to take away from.
  const pellets = before ? before.pellets.slice() : new Uint8Array(PELLETS).fill(1);
  eatInPlace(pacs, pellets, scores);
  for (const { seat, points, lives } of frame.scores) scores[seat] = { points, lives };
  mergePellets(frame, pellets);
  return {
    tick: frame.tick,
    phase: frame.phase,
    speed_row: frame.speed_row,
    elroy: frame.elroy,
    power_ticks_left: frame.power_ticks_left,
    dormant: frame.dormant,
    fruit: frame.fruit,
    pacs,
    ghosts: frame.ghosts.map((ghost) => ({ ...ghost })),
    pellets,
    scores,
    clocks: { ...(frame.clocks ?? before?.clocks ?? BLANK_CLOCKS) },
  };
}

/**
 * Pellets that a gateway appended ("carried") may be older than the frame, so they only take away from what is known: otherwise dots eaten
 * meanwhile would come back for a moment.
 * @param {import("./wire.js").Frame} frame
 * @param {Uint8Array} pellets changed in place
 */
function mergePellets(frame, pellets) {
  for (const { quarter, left } of frame.pellets) {
    for (let i = 0; i < PELLETS_IN_QUARTER; i += 1) {
      const pellet = quarter * PELLETS_IN_QUARTER + i;
      const there = left[i] === "1" ? 1 : 0;
      pellets[pellet] = frame.carried ? pellets[pellet] & there : there;
    }
  }
}

/**
 * The frame's events with their ticks; one that was known before is the same object again.
 * @param {import("./wire.js").Frame} frame
 * @param {MazeEvent[]} known
 * @returns {MazeEvent[]}
 */
function newEvents(frame, known) {
  return frame.events.map(({ kind, who, whom, age, points }) => {
    const tick = frame.tick - age;
    const same = known.find((event) => event.tick === tick && event.kind === kind && event.who === who && event.whom === whom);
    return same ?? { tick, kind, who, whom, points };
  });
}

/** @param {Scene} scene @returns {Scene} */
export function copyScene(scene) {
  return {
    ...scene,
    pacs: scene.pacs.map((pac) => pac && { ...pac }),
    ghosts: scene.ghosts.map((ghost) => ({ ...ghost })),
    pellets: scene.pellets.slice(),
    scores: scene.scores.map((score) => ({ ...score })),
    clocks: { ...scene.clocks },
  };
}

function blankScores() {
  return Array.from({ length: SEATS }, () => ({ points: 0, lives: 0 }));
}

const BLANK_CLOCKS = Object.freeze({
  level: 0, sheets_done: 0, sheets_needed: 0, phase_ticks_left: 0, lock_ticks_left: 0, fruit_ticks_left: 0, power_owner: null, chain: 0,
});
