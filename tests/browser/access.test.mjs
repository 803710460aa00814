/**
 * The page for those who do not see it, or have no mouse: axe-core finds nothing serious in any moment or panel, and everything is reached by keyboard.
 */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launchBrowser, newPage, still, until } from "./browser.mjs";
import { busy, openMoment, openStage } from "./moments.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const DESK = { width: 1280, height: 720 };
const PHONE = { width: 390, height: 844 };

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** What axe has to say of the page as it is now, at its two highest levels. */
async function grave(page) {
  // What is half faded in has little contrast.
  await still(page);
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter((violation) => ["serious", "critical"].includes(violation.impact))
    .map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

for (const [where, viewport] of [["a desk", DESK], ["a phone", PHONE]]) {
  test(`axe finds nothing serious on ${where}: title, play, chat, reconnecting, each panel`, async () => {
    for (const moment of ["title", "play", "chat", "reconnecting"]) {
      const page = await newPage(browser, { viewport, locale: "en-US" });
      await openMoment(page, moment);
      assert.deepEqual(await grave(page), [], moment);
      if (moment !== "title") {
        await page.context().close();
        continue;
      }
      for (const panel of ["settings", "help", "share"]) {
        await page.locator(`#open-${panel}`).click();
        assert.deepEqual(await grave(page), [], panel);
        await page.keyboard.press("Escape");
      }
      await page.context().close();
    }
  });
}

test("everything is reached by Tab, and what is reached is seen", async () => {
  const page = await newPage(browser, { viewport: DESK });
  await openStage(page, { frame: busy });
  await until(page, "a connection", (shown) => shown.connected);
  const reached = new Set();
  for (let i = 0; i < 16; i += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      const shown = element.matches(".swatch input") ? element.closest("label") : element;
      const { outlineStyle, boxShadow } = getComputedStyle(shown);
      return { id: element.id || element.name, seen: outlineStyle !== "none" || boxShadow !== "none" };
    });
    if (at.id) assert.ok(at.seen, `${at.id} shows that it has the focus`);
    reached.add(at.id);
  }
  for (const id of ["open-share", "toggle-sound", "open-help", "open-settings", "name", "colour", "symbol", "play", "watch"]) assert.ok(reached.has(id), `${id} of ${[...reached]}`);
  await page.context().close();
});

test("what has to be heard stands in live regions", async () => {
  const page = await newPage(browser, { viewport: DESK });
  await openStage(page, { frame: busy });
  await until(page, "a connection", (shown) => shown.connected);
  const live = await page.evaluate(() => ["toast", "banner", "results", "share-said"].map((id) => document.getElementById(id).getAttribute("role")));
  assert.deepEqual(live, ["status", "status", "status", "status"]);
  await page.locator("#play").click();
  await page.locator(".line-text").first().waitFor();
  await until(page, "a frame", () => true);
  assert.match(await page.locator("#chat-list").getAttribute("aria-live"), /polite|off/);
  await page.context().close();
});
