/**
 * A server made of scenes: answers the page's socket inside the browser test and encodes frames from plain objects, so that any state of a maze
 * can be put before the page, also those that a real game reaches seldom.
 *
 * It knows no rule: it shows what it is told. Tests that need the game itself start the real binary (`server.mjs`).
 */

import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { DIRECTIONS, EVENT_KINDS, EVENT_POINTS, MOODS, PELLETS_IN_QUARTER, PHASES, PLACES, inHouse } from "../../static/wire.js";

const STATIC = fileURLToPath(new URL("../../static/", import.meta.url));
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json" };
export const STAGE_URL = "http://waka.test/";
export const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

/**
 * Puts the page's files and a socket before a browser page. `onMessage` hears what the page says and gets `send` to answer.
 */
export async function setStage(page, onMessage) {
  const sockets = [];
  await page.route(`${STAGE_URL}**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const file = pathname === "/" ? "index.html" : pathname.slice(1);
    const body = await readFile(path.join(STATIC, file)).catch(() => null);
    if (body === null) return route.fulfill({ status: 404 });
    return route.fulfill({ body, contentType: TYPES[path.extname(file)], headers: { "content-security-policy": POLICY } });
  });
  await page.routeWebSocket(/\/ws$/, (socket) => {
    sockets.push(socket);
    const send = (message) => socket.send(message instanceof Uint8Array ? Buffer.from(message) : JSON.stringify(message));
    socket.onMessage((text) => onMessage(JSON.parse(text), send));
  });
  return sockets;
}

/** A frame's bytes: the counterpart of `decodeFrame`. */
export function encodeFrame(frame) {
  const bits = [];
  const put = (value, count) => {
    for (let bit = count - 1; bit >= 0; bit -= 1) bits.push(Math.floor(value / 2 ** bit) % 2);
  };
  const pad = () => {
    while (bits.length % 8 !== 0) bits.push(0);
  };
  put(0x11, 8);
  put(frame.epoch, 32);
  put(frame.tick, 32);
  put(frame.pacs.reduce((mask, pac) => mask | (1 << pac.seat), 0) >>> 0, 16);
  put(frame.roster_version, 4);
  put(PHASES.indexOf(frame.phase), 3);
  put(frame.speed_row, 2);
  put(frame.elroy, 2);
  put(frame.ghosts.length - 4, 3);
  put(frame.power_ticks_left, 9);
  put(frame.dormant ? 1 : 0, 1);
  put(frame.fruit ? 1 : 0, 1);
  put(frame.events.length, 3);
  for (const pac of [...frame.pacs].sort((a, b) => a.seat - b.seat)) putPac(put, pac);
  for (const ghost of frame.ghosts) putGhost(put, ghost);
  for (const event of frame.events) {
    put(EVENT_KINDS.indexOf(event.kind), 4);
    put(event.who, 4);
    put(event.whom, 4);
    put(event.age, 4);
    put(EVENT_POINTS.indexOf(event.points), 4);
  }
  pad();
  for (let quarter = 0; quarter < 4; quarter += 1) {
    put(quarter, 3);
    for (let i = PELLETS_IN_QUARTER - 1; i >= 0; i -= 1) put(frame.pellets[quarter * PELLETS_IN_QUARTER + i] ? 1 : 0, 1);
  }
  for (let pair = 0; pair < 8; pair += 1) {
    put(4, 3);
    put(pair, 3);
    for (const seat of [2 * pair, 2 * pair + 1]) {
      put((frame.scores[seat]?.points ?? 0) / 10, 21);
      put(frame.scores[seat]?.lives ?? 0, 3);
    }
    pad();
  }
  const { clocks } = frame;
  put(5, 3);
  for (const [value, count] of [[clocks.level, 16], [clocks.sheets_done, 3], [clocks.sheets_needed, 3], [clocks.phase_ticks_left, 10]]) put(value, count);
  for (const [value, count] of [[clocks.lock_ticks_left, 10], [clocks.fruit_ticks_left, 10], [0, 1], [0, 4], [0, 3]]) put(value, count);
  pad();
  const bytes = new Uint8Array(bits.length / 8);
  for (let i = 0; i < bits.length; i += 1) bytes[i >> 3] |= bits[i] << (7 - (i & 7));
  return bytes;
}

const CONDITIONS = { alive: 0, powered: 4, shielded: 8, ready: 12, dead: 13, parked: 14, bumped: 16, powered_bumped: 32 };

function putPac(put, pac) {
  put(pac.x, 8);
  put(pac.y, 8);
  put(DIRECTIONS.indexOf(pac.direction), 2);
  put(DIRECTIONS.indexOf(pac.wish ?? pac.direction), 2);
  put(CONDITIONS[pac.state] + (pac.ticks ?? 0), 6);
  put(pac.number ?? 0, 3);
}

function putGhost(put, ghost) {
  put(ghost.x, 8);
  put(ghost.y, 8);
  put(DIRECTIONS.indexOf(ghost.direction), 2);
  put(inHouse(ghost.x, ghost.y) ? PLACES.indexOf(ghost.place ?? "waiting") : DIRECTIONS.indexOf(ghost.exit ?? ghost.direction), 2);
  put(DIRECTIONS.indexOf(ghost.next_exit ?? ghost.direction), 2);
  put(MOODS.indexOf(ghost.mood ?? "normal"), 2);
  put(0, 1);
}

/** The plane's point of a playfield tile's centre. */
export const at = (column, row) => ({ x: 16 + Math.round(8 * column) + 3, y: 8 * row + 3 });

/** A quiet scene of one tick, to be changed by the caller. */
export function scene(changes) {
  return {
    epoch: 5000,
    tick: 100,
    roster_version: 0,
    phase: "play",
    speed_row: 0,
    elroy: 0,
    power_ticks_left: 0,
    dormant: false,
    fruit: false,
    pacs: [],
    ghosts: [
      { ...at(13.5, 11), direction: "left" },
      { ...at(13.5, 14), direction: "up", place: "waiting" },
      { ...at(11.5, 14), direction: "up", place: "waiting" },
      { ...at(15.5, 14), direction: "up", place: "waiting" },
    ],
    events: [],
    pellets: new Uint8Array(244).fill(1),
    scores: [],
    clocks: { level: 1, sheets_done: 0, sheets_needed: 1, phase_ticks_left: 0, lock_ticks_left: 0, fruit_ticks_left: 0 },
    ...changes,
  };
}
