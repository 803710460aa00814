/**
 * The page and a real server: two players in one maze, a reload, strangers' text, watching, a cut wire, a crash.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, launchBrowser, newPage, own, until, view } from "./browser.mjs";
import { startRelay, startServer } from "./server.mjs";

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

const other = (shown) => shown.players.find((player) => player.id !== shown.you);
const isUp = (player) => player !== undefined && player.state !== "dead" && player.state !== "parked";

/** A page that plays in a maze of its own test. */
async function player(maze, name, { origin = server.origin, query = "", ...options } = {}) {
  const page = await newPage(browser, { origin, ...options });
  await page.goto(`${origin}/?m=${maze}&name=${encodeURIComponent(name)}${query}`);
  await until(page, "a connection", (shown) => shown.connected);
  await page.keyboard.press("Enter");
  await until(page, `${name} in ${maze}`, (shown) => own(shown) !== undefined && shown.maze === maze);
  return page;
}

/** Steers until the own pac has moved: which ways are open depends on where it stands. */
async function move(page) {
  const from = own(await view(page));
  const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
  let turn = 0;
  return until(page, "the own pac moves", (shown) => {
    const now = own(shown);
    if (isUp(now) && isUp(from) && Math.abs(now.x - from.x) + Math.abs(now.y - from.y) > 6) return true;
    if (turn % 20 === 0) page.keyboard.press(keys[(turn / 20) % 4]).catch(() => undefined);
    turn += 1;
    return false;
  });
}

test("two pages in one maze see each other move, and chat", async () => {
  const ada = await player("two", "Ada");
  const ben = await player("two", "Ben");
  await until(ada, "Ada sees Ben", (shown) => other(shown)?.name === "Ben");
  const seen = other(await until(ben, "Ben sees Ada", (shown) => other(shown)?.name === "Ada"));
  await move(ada);
  await until(ben, "Ben sees Ada move", (shown) => {
    const now = other(shown);
    return now !== undefined && Math.abs(now.x - seen.x) + Math.abs(now.y - seen.y) > 6;
  });

  await ada.keyboard.press("Enter");
  await ada.keyboard.type("hello Ben");
  await ada.keyboard.press("Enter");
  await until(ben, "Ben reads the line", (shown) => shown.chat.some((line) => line.from === "Ada" && line.text === "hello Ben"));
  await ben.locator(".line-text", { hasText: "hello Ben" }).waitFor();
  const [first, second] = [await view(ada), await view(ben)];
  assert.equal(first.epoch, second.epoch);
  assert.notEqual(first.you, second.you);
  await until(ada, "at least five frames a second", (shown) => shown.framesPerSecond >= 5);
  await close(ada, ben);
});

test("the symbol that one chooses is what the others see, at once and after a reload of both", async () => {
  const page = await newPage(browser, { origin: server.origin });
  await page.goto(`${server.origin}/?m=hats&name=Hatter`);
  await until(page, "a connection", (shown) => shown.connected);
  await page.locator("#hats input").nth(11).focus();
  await page.keyboard.press("ArrowRight");
  await page.locator("#swatches input").nth(6).check();
  assert.equal(await page.locator("#hats input").nth(12).isChecked(), true, "the arrow keys choose");
  await page.locator("#play").click();
  await until(page, "a seat", (shown) => own(shown) !== undefined);
  const ben = await player("hats", "Ben");
  // What is drawn is compared with the portrait of colour 6 and symbol 12, and with that of the colour's own symbol.
  const portraitOf = (on, symbol) => on.evaluate(async (number) => (await import("/ui/portrait.js")).portrait("#4b8ff0", number, 26).toDataURL(), symbol);
  const listed = (on) => on.locator("#board-rows .row", { hasText: "Hatter" }).locator("canvas.portrait").evaluate((canvas) => canvas.toDataURL());
  assert.notEqual(await portraitOf(ben, 12), await portraitOf(ben, 6));
  for (const each of [page, ben]) assert.equal(await listed(each), await portraitOf(each, 12));
  await page.reload();
  await ben.reload();
  for (const each of [page, ben]) {
    await until(each, "both", (shown) => shown.players.length === 2);
    assert.equal(await listed(each), await portraitOf(each, 12));
  }
  await ben.locator("#board-world").click();
  const ranked = ben.locator("#board-best .row", { hasText: "Hatter" }).locator("canvas.portrait");
  assert.equal(await ranked.evaluate((canvas) => canvas.toDataURL()), await portraitOf(ben, 12), "and on the boards");
  await close(page, ben);
});

test("a quick phrase is read in two languages at once", async () => {
  const ada = await player("phrases", "Ada", { locale: "en-US" });
  const min = await player("phrases", "민", { locale: "ko-KR" });
  await min.keyboard.press("Digit4");
  await min.locator(".line-text", { hasText: /^휴전할까요\?$/ }).waitFor();
  await ada.locator(".line-text", { hasText: /^Truce\?$/ }).waitFor();
  await ada.keyboard.press("Enter");
  await ada.keyboard.press("Digit5");
  await ada.locator(".line-text", { hasText: /^Nice one!$/ }).waitFor();
  await min.locator(".line-text", { hasText: /^멋져요!$/ }).waitFor();
  await close(ada, min);
});

test("a reload keeps identity, score and lives", async () => {
  const page = await player("reload", "Ada");
  await until(page, "the game has begun", (shown) => own(shown)?.state === "alive");
  await move(page);
  const before = await until(page, "some points", (shown) => (own(shown)?.score ?? 0) > 0);
  await page.reload();
  // What changes slowly is told in turns, so points of the last half second may come that much later.
  const again = await until(page, "the same player with his points", (shown) => shown.you === before.you && own(shown)?.score >= own(before).score);
  assert.equal(again.maze, "reload");
  assert.ok(own(again).lives <= own(before).lives);
  await close(page);
});

test("scripting in name and chat is shown as text", async () => {
  const name = "<img src onerror";
  const line = "<script>window.pwned=1</script><img src=x onerror=window.pwned=1>";
  const hostile = await player("text", name);
  const page = await player("text", "Ada");
  await hostile.keyboard.press("Enter");
  await hostile.keyboard.type(line);
  await hostile.keyboard.press("Enter");
  for (const each of [page, hostile]) {
    await each.locator(".line-text", { hasText: line }).waitFor();
    await each.locator(".line-name", { hasText: name }).waitFor();
    await each.locator(".who-name", { hasText: name }).waitFor();
    assert.deepEqual(await each.evaluate(() => [window.pwned ?? 0, document.images.length, document.querySelectorAll("body script").length]), [0, 0, 0]);
  }
  await close(page, hostile);
});

test("a spectator sees the maze live and has no seat", async () => {
  const ada = await player("watched", "Ada");
  const page = await newPage(browser, { origin: server.origin });
  await page.goto(`${server.origin}/?m=watched&watch=1`);
  const shown = await until(page, "Ada", (seen) => seen.players.length === 1);
  assert.deepEqual([shown.spectating, shown.players[0].name], [true, "Ada"]);
  assert.equal(own(shown), undefined);
  const later = await until(page, "newer frames", (seen) => seen.tick > shown.tick + 30);
  assert.equal(later.players.length, 1);
  await page.keyboard.press("ArrowLeft");
  assert.equal((await view(ada)).players.length, 1);
  await close(ada, page);
});

test("a tour is led round the open mazes by the server, at once and by itself, until somebody is followed", async () => {
  const players = [await player("open-1", "Ada"), await player("open-2", "Ben"), await player("secret", "Cleo")];
  const page = await newPage(browser, { origin: server.origin, locale: "en-US" });
  const said = [];
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => said.push(String(payload))));
  page.on("request", (request) => said.push(request.url()));
  await page.goto(`${server.origin}/?m=open-1&watch=1`);
  await until(page, "Ada", (shown) => shown.maze === "open-1" && shown.players.length === 1);
  await page.keyboard.press("KeyT");
  await until(page, "the other open maze", (shown) => shown.maze === "open-2" && shown.players[0]?.name === "Ben");
  assert.equal(await page.locator("#tour").getAttribute("aria-pressed"), "true");
  await until(page, "the first one again, by itself", (shown) => shown.maze === "open-1" && shown.players[0]?.name === "Ada", 40000);
  assert.equal(said.filter((each) => each === '{"type":"watch","next":true}').length, 2);
  assert.equal(said.filter((each) => each.includes("/api/")).length, 0, "nobody polls a list of mazes");
  await page.keyboard.press("ArrowRight");
  await page.locator("#toast", { hasText: "Following Ada" }).waitFor();
  assert.equal(await page.locator("#tour").getAttribute("aria-pressed"), "false");
  await close(page, ...players);
});

test("a cut connection comes back with the same seat and score", async () => {
  const relay = await startRelay(server.port);
  try {
    const page = await player("cut", "Ada", { origin: relay.origin });
    await until(page, "the game has begun", (shown) => own(shown)?.state === "alive");
    await move(page);
    const before = await until(page, "some points", (shown) => (own(shown)?.score ?? 0) > 0);
    // It may be back before anybody has seen it away.
    const another = page.waitForEvent("websocket");
    relay.cut();
    await another;
    const again = await until(page, "it is back", (shown) => shown.connected && own(shown) !== undefined && shown.tick > before.tick);
    assert.equal(again.you, before.you);
    assert.equal(again.epoch, before.epoch);
    assert.ok(own(again).score >= own(before).score);
    // The browser itself reports a socket that was cut or refused; anything else would be ours.
    assert.deepEqual(page.complaints.filter((complaint) => !/WebSocket connection|ERR_/.test(complaint)), []);
    await page.context().close();
  } finally {
    await relay.close();
  }
});

test("when the server is killed and started again, the page comes back by itself", async () => {
  let mortal = await startServer();
  const { origin, port } = mortal;
  try {
    const page = await player("crash", "Ada", { origin });
    const before = await view(page);
    await mortal.kill();
    await page.locator("#banner", { hasText: "Reconnecting" }).waitFor();
    mortal = await startServer({ port });
    const again = await until(page, "it plays again", (shown) => shown.connected && own(shown) !== undefined && shown.framesPerSecond > 0);
    assert.equal(again.you, before.you);
    assert.equal(again.maze, "crash");
    await page.locator("#banner").waitFor({ state: "hidden" });
    await move(page);
    assert.deepEqual(page.complaints.filter((complaint) => !/WebSocket connection|ERR_/.test(complaint)), []);
    await page.context().close();
  } finally {
    await mortal.stop();
  }
});

test("the page asks nobody but its own server for anything, and needs no more than its policy allows", async () => {
  const page = await newPage(browser, { origin: server.origin });
  const answer = await page.goto(server.origin);
  const policy = answer.headers()["content-security-policy"] ?? "";
  assert.match(policy, /script-src 'self'/);
  assert.match(policy, /style-src 'self'/);
  assert.doesNotMatch(policy, /unsafe/);
  await until(page, "a connection", (shown) => shown.connected);
  await page.keyboard.press("Enter");
  const shown = await until(page, "a seat in an open maze", (seen) => own(seen) !== undefined);
  assert.match(shown.maze, /^open-\d+$/);
  await close(page);
});
