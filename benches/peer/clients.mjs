/**
 * Metronomes for `server.mjs`: each turns some other way about twice a second. The first of each room decodes what it is told and sees when the others' keys are
 * obeyed; the rest count bytes, so that one core carries thousands. Writes what it measured as JSON.
 *
 *     node clients.mjs PORT PLAYERS SECONDS SERVER_PID
 */

import { readFileSync } from "node:fs";
import { setTimeout as after } from "node:timers/promises";
import { Client } from "@colyseus/sdk";

const PER_ROOM = 10;
const DIRECTIONS = 4;
const PRESS_MS = 400;
const PRESS_JITTER_MS = 200;
const SETTLE_MS = 3000;
/** Of the clock that /proc counts in, on Linux. */
const TICKS_PER_SECOND = 100;
/** A frame of so many bytes has two more of header, a longer one four. */
const SMALL_FRAME_BYTES = 126;

const [port, players, seconds, serverPid] = process.argv.slice(2).map(Number);
const client = new Client(`ws://127.0.0.1:${port}`);
const people = [];
/** The presses of each room that nobody has seen obeyed. */
const rooms = new Map();
const seen = { delays: [], bytes: 0, frames: 0, measuring: false };

async function sit(n) {
  const room = await client.joinOrCreate("chase");
  await new Promise((resolve) => room.onStateChange.once(resolve));
  if (!rooms.has(room.roomId)) rooms.set(room.roomId, new Map());
  const waiting = rooms.get(room.roomId);
  const watches = n % PER_ROOM === 0;
  const { events } = room.connection.transport;
  const decode = events.onmessage;
  events.onmessage = (message) => {
    if (seen.measuring) {
      seen.frames += 1;
      seen.bytes += message.data.byteLength + (message.data.byteLength < SMALL_FRAME_BYTES ? 2 : 4);
    }
    if (watches) decode(message);
  };
  if (watches) {
    room.onStateChange((state) => {
      for (const [id, { direction, at }] of waiting) {
        if (state.players.get(id)?.direction !== direction) continue;
        if (seen.measuring) seen.delays.push(performance.now() - at);
        waiting.delete(id);
      }
    });
  }
  people.push({ room, waiting, watches, direction: 0 });
}

function press(person) {
  person.direction = (person.direction + 1 + Math.floor(Math.random() * (DIRECTIONS - 1))) % DIRECTIONS;
  person.room.send("turn", person.direction);
  if (!person.watches) person.waiting.set(person.room.sessionId, { direction: person.direction, at: performance.now() });
  setTimeout(press, PRESS_MS + Math.random() * PRESS_JITTER_MS, person);
}

/** Seconds of processor time that the server has taken. */
function taken() {
  const fields = readFileSync(`/proc/${serverPid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

for (let n = 0; n < players; n += 1) await sit(n);
for (const person of people) setTimeout(press, Math.random() * PRESS_MS, person);
await after(SETTLE_MS);
seen.measuring = true;
const [began, takenBefore, own] = [performance.now(), taken(), process.cpuUsage()];
await after(seconds * 1000);
const lasted = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(own);
const delays = seen.delays.sort((a, b) => a - b);
const part = (share) => delays[Math.floor(delays.length * share)];
const memory = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${serverPid}/status`, "utf8"));
console.log(JSON.stringify({
  serverCpu: (taken() - takenBefore) / lasted,
  serverMiB: Number(memory[1]) / 1024,
  clientsCpu: (user + system) / 1e6 / lasted,
  p50: part(0.5),
  p99: part(0.99),
  keys: delays.length,
  bytesDown: seen.bytes / players / lasted,
  framesPerSecond: seen.frames / players / lasted,
}));
process.exit(0);
