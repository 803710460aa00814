/**
 * What is touched is as large as a fingertip, on phones and tablets, upright and on their sides, wherever one can get to: 44 CSS pixels each way (WCAG 2.5.5, and what the rules of the page ask for).
 *
 * Two things are smaller. A name in the list of players is as high as its line, 24 at least (WCAG 2.5.8): the list unfolded has the same name in 44. A name in
 * the chat stands in a line of text, which 2.5.8 excepts. A label is what is pressed for its control.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchBrowser, newPage, still, until } from "./browser.mjs";
import { openMoment, openStage, busy } from "./moments.mjs";

const FINGER_PX = 44;
const LINE_PX = 24;
/** The close code of a connection for which a newer one of the same player stands (PROTOCOL.md). */
const REPLACED = 4009;

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** All that can be pressed now, with its size, whether it lies in the window, and whether something lies on its middle. */
const pressable = (page, within) => page.evaluate((selector) => {
  const inside = document.querySelector(selector);
  const all = [...inside.querySelectorAll("button, input, select, textarea, a[href], [role=tab]")];
  return all.filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(".line-name")).map((element) => {
    const pressed = element.closest("label") ?? element;
    // What scrolls is judged where it is seen.
    pressed.scrollIntoView({ block: "nearest" });
    const { left, right, top, bottom, width, height } = pressed.getBoundingClientRect();
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return {
      name: element.id || element.getAttribute("aria-label") || element.textContent || element.className,
      isName: element.matches(".who"),
      width,
      height,
      inWindow: left >= -0.5 && right <= window.innerWidth + 0.5 && top >= -0.5 && bottom <= window.innerHeight + 0.5,
      free: hit !== null && (pressed.contains(hit) || element.contains(hit)),
    };
  });
}, within);

async function judge(page, where, { within = "body", names = LINE_PX, atLeast = 4 } = {}) {
  const seen = await pressable(page, within);
  assert.ok(seen.length >= atLeast, `${where}: ${seen.length} things to press`);
  for (const each of seen) {
    const least = each.isName ? names : FINGER_PX;
    // Half a pixel is rounding.
    assert.ok(each.width >= least - 0.5 && each.height >= least - 0.5, `${where}: ${each.name} is ${each.width.toFixed(1)} x ${each.height.toFixed(1)}`);
    assert.ok(each.inWindow, `${where}: ${each.name} is outside`);
    assert.ok(each.free, `${where}: something lies on ${each.name}`);
  }
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false, `${where}: hangs over the side`);
  return seen.map(({ name }) => name);
}

for (const [width, height] of [[320, 568], [360, 640], [390, 844], [600, 800], [768, 1024]]) {
  for (const locale of ["en-US", "ko-KR"]) {
    const options = { viewport: { width, height }, hasTouch: true, isMobile: true, deviceScaleFactor: 2, locale };

    test(`at ${width}x${height}, ${locale}: title, play with the pad, the unfolded list, chat and panels have room for fingers`, async () => {
      const page = await newPage(browser, options);
      const stage = await openStage(page, { frame: busy });
      await until(page, "a connection", (shown) => shown.connected);
      const onTitle = await judge(page, "title");
      assert.ok(onTitle.length >= 16 + 16 + 3, "with all faces");
      await page.locator("#play").tap();
      await until(page, "everybody", (shown) => shown.players.length === 6);
      await page.locator("#pad").waitFor();
      const inPlay = await judge(page, "play");
      for (const id of ["leave", "open-board", "open-chat", "open-settings"]) assert.ok(inPlay.includes(id), `${id} of ${inPlay}`);
      const own = await page.locator("#board-rows .row.you").boundingBox();
      assert.ok(own !== null && own.height >= LINE_PX, "the own row is in the list");

      await page.locator("#open-board").tap();
      const unfolded = await judge(page, "the unfolded list", { within: "#board", names: FINGER_PX });
      for (const id of ["board-maze", "board-all", "close-board"]) assert.ok(unfolded.includes(id), `${id} of ${unfolded}`);
      await page.locator("#close-board").tap();
      await page.locator("#close-board").waitFor({ state: "hidden" });

      await page.locator("#open-board").tap();
      await page.locator("#board .row:not(.you) .who").first().tap();
      await page.locator("#person-report").tap();
      await page.locator("#person-reasons .button").first().waitFor();
      const ofPerson = await judge(page, "what is done about somebody", { within: "#person" });
      for (const id of ["person-mute", "person-report"]) assert.ok(ofPerson.includes(id), `${id} of ${ofPerson}`);
      await page.locator("#person .close").tap();
      await page.locator("#person").waitFor({ state: "hidden" });
      await page.locator("#close-board").waitFor({ state: "hidden" });

      await page.locator("#open-chat").tap();
      await page.locator("#close-chat").waitFor();
      await still(page);
      await judge(page, "chat", { within: "#chat", atLeast: 12 });
      await page.locator("#close-chat").tap();

      for (const panel of ["settings", "help", "share"]) {
        await page.locator(`#open-${panel}`).tap();
        await page.locator(`#${panel}`).waitFor();
        await judge(page, panel, { within: `#${panel}`, atLeast: 1 });
        const wider = await page.locator(`#${panel}`).evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
        assert.ok(wider <= 0, `${panel} hangs over its side by ${wider}`);
        await page.locator(`#${panel} .close`).tap();
        await page.locator(`#${panel}`).waitFor({ state: "hidden" });
      }

      stage.sockets.at(-1).send(JSON.stringify({ type: "over", points: 14210, level: 3 }));
      await page.locator("#over").waitFor();
      await judge(page, "over");

      await stage.sockets.at(-1).close({ code: REPLACED });
      await page.locator("#banner-retry").waitFor();
      await judge(page, "the banner of who was replaced", { within: "#banner", atLeast: 1 });
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });

    test(`at ${width}x${height}, ${locale}: who looks on has room for fingers`, async () => {
      const page = await newPage(browser, options);
      await openMoment(page, "watching");
      await judge(page, "watching");
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  }
}

/** What of the panels beside the maze reaches over it. */
const over = (page) => page.evaluate(() => {
  const { left } = document.getElementById("frame").getBoundingClientRect();
  const inside = [...document.querySelectorAll(":is(.top, .tools, .score-card, .board) *")].filter((element) => element.checkVisibility({ visibilityProperty: true }));
  // What is cut off on purpose ends in an ellipsis at the edge of its own box, which is judged instead.
  const whole = inside.filter((element) => !element.closest(".brand") && element.getBoundingClientRect().width > 1);
  return whole.filter((element) => element.getBoundingClientRect().right > left + 1).map((element) => element.id || element.className || element.textContent);
});

for (const [width, height] of [[568, 320], [667, 375], [844, 390], [1024, 768]]) {
  test(`at ${width}x${height}, on its side: title, play and the end of a run have room for fingers`, async () => {
    const page = await newPage(browser, { viewport: { width, height }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
    const stage = await openStage(page, { frame: busy });
    await until(page, "a connection", (shown) => shown.connected);
    const onTitle = await judge(page, "title");
    for (const id of ["play", "watch", "open-settings"]) assert.ok(onTitle.includes(id), `${id} of ${onTitle}`);
    assert.ok(onTitle.length >= 16 + 16 + 3, "with all faces");
    await page.locator("#play").tap();
    await until(page, "everybody", (shown) => shown.players.length === 6);
    await judge(page, "play");
    assert.deepEqual(await over(page), [], "nothing lies over the maze");
    stage.sockets.at(-1).send(JSON.stringify({ type: "over", points: 14210, level: 3 }));
    await page.locator("#over").waitFor();
    await judge(page, "over");
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}
