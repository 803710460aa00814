// @ts-check
/**
 * The page: builds the parts, joins them, and owns the one animation-frame loop.
 *
 * Data flows one way: connection, state, picture, draw and panels; wishes flow back through the connection. Nothing else imports more than a few
 * siblings.
 */

import { createClock } from "./clock.js";
import { Connection } from "./connection.js";
import { createDemo } from "./demo.js";
import { createField } from "./draw/field.js";
import { listenToKeys } from "./input.js";
import { posesAt } from "./motion.js";
import { createPanels } from "./panels.js";
import { createPictures } from "./picture.js";
import { createPrefs } from "./prefs.js";
import { createSpotlight } from "./spotlight.js";
import { createState } from "./state.js";
import { pageStorage, tabStorage } from "./storage.js";
import { grouped, refusalText, text } from "./strings.js";
import { createBanner } from "./ui/banner.js";
import { byId } from "./ui/element.js";
import { fitStage } from "./ui/stage.js";
import { createTitle } from "./ui/title.js";
import { exposeView } from "./view.js";
import * as wire from "./wire.js";

const BEST_KEY = "waka.best";
/** The maze that this tab plays in, so that a reload goes on with the same seat. */
const PLAYING_KEY = "waka.playing";
const RELOADED_KEY = "waka.reloaded";

/** Refusals after which the title is shown again, to choose otherwise. */
const REFUSED_AT_THE_DOOR = new Set(["bad_name", "bad_colour"]);

const query = new URLSearchParams(location.search);
const calmQuery = window.matchMedia("(prefers-reduced-motion: reduce)");
const askedMaze = query.get("m") || undefined;

const state = createState();
const clock = createClock();
const pictures = createPictures();
const field = createField(byId("maze", HTMLCanvasElement));
const prefs = createPrefs(pageStorage);
const spotlight = createSpotlight();
const demo = createDemo();
const demoPictures = createPictures();
const app = byId("app", HTMLDivElement);
const leaveButton = byId("leave", HTMLButtonElement);
const joinButton = byId("join", HTMLButtonElement);
let best = rememberedBest();
let saidRefusal = 0;
/** What ended the last life, in words. */
let cause = "";
/** @type {import("./picture.js").Picture | null} */
let picture = null;
/** @type {import("./picture.js").DrawnPac | undefined} whom a spectator follows */
let followed;

const connection = new Connection(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`, pageStorage, {
  link(link, closeName) {
    state.link = link;
    state.stopped = closeName;
  },
  message(message) {
    const maze = state.maze;
    state.receive(message);
    if (state.maze !== maze) clock.reset();
    if (message.type === "joined" && connection.wanted.kind === "play") tabStorage.set(PLAYING_KEY, state.maze);
    if (message.type === "welcome") tabStorage.set(RELOADED_KEY, null);
    if (message.type === "over") endRun(message.points);
    if (message.type === "error" && REFUSED_AT_THE_DOOR.has(message.code) && state.seat === null) connection.want({ kind: "none" });
  },
  frame: takeFrame,
  ping(ms) {
    state.pingMs = ms;
  },
  forgotten() {
    state.forgetIdentity();
    clock.reset();
  },
  reload() {
    if (tabStorage.get(RELOADED_KEY)) return;
    tabStorage.set(RELOADED_KEY, "yes");
    location.reload();
  },
});

const title = createTitle(pageStorage, query.get("name"), { play, watch });
const panels = createPanels({
  state,
  prefs,
  storage: pageStorage,
  say: (channel, line) => connection.send(wire.chat(channel, line)),
  tell: (words) => banner.say(words, performance.now()),
  watchMaze: (maze) => connection.want({ kind: "watch", maze }),
  findMe,
  relabel: () => title.relabel(askedMaze ?? ""),
});
const banner = createBanner({ retry: () => connection.retryNow() });
title.relabel(askedMaze ?? "");

/** @param {Uint8Array} bytes */
function takeFrame(bytes) {
  const now = performance.now();
  const { mirror } = state;
  const { epoch } = mirror;
  const phase = mirror.base?.phase;
  const before = mirror.base ? posesAt(mirror, clock.drawn) : null;
  if (!state.frame(bytes, now)) return;
  clock.observe(state.mirror.tick, now, state.mirror.epoch !== epoch);
  // Where a phase begins or ends, everybody may stand elsewhere: that is no error to glide away.
  const same = state.mirror === mirror && mirror.base?.phase === phase;
  pictures.corrected(same ? before : null, same ? posesAt(mirror, clock.drawn) : null);
}

/** Shows the player where he is. */
function findMe() {
  spotlight.call(performance.now());
}

/** @param {string} name @param {number} colour */
function play(name, colour) {
  state.over = null;
  cause = "";
  best = rememberedBest();
  const maze = state.maze || askedMaze;
  connection.want({ kind: "play", maze, name, colour });
}

function watch() {
  state.over = null;
  cause = "";
  best = rememberedBest();
  tabStorage.set(PLAYING_KEY, null);
  connection.want({ kind: "watch", maze: state.maze || askedMaze });
}

/** `best` stays what it was until the next run, so that the end can be compared with it. @param {number} points */
function endRun(points) {
  tabStorage.set(PLAYING_KEY, null);
  panels.announce(text("results", { points: grouped(points), level: state.over?.level ?? 1, cause }));
  if (points > best) pageStorage.set(BEST_KEY, String(points));
}

function rememberedBest() {
  return Number(pageStorage.get(BEST_KEY) ?? 0) || 0;
}

leaveButton.addEventListener("click", () => {
  connection.send(wire.leave());
  watch();
});
joinButton.addEventListener("click", () => title.play());

listenToKeys({
  steer(direction) {
    if (state.seat === null) return;
    state.input += 1;
    connection.send(wire.input(state.input, direction));
  },
  repeats: () => picture?.pacs.find((pac) => pac.you)?.state === "ready",
  enter() {
    if (mode() === "over") title.again(performance.now());
    else if (mode() !== "title") panels.chat.open();
    else title.play();
  },
  escape: () => panels.chat.leave(),
});

document.addEventListener("visibilitychange", () => connection.hidden(document.hidden));

function resize() {
  fitStage(field, window.devicePixelRatio || 1);
}
window.addEventListener("resize", resize);
resize();

/** @returns {"title" | "seating" | "playing" | "watching" | "over"} */
function mode() {
  if (state.over) return "over";
  if (connection.wanted.kind === "none") return "title";
  if (connection.wanted.kind === "watch") return "watching";
  return state.seat === null ? "seating" : "playing";
}

/** @param {ReturnType<typeof mode>} now */
function hintOf(now) {
  if (now === "watching") return followed ? text("following", { name: followed.name }) : text("watching");
  if (now === "seating") return text("seating");
  const own = picture?.pacs.find((pac) => pac.you);
  if (picture?.phase === "paused") return text("pausedHint");
  if (now !== "playing") return "";
  return own?.beacon ? text("pressDirection") : panels.hint(own, performance.now());
}

/** @returns {"ready" | "paused" | ""} */
function signOf() {
  if (picture?.phase === "ready") return "ready";
  return picture?.phase === "paused" ? "paused" : "";
}

/** One frame of the page. @param {number} now */
function loop(now) {
  const calm = prefs.isCalm(calmQuery.matches);
  const ratio = window.devicePixelRatio || 1;
  const drawn = clock.advance(now);
  picture = state.mirror.base && clock.started ? pictures.build(state, drawn, now, calm) : null;
  const shown = mode();
  app.dataset.mode = shown;
  // Before anybody plays or looks on, a little game of the page's own goes on behind the title.
  const seen = shown === "title" && !picture ? demoPictures.build(demo, calm ? 0 : demo.advance(now), now, calm) : picture;
  const call = spotlight.part(picture?.pacs.find((pac) => pac.you), now);
  field.draw(seen, { sign: signOf(), calm, letters: prefs.get("colourhelp") === "on", call, followed: followed?.seat });
  title.show(shown === "title" || shown === "over" ? shown : "", state.over, best, now, cause);
  leaveButton.hidden = shown !== "playing";
  joinButton.hidden = shown !== "watching";
  if (state.refusal && state.refusal.serial !== saidRefusal) {
    saidRefusal = state.refusal.serial;
    banner.say(refusalText(state.refusal.code, state.refusal.message), now);
  }
  for (const { key, values } of pictures.takeNews()) {
    const words = text(key, values);
    if (key.startsWith("caughtBy") || key === "ateYou") cause = words;
    banner.say(words, now);
  }
  demoPictures.takeNews();
  followed = panels.render(shown, picture, { best, ratio, now });
  banner.render(state, now, hintOf(shown));
  window.requestAnimationFrame(loop);
}

exposeView(() => ({ state, picture, drawnTick: clock.drawn, now: performance.now() }));

const playingMaze = tabStorage.get(PLAYING_KEY);
if (query.get("watch") === "1") watch();
else if (playingMaze && (askedMaze === undefined || askedMaze === playingMaze)) {
  connection.want({ kind: "play", maze: playingMaze, name: title.name, colour: title.colour });
}
connection.open();
window.requestAnimationFrame(loop);
