/**
 * A real `waka` process for a test, and a wire to it that can be cut.
 *
 * The binary is WAKA_BIN, else the debug build. It is started on a free port of loopback and known to be up by the line that it prints.
 */

import { spawn } from "node:child_process";
import net from "node:net";
import readline from "node:readline";
import { fileURLToPath } from "node:url";
import { DEADLINE_MS } from "./browser.mjs";

export const BINARY = process.env.WAKA_BIN ?? fileURLToPath(new URL("../../target/debug/waka", import.meta.url));
/** Keeps tokens good across a restart of the process. */
const SECRET = "a secret of the browser tests, long enough to be taken";

/** Starts a server; resolves once it has told its address. */
export async function startServer({ port = 0, args = [] } = {}) {
  const child = spawn(BINARY, ["serve", "--listen", `127.0.0.1:${port}`, "--secret", SECRET, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  const exited = new Promise((resolve) => {
    child.once("exit", resolve);
  });
  const origin = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${BINARY} told no address:\n${said.join("\n")}`)), DEADLINE_MS);
    const listen = (line) => {
      said.push(line);
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (found) {
        clearTimeout(timer);
        resolve(found[0]);
      }
    };
    readline.createInterface({ input: child.stdout }).on("line", listen);
    readline.createInterface({ input: child.stderr }).on("line", listen);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${BINARY} ended with ${code}:\n${said.join("\n")}`)));
  });
  return {
    origin,
    port: Number(new URL(origin).port),
    /** What it has printed so far. */
    said,
    /** Ends it at once, as a crash would. */
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** A relay before a server, so that a test can cut its connections without touching either end. */
export async function startRelay(port) {
  const pairs = new Set();
  const relay = net.createServer((near) => {
    const far = net.connect(port, "127.0.0.1");
    const pair = [near, far];
    pairs.add(pair);
    const end = () => {
      for (const socket of pair) socket.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) socket.on("error", end).on("close", end);
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise((resolve) => {
    relay.listen(0, "127.0.0.1", resolve);
  });
  return {
    origin: `http://127.0.0.1:${relay.address().port}`,
    cut() {
      for (const pair of [...pairs]) for (const socket of pair) socket.destroy();
    },
    close: () => new Promise((resolve) => {
      relay.close(resolve);
      for (const pair of [...pairs]) for (const socket of pair) socket.destroy();
    }),
  };
}
