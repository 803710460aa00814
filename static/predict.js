// @ts-check
/**
 * The own pac's answer: keys act on the page at once and are held against what the server made of them.
 *
 * Everything is drawn a little ahead of the newest news, by `leadTicks`: the time that a key needs to the maze and its effect back. So a key that is
 * pressed at a drawn tick acts at the maze in that very tick, and what both sides computed agrees. A key that no frame has acknowledged is
 * laid over the rails again and again, never before the newest frame's tick. Nobody's death, meal or energizer is foretold. No DOM, no clock of
 * its own.
 */

import { isOpen, tileOf } from "./maze.js";
import { TICK_MS } from "./clock.js";

/** Frames acknowledge modulo 8: with fewer keys under way no number means two of them. */
export const UNDER_WAY_MAX = 7;
/** A key that nobody has acknowledged for so long has been lost with its socket. */
const LOST_MS = 2500;
/** No longer lead than this; whoever is further away sees his own pac corrected instead. */
export const LEAD_TICKS_MAX = 24;
/** A key waits for the next tick of the maze: half a tick, and a little for the way inside. */
const TURNOVER_TICKS = 0.7;
/** The lead is the median of what the last acknowledged keys and the best of the last pings say. */
const KEYS_COUNTED = 6;
const PINGS_COUNTED = 3;

/** @typedef {import("./mirror.js").Scene} Scene */
/** @typedef {import("./mirror.js").MazeEvent} MazeEvent */
/** @typedef {import("./wire.js").Direction} Direction */
/**
 * @typedef {object} Key one that is under way
 * @property {number} n
 * @property {Direction} direction
 * @property {number} tick at which it acts on the page
 * @property {number} at milliseconds
 * @property {number} lead what the lead was
 * @property {number} drawn the drawn tick at which it was pressed
 * @property {boolean} telling it turns the pac at once, so that a frame tells the very tick at which it acted
 */

/** A page on which no key has been pressed yet. */
export function createPrediction() {
  /** @type {Key[]} */
  let underWay = [];
  /** A wish for which there is no room under way. @type {{ direction: Direction, tick: number } | null} */
  let held = null;
  /** @type {number[]} */
  let keyLeads = [];
  /** @type {number[]} */
  let pingLeads = [];
  /** @type {number | null} */
  let seat = null;
  let newestNumber = 0;
  let heardNumber = -1;

  /**
   * A key is pressed while `drawn` is shown. Tells the number to send it under, or null when it has to wait.
   * @param {Direction} direction
   * @param {number} drawn
   * @param {number} now
   * @param {Scene | null} scene what is shown
   * @returns {number | null}
   */
  function press(direction, drawn, now, scene) {
    const tick = Math.floor(drawn) + 1;
    forgetLost(now);
    if (underWay.length >= UNDER_WAY_MAX) {
      held = { direction, tick };
      return null;
    }
    held = null;
    newestNumber += 1;
    underWay.push({ n: newestNumber, direction, tick, at: now, lead: leadTicks(), drawn, telling: turnsAtOnce(scene, direction) });
    return newestNumber;
  }

  /** The wish that waited, once there is room for it; null otherwise. @param {number} now @returns {{ n: number, direction: Direction } | null} */
  function takeHeld(now) {
    forgetLost(now);
    if (!held || underWay.length >= UNDER_WAY_MAX) return null;
    const { direction, tick } = held;
    held = null;
    newestNumber += 1;
    underWay.push({ n: newestNumber, direction, tick, at: now, lead: leadTicks(), drawn: tick, telling: false });
    return { n: newestNumber, direction };
  }

  /** @param {Scene | null} scene @param {Direction} direction */
  function turnsAtOnce(scene, direction) {
    const pac = seat === null ? null : scene?.pacs[seat];
    if (!scene || !pac || scene.phase !== "play" || !steers(pac.state)) return false;
    return pac.direction !== direction && isOpen(tileOf(pac.x, pac.y), direction);
  }

  /** @param {number} now */
  function forgetLost(now) {
    underWay = underWay.filter((key) => now - key.at < LOST_MS);
  }

  /**
   * A newer frame has come; it carries the number of the last key that it knows of, modulo 8.
   * @param {number} tick
   * @param {number} number
   * @param {number} now
   */
  function acknowledge(tick, number, now) {
    forgetLost(now);
    if (number === heardNumber) return;
    heardNumber = number;
    const known = underWay.findIndex((key) => key.n % 8 === number);
    if (known < 0) return;
    const key = underWay[known];
    underWay = underWay.slice(known + 1);
    if (key.telling) keyLeads = [...keyLeads, key.lead + tick - 0.5 - key.drawn].slice(-KEYS_COUNTED);
  }

  /**
   * Lays the keys under way over a scene that is about to be moved on by a tick.
   * @param {Scene} scene changed in place
   * @param {Scene} base the scene of the newest frame
   * @param {readonly MazeEvent[]} events newest first
   */
  function steer(scene, base, events) {
    endStandstill(scene, base, events);
    const pac = seat === null ? null : scene.pacs[seat];
    if (!pac) return;
    const next = scene.tick + 1;
    const wish = wishAt(next, base.tick);
    if (wish === null) return;
    pac.wish = wish;
    if (pac.state === "ready" && scene.phase === "play") Object.assign(pac, { state: "shielded", ticks: 0 });
  }

  /** The newest wish of this page that acts by a tick and is not in the frame yet. @param {number} tick @param {number} frameTick */
  function wishAt(tick, frameTick) {
    if (held && tick >= Math.max(held.tick, frameTick + 1)) return held.direction;
    for (let i = underWay.length - 1; i >= 0; i -= 1) {
      if (tick >= Math.max(underWay[i].tick, frameTick + 1)) return underWay[i].direction;
    }
    return null;
  }

  function leadTicks() {
    if (seat === null) return 0;
    if (keyLeads.length + pingLeads.length === 0) return 0;
    // A ping may be late because the page was busy, never early.
    const leads = [...keyLeads, ...(pingLeads.length > 0 ? [Math.min(...pingLeads)] : [])].sort((a, b) => a - b);
    return Math.min(Math.max(leads[leads.length >> 1], 0), LEAD_TICKS_MAX);
  }

  return {
    press,
    takeHeld,
    acknowledge,
    steer,
    /** Who the own pac is; a new seat, or none, forgets all keys. @param {number | null} mine @param {number} number of the last input to count on from */
    sit(mine, number) {
      if (mine !== seat) heardNumber = -1;
      seat = mine;
      underWay = [];
      held = null;
      newestNumber = Math.max(newestNumber, number);
    },
    /** @param {number} ms there and back */
    ping(ms) {
      pingLeads = [...pingLeads, ms / TICK_MS + TURNOVER_TICKS].slice(-PINGS_COUNTED);
    },
    /** Another way to the server: keys under way are lost, and of its length little is known. */
    forgetWay() {
      keyLeads = [];
      pingLeads = pingLeads.slice(-1);
      underWay = [];
      held = null;
    },
    get leadTicks() {
      return leadTicks();
    },
    get underWay() {
      return underWay.length;
    },
  };
}

/** @typedef {ReturnType<typeof createPrediction>} Prediction */

/** @param {string} state */
const steers = (state) => state === "alive" || state === "powered" || state === "shielded";

/**
 * READY! and the pause of a meal end at a tick that is known beforehand; without this, everybody would start late by the lead and leap.
 * @param {Scene} scene changed in place
 * @param {Scene} base
 * @param {readonly MazeEvent[]} events
 */
function endStandstill(scene, base, events) {
  if (scene.phase !== "ready" && scene.phase !== "eaten") return;
  if (scene.phase !== base.phase || base.clocks.phase_ticks_left === 0 || scene.clocks.phase_ticks_left > 0) return;
  if (scene.phase === "eaten") {
    const eaten = scene.ghosts[events.find((event) => event.kind === "ghost_eaten")?.whom ?? -1];
    if (eaten?.mood === "frightened") eaten.mood = "eyes";
  }
  scene.phase = "play";
}

