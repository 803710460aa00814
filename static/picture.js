// @ts-check
/**
 * The picture: where everything is at a drawn moment, as plain data for `draw/*` and `view.js`.
 *
 * Two scenes of the mirror, a tick apart, are blended by the fraction of the drawn tick; both lie on the rails, so nothing is drawn late. When a
 * frame moves an actor off the rails, what was drawn glides to what is true within a tenth of a second. Nothing here decides anything of the game.
 */

import { isOver } from "./draw/effects.js";
import { playerColour } from "./palette.js";

/** A correction shrinks to a third in this time, to a twentieth in 100 ms. */
const GLIDE_MS = 34;
/** A correction beyond this is a jump: a spawn, not an error. */
const GLIDE_PX_MAX = 24;
/** Plane pixel 16 is playfield pixel 0; a point is drawn one further, in the middle of its tile. */
const DRAWN_X = 1 - 16;
const DRAWN_Y = 1;
const FRUIT_X = 112;
const FRUIT_Y = 140;
const FLASH_TICKS = 14;
const WALL_FLASH_TICKS = 12;
const WALL_FLASHES_TICKS = 96;
/** The lone pac's end: a second of standing, half a second alone, then it folds. */
const DYING_STANDS = 60;
const DYING_FOLDS = 90;
const CLEARED_STANDS = 120;
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
 * @property {boolean} wallFlash
 * @typedef {{ x: number, y: number }} Place
 * @typedef {{ pacs: Array<(Place & { state: string }) | null>, ghosts: Place[] }} Poses
 */

/** Remembers, between one picture and the next, what a scene alone does not tell. */
export function createPictures() {
  /** @type {Map<string, Place>} offsets that are still gliding away, by actor */
  const glides = new Map();
  /** @type {Map<number, number>} by seat, the tick at which it was first seen dead */
  const deadSince = new Map();
  /** @type {Set<string>} */
  let known = new Set();
  /** @type {import("./draw/effects.js").Pop[]} */
  let pops = [];
  /** @type {import("./draw/effects.js").Ring[]} */
  let rings = [];
  let clearedAt = -Infinity;
  let phase = "";
  let phaseSince = 0;
  let eatenGhost = -1;
  let builtAt = 0;

  /**
   * Takes in what a new frame changed; `before` are the poses of the old future at the drawn tick, `after` those of the new one.
   * @param {Poses | null} before
   * @param {Poses | null} after
   */
  function corrected(before, after) {
    if (!before || !after) return;
    for (const [seat, pac] of after.pacs.entries()) {
      const old = before.pacs[seat];
      const stays = pac && old && isAfoot(pac.state) && isAfoot(old.state);
      glide(`pac${seat}`, stays ? old : null, pac);
    }
    for (const [index, ghost] of after.ghosts.entries()) glide(`ghost${index}`, before.ghosts[index] ?? null, ghost);
  }

  /** @param {string} key @param {Place | null} before @param {Place | null} after */
  function glide(key, before, after) {
    if (!before || !after) {
      glides.delete(key);
      return;
    }
    const kept = glides.get(key) ?? { x: 0, y: 0 };
    const x = kept.x + wrapped(before.x - after.x);
    const y = kept.y + before.y - after.y;
    if (Math.hypot(x, y) > GLIDE_PX_MAX || Math.hypot(x, y) < 0.01) glides.delete(key);
    else glides.set(key, { x, y });
  }

  /**
   * @param {import("./state.js").State} state
   * @param {number} drawnTick
   * @param {number} now
   * @param {boolean} calm
   * @returns {Picture | null} null before the first frame
   */
  function build(state, drawnTick, now, calm) {
    const fade = Math.exp(-Math.max(0, now - builtAt) / GLIDE_MS);
    builtAt = now;
    for (const [key, offset] of glides) {
      offset.x *= fade;
      offset.y *= fade;
      if (Math.hypot(offset.x, offset.y) < 0.05) glides.delete(key);
    }
    const poses = posesAt(state.mirror, drawnTick);
    const scene = state.mirror.at(Math.floor(drawnTick) + 1);
    if (!poses || !scene) return null;
    if (scene.phase !== phase) {
      phase = scene.phase;
      phaseSince = drawnTick;
    }
    takeEvents(state, scene, poses);
    pops = pops.filter((pop) => !isOver(pop, drawnTick));
    rings = rings.filter((ring) => !isOver(ring, drawnTick));
    const level = Math.max(1, scene.clocks.level);
    const pacs = drawPacs(state, scene, poses, drawnTick);
    const left = scene.pellets.reduce((/** @type {number} */ sum, /** @type {number} */ pellet) => sum + pellet, 0);
    const pellets = scene.pellets;
    return {
      tick: drawnTick,
      phase,
      level,
      sheetsDone: scene.clocks.sheets_done,
      sheetsNeeded: scene.clocks.sheets_needed,
      hasPellet: (pellet) => pellets[pellet] === 1,
      pelletsLeft: left,
      dormant: scene.dormant,
      fruit: scene.fruit,
      powerTicksLeft: scene.power_ticks_left,
      lockTicksLeft: scene.clocks.lock_ticks_left,
      pacs,
      ghosts: drawGhosts(scene, poses, level, drawnTick, calm),
      pops,
      rings,
      wallFlash: wallsFlash(drawnTick, calm),
    };
  }

  /** @param {import("./state.js").State} state @param {any} scene @param {Poses} poses */
  function takeEvents(state, scene, poses) {
    const named = new Set();
    for (const event of state.mirror.events) {
      const key = `${state.mirror.epoch} ${event.tick} ${event.kind} ${event.who} ${event.whom}`;
      named.add(key);
      if (known.has(key)) continue;
      const mine = state.ownRow()?.seat === event.who;
      const pop = (/** @type {Place | null | undefined} */ place) => {
        if (place && event.points > 0) pops.push({ x: place.x, y: place.y, points: event.points, sinceTick: event.tick, mine });
      };
      if (event.kind === "ghost_eaten") {
        eatenGhost = event.whom;
        pop(poses.ghosts[event.whom]);
      } else if (event.kind === "pac_eaten") {
        pop(poses.pacs[event.whom]);
      } else if (event.kind === "fruit_eaten") {
        pop({ x: FRUIT_X, y: FRUIT_Y });
      } else if (event.kind === "energizer_eaten") {
        const place = poses.pacs[event.who];
        if (place) rings.push({ x: place.x, y: place.y, colour: colourOfSeat(state, event.who), sinceTick: event.tick });
      } else if (event.kind === "sheet_cleared" && scene.phase === "play") {
        clearedAt = event.tick;
      } else if (event.kind === "spawned") {
        glides.delete(`pac${event.who}`);
      }
    }
    known = named;
  }

  /**
   * @param {import("./state.js").State} state
   * @param {any} scene
   * @param {Poses} poses
   * @param {number} tick
   * @returns {DrawnPac[]}
   */
  function drawPacs(state, scene, poses, tick) {
    const leader = leaderOf(scene);
    /** @type {DrawnPac[]} */
    const drawn = [];
    for (const [seat, pac] of scene.pacs.entries()) {
      const pose = poses.pacs[seat];
      if (!pac || !pose) {
        deadSince.delete(seat);
        continue;
      }
      const row = state.players.find((each) => each.seat === seat);
      const dying = phase === "dying";
      const dead = dying || pac.state === "dead";
      if (dead && !deadSince.has(seat)) deadSince.set(seat, tick);
      if (!dead) deadSince.delete(seat);
      const sinceDeath = tick - (deadSince.get(seat) ?? tick);
      const standing = dying && sinceDeath < DYING_FOLDS;
      const offset = glides.get(`pac${seat}`);
      const x = pose.x + (offset?.x ?? 0);
      const y = pose.y + (offset?.y ?? 0);
      const stateName = stateOf(pac.state);
      const walks = phase === "play" && isAfoot(pac.state);
      drawn.push({
        seat,
        id: row?.id ?? "",
        name: row?.name ?? "",
        colour: colourOfSeat(state, seat),
        bot: row?.bot ?? false,
        you: row !== undefined && row.id === state.you,
        leader: seat === leader,
        x,
        y,
        dir: pac.direction,
        state: dead ? (standing ? "alive" : "dead") : stateName,
        score: scene.scores[seat].points,
        lives: scene.scores[seat].lives,
        mouth: walks ? Math.abs(modulo(x + y, 8) - 4) / 4 : 0.4,
        stunned: pac.state === "bumped",
        sheltered: phase === "play" && (pac.state === "shielded" || pac.state === "ready"),
        beacon: phase === "play" && pac.state === "ready",
        fading: scene.power_ticks_left < 100,
        deadTicks: dying ? sinceDeath - DYING_FOLDS : sinceDeath,
      });
    }
    return drawn;
  }

  /**
   * @param {any} scene
   * @param {Poses} poses
   * @param {number} level
   * @param {number} tick
   * @param {boolean} calm
   * @returns {DrawnGhost[]}
   */
  function drawGhosts(scene, poses, level, tick, calm) {
    const flashes = (THREE_FLASHES.has(level) ? 3 : 5) * 2 * FLASH_TICKS;
    const ending = scene.power_ticks_left <= flashes;
    const flash = ending && (calm || Math.floor(scene.power_ticks_left / FLASH_TICKS) % 2 === 1);
    const gone = phase === "cleared" || (phase === "dying" && tick - phaseSince > DYING_STANDS);
    return scene.ghosts.map((/** @type {import("./wire.js").Ghost} */ ghost, /** @type {number} */ index) => {
      const offset = glides.get(`ghost${index}`);
      return {
        index,
        x: poses.ghosts[index].x + (offset?.x ?? 0),
        y: poses.ghosts[index].y + (offset?.y ?? 0),
        dir: ghost.direction,
        state: ghostStateOf(ghost),
        blue: ghost.mood === "frightened",
        eyes: ghost.mood === "eyes",
        flash,
        hidden: gone || (phase === "eaten" && index === eatenGhost),
      };
    });
  }

  /** @param {number} tick @param {boolean} calm */
  function wallsFlash(tick, calm) {
    const since = phase === "cleared" ? tick - phaseSince - CLEARED_STANDS : tick - clearedAt;
    if (since < 0 || since >= WALL_FLASHES_TICKS) return false;
    return calm || Math.floor(since / WALL_FLASH_TICKS) % 2 === 0;
  }

  return { corrected, build };
}

/**
 * Everybody's place at a fractional tick, in playfield pixels as drawn.
 * @param {ReturnType<import("./mirror.js").createMirror>} mirror
 * @param {number} tick
 * @returns {Poses | null}
 */
export function posesAt(mirror, tick) {
  const whole = Math.floor(tick);
  const first = mirror.at(whole);
  if (!first) return null;
  // The mirror moves one scene on in place: read the first tick before asking for the next.
  const here = rawPoses(first);
  const next = rawPoses(/** @type {any} */ (mirror.at(whole + 1)));
  const part = tick - whole;
  return {
    pacs: here.pacs.map((from, seat) => {
      const to = next.pacs[seat];
      return from && to && { ...blend(from, to, part), state: from.state };
    }),
    ghosts: here.ghosts.map((from, index) => blend(from, next.ghosts[index] ?? from, part)),
  };
}

/** @param {any} scene @returns {Poses} */
function rawPoses(scene) {
  return {
    pacs: scene.pacs.map((/** @type {any} */ pac) => pac && { x: pac.x, y: pac.y, state: pac.state }),
    ghosts: scene.ghosts.map((/** @type {any} */ ghost) => ({ x: ghost.x, y: ghost.y })),
  };
}

/** @param {Place} from @param {Place} to @param {number} part @returns {Place} */
function blend(from, to, part) {
  return { x: from.x + wrapped(to.x - from.x) * part + DRAWN_X, y: from.y + (to.y - from.y) * part + DRAWN_Y };
}

/** The short way round the tunnel, whose plane is 256 pixels wide. @param {number} distance */
function wrapped(distance) {
  return modulo(distance + 128, 256) - 128;
}

/** @param {number} value @param {number} by */
function modulo(value, by) {
  return ((value % by) + by) % by;
}

/** @param {string} state */
function isAfoot(state) {
  return state === "alive" || state === "powered" || state === "shielded" || state === "bumped" || state === "powered_bumped";
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

/** The seat that leads a maze of several, or -1: most points, then the lower seat. @param {any} scene */
function leaderOf(scene) {
  let leader = -1;
  let best = 0;
  let seated = 0;
  for (const [seat, pac] of scene.pacs.entries()) {
    if (!pac) continue;
    seated += 1;
    if (scene.scores[seat].points > best) {
      best = scene.scores[seat].points;
      leader = seat;
    }
  }
  return seated >= 2 ? leader : -1;
}

/** @param {import("./state.js").State} state @param {number} seat */
function colourOfSeat(state, seat) {
  return playerColour(state.players.find((row) => row.seat === seat)?.colour ?? seat);
}

