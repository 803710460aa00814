// @ts-check
/**
 * The picture: what is to be seen at a drawn moment, as plain data for `draw/*`, the panels and `view.js`.
 *
 * It joins the scene on the rails, places with their corrections, the list of players and what has just happened. Nothing here decides anything of
 * the game, and nothing here draws.
 */

import { createHappenings } from "./happenings.js";
import { createGlides, isAfoot, posesAt } from "./motion.js";
import { playerColour } from "./palette.js";

const FLASH_TICKS = 14;
const WALL_FLASH_TICKS = 12;
const WALL_FLASHES_TICKS = 96;
/** The lone pac's end: a second of standing, half a second alone, then it folds. */
const DYING_STANDS = 60;
const DYING_FOLDS = 90;
const CLEARED_STANDS = 120;
/** For so long an eater is drawn standing. */
const HIT_STOP_TICKS = 6;
/** Below this the ring of a powered pac blinks. */
const FADING_TICKS = 100;
/** Levels with a short fright flash three times, the others five. */
const THREE_FLASHES = new Set([9, 12, 13, 15, 16, 18]);

/**
 * @typedef {"up" | "down" | "left" | "right"} Direction
 * @typedef {"ready" | "alive" | "shielded" | "powered" | "dead" | "parked"} PacState
 * @typedef {"house" | "leaving" | "normal" | "frightened" | "eyes"} GhostState
 * @typedef {object} DrawnPac
 * @property {number} seat
 * @property {string} id
 * @property {string} name
 * @property {string} colour
 * @property {number} symbol which of the sixteen hats
 * @property {boolean} bot
 * @property {boolean} you
 * @property {boolean} leader
 * @property {number} x
 * @property {number} y
 * @property {Direction} dir
 * @property {PacState} state
 * @property {number} score
 * @property {number} lives
 * @property {number} mouth 0 shut, 1 wide open
 * @property {boolean} stunned
 * @property {boolean} sheltered nobody can touch it
 * @property {boolean} beacon it waits for its first key
 * @property {boolean} fading its power is about to end
 * @property {number} deadTicks since it was caught
 * @property {boolean} hidden
 * @typedef {object} DrawnGhost
 * @property {number} index
 * @property {number} x
 * @property {number} y
 * @property {Direction} dir
 * @property {GhostState} state
 * @property {boolean} blue
 * @property {boolean} eyes
 * @property {boolean} flash
 * @property {boolean} hidden
 * @typedef {object} Picture
 * @property {number} tick
 * @property {string} phase
 * @property {number} level
 * @property {number} sheetsDone
 * @property {number} sheetsNeeded
 * @property {(pellet: number) => boolean} hasPellet
 * @property {number} pelletsLeft
 * @property {boolean} dormant
 * @property {boolean} fruit
 * @property {number} powerTicksLeft
 * @property {number} lockTicksLeft
 * @property {DrawnPac[]} pacs
 * @property {DrawnGhost[]} ghosts
 * @property {import("./draw/effects.js").Pop[]} pops
 * @property {import("./draw/effects.js").Ring[]} rings
 * @property {import("./draw/effects.js").Ring[]} bursts
 * @property {boolean} wallFlash
 */

/** Remembers, between one picture and the next, what a scene alone does not tell. */
export function createPictures() {
  const glides = createGlides();
  const happenings = createHappenings();
  const memory = {
    phase: "",
    phaseSince: 0,
    /** By seat, the tick at which it was first seen dead. @type {Map<number, number>} */
    deadSince: new Map(),
  };

  /**
   * @param {import("./state.js").State} state
   * @param {number} tick the drawn one
   * @param {number} now
   * @param {boolean} calm
   * @returns {Picture | null} null before the first frame
   */
  function build(state, tick, now, calm) {
    glides.fade(now, tick);
    const poses = posesAt(state.mirror, tick);
    const scene = state.mirror.at(Math.floor(tick) + 1);
    if (!poses || !scene) return null;
    if (scene.phase !== memory.phase) {
      memory.phase = scene.phase;
      memory.phaseSince = tick;
    }
    const { seen } = happenings;
    happenings.take(state, scene.phase, poses, (seat) => colourOfSeat(state, seat), tick);
    for (const seat of seen.spawned) glides.forget(seat);
    if (scene.phase === "play") for (const seat of calm ? [] : seen.ate) holdEater(seat, poses, tick);
    const level = Math.max(1, scene.clocks.level);
    const { pellets } = scene;
    return {
      tick,
      phase: scene.phase,
      level,
      sheetsDone: scene.clocks.sheets_done,
      sheetsNeeded: scene.clocks.sheets_needed,
      hasPellet: (pellet) => pellets[pellet] === 1,
      pelletsLeft: pellets.reduce((sum, pellet) => sum + pellet, 0),
      dormant: scene.dormant,
      fruit: scene.fruit,
      powerTicksLeft: scene.power_ticks_left,
      lockTicksLeft: scene.clocks.lock_ticks_left,
      pacs: pacsOf(state, scene, poses, glides, memory, tick, seen.meal.seat),
      ghosts: ghostsOf(scene, poses, glides, memory, tick, calm, level, seen.meal.ghost),
      pops: seen.pops,
      rings: seen.rings,
      bursts: seen.bursts,
      wallFlash: wallsFlash(scene.phase === "cleared" ? tick - memory.phaseSince - CLEARED_STANDS : tick - seen.clearedAt, calm),
    };
  }

  /** Whoever eats stands for a moment; the game goes on. @param {number} seat @param {import("./motion.js").Poses} poses @param {number} tick */
  function holdEater(seat, poses, tick) {
    const place = poses.pacs[seat];
    if (place) glides.hold("pac", seat, place, tick + HIT_STOP_TICKS);
  }

  return { build, corrected: glides.corrected, takeNews: happenings.takeNews };
}

/** @typedef {{ phase: string, phaseSince: number, deadSince: Map<number, number> }} Memory */

/**
 * @param {import("./state.js").State} state
 * @param {import("./mirror.js").Scene} scene
 * @param {import("./motion.js").Poses} poses
 * @param {import("./motion.js").Glides} glides
 * @param {Memory} memory
 * @param {number} tick
 * @param {number} eater
 * @returns {DrawnPac[]}
 */
function pacsOf(state, scene, poses, glides, memory, tick, eater) {
  // Points are those of the newest frame: what is eaten ahead of it could still turn out otherwise.
  const { scores } = state.mirror.base ?? scene;
  const leader = leaderOf(scene.pacs, scores);
  const plays = scene.phase === "play";
  const dying = scene.phase === "dying";
  /** @type {DrawnPac[]} */
  const drawn = [];
  for (const [seat, pac] of scene.pacs.entries()) {
    const pose = poses.pacs[seat];
    if (!pac || !pose) {
      memory.deadSince.delete(seat);
      continue;
    }
    const row = state.players.find((each) => each.seat === seat);
    const dead = dying || pac.state === "dead";
    const deadTicks = sinceDeath(memory, seat, dead, tick) - (dying ? DYING_FOLDS : 0);
    const { x, y } = glides.shifted("pac", seat, pose);
    const walks = plays && isAfoot(pac.state);
    drawn.push({
      seat,
      id: row?.id ?? "",
      name: row?.name ?? "",
      colour: colourOfSeat(state, seat),
      symbol: row?.symbol ?? seat,
      bot: row?.bot ?? false,
      you: row !== undefined && row.id === state.you,
      leader: seat === leader,
      x,
      y,
      dir: pac.direction,
      state: dead ? "dead" : stateOf(pac.state),
      score: scores[seat].points,
      lives: scores[seat].lives,
      mouth: walks ? Math.abs((((x + y) % 8) + 8) % 8 - 4) / 4 : 0.4,
      stunned: pac.state === "bumped",
      sheltered: plays && (pac.state === "shielded" || pac.state === "ready"),
      beacon: plays && pac.state === "ready",
      fading: scene.power_ticks_left < FADING_TICKS,
      deadTicks,
      hidden: scene.phase === "eaten" ? seat === eater : scene.phase !== "paused" && pac.state === "parked",
    });
  }
  return drawn;
}

/** @param {Memory} memory @param {number} seat @param {boolean} dead @param {number} tick */
function sinceDeath(memory, seat, dead, tick) {
  if (!dead) {
    memory.deadSince.delete(seat);
    return 0;
  }
  const since = memory.deadSince.get(seat) ?? tick;
  memory.deadSince.set(seat, since);
  return tick - since;
}

/**
 * @param {import("./mirror.js").Scene} scene
 * @param {import("./motion.js").Poses} poses
 * @param {import("./motion.js").Glides} glides
 * @param {Memory} memory
 * @param {number} tick
 * @param {boolean} calm
 * @param {number} level
 * @param {number} eatenGhost
 * @returns {DrawnGhost[]}
 */
function ghostsOf(scene, poses, glides, memory, tick, calm, level, eatenGhost) {
  const flashing = scene.power_ticks_left <= (THREE_FLASHES.has(level) ? 3 : 5) * 2 * FLASH_TICKS;
  const flash = flashing && (calm || Math.floor(scene.power_ticks_left / FLASH_TICKS) % 2 === 1);
  const gone = scene.phase === "cleared" || (scene.phase === "dying" && tick - memory.phaseSince > DYING_STANDS);
  return scene.ghosts.map((ghost, index) => ({
    index,
    ...glides.shifted("ghost", index, poses.ghosts[index]),
    dir: ghost.direction,
    state: ghostStateOf(ghost),
    blue: ghost.mood === "frightened",
    eyes: ghost.mood === "eyes",
    flash,
    hidden: gone || (scene.phase === "eaten" && index === eatenGhost),
  }));
}

/** @param {number} since ticks since the flashing began @param {boolean} calm */
function wallsFlash(since, calm) {
  if (since < 0 || since >= WALL_FLASHES_TICKS) return false;
  return calm || Math.floor(since / WALL_FLASH_TICKS) % 2 === 0;
}

/** @param {string} state @returns {PacState} */
function stateOf(state) {
  if (state === "bumped") return "alive";
  if (state === "powered_bumped") return "powered";
  return /** @type {PacState} */ (state);
}

/** @param {import("./wire.js").Ghost} ghost @returns {GhostState} */
function ghostStateOf(ghost) {
  if (ghost.place === "waiting") return "house";
  if (ghost.place === "leaving") return "leaving";
  return ghost.mood;
}

/**
 * The seat that leads a maze of several, or -1: most points, then the lower seat.
 * @param {import("./mirror.js").Scene["pacs"]} pacs
 * @param {import("./mirror.js").Scene["scores"]} scores
 */
function leaderOf(pacs, scores) {
  let leader = -1;
  let best = 0;
  let seated = 0;
  for (const [seat, pac] of pacs.entries()) {
    if (!pac) continue;
    seated += 1;
    if (scores[seat].points > best) {
      best = scores[seat].points;
      leader = seat;
    }
  }
  return seated >= 2 ? leader : -1;
}

/** @param {import("./state.js").State} state @param {number} seat */
function colourOfSeat(state, seat) {
  return playerColour(state.players.find((row) => row.seat === seat)?.colour ?? seat);
}
