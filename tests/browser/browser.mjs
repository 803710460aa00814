/**
 * Debian's Chromium, and pages in it that keep count of what must not happen: console errors and warnings, other hosts, blocked content.
 */

import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** How long a condition may take before a test gives up; generous, because machines are shared. */
export const DEADLINE_MS = 20000;

export function launchBrowser() {
  return chromium.launch({ executablePath: process.env.WAKA_CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS });
}

/** A page of a browser of its own memory; `page.complaints` lists all that went wrong in it. */
export async function newPage(browser, { origin, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => page.complaints.push(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (origin && url.protocol !== "data:" && url.host !== new URL(origin).host) page.complaints.push(`request to ${request.url()}`);
  });
  page.on("websocket", (socket) => {
    if (origin && new URL(socket.url()).host !== new URL(origin).host) page.complaints.push(`socket to ${socket.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`blocked by policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  page.setDefaultTimeout(DEADLINE_MS);
  return page;
}

/** Closes pages in which nothing has gone wrong. */
export async function close(...pages) {
  for (const page of pages) {
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
}

/** Waits until nothing slides or fades any more; what goes on for ever, such as a spinner, does not count. */
export const still = (page) => page.waitForFunction(() => document.getAnimations().every((one) => one.effect?.getComputedTiming().iterations === Infinity));

/** So long it is measured what share of a processor there is. */
const SHARE_OVER_MS = 100;

/** A promise about time as it holds here and now: where others work beside it, a process gets only a share of a processor, and all takes longer. */
export function here(ms) {
  const [from, before] = [performance.now(), process.cpuUsage()];
  while (performance.now() - from < SHARE_OVER_MS);
  const { user, system } = process.cpuUsage(before);
  return ms * Math.max(1, (performance.now() - from) / ((user + system) / 1000));
}

/** Of a view, the player whose page it is. */
export const own = (shown) => shown.players.find((player) => player.id === shown.you);

/** What the page shows now. */
export const view = (page) => page.evaluate(() => window.waka.view());

/** Waits until `holds(view)`, looking once a drawn frame; fails with the last view at the deadline. */
export async function until(page, what, holds, deadlineMs = DEADLINE_MS) {
  const deadline = Date.now() + deadlineMs;
  let shown = null;
  while (Date.now() < deadline) {
    // A page that is just being loaded has no view yet, and loses what is asked of it.
    shown = await page.evaluate(nextView).catch(() => null);
    if (shown && holds(shown)) return shown;
  }
  throw new Error(`waited in vain: ${what}\n${JSON.stringify(shown)}`);
}

const nextView = () => new Promise((resolve) => window.requestAnimationFrame(() => resolve(window.waka?.view() ?? null)));
