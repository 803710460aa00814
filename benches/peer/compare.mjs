/**
 * Waka and `server.mjs` under the same load, one after the other in rounds, since a machine is faster at one moment than at the next. Each server has core 0,
 * who plays on it has core 1.
 *
 *     npm install && node compare.mjs [PLAYERS [SECONDS [ROUNDS [OPTIONS OF WAKA...]]]]
 *
 * It needs Linux (taskset, /proc), `cargo build --release` done, and for thousands `ulimit -n 20000`.
 */

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const WAKA = path.join(HERE, "../../target/release/waka");
/** For a server to open, and for who plays to end beyond the time that is measured. */
const OPEN_MS = 20000;
const PLAY_SPARE_MS = 120000;

const [players = "1000", seconds = "12", rounds = "2", ...options] = process.argv.slice(2);

function freePort() {
  return new Promise((resolve) => {
    const holder = createServer();
    holder.listen(0, "127.0.0.1", () => {
      const { port } = holder.address();
      holder.close(() => resolve(String(port)));
    });
  });
}

function run(core, command, ...args) {
  return spawn("taskset", ["-c", core, command, ...args], { stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, NODE_ENV: "production" } });
}

/** What it prints until it ends. */
async function ended(child, withinMs) {
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  const deadline = setTimeout(() => child.kill(), withinMs);
  const code = await new Promise((resolve) => child.on("exit", resolve));
  clearTimeout(deadline);
  if (code !== 0) throw new Error(`ended with ${code}: ${text}`);
  return text;
}

async function open(port) {
  const deadline = Date.now() + OPEN_MS;
  while (Date.now() < deadline) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`nothing listens at ${port}`);
}

/** Starts a server, lets `play` play on it, and ends it. */
async function on(command, args, port, play) {
  const server = run("0", command, ...args);
  server.stdout.resume();
  try {
    await open(port);
    return await play(server.pid);
  } finally {
    const gone = new Promise((resolve) => server.on("exit", resolve));
    server.kill();
    await gone;
  }
}

async function peer() {
  const port = await freePort();
  return on(process.execPath, [path.join(HERE, "server.mjs"), port], port, async (pid) => {
    const clients = run("1", process.execPath, path.join(HERE, "clients.mjs"), port, players, seconds, String(pid));
    return JSON.parse(await ended(clients, Number(seconds) * 1000 + PLAY_SPARE_MS));
  });
}

async function waka() {
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), "waka-compare-"));
  const file = path.join(folder, "report.json");
  const args = ["swarm", "--url", `ws://127.0.0.1:${port}/ws`, "--players", players, "--seconds", seconds, "--json", file];
  try {
    return await on(WAKA, ["--listen", `127.0.0.1:${port}`, ...options], port, async (pid) => {
      await ended(run("1", WAKA, ...args, "--server-pid", String(pid)), Number(seconds) * 1000 + PLAY_SPARE_MS);
      const told = JSON.parse(readFileSync(file, "utf8"));
      return {
        serverCpu: told.server.cpu_percent / 100,
        serverMiB: told.server.memory_bytes_at_last / 2 ** 20,
        clientsCpu: told.swarm.cpu_s / told.held_s,
        p50: told.latency_ms.p50,
        p99: told.latency_ms.p99,
        keys: told.latency_ms.count,
        bytesDown: told.bytes_down_per_player_s,
        framesPerSecond: told.frames_per_player_s,
      };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

console.log(`${players} metronomes, ${seconds} s, waka ${options.join(" ")}`);
console.log("| | server, % of a core | MiB | key to another's frame, p50, p99 | bytes down | frames a second | players, % of a core |");
console.log("|---|---|---|---|---|---|---|");
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [name, measure] of [["colyseus", peer], ["waka", waka]]) {
    const { serverCpu, serverMiB, clientsCpu, p50, p99, bytesDown, framesPerSecond } = await measure();
    const columns = [name, (100 * serverCpu).toFixed(1), serverMiB.toFixed(0), `${p50.toFixed(1)} ms, ${p99.toFixed(1)} ms`, bytesDown.toFixed(0), framesPerSecond.toFixed(1), (100 * clientsCpu).toFixed(0)];
    console.log(`| ${columns.join(" | ")} |`);
  }
}
