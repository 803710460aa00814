/**
 * What a frame of the page costs: `node cost.mjs` prints milliseconds per animation frame for six and for sixteen players at 1280x720.
 *
 * Chromium runs without a GPU here, so canvas work is done by the processor: an upper bound for a laptop. The first figure is the time in the page's own
 * loop; the second adds the painting, forced by reading one pixel back.
 */

import { cpus, loadavg } from "node:os";
import { launchBrowser, newPage, until } from "./browser.mjs";
import { ADA, busy, crowd, openStage } from "./moments.mjs";
import { STAGE_URL } from "./stage.mjs";

const FRAMES = 600;
const SIXTEEN = Array.from({ length: 16 }, (_, seat) => ({ seat, id: seat === 0 ? ADA.id : `00000000000000${(16 + seat).toString(16)}`, name: `player ${seat + 1}`, colour: seat, symbol: seat }));

/** Runs in the page: times every call of an animation frame. */
function timeFrames() {
  const request = window.requestAnimationFrame.bind(window);
  window.waka_cost = { script: [], painted: [] };
  window.requestAnimationFrame = (callback) => request((now) => {
    const from = performance.now();
    callback(now);
    const scripted = performance.now();
    document.getElementById("maze").getContext("2d").getImageData(0, 0, 1, 1);
    window.waka_cost.script.push(scripted - from);
    window.waka_cost.painted.push(performance.now() - from);
  });
}

const part = (times, share) => [...times].sort((a, b) => a - b)[Math.floor(times.length * share)].toFixed(2);

const browser = await launchBrowser();
try {
  console.log(`software rendering, ${cpus()[0].model}, ${cpus().length} processors, load ${loadavg()[0].toFixed(1)}`);
  for (const [players, set] of [[6, { frame: busy }], [16, { frame: crowd, rows: SIXTEEN }]]) {
    const page = await newPage(browser, { origin: STAGE_URL });
    await page.addInitScript(timeFrames);
    await openStage(page, { ...set, moving: true });
    await until(page, "a connection", (shown) => shown.connected);
    await page.locator("#play").click();
    await until(page, "everybody", (shown) => shown.players.length === players);
    await page.evaluate(() => {
      window.waka_cost.script.length = window.waka_cost.painted.length = 0;
    });
    await page.waitForFunction((count) => window.waka_cost.painted.length >= count, FRAMES, { timeout: 60000, polling: 500 });
    const { script, painted } = await page.evaluate(() => window.waka_cost);
    console.log(`${players} players: script p50 ${part(script, 0.5)} p99 ${part(script, 0.99)} ms, with painting p50 ${part(painted, 0.5)} p99 ${part(painted, 0.99)} ms (${painted.length} frames)`);
    await page.context().close();
  }
} finally {
  await browser.close();
}
