/**
 * A bad line before a server: every piece of the stream is late by the same time, and some hold up all that follow, as a lost packet does.
 */

import net from "node:net";

/** What a lost packet costs: about the time after which TCP sends it again. */
const STALL_MS = 250;

/** Starts a line to a port of loopback. Its delay can be changed while it runs; `silence(true)` lets nothing through any more, either way. */
export async function startLine(port, { oneWayMs = 0, stallChance = 0, random = Math.random } = {}) {
  const sockets = new Set();
  const state = { oneWayMs, silent: false };
  const carry = (from, to) => {
    /** In their order, whatever order timers fire in. */
    const pieces = [];
    const pump = () => {
      while (pieces.length > 0 && pieces[0].at <= performance.now() + 0.5) {
        const { piece } = pieces.shift();
        if (!to.destroyed && !state.silent) to.write(piece);
      }
      if (pieces.length > 0) setTimeout(pump, pieces[0].at - performance.now());
    };
    let freeAt = 0;
    from.on("data", (piece) => {
      if (state.silent) return;
      const now = performance.now();
      freeAt = Math.max(freeAt, now + state.oneWayMs + (random() < stallChance ? STALL_MS : 0));
      pieces.push({ at: freeAt, piece });
      if (pieces.length === 1) setTimeout(pump, freeAt - now);
    });
  };
  const line = net.createServer((near) => {
    const far = net.connect(port, "127.0.0.1");
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        if (!state.silent) setTimeout(() => [near, far].forEach((each) => each.destroy()), state.oneWayMs);
      });
    }
    carry(near, far);
    carry(far, near);
  });
  await new Promise((resolve) => {
    line.listen(0, "127.0.0.1", resolve);
  });
  return {
    origin: `http://127.0.0.1:${line.address().port}`,
    /** @param {number} ms */
    set oneWayMs(ms) {
      state.oneWayMs = ms;
    },
    /** Connections made before stay silent for ever when it ends, as after a change of networks. */
    silence(on) {
      if (on) for (const socket of sockets) socket.removeAllListeners("data").on("data", () => undefined);
      state.silent = on;
    },
    close: () => new Promise((resolve) => {
      line.close(resolve);
      for (const socket of sockets) socket.destroy();
    }),
  };
}
