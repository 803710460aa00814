// @ts-check
/**
 * The language of Waka as a browser speaks it: constants, the messages to the server, and binary frames into plain objects.
 *
 * PROTOCOL.md says the same in words, src/wire in Rust; tests/golden holds all three together. A frame decodes to exactly the object that
 * `?frames=json` sends. Nothing here knows a rule of the game or touches the page.
 */

export const PROTOCOL_VERSION = 1;
export const CLIENT_MESSAGE_BYTES_MAX = 2048;
export const NAME_CHARS_MAX = 16;
export const CHAT_CHARS_MAX = 200;
export const CHAT_HISTORY_LINES = 50;
export const COLOURS = 16;
export const SYMBOLS = 16;
/** Quick phrases, from 1. */
export const PHRASES = 6;
export const MAZE_ID_BYTES_MAX = 24;
/** Ticks of 1/60 s between two frames at most. */
export const BEAT_TICKS = 6;
export const SEATS = 16;
export const GHOSTS_MIN = 4;
export const GHOSTS_MAX = 8;
export const PELLETS = 244;
export const PELLETS_IN_QUARTER = 61;

export const DIRECTIONS = /** @type {const} */ (["up", "left", "down", "right"]);
export const PHASES = /** @type {const} */ (["play", "ready", "eaten", "dying", "cleared", "paused", "empty"]);
export const MOODS = /** @type {const} */ (["normal", "frightened", "eyes"]);
export const PLACES = /** @type {const} */ (["outside", "waiting", "leaving", "entering"]);
export const EVENT_KINDS = /** @type {const} */ ([
  "ghost_eaten", "rival_eaten", "caught", "fruit_eaten", "energizer_eaten", "bumped", "extra_life", "sheet_cleared", "level_up",
  "fruit_appeared", "spawned", "run_over",
]);
/** Events of a frame at most, and how many ticks long each is repeated. */
export const EVENTS_MAX = 7;
export const EVENT_TICKS = 15;
export const EVENT_POINTS = [0, 10, 50, 100, 200, 300, 400, 500, 700, 800, 1000, 1600, 2000, 3000, 3200, 5000];

/** Why the server closes a socket, and what to do then: reconnect, reload the page once, forget the token, or stop. */
export const CLOSES = Object.freeze({
  4000: { name: "draining", then: "reconnect" },
  4001: { name: "wrong_version", then: "reload" },
  4002: { name: "bad_message", then: "stop" },
  4003: { name: "binary_message", then: "stop" },
  4004: { name: "too_large", then: "stop" },
  4005: { name: "too_fast", then: "reconnect" },
  4006: { name: "no_hello", then: "stop" },
  4007: { name: "bad_token", then: "forget" },
  4008: { name: "too_slow", then: "reconnect" },
  4009: { name: "replaced", then: "stop" },
  4010: { name: "internal", then: "reconnect" },
});

/** What can be refused while the connection goes on: the codes of `error` messages. */
export const REFUSALS = [
  "bad_name", "bad_colour", "bad_symbol", "bad_chat", "chat_too_fast", "not_joined", "maze_full", "join_too_fast", "boards_too_fast",
  "reports_too_fast", "no_such_player", "unavailable",
];

/**
 * What to do after a socket has closed; an unknown code is a lost connection.
 * @param {number} code
 * @returns {string}
 */
export function afterClose(code) {
  return CLOSES[/** @type {keyof CLOSES} */ (code)]?.then ?? "reconnect";
}

/** @typedef {"up" | "left" | "down" | "right"} Direction */
/** @typedef {{x: number, y: number, direction: Direction, wish: Direction, state: string, ticks: number}} Pac */
/** @typedef {Pac & {seat: number, number: number}} FramePac */
/**
 * @typedef {object} Ghost
 * @property {number} x
 * @property {number} y
 * @property {Direction} direction
 * @property {"normal" | "frightened" | "eyes"} mood
 * @property {"outside" | "waiting" | "leaving" | "entering"} place
 * @property {Direction} exit the way he leaves his tile
 * @property {Direction} next_exit the way he leaves the tile after that
 * @property {boolean} reversal_pending
 */
/** @typedef {{kind: string, who: number, whom: number, age: number, points: number}} FrameEvent */
/** @typedef {{quarter: number, left: string}} Quarter */
/** @typedef {{seat: number, points: number, lives: number}} SeatScore */
/**
 * @typedef {object} Clocks
 * @property {number} level
 * @property {number} sheets_done
 * @property {number} sheets_needed
 * @property {number} phase_ticks_left
 * @property {number} lock_ticks_left
 * @property {number} fruit_ticks_left
 * @property {number | null} power_owner
 * @property {number} chain
 */
/**
 * @typedef {object} Frame
 * @property {"frame"} type
 * @property {number} epoch
 * @property {number} tick
 * @property {boolean} carried
 * @property {number} roster_version
 * @property {string} phase
 * @property {number} speed_row
 * @property {number} elroy
 * @property {number} power_ticks_left
 * @property {boolean} dormant
 * @property {boolean} fruit
 * @property {FramePac[]} pacs
 * @property {Ghost[]} ghosts
 * @property {FrameEvent[]} events newest first
 * @property {Quarter[]} pellets
 * @property {SeatScore[]} scores
 * @property {Clocks} [clocks]
 */

// ---- messages to the server: each is the text to send ----

/** @param {{token?: string, seen?: string, bot?: boolean}} [resume] @returns {string} */
export const hello = (resume = {}) => JSON.stringify({ type: "hello", version: PROTOCOL_VERSION, ...resume });

/** @param {{name: string, maze?: string, colour?: number, symbol?: number}} wishes @returns {string} */
export const join = (wishes) => JSON.stringify({ type: "join", ...wishes });

/** @param {{maze?: string, next?: boolean}} [wishes] @returns {string} */
export const watch = (wishes = {}) => JSON.stringify({ type: "watch", ...wishes });

/** @param {number} n @param {Direction} dir @returns {string} */
export const input = (n, dir) => JSON.stringify({ type: "input", n, dir });

/** @typedef {{ text: string } | { phrase: number }} Words what a line says */
/** @param {"maze" | "world"} channel @param {Words} words @returns {string} */
export const chat = (channel, words) => JSON.stringify({ type: "chat", channel, ...words });

/** @param {boolean} isAway @returns {string} */
export const away = (isAway) => JSON.stringify({ type: "away", away: isAway });

/** @returns {string} */
export const refresh = () => JSON.stringify({ type: "refresh" });

/** @param {number} n @returns {string} */
export const ping = (n) => JSON.stringify({ type: "ping", n });

/** @returns {string} */
export const leave = () => JSON.stringify({ type: "leave" });

/** @param {"maze" | "world" | "today" | "all"} of @returns {string} */
export const board = (of) => JSON.stringify({ type: "board", of });

/** @param {string} player @param {"chat" | "name" | "play"} [reason] @returns {string} */
export const report = (player, reason) => JSON.stringify({ type: "report", player, reason });

// ---- what people write ----

/**
 * A name as the server will show it, or null if it will refuse it; asking here first is a courtesy to who types.
 * @param {string} text
 * @returns {string | null}
 */
export const tidyName = (text) => tidy(text, NAME_CHARS_MAX);

/** @param {string} text @returns {string | null} as `tidyName`, for a chat line */
export const tidyChat = (text) => tidy(text, CHAT_CHARS_MAX);

/** Unicode's White_Space at either end; `trim()` would also take U+FEFF, which the server refuses. */
const EDGES = /^\p{White_Space}+|\p{White_Space}+$/gu;
/** Control, format, separators, private, surrogate, unassigned, and letters that look like nothing. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}\u115F\u1160\u2800\u3164\uFFA0]/u;
const SEEN = /[^\p{Zs}\p{M}]/u;

/** @param {string} text @param {number} charsMax @returns {string | null} */
function tidy(text, charsMax) {
  const tidied = text.replace(EDGES, "");
  const fits = [...tidied].length <= charsMax;
  return fits && !FORBIDDEN.test(tidied) && SEEN.test(tidied) ? tidied : null;
}

// ---- frames ----

const HEAD = 0x11;
const HEAD_CARRIED = 0x21;
const HEIGHT_PX = 248;

/**
 * Where a frame is in its maze, and whether a gateway put it together, without reading the rest.
 * @param {Uint8Array} bytes
 * @returns {{ epoch: number, tick: number, carried: boolean }}
 */
export function headOf(bytes) {
  const bits = createBitReader(bytes);
  const carried = bits.take(8) === HEAD_CARRIED;
  return { epoch: bits.take(32), tick: bits.take(32), carried };
}

/**
 * A binary frame as an object; throws a `RangeError` when it is none.
 * @param {Uint8Array} bytes
 * @returns {Frame}
 */
export function decodeFrame(bytes) {
  const bits = createBitReader(bytes);
  const head = bits.take(8);
  expect(head === HEAD || head === HEAD_CARRIED, "format");
  const epoch = bits.take(32);
  const tick = bits.take(32);
  const seats = bits.take(16);
  const roster_version = bits.take(4);
  const phase = pick(PHASES, bits.take(3), "phase");
  const speed_row = bits.take(2);
  const elroy = bits.take(2);
  const ghostCount = GHOSTS_MIN + bits.take(3);
  const power_ticks_left = bits.take(9);
  const dormant = bits.take(1) === 1;
  const fruit = bits.take(1) === 1;
  const eventCount = bits.take(3);
  expect(elroy <= 2, "elroy");
  expect(ghostCount <= GHOSTS_MAX, "number of ghosts");

  /** @type {FramePac[]} */
  const pacs = [];
  for (let seat = 0; seat < SEATS; seat += 1) {
    if ((seats >> seat) & 1) pacs.push(takePac(bits, seat));
  }
  const ghosts = Array.from({ length: ghostCount }, () => takeGhost(bits));
  const events = Array.from({ length: eventCount }, () => takeEvent(bits));
  bits.pad();
  return {
    type: "frame", epoch, tick, carried: head === HEAD_CARRIED, roster_version, phase, speed_row, elroy, power_ticks_left, dormant, fruit,
    pacs, ghosts, events, ...takeSections(bits),
  };
}

/** @param {BitReader} bits @param {number} seat @returns {FramePac} */
function takePac(bits, seat) {
  const [x, y] = takePoint(bits);
  const direction = DIRECTIONS[bits.take(2)];
  const wish = DIRECTIONS[bits.take(2)];
  const [state, ticks] = conditionOf(bits.take(6));
  return { seat, x, y, direction, wish, state, ticks, number: bits.take(3) };
}

/** @param {number} code six bits @returns {[string, number]} */
function conditionOf(code) {
  if (code < 12) return [["alive", "powered", "shielded"][code >> 2], code & 3];
  if (code < 15) return [["ready", "dead", "parked"][code - 12], 0];
  if (code >= 17 && code <= 30) return ["bumped", code - 16];
  expect(code >= 33 && code <= 40, "condition");
  return ["powered_bumped", code - 32];
}

/** @param {BitReader} bits @returns {Ghost} */
function takeGhost(bits) {
  const [x, y] = takePoint(bits);
  const direction = DIRECTIONS[bits.take(2)];
  const way = bits.take(2);
  const next_exit = DIRECTIONS[bits.take(2)];
  const mood = pick(MOODS, bits.take(2), "mood");
  const reversal_pending = bits.take(1) === 1;
  const inside = inHouse(x, y);
  expect(!inside || way > 0, "place");
  return { x, y, direction, mood, place: PLACES[inside ? way : 0], exit: inside ? "up" : DIRECTIONS[way], next_exit, reversal_pending };
}

/**
 * Whether a ghost at this point is in the house or its door.
 * @param {number} x
 * @param {number} y
 * @returns {boolean}
 */
export function inHouse(x, y) {
  return x >= 104 && x <= 151 && y > 91 && y <= 127;
}

/** @param {BitReader} bits @returns {FrameEvent} */
function takeEvent(bits) {
  const kind = pick(EVENT_KINDS, bits.take(4), "event kind");
  return { kind, who: bits.take(4), whom: bits.take(4), age: bits.take(4), points: EVENT_POINTS[bits.take(4)] };
}

/** @param {BitReader} bits @returns {[number, number]} */
function takePoint(bits) {
  const x = bits.take(8);
  const y = bits.take(8);
  expect(y < HEIGHT_PX, "y");
  return [x, y];
}

/** @param {BitReader} bits @returns {{pellets: Quarter[], scores: SeatScore[], clocks?: Clocks}} */
function takeSections(bits) {
  /** @type {Quarter[]} */
  const pellets = [];
  /** @type {SeatScore[]} */
  const scores = [];
  /** @type {Clocks | undefined} */
  let clocks;
  for (let last = -1; bits.more(); ) {
    const tag = bits.take(3);
    const pair = tag === 4 ? bits.take(3) : 0;
    const index = tag < 4 ? tag : tag === 4 ? 4 + pair : 12;
    expect(tag <= 5, "section tag");
    expect(index > last, "order of sections");
    last = index;
    if (tag < 4) pellets.push({ quarter: tag, left: takeQuarter(bits) });
    else if (tag === 4) scores.push(takeScore(bits, 2 * pair), takeScore(bits, 2 * pair + 1));
    else clocks = takeClocks(bits);
    bits.pad();
  }
  return clocks ? { pellets, scores, clocks } : { pellets, scores };
}

/** @param {BitReader} bits @returns {string} a character for each pellet; the first pellet is the last bit */
function takeQuarter(bits) {
  let left = "";
  for (let pellet = 0; pellet < PELLETS_IN_QUARTER; pellet += 1) left = bits.take(1) + left;
  return left;
}

/** @param {BitReader} bits @param {number} seat @returns {SeatScore} */
function takeScore(bits, seat) {
  return { seat, points: bits.take(21) * 10, lives: bits.take(3) };
}

/** @param {BitReader} bits @returns {Clocks} */
function takeClocks(bits) {
  const level = bits.take(16);
  const sheets_done = bits.take(3);
  const sheets_needed = bits.take(3);
  const phase_ticks_left = bits.take(10);
  const lock_ticks_left = bits.take(10);
  const fruit_ticks_left = bits.take(10);
  const owned = bits.take(1) === 1;
  const owner = bits.take(4);
  const chain = bits.take(3);
  expect(owned || owner === 0, "power owner");
  expect(chain <= 4, "chain");
  return {
    level, sheets_done, sheets_needed, phase_ticks_left, lock_ticks_left, fruit_ticks_left, power_owner: owned ? owner : null, chain,
  };
}

/** @typedef {ReturnType<typeof createBitReader>} BitReader */

/**
 * Reads bits from the most significant down.
 * @param {Uint8Array} bytes
 */
function createBitReader(bytes) {
  let at = 0;
  return {
    /** @param {number} count up to 32 @returns {number} */
    take(count) {
      expect(at + count <= bytes.length * 8, "length");
      let value = 0;
      for (const end = at + count; at < end; at += 1) value = value * 2 + ((bytes[at >> 3] >> (7 - (at & 7))) & 1);
      return value;
    },
    /** Skips to the next whole byte; what is skipped must be zero. */
    pad() {
      while (at & 7) expect(this.take(1) === 0, "padding");
    },
    /** @returns {boolean} */
    more: () => at < bytes.length * 8,
  };
}

/**
 * @template T
 * @param {readonly T[]} names @param {number} index @param {string} what
 * @returns {T}
 */
function pick(names, index, what) {
  expect(index < names.length, what);
  return names[index];
}

/** @param {boolean} holds @param {string} what @returns {asserts holds} */
function expect(holds, what) {
  if (!holds) throw new RangeError(`a frame with an invalid ${what}`);
}
