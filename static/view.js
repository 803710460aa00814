// @ts-check
/**
 * `window.waka.view()`: what the page shows, as plain frozen data for automation. Read only: nothing that is handed out leads back in.
 */

import { shownLine } from "./talk.js";

/**
 * @param {() => { state: import("./state.js").State, picture: import("./picture.js").Picture | null, drawnTick: number, now: number }} look
 */
export function exposeView(look) {
  const view = () => frozenView(look());
  Object.defineProperty(window, "waka", { value: Object.freeze({ view }), enumerable: true });
}

/** @param {{ state: import("./state.js").State, picture: import("./picture.js").Picture | null, drawnTick: number, now: number }} seen */
function frozenView({ state, picture, drawnTick, now }) {
  const pacs = picture?.pacs ?? [];
  const ghosts = picture?.ghosts ?? [];
  return Object.freeze({
    connected: state.link === "open",
    spectating: state.spectating || (state.maze !== "" && state.seat === null && state.over !== null),
    you: state.you,
    maze: state.maze,
    epoch: Math.max(0, state.mirror.epoch),
    tick: Math.max(0, state.mirror.tick),
    drawnTick,
    ownTick: drawnTick,
    level: picture?.level ?? 0,
    pelletsLeft: picture?.pelletsLeft ?? 0,
    players: frozenList(
      pacs
        .filter((pac) => pac.id !== "")
        .map(({ id, name, x, y, dir, score, lives, state: pacState }) => ({ id, name, x, y, dir, score, lives, state: pacState })),
    ),
    ghosts: frozenList(ghosts.map(({ x, y, dir, state: ghostState }) => ({ x, y, dir, state: ghostState }))),
    chat: frozenList(state.chatLines().map((line) => ({ from: line.name, text: line.text ?? shownLine(line) }))),
    pingMs: state.pingMs,
    framesPerSecond: state.framesPerSecond(now),
  });
}

/**
 * @template T
 * @param {T[]} rows
 * @returns {ReadonlyArray<Readonly<T>>}
 */
function frozenList(rows) {
  return Object.freeze(rows.map((row) => Object.freeze(row)));
}
