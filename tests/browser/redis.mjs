/** A Redis of a test's own, on a free port of loopback, that keeps nothing. */

import { spawn } from "node:child_process";
import net from "node:net";
import { DEADLINE_MS } from "./browser.mjs";

/** Starts `redis-server`; resolves once it takes connections. */
export async function startRedis() {
  const port = await freePort();
  const child = spawn(process.env.WAKA_TEST_REDIS_SERVER ?? "redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], { stdio: "ignore" });
  const exited = new Promise((resolve) => {
    child.once("exit", resolve);
  });
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await answers(port))) if (Date.now() > deadline) throw new Error("redis-server does not answer");
  return {
    url: `redis://127.0.0.1:${port}/`,
    async stop() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = net.createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const answers = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    const end = (is) => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", () => end(true)).once("error", () => setTimeout(end, 50, false));
  });
