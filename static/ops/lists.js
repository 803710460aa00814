// @ts-check
/** The tables of processes and mazes and the lists of faults and reports as they are drawn. Every name and line is a stranger's and shown as text. */

import { byId, make, setText } from "./element.js";
import { clock, fieldsOf, gathered } from "./journals.js";
import { text } from "./words.js";

/** Rows of mazes that are drawn. */
const MAZES_SHOWN = 100;
/** Ticks a second below which a maze is late; it is measured to a few. */
const TICKS_WELL = 56;

/** @param {Element} row @param {string} content @param {string} [look] */
function cell(row, content, look = "") {
  row.append(make("td", look, content));
}

/** @param {any} status */
export function drawProcesses(status) {
  const rows = status.instances.map((/** @type {any} */ one) => {
    const row = make("tr", "");
    const head = make("th", "mono", one.id);
    head.scope = "row";
    row.append(head);
    cell(row, text(`role_${one.role}`));
    cell(row, one.version);
    cell(row, String(one.connections), "n");
    cell(row, String(one.leads), "n");
    const state = one.draining ? "draining" : one.id === status.instance ? "answering" : "alive";
    cell(row, text(state), `state ${state}`);
    return row;
  });
  byId("processes", HTMLTableSectionElement).replaceChildren(...rows);
}

/** @param {any} status @param {ReadonlyMap<string, number>} rates */
export function drawMazes(status, rates) {
  const mazes = [...status.mazes].sort((a, b) => b.players - a.players || (a.id < b.id ? -1 : 1));
  const rows = mazes.slice(0, MAZES_SHOWN).map((maze) => {
    const row = make("tr", "");
    const head = make("th", "mono", maze.id);
    head.scope = "row";
    row.append(head);
    cell(row, maze.leader, "mono");
    cell(row, String(maze.epoch), "n");
    const rate = rates.get(maze.id);
    if (maze.asleep) cell(row, text("asleep"), "n soft");
    else cell(row, rate === undefined ? "–" : rate.toFixed(0), rate !== undefined && rate < TICKS_WELL ? "n bad" : "n");
    for (const number of [maze.players, maze.spectators, maze.level]) cell(row, String(number), "n");
    return row;
  });
  if (rows.length === 0) {
    const none = make("td", "soft", text("noMazes"));
    none.colSpan = 7;
    const row = make("tr", "");
    row.append(none);
    rows.push(row);
  }
  byId("mazes", HTMLTableSectionElement).replaceChildren(...rows);
  const more = byId("mazes-more", HTMLElement);
  more.hidden = mazes.length <= MAZES_SHOWN;
  setText(more, text("moreMazes", { n: mazes.length - MAZES_SHOWN }));
}

/** @param {import("./journals.js").Fault[]} faults */
export function drawFaults(faults) {
  const entries = gathered(faults).map((fault) => {
    const entry = make("li", `entry ${fault.level === "error" ? "error" : "warn"}`);
    const head = make("p", "entry-head");
    head.append(make("time", "soft", clock(fault.at)), make("strong", "mono", fault.event));
    if (fault.times > 1) head.append(make("span", "soft", text("times", { n: fault.times })));
    entry.append(head, make("p", "", fault.what));
    const fields = fieldsOf(fault);
    if (fields !== "") entry.append(make("p", "mono soft", fields));
    entry.append(make("p", "soft small", text("seenBy", { who: fault.instances.join(", ") })));
    return entry;
  });
  fill("faults", entries, "noFaults");
}

/** @param {any[]} reports */
export function drawReports(reports) {
  const entries = reports.map((report) => {
    const entry = make("li", "entry");
    const head = make("p", "entry-head");
    const names = { by: report.by.name ?? text("somebody"), whom: report.whom.name ?? text("somebody") };
    head.append(make("time", "soft", clock(report.noted)), make("strong", "", text("reportsWhom", names)));
    if (report.reason) head.append(make("span", "badge", text(`reason_${report.reason}`)));
    entry.append(head);
    for (const line of report.lines) entry.append(make("blockquote", "said-line", line.text));
    if (report.lines.length === 0) entry.append(make("p", "soft", text("noLines")));
    entry.append(make("p", "mono soft", `${report.maze} · ${report.whom.id} · ${report.instance}`));
    return entry;
  });
  fill("reports", entries, "noReports");
}

/** @param {string} id @param {HTMLElement[]} entries @param {string} none */
function fill(id, entries, none) {
  byId(id, HTMLOListElement).replaceChildren(...(entries.length > 0 ? entries : [make("li", "soft", text(none))]));
}
