// @ts-check
/**
 * The score: which sounds a drawn moment calls for, and what lies below them. Pure: scenes and events in, names out; `voices.js` makes them heard.
 *
 * An event is known by tick, kind, who and whom, so it sounds once however many frames repeat or skip it; a dot sounds when it goes, once in a
 * while at most. What the own pac does is loud, the rest is quiet and comes from where it happens.
 */

import { CENTRE_PX, COLUMNS, ENERGIZERS, MARGIN_COLUMNS, PELLET_TILES, TILE_PX } from "../maze.js";

/** Loudness of what others do. */
const OTHERS_GAIN = 0.3;
const OTHERS_DOT_GAIN = 0.14;
/** Dots of others sound no more often, however many eat. */
const OTHERS_DOT_TICKS = 5;
/** A dot that came back because a frame knew better does not sound again so soon. */
const DOT_AGAIN_TICKS = 90;
/** Who is further from a dot that went has not eaten it. */
const REACH_PX = 14;
/** After such a leap of the drawn tick what has changed meanwhile is passed over. */
const LEAP_TICKS = 40;
/** Events are remembered so long after they happened; frames repeat them for 15 ticks. */
const MEMORY_TICKS = 240;
/** READY! that is longer comes with its tune. */
const TUNE_FROM_TICKS = 150;
/** The siren rises when no more dots than these are left. */
const SIREN_STEPS = [184, 128, 76, 36];
/** How far to the side the edge of the maze sounds. */
const PAN_MAX = 0.75;
const MIDDLE_PX = (MARGIN_COLUMNS + 14) * TILE_PX;
const FRUIT_X = MIDDLE_PX;
/** By pellet: its place on the plane. */
const PELLETS_AT = PELLET_TILES.map((tile) => ({ x: (tile % COLUMNS) * TILE_PX + CENTRE_PX, y: Math.floor(tile / COLUMNS) * TILE_PX + CENTRE_PX }));

/**
 * @typedef {import("../mirror.js").Scene} Scene
 * @typedef {import("../mirror.js").MazeEvent} MazeEvent
 * @typedef {{ name: string, variant: number, gain: number, pan: number }} Cue
 * @typedef {{ name: "none" | "siren" | "fright" | "eyes", step: number, gain: number }} Bed
 * @typedef {object} Look
 * @property {number} tick the drawn one
 * @property {Scene | null} scene
 * @property {readonly MazeEvent[]} events
 * @property {number | null} seat the own one
 */

/** @type {Bed} */
const SILENCE = Object.freeze({ name: "none", step: 0, gain: 0 });

/** A score that has seen nothing yet. */
export function createScore() {
  /** @type {Map<string, number>} events that have sounded, with their ticks */
  const known = new Map();
  /** @type {Uint8Array | null} */
  let pellets = null;
  const wentAt = new Float64Array(PELLETS_AT.length).fill(-Infinity);
  let heardTick = 0;
  let phase = "";
  let bites = 0;
  let othersDots = 0;
  let othersDotAt = -Infinity;

  /**
   * What is to be heard at this moment.
   * @param {Look} look
   * @returns {{ cues: Cue[], bed: Bed }}
   */
  function hear(look) {
    const { tick, scene, seat } = look;
    if (!scene) {
      pellets = null;
      phase = "";
      return { cues: [], bed: SILENCE };
    }
    /** @type {Cue[]} */
    const cues = [];
    const leapt = pellets === null || tick < heardTick - 1 || tick - heardTick > LEAP_TICKS;
    if (tick < heardTick - LEAP_TICKS) known.clear();
    if (!leapt) hearDots(scene, seat, tick, cues);
    hearEvents(look.events, scene, seat, cues);
    if (scene.phase !== phase) {
      phase = scene.phase;
      if (phase === "ready" && scene.clocks.phase_ticks_left > TUNE_FROM_TICKS) cues.push({ name: "ready", variant: 0, gain: 1, pan: 0 });
    }
    pellets = scene.pellets.slice();
    heardTick = tick;
    for (const [key, at] of known) if (tick - at > MEMORY_TICKS) known.delete(key);
    return { cues, bed: bedOf(scene, seat) };
  }

  /** @param {Scene} scene @param {number | null} seat @param {number} tick @param {Cue[]} cues */
  function hearDots(scene, seat, tick, cues) {
    /** @type {number[]} */
    const others = [];
    for (let dot = 0; dot < PELLETS_AT.length; dot += 1) {
      if (scene.pellets[dot] || !pellets?.[dot] || ENERGIZERS[dot] || tick - wentAt[dot] < DOT_AGAIN_TICKS) continue;
      const eater = eaterOf(scene, PELLETS_AT[dot]);
      if (eater < 0) continue;
      wentAt[dot] = tick;
      if (eater !== seat) {
        others.push(dot);
        continue;
      }
      bites += 1;
      cues.push({ name: "waka", variant: bites % 2, gain: 1, pan: 0 });
    }
    if (others.length === 0 || tick - othersDotAt < OTHERS_DOT_TICKS) return;
    othersDotAt = tick;
    othersDots += 1;
    // Of several at once, each has his turn.
    const { x } = PELLETS_AT[others[othersDots % others.length]];
    cues.push({ name: "waka", variant: othersDots % 2, gain: OTHERS_DOT_GAIN, pan: panOf(x) });
  }

  /** @param {readonly MazeEvent[]} events @param {Scene} scene @param {number | null} seat @param {Cue[]} cues */
  function hearEvents(events, scene, seat, cues) {
    for (const event of [...events].reverse()) {
      const key = `${event.tick} ${event.kind} ${event.who} ${event.whom}`;
      if (known.has(key)) continue;
      known.set(key, event.tick);
      const cue = cueOf(event, scene, seat);
      if (cue) cues.push(cue);
    }
  }

  return { hear };
}

/** The sound of an event, or null. @param {MazeEvent} event @param {Scene} scene @param {number | null} seat @returns {Cue | null} */
function cueOf(event, scene, seat) {
  const { kind, who, whom, points } = event;
  const mine = seat !== null && seat === who;
  const at = (/** @type {number | undefined} */ x) => (mine ? 0 : panOf(x));
  const cue = (/** @type {string} */ name, variant = 0, pan = at(scene.pacs[who]?.x)) => ({ name, variant, gain: mine ? 1 : OTHERS_GAIN, pan });
  switch (kind) {
    case "ghost_eaten":
      return cue("ghost", chainOf(points));
    case "rival_eaten":
      return seat !== null && seat === whom ? { name: "death", variant: 0, gain: 1, pan: 0 } : cue("rival", chainOf(points));
    case "caught":
      return mine ? cue("death") : cue("fall");
    case "fruit_eaten":
      return cue("fruit", 0, at(FRUIT_X));
    case "energizer_eaten":
      // A power window concerns everybody.
      return { ...cue("power"), gain: mine ? 1 : 0.6 };
    case "bumped":
      return seat !== null && seat === whom ? { name: "bump", variant: 0, gain: 1, pan: 0 } : cue("bump");
    case "extra_life":
      return mine ? cue("extra") : null;
    case "sheet_cleared":
      return { ...cue("sheet"), gain: 0.8, pan: 0 };
    case "level_up":
      return { ...cue("level"), gain: 1, pan: 0 };
    case "fruit_appeared":
      return { name: "appears", variant: 0, gain: 0.7, pan: 0 };
    case "spawned":
      return mine ? cue("spawn") : null;
    case "run_over":
      return mine ? cue("over") : null;
    default:
      return null;
  }
}

/** How far a chain has come: 0 for 200 points, 3 for 1600. @param {number} points */
function chainOf(points) {
  return Math.min(3, Math.max(0, Math.round(Math.log2(Math.max(points, 200) / 200))));
}

/** The seat that ate at a place, or -1. @param {Scene} scene @param {{ x: number, y: number }} place */
function eaterOf(scene, place) {
  let eater = -1;
  let nearest = REACH_PX;
  for (const [seat, pac] of scene.pacs.entries()) {
    if (!pac || pac.state === "parked" || pac.state === "dead") continue;
    const distance = Math.abs(pac.x - place.x) + Math.abs(pac.y - place.y);
    if (distance < nearest) {
      nearest = distance;
      eater = seat;
    }
  }
  return eater;
}

/** @param {number | undefined} x of the plane */
function panOf(x) {
  if (x === undefined) return 0;
  return Math.min(1, Math.max(-1, (x - MIDDLE_PX) / (14 * TILE_PX))) * PAN_MAX;
}

/** What lies below everything else. @param {Scene} scene @param {number | null} seat @returns {Bed} */
function bedOf(scene, seat) {
  if (scene.phase !== "play") return SILENCE;
  const gain = seat === null ? 0.5 : 1;
  if (scene.ghosts.some((ghost) => ghost.mood === "eyes")) return { name: "eyes", step: 0, gain };
  if (scene.power_ticks_left > 0) return { name: "fright", step: 0, gain };
  const left = scene.pellets.reduce((sum, pellet) => sum + pellet, 0);
  return { name: "siren", step: SIREN_STEPS.filter((dots) => left <= dots).length, gain };
}
