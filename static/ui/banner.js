// @ts-check
/**
 * What lies over the page for a while: the banner while the connection is away, the toast over the maze, the ping, the maze's name.
 */

import { ROWS, TILE_PX } from "../maze.js";
import { text } from "../strings.js";
import { byId, setText } from "./element.js";

/** No frame for so long means that the maze stands; a beat comes every 100 ms. */
const STALLED_MS = 1500;
/** A connection that comes back sooner than this is not worth a word. */
const PATIENCE_MS = 350;
const TOAST_MS = 3200;
/** The toast lies at the bottom; when the own pac comes this near to it, at the top, until the pac is as near there. */
const TOAST_NEAR_PX = 7 * TILE_PX;
const SLOW_PING_MS = 200;
/** Above these there is one bar less. */
const BARS_MS = [80, 140, SLOW_PING_MS];
/** The word that the connection is slow is said again after so long at the earliest. */
const SLOW_AGAIN_MS = 60000;

/** @param {{ retry: () => void }} on */
export function createBanner(on) {
  const banner = byId("banner", HTMLElement);
  const words = byId("banner-text", HTMLElement);
  const retry = byId("banner-retry", HTMLButtonElement);
  const toast = byId("toast", HTMLElement);
  const ping = byId("ping", HTMLElement);
  const skipped = byId("skipped", HTMLElement);
  const mazeName = byId("maze-name", HTMLElement);
  const quality = byId("link-quality", HTMLElement);
  let lostAt = 0;
  let wasLost = false;
  let slowSaidAt = -Infinity;
  let toastUntil = 0;
  let toasted = "";

  retry.addEventListener("click", on.retry);

  /**
   * @param {import("./../state.js").State} state
   * @param {number} now
   * @param {string} hint shown while nothing newer is
   * @param {{ y: number } | undefined} own the own pac
   */
  function render(state, now, hint, own) {
    if (state.link === "open") lostAt = 0;
    else if (lostAt === 0) lostAt = now;
    const stopped = state.link === "stopped";
    const lost = lostAt !== 0 && now - lostAt > PATIENCE_MS;
    const stalled = state.link === "open" && state.seat !== null && state.frameAt !== 0 && now - state.frameAt > STALLED_MS;
    if (lost) wasLost = state.you !== "";
    if (wasLost && state.link === "open") {
      wasLost = false;
      say(text("restored"), now);
    }
    banner.hidden = !(stopped || lost || stalled);
    banner.classList.toggle("still", stopped);
    retry.hidden = !stopped;
    if (stopped) setText(words, stopWords(state.stopped));
    else if (lost) setText(words, text(state.you === "" ? "connecting" : "reconnecting"));
    else if (stalled) setText(words, text("stalled"));

    const saying = now < toastUntil ? toasted : hint;
    if (saying !== "") setText(toast, saying);
    toast.classList.toggle("shown", saying !== "");
    if (own && own.y > ROWS * TILE_PX - TOAST_NEAR_PX) toast.classList.add("high");
    else if (!own || own.y < TOAST_NEAR_PX) toast.classList.remove("high");

    showPing(state, now);
    setText(mazeName, state.maze === "" ? "" : text("mazeName", { name: state.maze }));
  }

  /** @param {import("./../state.js").State} state @param {number} now */
  function showPing(state, now) {
    const ms = state.link === "open" ? state.pingMs : null;
    const bars = ms === null ? 0 : 4 - BARS_MS.filter((limit) => ms > limit).length;
    const slow = ms !== null && ms > SLOW_PING_MS;
    setText(ping, ms !== null ? text("ping", { ms: Math.round(ms) }) : text("noPing"));
    if (quality.dataset.bars !== String(bars)) quality.dataset.bars = String(bars);
    const n = state.skips.recent(now);
    skipped.hidden = n === 0;
    setText(skipped, n === 0 ? "" : text("skipped", { n }));
    const told = [ms === null ? "" : text("pingBars", { ms: Math.round(ms), bars }), n === 0 ? "" : text("skippedNote", { n })];
    const words = told.filter((each) => each !== "").join(". ");
    if (quality.title !== words) quality.title = words;
    quality.classList.toggle("slow", slow);
    if (slow && now - slowSaidAt > SLOW_AGAIN_MS) {
      slowSaidAt = now;
      say(text("slow"), now);
    }
  }

  /** Says something for a moment. @param {string} line @param {number} now */
  function say(line, now) {
    toasted = line;
    toastUntil = now + TOAST_MS;
  }

  return { render, say };
}

/** @param {string} closeName */
function stopWords(closeName) {
  if (closeName === "replaced") return text("replaced");
  if (closeName === "wrong_version") return text("outdated");
  return text("refused", { name: closeName });
}
