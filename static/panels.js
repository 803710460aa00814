// @ts-check
/**
 * The panels of the page around the game, joined: settings, help, invitation, chat, players, looking on, first hints, and the language of them all.
 *
 * `main.js` tells it what is to be seen once a frame. What a setting does beyond the page's words lies with whoever listens to the preferences.
 */

import { fillTexts, language, languageOf, speak, text } from "./strings.js";
import { createMuted } from "./talk.js";
import { createBar } from "./ui/bar.js";
import { createChat, phraseOf } from "./ui/chat.js";
import { byId, setText } from "./ui/element.js";
import { createHelp, ghostsList, rulesList } from "./ui/help.js";
import { createHints } from "./ui/hints.js";
import { createPerson } from "./ui/person.js";
import { createScoreboard } from "./ui/scoreboard.js";
import { createSettings } from "./ui/settings.js";
import { createShare } from "./ui/share.js";
import { createSpectator } from "./ui/spectator.js";

/** Rules that stand beside the title. */
const BRIEF_RULES = 5;

/**
 * @typedef {object} Page
 * @property {import("./state.js").State} state
 * @property {import("./prefs.js").Prefs} prefs
 * @property {import("./storage.js").Memory} storage
 * @property {(channel: "maze" | "world", words: import("./wire.js").Words) => void} say sends a line
 * @property {(player: string, reason: "chat" | "name" | "play") => void} report tells whoever runs the game of a player
 * @property {(words: string) => void} tell shows words for a moment
 * @property {() => void} nextMaze asks for the next maze of a tour
 * @property {() => void} findMe
 * @property {() => void} relabel told after the language has changed
 */

/** @param {Page} page */
export function createPanels(page) {
  const { state, prefs, storage } = page;
  const app = byId("app", HTMLDivElement);
  const muted = createMuted(storage);
  const spectator = createSpectator({ nextMaze: page.nextMaze, say: page.tell });
  const person = createPerson(muted, {
    follow: spectator.followPlayer,
    muted: () => chat.refresh(),
    report: page.report,
    isSelf: (id) => id === state.you,
    canFollow: () => app.dataset.mode === "watching",
    canReport: (id) => id !== state.you && state.maze !== "" && !state.players.some((player) => player.id === id && player.bot),
  });
  const openPerson = (/** @type {string} */ id, /** @type {string} */ name) => (id === state.you && state.seat !== null ? page.findMe() : person.open(id, name));
  const chat = createChat({ say: page.say, refused: () => page.tell(text("error_bad_chat")), person: openPerson }, muted, prefs);
  const scoreboard = createScoreboard({ person: openPerson });
  const bar = createBar();
  const hints = createHints(storage);
  const results = byId("results", HTMLElement);

  createSettings(prefs);
  createHelp();
  createShare(() => state.maze);

  function chooseLanguage() {
    speak(languageOf(prefs.get("language"), navigator.languages ?? []));
    document.documentElement.lang = language();
    fillTexts(document);
    byId("brief", HTMLElement).replaceChildren(rulesList(BRIEF_RULES));
    byId("cast", HTMLElement).replaceChildren(ghostsList());
    chat.refresh();
  }
  chooseLanguage();
  prefs.listen((key) => {
    if (key === "chat") chat.refresh();
    if (key !== "language") return;
    chooseLanguage();
    page.relabel();
  });

  // Keys of the panels; those that steer are `input.js`'s.
  window.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLSelectElement;
    if (typing || event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || state.maze === "") return;
    const number = phraseOf(event);
    if (number > 0) chat.phrase(number);
    if (app.dataset.mode !== "watching") return;
    if (event.code === "ArrowRight" || event.code === "ArrowLeft") spectator.follow(event.code === "ArrowRight" ? 1 : -1);
    if (event.code === "KeyN") spectator.goOn();
    if (event.code === "KeyT") spectator.toggleTour();
  });

  return {
    chat,
    /** The hint of the first run to show now, or nothing. @param {import("./picture.js").DrawnPac | undefined} own @param {number} now */
    hint: (own, now) => hints.now(own !== undefined && (own.state === "alive" || own.state === "shielded"), now),
    /** Reads the result of a run to those who listen. @param {string} words */
    announce: (words) => setText(results, words),
    /** The server has said which maze this is. */
    arrived: () => spectator.arrived(state.maze),
    /**
     * Draws all panels.
     * @param {string} mode
     * @param {import("./picture.js").Picture | null} picture
     * @param {{ best: number, ratio: number, now: number }} with_
     * @returns {import("./picture.js").DrawnPac | undefined} whom a spectator follows
     */
    render(mode, picture, { best, ratio, now }) {
      const followed = spectator.render(mode === "watching", state.maze, picture, now);
      scoreboard.render(state, picture, best, followed);
      bar.render(picture, ratio, followed);
      chat.render(state, now);
      return followed;
    },
  };
}
