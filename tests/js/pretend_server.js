// @ts-check
/**
 * A maze far away, in one process: a scene moved by the rails at 60 ticks a second, keys that reach it late, frames that come back late; and the
 * page's own modules before it, drawn 60 times a second. No real time passes.
 */

import { TICK_MS } from "../../static/clock.js";
import { copyScene } from "../../static/mirror.js";
import { createMoment } from "../../static/moment.js";
import { posesAt, wrapped } from "../../static/motion.js";
import { advance } from "../../static/rails.js";
import { createState } from "../../static/state.js";
import { at } from "../browser/stage.mjs";

/** Runs a page and its maze. `upMs` and `downMs` may be functions of the time. */
export function distant({ upMs, downMs, start = { ...at(9, 5), direction: "left" } }) {
  const delay = (/** @type {any} */ of, /** @type {number} */ now) => (typeof of === "function" ? of(now) : of);
  const state = createState();
  const moment = createMoment(state, {
    corrected(before, after) {
      if (pressing) return;
      const [old, pac] = [before?.pacs[0], after?.pacs[0]];
      corrections.push(old && pac ? Math.hypot(wrapped(old.x - pac.x), old.y - pac.y) : 0);
    },
    send(n, direction) {
      upFree = Math.max(upFree, now + delay(upMs, now));
      up.push({ at: upFree, n, direction });
    },
  });
  /** @type {any} */
  let truth = {
    tick: 1000, phase: "play", speed_row: 0, elroy: 0, power_ticks_left: 0, dormant: false, fruit: false,
    pacs: [{ ...start, wish: start.direction, state: "alive", ticks: 0 }], ghosts: Array.from({ length: 4 }, () => ({
      x: 127, y: 115, direction: "up", mood: "normal", place: "waiting", exit: "up", next_exit: "left", reversal_pending: false,
    })),
    pellets: new Uint8Array(244).fill(1), scores: Array.from({ length: 16 }, () => ({ points: 0, lives: 2 })),
    clocks: { level: 1, sheets_done: 0, sheets_needed: 1, phase_ticks_left: 0, lock_ticks_left: 0, fruit_ticks_left: 0, power_owner: null, chain: 0 },
  };
  let number = 0;
  let sentTick = 0;
  /** @type {any[]} */
  const up = [];
  /** @type {any[]} */
  const down = [];
  /** What each frame changed of the own pac at the drawn moment, in pixels. @type {number[]} */
  const corrections = [];
  let now = 0;
  let pressing = false;
  let upFree = 0;
  let downFree = 0;
  state.link = "open";
  state.receive({ type: "welcome", you: "a" });
  state.receive({ type: "joined", maze: "far", seat: 0, input: 0 });
  state.receive({ type: "players", maze: "far", version: 0, spectators: 0, players: [{ seat: 0, id: "a", name: "Ada", colour: 0, symbol: 0 }] });

  function serverTick() {
    let turned = sentTick === 0;
    while (up.length > 0 && up[0].at <= now) {
      const key = up.shift();
      truth.pacs[0].wish = key.direction;
      number = key.n;
      turned = true;
    }
    advance(truth);
    if (!turned && truth.tick - sentTick < 6) return;
    sentTick = truth.tick;
    const { pacs, ghosts, scores, pellets, ...rest } = copyScene(truth);
    downFree = Math.max(downFree, now + delay(downMs, now));
    down.push({
      at: downFree,
      frame: { ...rest, type: "frame", epoch: 1, carried: false, roster_version: 0, ghosts, events: [], scores: [{ seat: 0, ...scores[0] }],
        pacs: [{ seat: 0, ...pacs[0], number: number % 8 }],
        pellets: [0, 1, 2, 3].map((quarter) => ({ quarter, left: [...pellets.slice(quarter * 61, quarter * 61 + 61)].join("") })) },
    });
  }

  return {
    state,
    corrections,
    get truth() {
      return truth;
    },
    get drawn() {
      return moment.drawn;
    },
    /** What is drawn of the own pac. */
    pose: () => posesAt(state.mirror, moment.drawn)?.pacs[0],
    direction: () => state.mirror.at(Math.floor(moment.drawn) + 1)?.pacs[0]?.direction,
    /** @param {"up" | "left" | "down" | "right"} direction */
    press(direction) {
      pressing = true;
      moment.steer(direction, now);
      pressing = false;
    },
    /** Lets so many animation frames pass; each takes a tick. @param {number} frames @param {() => void} [each] */
    run(frames, each) {
      for (let i = 0; i < frames; i += 1) {
        now += TICK_MS;
        serverTick();
        while (down.length > 0 && down[0].at <= now) moment.frame(down.shift().frame, now);
        if (now > 300 && state.prediction.leadTicks === 0) state.prediction.ping(delay(upMs, now) + delay(downMs, now));
        moment.advance(now);
        each?.();
      }
    },
  };
}
