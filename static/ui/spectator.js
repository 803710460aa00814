// @ts-check
/**
 * Looking on: whom one follows, and the tour to the next busiest maze. It keeps the choice and tells it; seats and mazes are the caller's.
 */

import { SERVER } from "../config.js";
import { statusAddress } from "../server.js";
import { text } from "../strings.js";
import { nextMaze } from "../tour.js";
import { byId } from "./element.js";

/** A press on the maze counts for a pac that is not farther away than this, in playfield pixels. */
const NEAR_PX = 14;
const FIELD_WIDTH_PX = 224;

/**
 * @param {{ watchMaze: (maze: string) => void, say: (line: string) => void }} on
 */
export function createSpectator(on) {
  const canvas = byId("maze", HTMLCanvasElement);
  const followButton = byId("follow-next", HTMLButtonElement);
  const mazeButton = byId("next-maze", HTMLButtonElement);
  let followedId = "";
  let watching = false;
  let here = "";
  /** @type {import("../picture.js").DrawnPac[]} */
  let pacs = [];
  let asking = false;

  /** @param {number} step to the next or the one before, in order of seats */
  function follow(step) {
    const at = pacs.findIndex((pac) => pac.id === followedId);
    const next = pacs[(at + step + pacs.length) % pacs.length] ?? pacs[0];
    followedId = next?.id ?? "";
  }

  /** The tour: of the mazes that are played, the busiest after this one. What there is tells `/api/status`. */
  async function tour() {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(statusAddress(SERVER, window.location));
      const next = nextMaze((await answer.json()).mazes ?? [], here);
      if (next === "") on.say(text("noOtherMaze"));
      else on.watchMaze(next);
    } catch {
      on.say(text("error_unavailable"));
    }
    asking = false;
  }

  canvas.addEventListener("click", (event) => {
    if (!watching) return;
    const box = canvas.getBoundingClientRect();
    const scale = FIELD_WIDTH_PX / box.width;
    const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    const near = pacs.filter((pac) => Math.hypot(pac.x - x, pac.y - y) < NEAR_PX).sort((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y));
    followedId = near[0]?.id ?? "";
  });
  followButton.addEventListener("click", () => follow(1));
  mazeButton.addEventListener("click", () => void tour());

  return {
    follow,
    tour,
    /** @param {string} id */
    followPlayer(id) {
      followedId = id;
    },
    /**
     * @param {boolean} isWatching
     * @param {string} maze
     * @param {import("../picture.js").Picture | null} picture
     * @returns {import("../picture.js").DrawnPac | undefined} whom one follows
     */
    render(isWatching, maze, picture) {
      watching = isWatching;
      here = maze;
      pacs = watching ? (picture?.pacs ?? []).filter((pac) => pac.id !== "" && pac.state !== "parked") : [];
      followButton.hidden = !watching || pacs.length === 0;
      mazeButton.hidden = !watching;
      return pacs.find((pac) => pac.id === followedId);
    },
  };
}
