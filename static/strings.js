// @ts-check
/**
 * Every word that the page shows, in one place and by key, so that a second language is a second table.
 *
 * No other module holds a sentence for people. Placeholders are `{name}`; `text` fills them. What players write never passes through here as a
 * pattern, only as a value, and whoever shows the result sets it as text.
 */

/** @type {Record<string, string>} */
const ENGLISH = {
  title: "Waka",
  tagline: "One maze, up to sixteen of you",
  name: "Your name",
  colour: "Colour",
  colourNumber: "Colour {n}",
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
  boards: "Score boards",
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
  powerInUse: "Power in use, energizers asleep",
  youAte: "You ate {name} (+{points})",
  ateYou: "{name} ate you",
  extraLife: "Extra life!",
  error_bad_name: "A name has 1 to 16 visible characters.",
  error_bad_colour: "That colour cannot be had.",
  error_bad_chat: "A line has 1 to 200 visible characters.",
  error_chat_too_fast: "Too many lines at once. Wait a moment.",
  error_not_joined: "Join a maze first.",
  error_maze_full: "That maze is full; you are next door.",
  error_join_too_fast: "Too many attempts. Wait a moment.",
  error_boards_too_fast: "Too many boards at once. Wait a moment.",
  error_unavailable: "Not possible right now. Try again soon.",
};

/**
 * The words of a key, with its placeholders filled.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function text(key, values = {}) {
  const pattern = ENGLISH[key] ?? key;
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
  return Object.hasOwn(ENGLISH, key) ? ENGLISH[key] : message;
}

/**
 * Fills every element that names a key in `data-text`, `data-placeholder` or `data-label`.
 * @param {ParentNode} root
 */
export function fillTexts(root) {
  for (const element of root.querySelectorAll("[data-text]")) {
    element.textContent = text(element.getAttribute("data-text") ?? "");
  }
  for (const element of root.querySelectorAll("[data-placeholder]")) {
    element.setAttribute("placeholder", text(element.getAttribute("data-placeholder") ?? ""));
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(element.getAttribute("data-label") ?? ""));
  }
}

const GROUPED = new Intl.NumberFormat("en-US");

/**
 * A number as people read it.
 * @param {number} value
 * @returns {string}
 */
export function grouped(value) {
  return GROUPED.format(value);
}
