// @ts-check
/**
 * The life of the WebSocket: hello, join or watch, ping, and coming back by itself with the same identity.
 *
 * It keeps what is wanted (a seat, a look, nothing) and says it again after every welcome, so that a lost connection needs no path of its own. What
 * a close means is the table's of `wire.js`. It draws nothing and knows no game.
 */

import * as wire from "./wire.js";

const PING_EVERY_MS = 5000;
/** Silence after which the socket is given up: frames come every 100 ms in a maze, pongs every 5 s elsewhere. */
const SILENCE_MAX_MS = 12000;
const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 8000;
const TOKEN_KEY = "waka.token";

/**
 * @typedef {{ kind: "none" } | { kind: "play", maze?: string, name: string, colour?: number } | { kind: "watch", maze?: string }} Wanted
 * @typedef {object} Listener
 * @property {(link: "connecting" | "open" | "waiting" | "stopped", closeName: string) => void} link
 * @property {(message: any) => void} message
 * @property {(bytes: Uint8Array) => void} frame
 * @property {(ms: number) => void} ping
 * @property {() => void} forgotten the token was refused: another identity follows
 * @property {() => void} reload the page is too old
 */

/**
 * Milliseconds to wait before the n-th attempt, n from 0, with half of it left to chance.
 * @param {number} attempt
 * @param {number} chance 0 to 1
 * @returns {number}
 */
export function backoffMs(attempt, chance) {
  const whole = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** attempt);
  return Math.max(BACKOFF_FIRST_MS, whole * (0.5 + 0.5 * chance));
}

/** The name of a close code; empty for one that is none of ours. @param {number} code @returns {string} */
function nameOfClose(code) {
  return wire.CLOSES[/** @type {keyof wire.CLOSES} */ (code)]?.name ?? "";
}

/**
 * @param {string} url
 * @param {{ get: (key: string) => string | null, set: (key: string, value: string | null) => void }} storage
 * @param {Listener} on
 */
export function createConnection(url, storage, on) {
  /** @type {WebSocket | null} */
  let socket = null;
  /** @type {Wanted} */
  let wanted = { kind: "none" };
  let welcomed = false;
  let away = false;
  let attempt = 0;
  let retryMs = 0;
  let timer = 0;
  let heardAt = 0;
  let pingNumber = 0;
  let pingSentAt = 0;
  /** @type {string | undefined} */
  let seen;

  function open() {
    window.clearTimeout(timer);
    on.link("connecting", "");
    const fresh = new WebSocket(url);
    socket = fresh;
    welcomed = false;
    retryMs = 0;
    heardAt = performance.now();
    fresh.binaryType = "arraybuffer";
    fresh.onopen = () => {
      const token = storage.get(TOKEN_KEY) ?? undefined;
      send(wire.hello({ token, seen }));
    };
    fresh.onmessage = (event) => {
      if (fresh === socket) hear(event.data);
    };
    fresh.onclose = (event) => {
      if (fresh === socket) closed(event.code);
    };
  }

  /** @param {string} text */
  function send(text) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(text);
  }

  /** @param {string | ArrayBuffer} data */
  function hear(data) {
    heardAt = performance.now();
    if (typeof data !== "string") {
      on.frame(new Uint8Array(data));
      return;
    }
    const message = JSON.parse(data);
    if (message.type === "welcome") {
      welcomed = true;
      attempt = 0;
      storage.set(TOKEN_KEY, message.token);
      on.message(message);
      on.link("open", "");
      sayWanted();
      ping();
      return;
    }
    if (message.type === "joined" && wanted.kind !== "none") wanted = { ...wanted, maze: message.maze };
    if (message.type === "over" && wanted.kind === "play") wanted = { kind: "watch", maze: wanted.maze };
    if (message.type === "pong") {
      if (message.seen !== undefined) seen = message.seen;
      if (message.n === pingNumber) on.ping(performance.now() - pingSentAt);
    }
    if (message.type === "bye") retryMs = message.retry_ms;
    on.message(message);
  }

  function sayWanted() {
    if (wanted.kind === "play") {
      const { maze, name, colour } = wanted;
      send(wire.join({ maze, name, colour }));
    } else if (wanted.kind === "watch") {
      send(wire.watch(wanted.maze));
    }
    if (away && wanted.kind !== "none") send(wire.away(true));
  }

  function ping() {
    pingNumber += 1;
    pingSentAt = performance.now();
    send(wire.ping(pingNumber));
  }

  /** @param {number} code */
  function closed(code) {
    socket = null;
    welcomed = false;
    const name = nameOfClose(code);
    const then = wire.afterClose(code);
    if (then === "stop") {
      on.link("stopped", name);
      return;
    }
    if (then === "reload") {
      on.link("stopped", name);
      on.reload();
      return;
    }
    if (then === "forget") {
      storage.set(TOKEN_KEY, null);
      seen = undefined;
      on.forgotten();
    }
    on.link("waiting", name);
    timer = window.setTimeout(open, retryMs > 0 ? retryMs : backoffMs(attempt, Math.random()));
    attempt += 1;
  }

  window.setInterval(() => {
    if (!socket) return;
    if (performance.now() - heardAt > SILENCE_MAX_MS && !document.hidden) {
      const silent = socket;
      closed(1006);
      silent.close();
    } else if (welcomed) {
      ping();
    }
  }, PING_EVERY_MS);

  return {
    open,
    /** Says at once, if it can, and again after every reconnect, what is wanted. @param {Wanted} next */
    want(next) {
      wanted = next;
      if (welcomed) sayWanted();
    },
    get wanted() {
      return wanted;
    },
    /** Sends a message made by `wire.js`; it is dropped while there is no connection. @param {string} text */
    send(text) {
      if (welcomed) send(text);
    },
    /** The page was hidden or shown. @param {boolean} hidden */
    hidden(hidden) {
      away = hidden;
      if (!welcomed) {
        if (!hidden && timer !== 0 && socket === null) this.retryNow();
        return;
      }
      if (wanted.kind === "none") return;
      send(wire.away(hidden));
      if (!hidden) send(wire.refresh());
    },
    /** Tries at once, when it waits or has stopped. */
    retryNow() {
      if (socket !== null) return;
      attempt = 0;
      open();
    },
  };
}
