// @ts-check
/**
 * The page: builds the parts, joins them, and owns the one animation-frame loop.
 *
 * Data flows one way: connection, state, picture, draw and panels; wishes flow back through the connection. Nothing else imports more than a few
 * siblings.
 */

import { SERVER } from "./config.js";
import { Connection } from "./connection.js";
import { createDemo } from "./demo.js";
import { createField } from "./draw/field.js";
import { createHands } from "./hands.js";
import { createMoment } from "./moment.js";
import { pad } from "./pad.js";
import { createPanels } from "./panels.js";
import { createPictures } from "./picture.js";
import { createPrefs } from "./prefs.js";
import { socketAddress } from "./server.js";
import { sound } from "./sound/sound.js";
import { createSpotlight } from "./spotlight.js";
import { createState } from "./state.js";
import { pageStorage, tabStorage } from "./storage.js";
import { grouped, refusalText, text } from "./strings.js";
import { createBanner } from "./ui/banner.js";
import { byId } from "./ui/element.js";
import { createBoards } from "./ui/boards.js";
import { fitStage } from "./ui/stage.js";
import { createTitle } from "./ui/title.js";
import { exposeView } from "./view.js";
import * as wire from "./wire.js";

const BEST_KEY = "waka.best";
/** The maze that this tab plays in, so that a reload goes on with the same seat. */
const PLAYING_KEY = "waka.playing";
const RELOADED_KEY = "waka.reloaded";

/** Refusals after which the title is shown again, to choose otherwise. */
const REFUSED_AT_THE_DOOR = new Set(["bad_name", "bad_colour", "bad_symbol"]);

const query = new URLSearchParams(location.search);
const calmQuery = window.matchMedia("(prefers-reduced-motion: reduce)");
const askedMaze = query.get("m") || undefined;

const state = createState();
const pictures = createPictures();
const moment = createMoment(state, { corrected: pictures.corrected, send: (n, direction) => connection.send(wire.input(n, direction)) });
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
let saidReports = 0;
/** What ended the last life, in words. */
let cause = "";
/** @type {import("./picture.js").Picture | null} */
let picture = null;
/** @type {import("./picture.js").DrawnPac | undefined} whom a spectator follows */
let followed;

const connection = new Connection(socketAddress(SERVER, location), pageStorage, {
  link(link, closeName) {
    state.link = link;
    state.stopped = closeName;
    if (link !== "open") state.prediction.forgetWay();
  },
  message(message) {
    const maze = state.maze;
    state.receive(message);
    sound.message(message, (from) => from !== state.you && panels.chat.shows(from), performance.now());
    if (state.maze !== maze) moment.reset();
    if (message.type === "joined") panels.arrived();
    if (message.type === "joined" && connection.wanted.kind === "play") tabStorage.set(PLAYING_KEY, state.maze);
    if (message.type === "welcome") tabStorage.set(RELOADED_KEY, null);
    if (message.type === "over") endRun(message.points);
    if (message.type === "error" && REFUSED_AT_THE_DOOR.has(message.code) && state.seat === null) connection.want({ kind: "none" });
  },
  frame: (bytes) => moment.frame(bytes, performance.now()),
  ping(ms) {
    state.pingMs = ms;
    state.prediction.ping(ms);
  },
  forgotten() {
    state.forgetIdentity();
    moment.reset();
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
  say: (channel, words) => connection.send(wire.chat(channel, words)),
  report: (player, reason) => connection.send(wire.report(player, reason)),
  tell: (words) => banner.say(words, performance.now()),
  nextMaze: () => connection.send(wire.watch({ next: true })),
  findMe,
  relabel: () => title.relabel(askedMaze ?? ""),
});
const boards = createBoards({ ask: (of) => connection.send(wire.board(of)) });
const banner = createBanner({ retry: () => connection.retryNow() });
title.relabel(askedMaze ?? "");

/** Shows the player where he is. */
function findMe() {
  spotlight.call(performance.now());
}

/** @param {string} name @param {number} colour @param {number} symbol */
function play(name, colour, symbol) {
  state.over = null;
  cause = "";
  best = rememberedBest();
  const maze = state.maze || askedMaze;
  connection.want({ kind: "play", maze, name, colour, symbol });
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

const hands = createHands(byId("stage", HTMLElement), pageStorage, {
  steer: (direction) => moment.steer(direction, performance.now()),
  repeats: () => picture?.pacs.find((pac) => pac.you)?.state === "ready",
  plays: () => mode() === "playing",
  enter() {
    if (mode() === "title" || mode() === "over") startPlaying();
    else panels.chat.open();
  },
  start: startPlaying,
  escape() {
    panels.chat.leave();
    boards.unfold(false);
  },
  mute: () => prefs.set("sound", prefs.get("sound") === "on" ? "off" : "on"),
  find: findMe,
  board: boards.unfold,
});

/** Enter on the title or after a run, and Start of a gamepad wherever one does not play. */
function startPlaying() {
  if (mode() === "over") title.again(performance.now());
  else if (mode() === "title" || mode() === "watching") title.play();
}

prefs.listen((key, value) => {
  if (key === "sound") sound.setMuted(value === "off");
  if (key === "volume") sound.setVolume(Number(value));
  if (key === "pad") pad.show(value === "on");
});
sound.awaitGesture();
document.addEventListener("visibilitychange", () => {
  connection.hidden(document.hidden);
  // Whoever is back has asked for a whole frame.
  if (!document.hidden) state.skips.begin();
  sound.hidden(document.hidden);
  nameTab();
});

/** Whose tab is hidden reads in its name that the game waits. */
function nameTab() {
  document.title = text(document.hidden && mode() === "playing" ? "tabHidden" : "title");
}

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
  hands.look(now);
  const calm = prefs.isCalm(calmQuery.matches);
  const ratio = window.devicePixelRatio || 1;
  const drawn = moment.advance(now);
  picture = state.mirror.base && moment.started ? pictures.build(state, drawn, now, calm) : null;
  const shown = mode();
  app.dataset.mode = shown;
  pad.rest(shown === "watching");
  // Behind the title the game is silent.
  sound.hear({ tick: drawn, scene: picture && shown !== "title" ? state.mirror.at(Math.floor(drawn) + 1) : null, events: state.mirror.events, seat: state.seat });
  // Before anybody plays or looks on, a little game of the page's own goes on behind the title.
  const seen = shown === "title" && !picture ? demoPictures.build(demo, calm ? 0 : demo.advance(now), now, calm) : picture;
  const own = picture?.pacs.find((pac) => pac.you);
  const call = spotlight.part(own, now);
  field.draw(seen, { sign: signOf(), calm, letters: prefs.get("colourhelp") === "on", call, followed: followed?.seat });
  title.show(shown === "title" || shown === "over" ? shown : "", state.over, best, now, cause);
  leaveButton.hidden = shown !== "playing";
  joinButton.hidden = shown !== "watching";
  if (state.refusal && state.refusal.serial !== saidRefusal) {
    saidRefusal = state.refusal.serial;
    banner.say(refusalText(state.refusal.code, state.refusal.message), now);
  }
  if (state.reported !== saidReports) {
    saidReports = state.reported;
    banner.say(text("reported"), now);
  }
  for (const { key, values } of pictures.takeNews()) {
    const words = text(key, values);
    if (key.startsWith("caughtBy") || key === "ateYou") cause = words;
    banner.say(words, now);
  }
  demoPictures.takeNews();
  boards.render(state, now);
  followed = panels.render(shown, picture, { best, ratio, now });
  banner.render(state, now, hintOf(shown), own);
  window.requestAnimationFrame(loop);
}

exposeView(() => ({ state, picture, drawnTick: moment.drawn, now: performance.now() }));

const playingMaze = tabStorage.get(PLAYING_KEY);
if (query.get("watch") === "1") watch();
else if (playingMaze && (askedMaze === undefined || askedMaze === playingMaze)) {
  connection.want({ kind: "play", maze: playingMaze, name: title.name, colour: title.colour, symbol: title.symbol });
}
connection.open();
window.requestAnimationFrame(loop);
