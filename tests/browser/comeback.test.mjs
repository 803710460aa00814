/**
 * Coming back: from a hidden tab, from sleep, to another network. What is shown is right within a second, with the same seat and score.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { here, launchBrowser, newPage, own, until, view } from "./browser.mjs";
import { startLine } from "./line.mjs";
import { startServer } from "./server.mjs";

const BACK_MS_MAX = 1000;

let browser;
let server;
before(async () => {
  browser = await launchBrowser();
  server = await startServer({ args: ["--static-dir", new URL("../../static/", import.meta.url).pathname] });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function player(maze, name, origin) {
  const page = await newPage(browser, { origin });
  await page.goto(`${origin}/?m=${maze}&name=${name}`);
  await until(page, "a connection", (shown) => shown.connected);
  await page.keyboard.press("Enter");
  await until(page, `${name} in ${maze}`, (shown) => own(shown) !== undefined && shown.maze === maze);
  return page;
}

/** Ada behind a line of her own, and Ben, who sees how the maze really is. */
async function pair(maze, work) {
  const line = await startLine(server.port, { oneWayMs: 40 });
  const ben = await player(maze, "Ben", server.origin);
  const ada = await player(maze, "Ada", line.origin);
  try {
    const before = await until(ada, "Ben", (shown) => shown.players.length === 2);
    await work({ ada, ben, line, before });
    const complaints = ada.complaints.filter((complaint) => !/WebSocket|ERR_/.test(complaint));
    assert.deepEqual(complaints, []);
  } finally {
    await ada.context().close();
    await ben.context().close();
    await line.close();
  }
}

/** What the tab's visibility is: as the browser would tell it. */
const show = (page, visible) => page.evaluate((is) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => !is });
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (is ? "visible" : "hidden") });
  document.dispatchEvent(new Event("visibilitychange"));
}, visible);

async function freeze(page, frozen) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Page.setWebLifecycleState", { state: frozen ? "frozen" : "active" });
}

/** Runs what brings the page back, and measures in the page until a frame newer than `tick` is shown. */
async function backWithin(page, tick, what, act) {
  const measured = page.evaluate((floor) => new Promise((resolve) => {
    window.cameBack = { from: performance.now(), floor };
    const look = () => {
      const shown = window.waka.view();
      const { from } = window.cameBack;
      if (shown.connected && shown.tick > window.cameBack.floor && shown.drawnTick >= shown.tick && window.cameBack.going) resolve(performance.now() - from);
      else window.requestAnimationFrame(look);
    };
    look();
  }), tick);
  await act();
  const ms = await measured;
  if (process.env.WAKA_TELL) console.log(`${what}: right again after ${Math.round(ms)} ms`);
  const most = here(BACK_MS_MAX);
  assert.ok(ms < most, `${what}: ${Math.round(ms)} ms of ${Math.round(most)}`);
}

/** Called in the page at the very moment of coming back. @param {import("playwright-core").Page} page @param {number} floor the oldest tick that would be right */
const startWatch = (page, floor) => page.evaluate((tick) => {
  window.cameBack.from = performance.now();
  window.cameBack.floor = tick;
  window.cameBack.going = true;
}, floor);

/** What Ada sees goes on from where she came back, as fast as what Ben sees. */
async function sameMoment(ada, ben) {
  const there = await view(ben);
  const seen = await until(ada, "Ada has seen as much as Ben", (shown) => shown.tick >= there.tick, here(BACK_MS_MAX));
  assert.equal(seen.epoch, there.epoch);
}

test("a hidden tab: parked in company, right at once on return, with nothing made up for", async () => {
  await pair("hidden", async ({ ada, ben, before }) => {
    await show(ada, false);
    await until(ben, "Ada is parked", (shown) => shown.players.find((each) => each.id === before.you)?.state === "parked");
    const { tick } = await view(ben);
    await backWithin(ada, tick, "a hidden tab", async () => {
      await startWatch(ada, tick);
      await show(ada, true);
    });
    await sameMoment(ada, ben);
    await ada.keyboard.press("ArrowLeft");
    const again = await until(ada, "Ada plays on", (shown) => !["parked", undefined].includes(own(shown)?.state));
    assert.equal(again.you, before.you);
  });
});

test("sleep: the machine stops, the network is another one on waking", async () => {
  await pair("sleep", async ({ ada, ben, line, before }) => {
    await show(ada, false);
    await freeze(ada, true);
    line.silence(true);
    const { tick } = await view(ben);
    await until(ben, "two seconds pass", (shown) => shown.tick > tick + 120);
    line.silence(false);
    await freeze(ada, false);
    const now = (await view(ben)).tick;
    await backWithin(ada, now, "sleep", async () => {
      await startWatch(ada, now);
      await show(ada, true);
    });
    await sameMoment(ada, ben);
    assert.equal((await view(ada)).you, before.you);
  });
});

test("another network: the old socket stays silent, the browser tells that it is online", async () => {
  await pair("network", async ({ ada, ben, line, before }) => {
    await ada.context().setOffline(true);
    line.silence(true);
    const { tick } = await view(ben);
    await until(ben, "two seconds pass", (shown) => shown.tick > tick + 120);
    line.silence(false);
    const now = (await view(ben)).tick;
    await backWithin(ada, now, "another network", async () => {
      await startWatch(ada, now);
      await ada.context().setOffline(false);
    });
    await sameMoment(ada, ben);
    const again = await view(ada);
    assert.equal(again.you, before.you);
    assert.ok(own(again).score >= own(before).score);
  });
});

test("a socket that falls silent without a word is noticed and replaced within some seconds", async () => {
  await pair("silent", async ({ ada, line, before }) => {
    line.silence(true);
    await until(ada, "it is noticed", (shown) => !shown.connected, 10000);
    line.silence(false);
    const again = await until(ada, "it is back", (shown) => shown.connected && own(shown) !== undefined && shown.tick > before.tick);
    assert.equal(again.you, before.you);
  });
});
