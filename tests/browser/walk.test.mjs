/**
 * What a player meets from the first moment on, with a real server: on the move within five seconds, remembered, kept from flooding, and led by a link
 * to the very same maze.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, here, launchBrowser, newPage, own, until, view } from "./browser.mjs";
import { startServer } from "./server.mjs";

/** From the address to the own pac on the move. */
const MOVING_WITHIN_MS = 5000;

let browser;
let server;
before(async () => {
  browser = await launchBrowser();
  server = await startServer();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function visit(maze, options = {}) {
  const page = await newPage(browser, { origin: server.origin, locale: "en-US", ...options });
  await page.goto(`${server.origin}/?m=${maze}`);
  await until(page, "a connection", (shown) => shown.connected);
  return page;
}

/** Presses all four ways by turns until the own pac moves: which are open depends on where it stands. */
async function move(page, keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
  const from = own(await view(page));
  let turn = 0;
  return until(page, "the own pac moves", (shown) => {
    const now = own(shown);
    if (now && from && Math.abs(now.x - from.x) + Math.abs(now.y - from.y) > 4) return true;
    if (turn % 15 === 0) page.keyboard.press(keys[(turn / 15) % 4]).catch(() => undefined);
    turn += 1;
    return false;
  });
}

test("from the address to a pac on the move in five seconds, with two keys and no sign-up; name, colour and symbol are remembered", async () => {
  // In company: alone the arcade's READY! takes four seconds by itself.
  const host = await visit("first");
  await host.keyboard.press("Enter");
  await until(host, "somebody plays there", (shown) => own(shown)?.state === "alive");
  const page = await newPage(browser, { origin: server.origin, locale: "en-US" });
  const began = performance.now();
  await page.goto(`${server.origin}/?m=first`);
  await until(page, "a connection", (shown) => shown.connected);
  await page.keyboard.press("Enter");
  await until(page, "a seat", (shown) => own(shown) !== undefined);
  await move(page);
  const tookMs = performance.now() - began;
  const most = here(MOVING_WITHIN_MS);
  assert.ok(tookMs < most, `${Math.round(tookMs)} ms of ${Math.round(most)}`);
  const name = own(await view(page)).name;
  const look = () => page.evaluate(() => ["name", "colour", "symbol"].map((key) => localStorage.getItem(`waka.${key}`)));
  const kept = await look();
  assert.equal(kept[0], name);
  await page.locator("#leave").click();
  await page.goto(`${server.origin}/?m=first`);
  await until(page, "the title", (shown) => shown.connected);
  assert.equal(await page.locator("#name").inputValue(), name);
  const checked = await page.evaluate(() => ["colour", "symbol"].map((group) => document.querySelector(`input[name="${group}"]:checked`).value));
  assert.deepEqual(checked, kept.slice(1));
  await close(page, host);
});

test("W A S D steer by the place of the key; while a line is written the pac goes on and letters do not steer", async () => {
  const page = await visit("typing");
  await page.keyboard.press("Enter");
  await until(page, "alive", (shown) => own(shown)?.state === "alive");
  const moving = await move(page, ["KeyA", "KeyD", "KeyW", "KeyS"]);
  const before = own(moving);
  await page.keyboard.press("Enter");
  await page.keyboard.type("wasd");
  await until(page, "it goes on, or stands at a wall", (shown) => shown.tick > moving.tick + 30);
  const after = own(await view(page));
  const straight = ["left", "right"].includes(before.dir) ? after.y === before.y : after.x === before.x;
  assert.ok(straight && after.dir === before.dir, JSON.stringify([before, after]));
  assert.equal(await page.locator("#chat-text").inputValue(), "wasd");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  await close(page);
});

test("five lines in ten seconds, phrases among them; the sixth is refused in words, and so is what hides or reorders text", async () => {
  const page = await visit("talk");
  await page.keyboard.press("Enter");
  await until(page, "a seat", (shown) => own(shown) !== undefined);
  await page.keyboard.press("Enter");
  await page.locator("#chat-text").fill("\u202Eolleh");
  await page.keyboard.press("Enter");
  await page.locator("#toast", { hasText: "1 to 200 visible characters" }).waitFor();
  await page.locator("#chat-text").fill("");
  await page.keyboard.press("Escape");
  // All at once: every two seconds there is room for another line.
  await page.evaluate(() => {
    const field = document.getElementById("chat-text");
    for (const line of ["one", "가".repeat(200), "see https://evil.example/now"]) {
      field.value = line;
      field.form.requestSubmit();
    }
    for (const code of ["Digit1", "Digit2", "Digit3"]) document.body.dispatchEvent(new KeyboardEvent("keydown", { code, bubbles: true }));
  });
  await page.locator("#toast", { hasText: "Too many lines" }).waitFor();
  await until(page, "five lines", (shown) => shown.chat.length === 5);
  const lines = await page.locator(".line-text").allTextContents();
  assert.deepEqual(lines.map((line) => line.slice(0, 20)), ["one", "가".repeat(20), "see [link]", "Hello!", "Help!"]);
  await close(page);
});

test("the link that is copied leads a friend to the very same maze, and its preview has a picture", async () => {
  const page = await visit("friends", { permissions: ["clipboard-read", "clipboard-write"] });
  await page.keyboard.press("Enter");
  await until(page, "a seat", (shown) => own(shown) !== undefined);
  await page.locator("#open-share").click();
  await page.locator("#copy-link").click();
  await page.locator("#share-said", { hasText: "Copied" }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press("Escape");
  const friend = await newPage(browser, { origin: server.origin, locale: "ko-KR" });
  await friend.goto(link);
  await friend.locator("#tagline", { hasText: "friends" }).waitFor();
  await until(friend, "a connection", (shown) => shown.connected);
  await friend.keyboard.press("Enter");
  await until(friend, "both", (shown) => shown.maze === "friends" && shown.players.length === 2);
  assert.equal(await friend.locator("#play").textContent(), "시작");
  const preview = await (await fetch(link)).text();
  const image = /property="og:image" content="([^"]+)"/.exec(preview)?.[1] ?? "";
  const answer = await fetch(new URL(image, server.origin));
  assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "image/png"]);
  await close(page, friend);
});

test("help with colours puts letters on the ghosts, at once", async () => {
  const page = await visit("colours");
  await page.keyboard.press("Enter");
  await until(page, "a seat", (shown) => own(shown) !== undefined && shown.ghosts.length >= 4);
  // Letters are the only text that is drawn in a lone maze beside the names and signs.
  await page.evaluate(() => {
    window.drawnLetters = new Set();
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function noted(text, ...rest) {
      window.drawnLetters.add(text);
      return fillText.call(this, text, ...rest);
    };
  });
  const letters = () => page.evaluate(() => ["B", "P", "I", "C"].filter((letter) => window.drawnLetters.has(letter)).join(""));
  await until(page, "some frames", () => true);
  assert.equal(await letters(), "");
  await page.locator("#open-settings").click();
  await page.locator("#set-colourhelp").click();
  await page.waitForFunction(() => ["B", "P", "I", "C"].every((letter) => window.drawnLetters.has(letter)));
  await close(page);
});
