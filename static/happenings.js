// @ts-check
/**
 * Events of frames, each taken once: points that pop up, rings, news for the player, the ghost that was just eaten, walls that flash.
 *
 * Frames repeat an event for a quarter of a second; it is known by epoch, tick, kind, who and whom.
 */

import { isOver } from "./draw/effects.js";
import { FRIGHTENED, FRUIT_SPARK } from "./palette.js";

/** Where the fruit lies, in playfield pixels. */
const FRUIT = Object.freeze({ x: 112, y: 140 });

/** Room that the points of a pop take. */
const POP_WIDTH = 20;
const POP_HEIGHT = 8;

/**
 * @typedef {{ key: string, values: Record<string, string | number> }} News
 * @typedef {import("./motion.js").Place} Place
 */

/** Remembers what has been taken, and what is still to be seen. */
export function createHappenings() {
  /** @type {Set<string>} */
  let known = new Set();
  const seen = {
    /** @type {import("./draw/effects.js").Pop[]} */
    pops: [],
    /** @type {import("./draw/effects.js").Ring[]} */
    rings: [],
    /** Sparks where somebody or something was eaten. @type {import("./draw/effects.js").Ring[]} */
    bursts: [],
    /** @type {News[]} */
    news: [],
    /** The tick at which the last sheet was cleared while play goes on. */
    clearedAt: -Infinity,
    /** The last meal: neither the ghost nor its eater is drawn while the maze stands still for it. */
    meal: { ghost: -1, seat: -1 },
    /** Seats that have just spawned. @type {number[]} */
    spawned: [],
    /** Seats that have just eaten a ghost or a rival. @type {number[]} */
    ate: [],
  };

  /**
   * @param {import("./state.js").State} state
   * @param {string} phase
   * @param {import("./motion.js").Poses} poses
   * @param {(seat: number) => string} colourOf
   * @param {number} tick the drawn one
   */
  function take(state, phase, poses, colourOf, tick) {
    seen.pops = seen.pops.filter((pop) => !isOver(pop, tick));
    seen.rings = seen.rings.filter((ring) => !isOver(ring, tick));
    seen.bursts = seen.bursts.filter((burst) => !isOver(burst, tick));
    seen.spawned = [];
    seen.ate = [];
    const named = new Set();
    for (const event of state.mirror.events) {
      const key = `${state.mirror.epoch} ${event.tick} ${event.kind} ${event.who} ${event.whom}`;
      named.add(key);
      // What was drawn ahead of its news begins when it is seen.
      if (!known.has(key)) takeOne(seen, state, { ...event, tick: Math.max(event.tick, Math.floor(tick)) }, phase, poses, colourOf);
    }
    known = named;
  }

  /** What the player should read, once. @returns {News[]} */
  function takeNews() {
    const { news } = seen;
    seen.news = [];
    return news;
  }

  return { seen, take, takeNews };
}

/**
 * @param {ReturnType<typeof createHappenings>["seen"]} seen
 * @param {import("./state.js").State} state
 * @param {import("./mirror.js").MazeEvent} event
 * @param {string} phase
 * @param {import("./motion.js").Poses} poses
 * @param {(seat: number) => string} colourOf
 */
function takeOne(seen, state, event, phase, poses, colourOf) {
  const { who, whom, points, tick } = event;
  const own = state.ownRow()?.seat;
  const pop = (/** @type {Place | null | undefined} */ place) => {
    if (!place || points === 0) return;
    // Two meals at one place are shown one above the other.
    let { y } = place;
    while (seen.pops.some((other) => Math.abs(other.x - place.x) < POP_WIDTH && Math.abs(other.y - y) < POP_HEIGHT)) y -= POP_HEIGHT;
    seen.pops.push({ x: place.x, y, points, sinceTick: tick, mine: own === who });
  };
  const burst = (/** @type {Place | null | undefined} */ place, /** @type {string} */ colour) => {
    if (place) seen.bursts.push({ x: place.x, y: place.y, colour, sinceTick: tick });
  };
  switch (event.kind) {
    case "ghost_eaten":
      seen.ate.push(who);
      burst(poses.ghosts[whom], FRIGHTENED.edge);
      seen.meal = { ghost: whom, seat: who };
      pop(poses.ghosts[whom]);
      break;
    case "caught":
      burst(poses.pacs[who], colourOf(who));
      if (own === who) seen.news.push({ key: `caughtBy${whom % 4}`, values: {} });
      break;
    case "rival_eaten":
      seen.ate.push(who);
      burst(poses.pacs[whom], colourOf(whom));
      pop(poses.pacs[whom]);
      if (own === who) seen.news.push({ key: "youAte", values: { name: nameOf(state, whom), points } });
      if (own === whom) seen.news.push({ key: "ateYou", values: { name: nameOf(state, who) } });
      break;
    case "fruit_eaten":
      burst(FRUIT, FRUIT_SPARK);
      pop(FRUIT);
      break;
    case "energizer_eaten": {
      const place = poses.pacs[who];
      if (place) seen.rings.push({ x: place.x, y: place.y, colour: colourOf(who), sinceTick: tick });
      break;
    }
    case "extra_life":
      if (own === who) seen.news.push({ key: "extraLife", values: {} });
      break;
    case "sheet_cleared":
      if (phase === "play") seen.clearedAt = tick;
      break;
    case "spawned":
      seen.spawned.push(who);
      break;
    default:
  }
}

/** @param {import("./state.js").State} state @param {number} seat */
function nameOf(state, seat) {
  return state.players.find((row) => row.seat === seat)?.name ?? "";
}
