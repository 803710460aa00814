// @ts-check
/**
 * Every word that the page shows, by key: English here, Korean in `words_ko.js`, and the choice between them.
 *
 * A test holds that no key is missing in either. No other module holds a sentence for people. Placeholders are `{name}`; `text` fills them. What players write never passes through here as a
 * pattern, only as a value, and whoever shows the result sets it as text.
 */

import { KOREAN } from "./words_ko.js";

/** @type {Record<string, string>} */
export const ENGLISH = {
  title: "Waka",
  tagline: "One maze, up to sixteen of you",
  name: "Your name",
  colour: "Colour",
  colourNumber: "Colour {n}",
  symbol: "Symbol",
  symbolNumber: "Symbol {n}",
  play: "Play",
  watch: "Watch",
  playAgain: "Play again",
  leave: "Leave",
  keys: "Steer with the arrow keys or W A S D. Enter opens the chat, Esc closes it.",
  padUp: "Up",
  padLeft: "Left",
  padDown: "Down",
  padRight: "Right",
  disclaimer: "Waka is a maze chase of its own, not affiliated with the owners of PAC-MAN.",
  guest: "Guest {n}",
  you: "you",
  score: "Score",
  best: "Best",
  lives: "Lives",
  level: "Level",
  sheet: "Sheet {done} of {needed}",
  players: "Players",
  nobody: "Nobody is playing here yet.",
  spectators: "{n} watching",
  bot: "bot",
  leader: "leads this maze",
  maze: "Maze",
  world: "World",
  boards: "Leaderboard",
  now: "Now",
  today: "Today",
  allTime: "All time",
  todayIs: "{day}, UTC",
  noScores: "Nobody yet.",
  mazeName: "Maze {name}",
  chat: "Chat",
  chatPlaceholder: "Say something",
  chatLabel: "Message",
  send: "Send",
  noChat: "No lines yet. Say hello!",
  newLines: "New lines in {channel}",
  ready: "READY!",
  gameOver: "GAME OVER",
  paused: "PAUSED",
  tabHidden: "Paused: tab hidden",
  pausedHint: "Press a direction to go on",
  pressDirection: "Press a direction to start",
  watching: "You are watching",
  seating: "Finding you a seat...",
  overScore: "{points} points, level {level}",
  overBest: "Your best so far: {points}",
  overNewBest: "Your best yet!",
  pressEnter: "Enter",
  connecting: "Connecting...",
  reconnecting: "Reconnecting...",
  stalled: "The maze is catching its breath...",
  replaced: "You play in another tab or window now.",
  outdated: "The page is out of date. Reload it to go on.",
  refused: "The server closed the connection ({name}).",
  retry: "Connect again",
  ping: "{ms} ms",
  noPing: "-- ms",
  powerInUse: "Power in use, pellets asleep",
  youAte: "You ate {name} (+{points})",
  ateYou: "{name} ate you",
  extraLife: "Extra life!",
  titleHint: "Arrow keys, W A S D or a swipe steer. Enter plays.",
  rivals: "Eat the maze together, or each other.",
  linkTo: "You are invited to maze {name}",
  findMe: "Find me",
  tools: "Tools",
  close: "Close",
  settings: "Settings",
  sound: "Sound",
  volume: "Volume",
  pad: "Touch pad",
  motion: "Motion",
  motion_: "System setting",
  motion_less: "Less motion",
  motion_full: "Full",
  colourhelp: "Colour-blind help",
  colourhelpNote: "Letters on ghosts, stronger outlines",
  language: "Language",
  language_: "Browser setting",
  language_en: "English",
  language_ko: "한국어",
  on: "On",
  off: "Off",
  help: "How to play",
  helpGoal: "Eat every dot of the sheet. Ghosts end your life; after three lives your run is over and its score counts.",
  helpPower: "Power",
  helpPowerText: "An energizer turns the ghosts blue: anybody may eat them. Only who took it is powered, larger and ringed, and may eat the others as well.",
  helpSleep: "Asleep",
  helpSleepText: "While somebody is powered, and 4 seconds after, all energizers sleep: hollow rings that nobody can take. Fruit wakes them.",
  helpBump: "Bump",
  helpBumpText: "Two players who meet bounce back and are stunned for a moment. Afterwards you pass through each other for a second.",
  helpShield: "Shield",
  helpShieldText: "After you appear a shield blinks for 3 seconds from your first key. Nothing touches you, and you eat dots only.",
  helpCrown: "Crown",
  helpCrownText: "Who leads the maze wears the crown. Eating the leader counts double.",
  helpAlone: "Alone",
  helpAloneText: "With nobody else there you play the classic game, with all its pauses. From two on nothing stops the maze.",
  helpGhosts: "The ghosts",
  ghost0: "Blaze",
  ghost1: "Petal",
  ghost2: "Icy",
  ghost3: "Copper",
  ghost0Text: "hunts whoever is nearest",
  ghost1Text: "cuts off the one who leads",
  ghost2Text: "closes the trap with Blaze",
  ghost3Text: "comes close, then thinks better of it",
  helpKeys: "Keys",
  helpKeysText: "Steer: arrows or W A S D. Find me: F. Scoreboard: hold Tab. Sound: P. Chat: Enter. Quick phrases: 1 to 6. Watching: left and right choose whom to follow, N goes to the next maze, T goes round them all.",
  caughtBy0: "Blaze caught you",
  caughtBy1: "Petal caught you",
  caughtBy2: "Icy caught you",
  caughtBy3: "Copper caught you",
  hint1: "Hollow energizers are asleep: somebody has the power",
  hint2: "Players bounce off each other, and who is powered eats the rest",
  hint3: "While your shield blinks nothing can touch you",
  share: "Invite",
  shareLink: "Link to this maze",
  copyLink: "Copy link",
  copied: "Copied",
  copyFailed: "Select the text and copy it by hand",
  shareQr: "QR code of the link",
  shareText: "Play Waka with me in maze {name}: {link}",
  shareInvite: "Invitation",
  copyInvite: "Copy invitation",
  shareSend: "Send to…",
  shareNote: "Whoever opens the link joins this very maze.",
  skipped: "{n} skipped",
  skippedNote: "Snapshots that did not reach you in the last minute: {n}",
  pingBars: "Ping {ms} ms, {bars} of 4 bars",
  slow: "Slow connection",
  restored: "Connection restored",
  hideChat: "Hide chat",
  showChat: "Show chat",
  openChat: "Chat",
  chatHidden: "Chat is hidden.",
  link: "[link]",
  phrases: "Quick phrases",
  phrase1: "Hello!",
  phrase2: "Help!",
  phrase3: "Watch out!",
  phrase4: "Truce?",
  phrase5: "Nice one!",
  phrase6: "Good game",
  mute: "Mute player",
  unmute: "Unmute player",
  person: "Player {name}",
  personMenu: "{name}: more",
  follow: "Follow",
  report: "Report",
  reportAsk: "Report {name}? Whoever runs this game will read it, with the last lines that {name} wrote. What is it about?",
  reportChat: "Chat",
  reportName: "Name",
  reportPlay: "Play",
  reported: "Thank you. Somebody will look at it.",
  following: "Following {name}",
  spectate: "Watching",
  followNext: "Next player",
  nextMaze: "Next maze",
  tour: "Tour",
  tourNote: "Go round the busiest mazes",
  noOtherMaze: "No other maze is being played right now",
  results: "{points} points, level {level}. {cause}",
  error_bad_name: "A name has 1 to 16 visible characters.",
  error_bad_colour: "That colour cannot be had.",
  error_bad_symbol: "That symbol cannot be had.",
  error_bad_chat: "A line has 1 to 200 visible characters.",
  error_chat_too_fast: "Too many lines at once. Wait a moment.",
  error_not_joined: "Join a maze first.",
  error_maze_full: "That maze is full; you are next door.",
  error_join_too_fast: "Too many attempts. Wait a moment.",
  error_boards_too_fast: "Too many boards at once. Wait a moment.",
  error_reports_too_fast: "Too many reports at once. Wait a moment.",
  error_no_such_player: "This player is not here.",
  error_unavailable: "Not possible right now. Try again soon.",
};

/** @typedef {"en" | "ko"} Language */

/** @type {Readonly<Record<Language, Record<string, string>>>} */
export const TABLES = Object.freeze({ en: ENGLISH, ko: KOREAN });
const NUMBERS = { en: new Intl.NumberFormat("en-US"), ko: new Intl.NumberFormat("ko-KR") };

/** @type {Language} */
let current = "en";

/**
 * The language to speak: the one that was chosen, else the first of the browser's that is known here, else English.
 * @param {string} chosen empty when nothing was
 * @param {ReadonlyArray<string>} wanted as `navigator.languages`
 * @returns {Language}
 */
export function languageOf(chosen, wanted) {
  for (const tag of [chosen, ...wanted]) {
    const known = tag.toLowerCase().split("-")[0];
    if (known === "en" || known === "ko") return known;
  }
  return "en";
}

/** Speaks this language from now on. @param {Language} language */
export function speak(language) {
  current = language;
}

/** The language that is spoken. @returns {Language} */
export function language() {
  return current;
}

/**
 * The words of a key, with its placeholders filled.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function text(key, values = {}) {
  const pattern = TABLES[current][key] ?? ENGLISH[key] ?? key;
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}

/**
 * The words for a refusal of the server, or its own message when the code is unknown.
 * @param {string} code
 * @param {string} message
 * @returns {string}
 */
export function refusalText(code, message) {
  const key = `error_${code}`;
  return Object.hasOwn(ENGLISH, key) ? text(key) : message;
}

/** Which attribute names the key of what. */
const FILLED = Object.freeze({ "data-placeholder": "placeholder", "data-label": "aria-label", "data-title": "title" });

/**
 * Fills every element that names a key in `data-text`, `data-placeholder`, `data-label` or `data-title`.
 * @param {ParentNode} root
 */
export function fillTexts(root) {
  for (const element of root.querySelectorAll("[data-text]")) {
    element.textContent = text(element.getAttribute("data-text") ?? "");
  }
  for (const [from, to] of Object.entries(FILLED)) {
    for (const element of root.querySelectorAll(`[${from}]`)) element.setAttribute(to, text(element.getAttribute(from) ?? ""));
  }
}

/**
 * A number as people read it.
 * @param {number} value
 * @returns {string}
 */
export function grouped(value) {
  return NUMBERS[current].format(value);
}
