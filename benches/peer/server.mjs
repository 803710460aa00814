/**
 * Rooms of ten pacs and four ghosts on Colyseus, as its manual has one write them: a schema that is patched to everybody twenty times a second, its default,
 * and a simulation of sixty steps.
 *
 * The simulation is only what moves: no walls, no dots, no rules, no memory of a room elsewhere. So it costs less than a game would.
 *
 *     node server.mjs PORT
 */

import { Room, Server } from "@colyseus/core";
import { schema, t } from "@colyseus/schema";
import { WebSocketTransport } from "@colyseus/ws-transport";

const PLAYERS_MAX = 10;
const GHOSTS = 4;
const GHOST_TURNS_EVERY_TICKS = 40;
const PATCH_MS = 50;
const TICK_MS = 1000 / 60;
const WIDE = 28 * 16;
const HIGH = 31 * 16;
const STEPS = [[0, -1], [-1, 0], [0, 1], [1, 0]];

const Actor = schema({ x: t.uint16(), y: t.uint16(), direction: t.uint8(), score: t.uint32(), dead: t.boolean() }, "Actor");
const Maze = schema({ players: t.map(Actor), ghosts: t.array(Actor), pelletsLeft: t.uint16() }, "Maze");

function actor() {
  const made = new Actor();
  Object.assign(made, { x: below(WIDE), y: below(HIGH), direction: below(STEPS.length), score: 0, dead: false });
  return made;
}

function below(n) {
  return Math.floor(Math.random() * n);
}

function go(who) {
  const [dx, dy] = STEPS[who.direction];
  if (dx !== 0) who.x = (who.x + dx + WIDE) % WIDE;
  else who.y = (who.y + dy + HIGH) % HIGH;
}

class Chase extends Room {
  maxClients = PLAYERS_MAX;
  patchRate = PATCH_MS;

  onCreate() {
    this.state = new Maze();
    for (let i = 0; i < GHOSTS; i += 1) this.state.ghosts.push(actor());
    let tick = 0;
    this.onMessage("turn", (client, direction) => {
      const who = this.state.players.get(client.sessionId);
      if (who && direction in STEPS) who.direction = direction;
    });
    this.setSimulationInterval(() => {
      tick += 1;
      this.state.players.forEach(go);
      for (const ghost of this.state.ghosts) {
        if (tick % GHOST_TURNS_EVERY_TICKS === 0) ghost.direction = below(STEPS.length);
        go(ghost);
      }
    }, TICK_MS);
  }

  onJoin(client) {
    this.state.players.set(client.sessionId, actor());
  }

  onLeave(client) {
    this.state.players.delete(client.sessionId);
  }
}

const server = new Server({ greet: false, transport: new WebSocketTransport({}) });
server.define("chase", Chase);
await server.listen(Number(process.argv[2]));
console.log("ready");
