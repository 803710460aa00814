// @ts-check
/**
 * The operator's page: asks the server for its numbers and journals while somebody is logged in, and has them drawn. The one file here that waits.
 *
 * Behind a balancer each answer may be another process's, so what is measured of a process is kept by its name, and one of them is shown.
 */

import { byId, make, setText } from "./element.js";
import { createSeries, duration } from "./charts.js";
import { createChart } from "./drawing.js";
import { drawFaults, drawMazes, drawProcesses, drawReports } from "./lists.js";
import { gathered } from "./journals.js";
import { createRates, quantile, readNumbers } from "./numbers.js";
import { fillTexts, language, languageOf, speak, text } from "./words.js";

const NUMBERS_EVERY_MS = 2000;
const JOURNALS_EVERY_MS = 5000;
/** No answer for so long is said. */
const SILENT_MS = 5000;
/** Processes whose numbers are kept. */
const PROCESSES_MAX = 64;
const LANGUAGE_KEY = "waka.ops.language";

/** What of a process is charted: each a histogram of /metrics, in seconds. */
const MEASURED = [
  { kind: { id: "gaps", title: "chartGaps", say: duration, least: 0.1 }, name: "waka_show_gap_seconds" },
  { kind: { id: "tick", title: "chartTick", say: duration, least: 1e-5 }, name: "waka_step_seconds" },
  { kind: { id: "commit", title: "chartCommit", say: duration, least: 1e-3 }, name: "waka_commit_seconds" },
];
const SHARES = [0.5, 0.99];

/** @typedef {{ before: import("./numbers.js").Numbers | null, series: import("./charts.js").Series[][] }} Measured */

const login = byId("login", HTMLFormElement);
const board = byId("board", HTMLDivElement);
const said = byId("login-said", HTMLElement);
const token = byId("token", HTMLInputElement);
const logout = byId("logout", HTMLButtonElement);
const pulse = byId("pulse", HTMLElement);
const which = byId("which", HTMLSelectElement);
const charts = byId("charts", HTMLDivElement);

const people = [createSeries(), createSeries()];
const rates = createRates();
/** @type {Map<string, Measured>} */
const measured = new Map();
/** @type {{ status: any, rates: Map<string, number> } | null} */
let newest = null;
/** @type {{ faults: any[], reports: any[] }} */
let journals = { faults: [], reports: [] };
let answeredAt = 0;
/** @type {"out" | "in" | ""} */
let state = "";

/** @type {{ label: string, look: "one" | "two" }[]} */
const QUANTILES = [{ label: "median", look: "one" }, { label: "p99", look: "two" }];
const peopleChart = createChart(charts, { id: "players", title: "chartPlayers", say: String, least: 5, lines: [{ label: "players", look: "one" }, { label: "connections", look: "two" }] });
const measuredCharts = MEASURED.map(({ kind }) => createChart(charts, { ...kind, lines: QUANTILES }));

/** @param {"out" | "in"} next */
function enter(next) {
  if (state === next) return;
  state = next;
  login.hidden = state === "in";
  for (const each of [board, logout, pulse]) each.hidden = state === "out";
  if (state === "out") token.focus();
}

/** The answer, or null when there is none or one has to log in first. @param {string} path */
async function ask(path) {
  try {
    const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(SILENT_MS) });
    if (answer.status === 401) enter("out");
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** @param {{ at: number, status: any, metrics: string }} told */
function takeNumbers({ at, status, metrics }) {
  const now = performance.now();
  const connections = status.instances.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.connections, 0);
  people[0].put(now, status.players);
  people[1].put(now, connections);
  newest = { status, rates: rates.take(at, status.mazes) };
  const numbers = readNumbers(metrics);
  const own = measured.get(status.instance) ?? { before: null, series: MEASURED.map(() => SHARES.map(createSeries)) };
  MEASURED.forEach(({ name }, i) => {
    // Of the first reading nothing is known but all that ever was.
    SHARES.forEach((share, k) => own.series[i][k].put(now, own.before && quantile(numbers, own.before, name, share)));
  });
  own.before = numbers;
  measured.delete(status.instance);
  measured.set(status.instance, own);
  if (measured.size > PROCESSES_MAX) measured.delete(/** @type {string} */ (measured.keys().next().value));
}

/** The process whose numbers are shown: the chosen one while it is there. */
function shown() {
  const known = [...measured.keys()].sort();
  if (known.join() !== [...which.options].map((option) => option.value).join()) {
    const chosen = which.value;
    which.replaceChildren(
      ...known.map((id) => {
        const option = make("option", "", id);
        option.value = id;
        return option;
      }),
    );
    which.value = known.includes(chosen) ? chosen : (newest?.status.instance ?? "");
  }
  return measured.get(which.value);
}

function draw() {
  const now = performance.now();
  if (!newest) return;
  const { status } = newest;
  const silentFor = now - answeredAt;
  const isSilent = silentFor > SILENT_MS;
  pulse.classList.toggle("silent", isSilent);
  setText(byId("pulse-text", HTMLElement), isSilent ? text("silent", { n: Math.round(silentFor / 1000) }) : text("live", { instance: status.instance }));
  const tiles = {
    players: status.players,
    connections: people[1].last ?? 0,
    processes: status.instances.length,
    mazes: status.mazes.length,
    faults: gathered(journals.faults).length,
    reports: journals.reports.length,
  };
  for (const [name, value] of Object.entries(tiles)) setText(byId(`tile-${name}`, HTMLElement), String(value));
  peopleChart.draw(people, now);
  const process = shown();
  if (process) measuredCharts.forEach((chart, i) => chart.draw(process.series[i], now));
}

function drawLists() {
  if (newest) {
    drawProcesses(newest.status);
    drawMazes(newest.status, newest.rates);
  }
  drawFaults(journals.faults);
  drawReports(journals.reports);
}

async function readOnce() {
  const told = await ask("numbers");
  if (!told) return;
  answeredAt = performance.now();
  takeNumbers(told);
  enter("in");
  drawProcesses(told.status);
  if (newest) drawMazes(told.status, newest.rates);
}

async function readJournals() {
  const told = await ask("journals");
  const away = byId("journals-said", HTMLElement);
  away.hidden = told !== null;
  setText(away, told === null ? text("journalsAway") : "");
  if (!told) return;
  journals = told;
  draw();
  drawFaults(journals.faults);
  drawReports(journals.reports);
}

/** Asks again and again, each time after the last answer. @param {() => Promise<void>} read @param {number} everyMs */
async function keep(read, everyMs) {
  if (state !== "out") await read();
  window.setTimeout(() => void keep(read, everyMs), everyMs);
}

login.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = JSON.stringify({ token: token.value });
  setText(said, "");
  const answer = await fetch("login", { method: "POST", headers: { "content-type": "application/json" }, body }).catch(() => null);
  if (!answer?.ok) {
    setText(said, text(answer === null ? "unreachable" : answer.status === 429 ? "tooMany" : "wrongToken"));
    token.select();
    return;
  }
  token.value = "";
  await Promise.all([readOnce(), readJournals()]);
  draw();
});
logout.addEventListener("click", async () => {
  await fetch("logout", { method: "POST" }).catch(() => null);
  enter("out");
});
which.addEventListener("change", draw);

/** @param {"en" | "ko"} next */
function speakNow(next) {
  speak(next);
  document.documentElement.lang = language();
  fillTexts(document);
  drawLists();
  draw();
}
byId("language", HTMLButtonElement).addEventListener("click", () => {
  const next = language() === "en" ? "ko" : "en";
  localStorage.setItem(LANGUAGE_KEY, next);
  speakNow(next);
});

speakNow(languageOf(localStorage.getItem(LANGUAGE_KEY) ?? "", navigator.languages ?? []));
void keep(async () => {
  await readOnce();
  draw();
}, NUMBERS_EVERY_MS);
void keep(readJournals, JOURNALS_EVERY_MS);
window.setInterval(draw, 1000);
