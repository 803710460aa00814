// @ts-check
/**
 * Looking on: whom one follows, and the tour of the busiest mazes. It keeps the choice and tells it; which maze is the next one is the server's to say.
 */

import { text } from "../strings.js";
import { byId } from "./element.js";

/** A press on the maze counts for a pac that is not farther away than this, in playfield pixels. */
const NEAR_PX = 14;
const FIELD_WIDTH_PX = 224;
/** So long a tour stays in a maze. */
const TOUR_MS = 15000;

/**
 * @param {{ nextMaze: () => void, say: (line: string) => void }} on
 */
export function createSpectator(on) {
  const canvas = byId("maze", HTMLCanvasElement);
  const followButton = byId("follow-next", HTMLButtonElement);
  const mazeButton = byId("next-maze", HTMLButtonElement);
  const tourButton = byId("tour", HTMLButtonElement);
  let followedId = "";
  let watching = false;
  /** When the tour goes on; 0: not on tour. */
  let goOnAt = 0;
  /** The maze that the next one was asked for in; empty: nobody waits for it. */
  let askedIn = "";
  let here = "";
  /** @type {import("../picture.js").DrawnPac[]} */
  let pacs = [];

  /** @param {number} step to the next or the one before, in order of seats */
  function follow(step) {
    const at = pacs.findIndex((pac) => pac.id === followedId);
    const next = pacs[(at + step + pacs.length) % pacs.length] ?? pacs[0];
    choose(next?.id ?? "");
  }

  /** Who follows somebody stays with him. @param {string} id */
  function choose(id) {
    followedId = id;
    if (id !== "") tour(false);
  }

  /** To the next maze, now. */
  function goOn() {
    askedIn = here;
    if (goOnAt !== 0) goOnAt = performance.now() + TOUR_MS;
    on.nextMaze();
  }

  /** @param {boolean} isOn */
  function tour(isOn) {
    if (isOn === (goOnAt !== 0)) return;
    goOnAt = isOn ? performance.now() + TOUR_MS : 0;
    tourButton.setAttribute("aria-pressed", String(isOn));
    if (!isOn) return;
    followedId = "";
    goOn();
  }

  canvas.addEventListener("click", (event) => {
    if (!watching) return;
    const box = canvas.getBoundingClientRect();
    const scale = FIELD_WIDTH_PX / box.width;
    const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    const near = pacs.filter((pac) => Math.hypot(pac.x - x, pac.y - y) < NEAR_PX).sort((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y));
    choose(near[0]?.id ?? "");
  });
  followButton.addEventListener("click", () => follow(1));
  mazeButton.addEventListener("click", goOn);
  tourButton.addEventListener("click", () => tour(goOnAt === 0));

  return {
    follow,
    goOn,
    toggleTour: () => tour(goOnAt === 0),
    followPlayer: choose,
    /** The server has led here. @param {string} maze */
    arrived(maze) {
      if (askedIn === maze) on.say(text("noOtherMaze"));
      askedIn = "";
    },
    /**
     * @param {boolean} isWatching
     * @param {string} maze
     * @param {import("../picture.js").Picture | null} picture
     * @param {number} now
     * @returns {import("../picture.js").DrawnPac | undefined} whom one follows
     */
    render(isWatching, maze, picture, now) {
      watching = isWatching;
      here = maze;
      if (!watching) tour(false);
      if (goOnAt !== 0 && now >= goOnAt) {
        goOnAt = now + TOUR_MS;
        on.nextMaze();
      }
      pacs = watching ? (picture?.pacs ?? []).filter((pac) => pac.id !== "" && pac.state !== "parked") : [];
      followButton.hidden = !watching || pacs.length === 0;
      mazeButton.hidden = !watching;
      tourButton.hidden = !watching;
      return pacs.find((pac) => pac.id === followedId);
    },
  };
}
