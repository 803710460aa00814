/**
 * All hands in a real Chromium: fingers by emulated touch, a pretended gamepad, an input method that composes, and the keys.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchBrowser, newPage, until, view } from "./browser.mjs";
import { STAGE_URL, at, encodeFrame, scene, setStage } from "./stage.mjs";

const ADA = { seat: 0, id: "00000000000000aa", name: "Ada", colour: 0, symbol: 0 };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** A page that plays, and what the server has heard of it. */
async function playing({ state = "alive", options, prepare, seated = true } = {}) {
  const page = await newPage(browser, { origin: STAGE_URL, ...options });
  const heard = [];
  let tick = 100;
  await setStage(page, (message, send) => {
    heard.push(message);
    if (message.type === "hello") send({ type: "welcome", version: 1, you: ADA.id, token: "token", instance: "stage" });
    if (message.type === "ping") send({ type: "pong", n: message.n });
    if (message.type !== "join") return;
    send({ type: "joined", maze: "open-1", spectating: false, input: 0, seat: 0 });
    send({ type: "players", maze: "open-1", version: 0, spectators: 0, players: [ADA] });
    send(encodeFrame(scene({ tick: (tick += 6), pacs: [{ seat: 0, ...at(6, 5), direction: "left", state }, { seat: 1, ...at(1, 29), direction: "left", state: "dead" }] })));
  });
  await prepare?.(page);
  await page.goto(STAGE_URL);
  await until(page, "a connection", (shown) => shown.connected);
  if (seated) {
    await page.keyboard.press("Enter");
    await until(page, "a seat", (shown) => shown.players.length === 1);
  }
  const dirs = () => heard.filter((message) => message.type === "input").map((message) => message.dir);
  return {
    page,
    heard,
    dirs,
    async hears(...wanted) {
      await until(page, `the server hears ${wanted}`, () => dirs().length >= wanted.length);
      assert.deepEqual(dirs(), wanted);
    },
    async close() {
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    },
  };
}

/** Moves one finger along points; it stays down until the last. */
async function drag(page, points) {
  const cdp = await page.context().newCDPSession(page);
  const [first, ...rest] = points;
  const send = (type, touchPoints) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints });
  await send("touchStart", [{ x: first[0], y: first[1] }]);
  for (const [x, y] of rest) await send("touchMove", [{ x, y }]);
  await send("touchEnd", []);
}

test("a finger on the maze steers, turns without being lifted, and scrolls nothing", async () => {
  const game = await playing({ options: PHONE });
  const box = await game.page.locator("#maze").boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await drag(game.page, [[x, y], [x + 14, y + 3], [x + 30, y + 4], [x + 44, y - 10], [x + 46, y - 40], [x + 20, y - 42], [x + 18, y - 10]]);
  await game.hears("right", "up", "left", "down");
  await drag(game.page, [[x, y], [x + 10, y + 9], [x + 12, y + 2]]);
  await drag(game.page, [[x, y], [x, y + 60]]);
  await game.hears("right", "up", "left", "down", "down");
  assert.deepEqual(await game.page.evaluate(() => [window.scrollX, window.scrollY, window.visualViewport?.scale]), [0, 0, 1]);
  await game.close();
});

test("the pad on the screen: shown by choice, keys of 44 pixels, a thumb slides from one to the next", async () => {
  const game = await playing({ options: PHONE, prepare: (page) => page.addInitScript(() => localStorage.setItem("waka.pad", "on")) });
  const pad = game.page.locator("#pad");
  await pad.waitFor();
  for (const key of await pad.locator("button").all()) {
    const size = await key.boundingBox();
    assert.ok(size.width >= 44 && size.height >= 44, `${size.width} x ${size.height}`);
  }
  const box = await pad.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await drag(game.page, [[x - 50, y], [x - 40, y - 10], [x, y - 50], [x + 10, y - 52], [x + 50, y]]);
  await game.hears("left", "up", "right");
  assert.deepEqual(await pad.locator("button").evaluateAll((keys) => keys.map((key) => key.getAttribute("aria-label"))), ["Up", "Left", "Down", "Right"]);
  await game.page.evaluate(async () => (await import("/pad.js")).pad.show(false));
  await pad.waitFor({ state: "hidden" });
  await game.close();
});

test("a gamepad that is plugged in during the game steers, and Start plays", async () => {
  const prepare = (page) => page.addInitScript(() => {
    const buttons = () => Array.from({ length: 17 }, () => ({ pressed: false, touched: false, value: 0 }));
    window.pretended = { index: 0, connected: false, id: "pretended", mapping: "standard", axes: [0, 0, 0, 0], buttons: buttons() };
    navigator.getGamepads = () => [window.pretended.connected ? window.pretended : null, null, null, null];
    window.hold = (button, axes = [0, 0]) => {
      window.pretended.connected = true;
      window.pretended.buttons = buttons();
      if (button !== null) window.pretended.buttons[button].pressed = true;
      window.pretended.axes = [...axes, 0, 0];
    };
  });
  const game = await playing({ prepare, seated: false });
  const hold = (button, axes) => game.page.evaluate(([which, lean]) => {
    window.hold(which, lean);
    return new Promise((resolve) => window.requestAnimationFrame(() => window.requestAnimationFrame(resolve)));
  }, [button, axes]);
  await hold(9);
  await until(game.page, "a seat", (shown) => shown.players.length === 1);
  await hold(15);
  await hold(15);
  await hold(null, [0.2, -0.3]);
  await hold(null, [0.2, -0.8]);
  await game.hears("right", "up");
  await game.page.evaluate(() => {
    window.pretended.connected = false;
  });
  await hold(13);
  await game.hears("right", "up", "down");
  await game.close();
});

test("a direction that is held steers again while the pac waits for its first wish, from key and gamepad", async () => {
  const prepare = (page) => page.addInitScript(() => {
    window.pretended = { index: 0, connected: true, axes: [0, -1], buttons: [] };
    navigator.getGamepads = () => [window.pretended];
  });
  const game = await playing({ state: "ready", prepare });
  await until(game.page, "it wishes again", () => game.dirs().length >= 1);
  assert.ok(game.dirs().every((dir) => dir === "up"));
  await game.close();
});

test("an input method composes a line of Korean: its Enters neither send half a syllable nor steer", async () => {
  const game = await playing();
  const { page, heard } = game;
  const said = () => heard.filter((message) => message.type === "chat").map((message) => message.text);
  const cdp = await page.context().newCDPSession(page);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "chat-text");
  for (const text of ["ㅇ", "아", "안"]) await cdp.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  // While a syllable is open the browser reports every key as 229.
  const key = (code, keyCode) => cdp.send("Input.dispatchKeyEvent", { type: "rawKeyDown", code, key: code === "Enter" ? "Process" : code, windowsVirtualKeyCode: keyCode });
  await key("Enter", 229);
  await key("KeyW", 229);
  await key("ArrowLeft", 229);
  assert.deepEqual(said(), [], "half a syllable stays where it is");
  await cdp.send("Input.insertText", { text: "안" });
  await cdp.send("Input.imeSetComposition", { text: "녕", selectionStart: 1, selectionEnd: 1 });
  await cdp.send("Input.insertText", { text: "녕" });
  assert.equal(await page.locator("#chat-text").inputValue(), "안녕");
  await page.keyboard.press("Enter");
  await until(page, "the line", () => said().length > 0);
  assert.deepEqual(said(), ["안녕"]);
  assert.deepEqual(game.dirs(), []);
  await page.keyboard.press("ArrowRight");
  await game.hears("right");
  await game.close();
});

test("the chat takes nothing along when it closes: sent by key, sent by button, or left by Escape", async () => {
  const game = await playing();
  const { page } = game;
  const focused = () => page.evaluate(() => document.activeElement === document.body);
  await page.keyboard.press("Enter");
  await page.keyboard.type("wasd");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), true);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.keyboard.type("dd");
  await page.locator("#chat-form button").click();
  assert.equal(await focused(), true);
  await page.keyboard.press("KeyD");
  await page.keyboard.press("Enter");
  await page.keyboard.type("ss");
  await page.keyboard.press("Escape");
  assert.equal(await focused(), true);
  await page.keyboard.press("KeyS");
  await game.hears("up", "right", "down");
  await game.close();
});

test("Tab shows the board while it is held and moves the focus otherwise; F finds me; no key scrolls", async () => {
  const game = await playing();
  const { page } = game;
  const board = () => page.evaluate(() => document.getElementById("app").dataset.board ?? "");
  await page.keyboard.down("Tab");
  assert.equal(await board(), "shown");
  await page.keyboard.up("Tab");
  assert.equal(await board(), "");
  await page.keyboard.press("Shift+Tab");
  assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), "BODY");
  await page.keyboard.press("Tab");
  assert.equal(await board(), "", "Tab is the focus's again");
  await page.evaluate(() => document.activeElement?.blur());
  const prevented = await page.evaluate(() => ["Space", "PageDown", "ArrowDown", "KeyF"].map((code) => {
    const event = new KeyboardEvent("keydown", { code, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
    return event.defaultPrevented;
  }));
  assert.deepEqual(prevented, [true, true, true, true]);
  assert.equal((await view(page)).connected, true);
  await game.close();
});

test("the own pac answers in the next animation frame, however far the server is", async () => {
  const game = await playing();
  const before = await view(game.page);
  assert.equal(before.players[0].dir, "left");
  const dir = await game.page.evaluate(() => new Promise((resolve) => {
    window.requestAnimationFrame(() => {
      window.dispatchEvent(new KeyboardEvent("keydown", { code: "ArrowRight", bubbles: true }));
      // This frame's loop has been asked for before; the next one draws the answer.
      window.requestAnimationFrame(() => window.requestAnimationFrame(() => resolve(window.waka.view().players[0].dir)));
    });
  }));
  assert.equal(dir, "right", "and the stage has sent no frame since");
  await game.close();
});
