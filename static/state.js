// @ts-check
/**
 * What this page knows: who it is, where it is, who else is there, what was said. No DOM, no socket, no clock of its own.
 *
 * Messages and frames go in, plain fields come out; `changed` counts what a panel has to draw anew. What is shown only moves forward (Y3): the mirror
 * refuses older frames, and is begun anew only for another maze, another identity, or a server that has kept speaking from an older epoch.
 */

import { createMirror } from "./mirror.js";
import { createPrediction } from "./predict.js";
import { createSkips } from "./skips.js";
import { headOf } from "./wire.js";

/** Lines that a channel keeps. */
export const CHAT_LINES_MAX = 50;
/**
 * How far above the number that `joined` tells this page counts on. What a gateway knows of the leader may be half a second old; a key pressed just
 * before a reload would make the next ones look old.
 */
const INPUT_MARGIN = 64;
/** A server that sends nothing but older frames for so long has begun again; believe it. */
const OLDER_FOR_MS = 2000;

/**
 * @typedef {{ seat: number, id: string, name: string, colour: number, symbol: number, bot?: boolean }} PlayerRow
 * @typedef {{ id: string, from: string, name: string, text?: string, phrase?: number }} ChatLine
 * @typedef {"maze" | "world"} Channel
 * @typedef {"maze" | "world" | "today" | "all"} BoardName
 * @typedef {{ id: string, points: number, name: string, colour: number, symbol: number, bot?: boolean, maze: string }} BoardLine
 */

/** A page that has heard nothing yet. */
export function createState() {
  const prediction = createPrediction();
  const state = {
    /** @type {"connecting" | "open" | "waiting" | "stopped"} */
    link: "connecting",
    /** Why the link stopped: the name of a close code. */
    stopped: "",
    you: "",
    maze: "",
    spectating: false,
    /** @type {number | null} */
    seat: null,
    prediction,
    /** @type {PlayerRow[]} */
    players: [],
    spectators: 0,
    /** @type {{ points: number, level: number } | null} */
    over: null,
    /** @type {Record<Channel, ChatLine[]>} */
    chat: { maze: [], world: [] },
    /** The boards that the server has told, newest, by name. @type {Partial<Record<BoardName, { day: string, rows: BoardLine[] }>>} */
    boards: {},
    /** How many reports the server has taken. */
    reported: 0,
    /** @type {{ code: string, message: string, serial: number } | null} */
    refusal: null,
    /** @type {number | null} */
    pingMs: null,
    /** Frames that the server had to skip. */
    skips: createSkips(),
    mirror: createMirror(prediction.steer),
    changed: { players: 0, chat: 0, boards: 0, status: 0 },
    /** @type {number[]} */
    frameTimes: [],
    /** When the first of the frames came that are all older than what is shown; 0 when the last was newer. */
    olderSince: 0,
    frameAt: 0,
  };

  return Object.assign(state, {
    receive: (/** @type {any} */ message) => receive(state, message),
    frame: (/** @type {Uint8Array} */ bytes, /** @type {number} */ now) => frame(state, bytes, now),
    forgetIdentity() {
      state.you = "";
      state.seat = null;
      prediction.sit(null, 0);
      forgetMaze(state);
    },
    /** @param {number} now */
    framesPerSecond(now) {
      while (state.frameTimes.length > 0 && now - state.frameTimes[0] > 1000) state.frameTimes.shift();
      return state.frameTimes.length;
    },
    /** The lines of both channels, oldest first. @returns {ChatLine[]} */
    chatLines() {
      return [...state.chat.maze, ...state.chat.world].sort((a, b) => compareIds(a.id, b.id));
    },
    /** The own row in the list of players, once seated. @returns {PlayerRow | undefined} */
    ownRow() {
      return state.players.find((row) => row.id === state.you);
    },
  });
}

/** @typedef {ReturnType<typeof createState>} State */

/** @param {any} state */
function forgetMaze(state) {
  state.mirror = createMirror(state.prediction.steer);
  state.skips.begin();
  state.players = [];
  state.spectators = 0;
  state.chat.maze = [];
  state.olderSince = 0;
  state.changed.players += 1;
  state.changed.chat += 1;
}

/** @param {any} state @param {any} message */
function receive(state, message) {
  switch (message.type) {
    case "welcome":
      if (state.you !== "" && state.you !== message.you) forgetMaze(state);
      state.you = message.you;
      state.skips.begin();
      break;
    case "joined":
      if (state.maze !== message.maze) {
        state.maze = message.maze;
        forgetMaze(state);
      }
      state.spectating = message.spectating;
      state.seat = message.seat ?? null;
      state.prediction.sit(state.seat, message.input + INPUT_MARGIN);
      if (state.seat !== null) state.over = null;
      break;
    case "players":
      if (message.maze !== state.maze) return;
      state.players = message.players;
      state.spectators = message.spectators;
      state.changed.players += 1;
      break;
    case "over":
      state.over = { points: message.points, level: message.level };
      state.seat = null;
      state.prediction.sit(null, 0);
      break;
    case "chat":
      addLines(state, message.channel, message.lines);
      return;
    case "board":
      state.boards = { ...state.boards, [message.of]: { day: message.day ?? "", rows: message.rows } };
      state.changed.boards += 1;
      return;
    case "reported":
      state.reported += 1;
      return;
    case "error":
      state.refusal = { code: message.code, message: message.message, serial: (state.refusal?.serial ?? 0) + 1 };
      break;
    default:
      return;
  }
  state.changed.status += 1;
}

/** @param {any} state @param {Channel} channel @param {ChatLine[]} lines */
function addLines(state, channel, lines) {
  if (channel !== "maze" && channel !== "world") return;
  const known = new Set(state.chat[channel].map((/** @type {ChatLine} */ line) => line.id));
  const fresh = lines.filter((line) => !known.has(line.id));
  if (fresh.length === 0) return;
  const all = [...state.chat[channel], ...fresh].sort((a, b) => compareIds(a.id, b.id));
  state.chat[channel] = all.slice(-CHAT_LINES_MAX);
  state.changed.chat += 1;
}

/**
 * Compares two ids of chat lines: milliseconds, then the counter.
 * @param {string} a
 * @param {string} b
 * @returns {number}
 */
export function compareIds(a, b) {
  const [aTime, aCount] = a.split("-").map(Number);
  const [bTime, bCount] = b.split("-").map(Number);
  return aTime - bTime || (aCount ?? 0) - (bCount ?? 0);
}

/**
 * Takes a frame; tells whether it moved the maze forward.
 * @param {any} state
 * @param {Uint8Array | import("./wire.js").Frame} bytes
 * @param {number} now
 * @returns {boolean}
 */
function frame(state, bytes, now) {
  state.frameTimes.push(now);
  state.frameAt = now;
  state.skips.frame(bytes instanceof Uint8Array ? headOf(bytes) : bytes, now);
  if (state.mirror.receive(bytes)) {
    state.olderSince = 0;
    if (state.seat !== null) state.prediction.acknowledge(state.mirror.tick, state.mirror.numbers[state.seat], now);
    return true;
  }
  if (state.olderSince === 0) state.olderSince = now;
  if (now - state.olderSince < OLDER_FOR_MS) return false;
  state.olderSince = 0;
  state.mirror = createMirror(state.prediction.steer);
  return state.mirror.receive(bytes);
}
