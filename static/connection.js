// @ts-check
/**
 * The life of the WebSocket: hello, join or watch, ping, and coming back by itself with the same identity.
 *
 * It keeps what is wanted (a seat, a look, nothing) and says it again after every welcome, so that a lost connection needs no path of its own. What
 * a close means is the table's of `wire.js`. It draws nothing and knows no game.
 */

import * as wire from "./wire.js";

const PING_EVERY_MS = 5000;
/** The first pings follow each other at once: a page that loads is slow to hear. */
const PINGS_AT_FIRST = 3;
const BEAT_MS = 500;
/** In a maze frames come every 100 ms. After so much silence the server is asked, and given up if it stays silent as long as `ANSWER_MAX_MS`. */
const SILENCE_MS = 2000;
/** Elsewhere only pongs come. */
const SILENCE_ELSEWHERE_MS = 2 * PING_EVERY_MS;
const ANSWER_MAX_MS = 1500;
/** Who comes back to the page, or to a network, does not wait: a socket that was silent for so long is replaced at once, another must answer soon. */
const STALE_MS = 600;
const ANSWER_BACK_MS = 800;
/** Two beats of a page in sight that lie so far apart had a sleep between them. */
const ASLEEP_MS = 4000;
/** A socket that does not open. */
const OPENING_MAX_MS = 8000;
const OPENING_BACK_MS = 1000;
const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 8000;
const TOKEN_KEY = "waka.token";

/**
 * @typedef {{ kind: "none" } | { kind: "play", maze?: string, name: string, colour?: number, symbol?: number } | { kind: "watch", maze?: string }} Wanted
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

/** One identity's connection, over as many sockets as it takes. */
export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Wanted} */
  #wanted = { kind: "none" };
  #welcomed = false;
  #away = false;
  #attempt = 0;
  #retryMs = 0;
  #timer = 0;
  /** By the calendar's clock: the other one may stand while the machine sleeps. */
  #heardAt = 0;
  #openedAt = 0;
  #beatAt = Date.now();
  /** By when the server has to have said something; 0 when it has not been asked. */
  #answerBy = 0;
  #pingDueAt = 0;
  #pongs = 0;
  #pingNumber = 0;
  #pingSentAt = 0;
  /** @type {string | undefined} the newest position that this page was shown, signed by a gateway */
  #seen;
  #url;
  #storage;
  #on;

  /**
   * @param {string} url
   * @param {import("./storage.js").Memory} storage
   * @param {Listener} on
   */
  constructor(url, storage, on) {
    this.#url = url;
    this.#storage = storage;
    this.#on = on;
    window.setInterval(() => this.#beat(), BEAT_MS);
    for (const back of ["online", "pageshow"]) window.addEventListener(back, () => this.#comeBack());
    document.addEventListener("resume", () => this.#comeBack());
  }

  get wanted() {
    return this.#wanted;
  }

  /** Says at once, if it can, and again after every reconnect, what is wanted. @param {Wanted} next */
  want(next) {
    this.#wanted = next;
    if (this.#welcomed) this.#sayWanted();
  }

  /** Sends a message made by `wire.js`; it is dropped while there is no connection. @param {string} text */
  send(text) {
    if (this.#welcomed) this.#write(text);
  }

  /** Opens a socket. */
  open() {
    window.clearTimeout(this.#timer);
    this.#on.link("connecting", "");
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#welcomed = false;
    this.#retryMs = 0;
    this.#heardAt = Date.now();
    this.#openedAt = this.#heardAt;
    this.#answerBy = 0;
    this.#pongs = 0;
    this.#timer = 0;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#write(wire.hello({ token: this.#storage.get(TOKEN_KEY) ?? undefined, seen: this.#seen }));
    socket.onmessage = (event) => {
      if (socket === this.#socket) this.#hear(event.data);
    };
    socket.onclose = (event) => {
      if (socket === this.#socket) this.#closed(event.code);
    };
  }

  /** The page was hidden or shown. @param {boolean} hidden */
  hidden(hidden) {
    this.#away = hidden;
    if (this.#welcomed && this.#wanted.kind !== "none") {
      this.#write(wire.away(hidden));
      if (!hidden) this.#write(wire.refresh());
    }
    if (!hidden) this.#comeBack();
  }

  /** Page, machine or network are back: what was open may be dead without knowing. */
  #comeBack() {
    if (document.hidden) return;
    const now = Date.now();
    this.#beatAt = now;
    if (this.#socket === null) {
      if (this.#timer !== 0) this.retryNow();
    } else if (!this.#welcomed) {
      if (now - this.#openedAt > OPENING_BACK_MS) this.#replace();
    } else if (this.#wanted.kind !== "none" && now - this.#heardAt > STALE_MS) {
      this.#replace();
    } else {
      this.#ask(ANSWER_BACK_MS);
      window.setTimeout(() => this.#beat(), ANSWER_BACK_MS + 1);
    }
  }

  /** Another socket in the place of this one, at once; the server ends the old one. */
  #replace() {
    const old = this.#socket;
    this.#socket = null;
    old?.close();
    this.#attempt = 0;
    this.open();
  }

  /** Whatever the server says next is an answer. @param {number} patienceMs */
  #ask(patienceMs) {
    if (this.#answerBy === 0) this.#answerBy = Date.now() + patienceMs;
    this.#ping();
  }

  /** Tries at once, when it waits or has stopped. */
  retryNow() {
    if (this.#socket !== null) return;
    this.#attempt = 0;
    this.open();
  }

  /** @param {string | ArrayBuffer} data */
  #hear(data) {
    this.#heardAt = Date.now();
    this.#answerBy = 0;
    if (typeof data !== "string") {
      this.#on.frame(new Uint8Array(data));
      return;
    }
    const message = JSON.parse(data);
    switch (message.type) {
      case "welcome":
        this.#welcome(message);
        return;
      case "joined":
        if (this.#wanted.kind !== "none") this.#wanted = { ...this.#wanted, maze: message.maze };
        break;
      case "over":
        // A reconnect must not begin another run.
        if (this.#wanted.kind === "play") this.#wanted = { kind: "watch", maze: this.#wanted.maze };
        break;
      case "pong":
        if (message.seen !== undefined) this.#seen = message.seen;
        if (message.n === this.#pingNumber) this.#on.ping(performance.now() - this.#pingSentAt);
        this.#pongs += 1;
        if (this.#pongs < PINGS_AT_FIRST) this.#ping();
        break;
      case "bye":
        this.#retryMs = message.retry_ms;
        break;
      default:
    }
    this.#on.message(message);
  }

  /** @param {{ token: string }} message */
  #welcome(message) {
    this.#welcomed = true;
    this.#attempt = 0;
    this.#storage.set(TOKEN_KEY, message.token);
    this.#on.message(message);
    this.#on.link("open", "");
    this.#sayWanted();
    this.#ping();
  }

  #sayWanted() {
    const wanted = this.#wanted;
    if (wanted.kind === "none") return;
    if (wanted.kind === "play") {
      const { maze, name, colour, symbol } = wanted;
      this.#write(wire.join({ maze, name, colour, symbol }));
    } else this.#write(wire.watch({ maze: wanted.maze }));
    if (this.#away) this.#write(wire.away(true));
  }

  #ping() {
    this.#pingNumber += 1;
    this.#pingSentAt = performance.now();
    this.#pingDueAt = Date.now() + PING_EVERY_MS;
    this.#write(wire.ping(this.#pingNumber));
  }

  #beat() {
    const now = Date.now();
    const slept = now - this.#beatAt > ASLEEP_MS;
    this.#beatAt = now;
    if (this.#socket === null || document.hidden) {
      if (this.#welcomed && now >= this.#pingDueAt) this.#ping();
    } else if (slept) {
      this.#comeBack();
    } else if (!this.#welcomed) {
      if (now - this.#openedAt > OPENING_MAX_MS) this.#lose();
    } else if (this.#answerBy !== 0) {
      if (now > this.#answerBy) this.#lose();
    } else if (now - this.#heardAt > (this.#wanted.kind === "none" ? SILENCE_ELSEWHERE_MS : SILENCE_MS)) {
      this.#ask(ANSWER_MAX_MS);
    } else if (now >= this.#pingDueAt) {
      this.#ping();
    }
  }

  /** The socket is dead, whatever the browser thinks of it. */
  #lose() {
    const dead = this.#socket;
    this.#closed(1006);
    dead?.close();
  }

  /** @param {number} code */
  #closed(code) {
    this.#socket = null;
    this.#welcomed = false;
    const name = nameOfClose(code);
    const then = wire.afterClose(code);
    if (then === "stop" || then === "reload") {
      this.#on.link("stopped", name);
      if (then === "reload") this.#on.reload();
      return;
    }
    if (then === "forget") {
      this.#storage.set(TOKEN_KEY, null);
      this.#seen = undefined;
      this.#on.forgotten();
    }
    this.#on.link("waiting", name);
    const waitMs = this.#retryMs > 0 ? this.#retryMs : backoffMs(this.#attempt, Math.random());
    this.#timer = window.setTimeout(() => this.open(), waitMs);
    this.#attempt += 1;
  }

  /** @param {string} text */
  #write(text) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }
}
