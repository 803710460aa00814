/**
 * What is around the game: settings that are kept, languages, help, invitations, chat with strangers, looking on, what killed you.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DEADLINE_MS, launchBrowser, newPage, until, view } from "./browser.mjs";
import { busy, openStage } from "./moments.mjs";
import { STAGE_URL, at, encodeFrame } from "./stage.mjs";

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function opened(options = {}, set = {}) {
  const page = await newPage(browser, { origin: STAGE_URL, ...options });
  const stage = await openStage(page, { frame: busy, ...set });
  await until(page, "a connection", (shown) => shown.connected);
  return { page, stage };
}

async function playing(options, set) {
  const { page, stage } = await opened(options, set);
  await page.locator("#play").click();
  await until(page, "everybody", (shown) => shown.players.length === 6);
  return { page, stage };
}

async function close(page) {
  assert.deepEqual(page.complaints, []);
  await page.context().close();
}

const kept = (page, key) => page.evaluate((name) => localStorage.getItem(name), key);

test("the browser's language is spoken, another can be chosen, and stays chosen", async () => {
  const { page } = await opened({ locale: "ko-KR" });
  assert.equal(await page.evaluate(() => document.documentElement.lang), "ko");
  assert.equal(await page.locator("#play").textContent(), "시작");
  await page.locator("#open-settings").click();
  await page.locator("#set-language").selectOption("en");
  assert.equal(await page.locator("#play").textContent(), "Play");
  assert.equal(await page.locator("#settings-head").textContent(), "Settings");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  await page.reload();
  await until(page, "a connection", (shown) => shown.connected);
  assert.equal(await page.locator("#play").textContent(), "Play");
  await close(page);
});

test("settings are kept under the names that others read", async () => {
  const { page } = await opened();
  await page.locator("#open-settings").click();
  for (const key of ["sound", "colourhelp"]) await page.locator(`#set-${key}`).click();
  await page.locator("#set-motion").selectOption("less");
  await page.locator("#set-volume").fill("40");
  assert.deepEqual(await Promise.all(["waka.sound", "waka.colourhelp", "waka.motion", "waka.volume"].map((key) => kept(page, key))), ["off", "on", "less", "40"]);
  assert.equal(await page.locator("#toggle-sound").getAttribute("aria-pressed"), "false");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#settings").isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.id), "open-settings", "focus goes back to what opened it");
  await close(page);
});

test("keys pressed in a panel neither steer nor talk, and Tab stays inside", async () => {
  const { page, stage } = await playing();
  await page.locator("#open-help").click();
  for (const key of ["ArrowLeft", "KeyW", "Digit1", "Tab"]) await page.keyboard.press(key);
  await page.locator("#open-settings").evaluate((button) => button.focus());
  const inside = await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest("dialog") !== null);
  assert.ok(inside, "what lies behind cannot be focused");
  assert.deepEqual(stage.heard.filter((message) => ["input", "chat"].includes(message.type)), []);
  await close(page);
});

test("the invitation leads to this very maze, by link, text and QR code", async () => {
  const { page } = await playing({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.locator("#open-share").click();
  assert.equal(await page.locator("#share-link").inputValue(), `${STAGE_URL}?m=friday-night`);
  assert.match(await page.locator("#share-text").inputValue(), /friday-night/);
  const dark = await page.locator("#share-qr").evaluate((canvas) => {
    const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return { share: data.filter((value, i) => i % 4 === 0 && value === 0).length / (data.length / 4), width };
  });
  assert.ok(dark.share > 0.2 && dark.share < 0.6 && dark.width >= 150, JSON.stringify(dark));
  await page.locator("#copy-link").click();
  await page.locator("#share-said", { hasText: /./ }).waitFor();
  await close(page);
});

test("links are not shown, phrases are in the reader's language, and a muted player is not read", async () => {
  const { page, stage } = await playing({ locale: "en-US" });
  const say = (id, words) => stage.sockets.at(-1).send(JSON.stringify({ type: "chat", channel: "maze", lines: [{ id, from: "00000000000000b2", name: "Linus", ...words }] }));
  say("20-0", { text: "look at https://evil.example/x" });
  say("21-0", { phrase: 2 });
  await page.locator(".line-text", { hasText: "look at [link]" }).waitFor();
  await page.locator(".line-text", { hasText: "Help!" }).waitFor();
  await page.locator(".line-name", { hasText: "Linus" }).first().click();
  await page.locator("#person-mute").click();
  await page.locator(".line-name", { hasText: "Linus" }).first().waitFor({ state: "detached" });
  say("22-0", { text: "can anybody hear me" });
  await until(page, "the line has come", (shown) => shown.chat.some((line) => line.text === "can anybody hear me"));
  assert.equal(await page.locator(".line-text", { hasText: "can anybody" }).count(), 0);
  assert.equal(await kept(page, "waka.muted"), "00000000000000b2");
  await page.locator("#hide-chat").click();
  await page.locator(".line.empty").waitFor();
  assert.equal(await page.locator(".line-text").count(), 0);
  assert.equal(await kept(page, "waka.chat"), "off");
  await close(page);
});

test("a player is reported after the page has asked what for, and is thanked for", async () => {
  const { page, stage } = await playing({ locale: "en-US" });
  const send = (message) => stage.sockets.at(-1).send(JSON.stringify(message));
  send({ type: "chat", channel: "maze", lines: [{ id: "20-0", from: "00000000000000b2", name: "Linus", text: "rude words" }] });
  await page.locator(".line-name", { hasText: "Linus" }).first().click();
  assert.equal(await page.locator("#person-asking").isVisible(), false);
  await page.locator("#person-report").click();
  assert.match(await page.locator("#person-question").textContent(), /^Report Linus\?/);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Chat", "the keyboard goes on from there");
  assert.equal(stage.heard.filter((message) => message.type === "report").length, 0, "nothing is sent before");
  await page.keyboard.press("Enter");
  await until(page, "the report", () => stage.heard.some((message) => message.type === "report"));
  assert.deepEqual(stage.heard.filter((message) => message.type === "report"), [{ type: "report", player: "00000000000000b2", reason: "chat" }]);
  assert.equal(await page.locator("#person").isVisible(), false);
  send({ type: "reported", player: "00000000000000b2" });
  await page.locator("#toast", { hasText: "Thank you" }).waitFor();
  await close(page);
});

test("quick phrases are whole wherever the chat stands beside the maze", async () => {
  for (const [width, height] of [[1920, 1080], [1280, 800], [1024, 700]]) {
    for (const locale of ["en-US", "ko-KR"]) {
      const { page } = await playing({ locale, viewport: { width, height } });
      const cut = await page.locator(".phrase").evaluateAll((phrases) => {
        const right = document.getElementById("chat").getBoundingClientRect().right;
        return phrases.filter((phrase) => phrase.scrollWidth > phrase.clientWidth || phrase.getBoundingClientRect().right > right).map((phrase) => phrase.textContent);
      });
      assert.deepEqual(cut, [], `at ${width}x${height}, ${locale}`);
      await close(page);
    }
  }
});

test("keys 1 to 6 say quick phrases by number, in play and in an empty line; in a line that has begun they are digits", async () => {
  const { page, stage } = await playing({ locale: "ko-KR" });
  const said = () => stage.heard.filter((message) => message.type === "chat").map(({ text, phrase }) => text ?? phrase);
  assert.equal(await page.locator(".phrase").nth(1).textContent(), "2도와줘요!");
  await page.keyboard.press("Digit2");
  await page.locator(".phrase").nth(5).click();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Digit3");
  await until(page, "three lines", () => said().length === 3);
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true, "the line is said, and keys steer again");
  await page.keyboard.press("Enter");
  await page.keyboard.type("a4");
  await page.keyboard.press("Enter");
  await until(page, "four lines", () => said().length === 4);
  assert.deepEqual(said(), [2, 6, 3, "a4"]);
  await close(page);
});

test("what killed you is said, and stands on the sheet at the end", async () => {
  let caught = [];
  const { page, stage } = await playing({ locale: "en-US" }, { frame: (tick) => busy(tick, { events: caught }), moving: true });
  caught = [{ kind: "caught", who: 0, whom: 1, age: 0, points: 0 }];
  await page.locator("#toast", { hasText: "Petal caught you" }).waitFor();
  stage.sockets.at(-1).send(JSON.stringify({ type: "over", points: 4210, level: 3 }));
  await page.locator("#over-cause", { hasText: "Petal caught you" }).waitFor();
  assert.match(await page.locator("#results").textContent(), /4,210 points, level 3\. Petal caught you/);
  await close(page);
});

test("who looks on chooses whom to follow, by key and by a press on the maze, and can go to the next maze", async () => {
  const { page, stage } = await opened({ locale: "en-US" }, { query: "?watch=1" });
  await until(page, "everybody", (shown) => shown.players.length === 6);
  await page.keyboard.press("ArrowRight");
  await page.locator("#toast", { hasText: "Following Ada" }).waitFor();
  await page.keyboard.press("ArrowLeft");
  await page.locator("#toast", { hasText: "Following bot 2" }).waitFor();
  const box = await page.locator("#maze").boundingBox();
  const { players } = await view(page);
  const { x, y } = players.find((player) => player.name === "Linus");
  await page.mouse.click(box.x + (x / 224) * box.width, box.y + (y / 248) * box.height);
  await page.locator("#toast", { hasText: "Following Linus" }).waitFor();
  assert.equal(await page.locator("#own-score").textContent(), players.find((player) => player.name === "Linus").score.toLocaleString("en-US"));
  await page.locator("#next-maze").click();
  await until(page, "the ask for another maze", () => stage.heard.filter((message) => message.type === "watch").length === 2);
  assert.deepEqual(stage.heard.findLast((message) => message.type === "watch"), { type: "watch", next: true });
  await page.locator("#toast", { hasText: "No other maze" }).waitFor();
  assert.deepEqual(stage.heard.filter((message) => message.type === "input"), []);
  await close(page);
});

test("a slow connection is shown by bars and said", async () => {
  const { page } = await playing({ locale: "en-US" }, { pongAfterMs: 450 });
  await page.locator("#link-quality.slow[data-bars='1']").waitFor();
  await page.locator("#toast", { hasText: "Slow connection" }).waitFor();
  await close(page);
});

test("skipped frames are counted beside the ping, and what was asked for is none", async () => {
  let skipped = 0;
  const { page, stage } = await playing({ locale: "en-US" }, { frame: (tick) => busy(tick + 60 * skipped), moving: true });
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500))); // time is the promise: frames come at every beat
  assert.equal(await page.locator("#skipped").isVisible(), false);
  skipped = 1;
  await page.locator("#skipped", { hasText: /^10 skipped$/ }).waitFor();
  assert.match(await page.locator("#link-quality").getAttribute("title"), /Ping \d+ ms.*did not reach you in the last minute: 10$/);
  clearInterval(stage.timer);
  const { tick } = await view(page);
  const carried = (at) => stage.sockets.at(-1).send(Buffer.from(encodeFrame(busy(at)).with(0, 0x21)));
  carried(tick + 3);
  await until(page, "the first, as a server's first frame is", (shown) => shown.tick === tick + 3);
  assert.equal(await page.locator("#skipped").textContent(), "10 skipped");
  carried(tick + 6);
  await page.locator("#skipped", { hasText: /^11 skipped$/ }).waitFor();
  await close(page);
});

for (const [locale, words] of [["en-US", "Paused: tab hidden"], ["ko-KR", "일시 정지: 다른 탭을 보는 중"]]) {
  test(`a tab that is hidden in play says in its name: ${words}`, async () => {
    const { page, stage } = await opened({ locale });
    const hide = (hidden) => page.evaluate((is) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => is });
      document.dispatchEvent(new Event("visibilitychange"));
      return document.title;
    }, hidden);
    assert.equal(await hide(true), "Waka", "nobody plays yet");
    await hide(false);
    await page.locator("#play").click();
    await until(page, "everybody", (shown) => shown.players.length === 6);
    assert.equal(await hide(true), words);
    assert.equal(await hide(false), "Waka");
    const said = stage.heard.filter((message) => ["away", "refresh"].includes(message.type)).map(({ type, away }) => away ?? type);
    assert.deepEqual(said, [true, false, "refresh"]);
    await close(page);
  });
}

for (const [width, height] of [[320, 568], [390, 844], [844, 390], [1280, 400], [1280, 720]]) {
  test(`at ${width}x${height} lists show whole rows, the own one among them, and every board can be reached`, async () => {
    const points = [10, 15800, 7420, 3310, 910, 450];
    const frame = (tick) => busy(tick, { scores: points.map((each) => ({ points: each, lives: 2 })) });
    const { page, stage } = await playing({ viewport: { width, height }, hasTouch: width < 1000, locale: "en-US" }, { frame });
    const rows = (list) => page.locator(list).evaluate((element) => {
      const box = element.getBoundingClientRect();
      const shown = [...element.children].filter((row) => !row.hidden);
      return { names: shown.map((row) => row.querySelector(".who-name").textContent), whole: shown.every((row) => row.getBoundingClientRect().bottom <= box.bottom + 1 && row.getBoundingClientRect().bottom <= window.innerHeight) };
    });
    const listed = await rows("#board-rows");
    assert.ok(listed.whole && listed.names.length > 0 && listed.names.includes("Ada"), JSON.stringify(listed));
    // Beside the pad of a short phone there are no tabs: they are on the list unfolded, which scrolls and keeps the own row in sight.
    const unfolds = !(await page.locator("#board-world").isVisible());
    if (unfolds) await page.locator("#open-board").click();
    for (const board of ["world", "today", "all"]) {
      await page.locator(`#board-${board}`).click();
      await until(page, `the ask for ${board}`, () => stage.heard.some((message) => message.type === "board" && message.of === board));
      const line = (i) => ({ id: i === 19 ? "00000000000000aa" : `${"0".repeat(14)}${10 + i}`, points: 1000 - i, name: i === 19 ? "Ada" : `player ${i}`, colour: i % 16, symbol: i % 16, maze: "open-1" });
      stage.sockets.at(-1).send(JSON.stringify({ type: "board", of: board, rows: Array.from({ length: 20 }, (_, i) => line(i)) }));
      await page.locator("#board-best .row").first().waitFor();
      const best = await rows("#board-best");
      const ownIsSeen = await page.locator("#board-best .row.you").evaluate((row) => row.contains(document.elementFromPoint(row.getBoundingClientRect().left + 60, row.getBoundingClientRect().top + 8)));
      assert.ok(best.names.includes("Ada") && ownIsSeen && (best.names.length === 1 || best.names[0] === "player 0"), JSON.stringify(best));
      assert.ok(unfolds ? best.names.length === 20 : best.whole, JSON.stringify(best));
    }
    if (unfolds) await page.locator("#close-board").click();
    else await page.locator("#board-maze").click();
    for (const what of ["a frame", "the next"]) await until(page, what, () => true);
    assert.deepEqual(await rows("#board-rows"), listed, "and back");
    await close(page);
  });
}

test("the first run has hints, the second has none", async () => {
  const { page } = await playing({ locale: "en-US" }, { storage: { "waka.hinted": "" } });
  await page.locator("#toast", { hasText: "While your shield blinks" }).waitFor();
  await close(page);
});

test("what is said over the maze keeps out of the own pac's way, and stays where it is meanwhile", async () => {
  let row = 29;
  const steps = (tick) => busy(tick, { pacs: busy(tick).pacs.map((pac) => (pac.seat === 0 ? { ...pac, ...at(6, row) } : pac)) });
  const { page } = await playing({ locale: "en-US" }, { frame: steps, storage: { "waka.hinted": "" } });
  for (const [next, isHigh] of [[29, true], [14, true], [1, false], [14, false], [29, true]]) {
    row = next;
    await until(page, `the pac in row ${row}`, (shown) => shown.players.some((player) => player.id === shown.you && Math.abs(player.y - at(6, row).y) < 4));
    await page.locator(isHigh ? "#toast.high" : "#toast:not(.high)").waitFor({ state: "attached" });
    const [toast, frame] = [await page.locator("#toast").boundingBox(), await page.locator("#frame").boundingBox()];
    const middle = toast.y + toast.height / 2 - frame.y;
    assert.equal(middle < frame.height / 2, isHigh, `in row ${row}`);
  }
  await close(page);
});

test("on an upright phone the chat is a sheet that Enter opens and Escape closes", async () => {
  const { page } = await playing({ viewport: { width: 390, height: 844 }, hasTouch: true });
  assert.equal(await page.locator("#chat-text").isVisible(), false);
  assert.equal(await page.locator("#open-chat").getAttribute("aria-expanded"), "false");
  await page.locator("#open-chat").click();
  assert.equal(await page.locator("#open-chat").getAttribute("aria-expanded"), "true");
  await page.locator("#chat-text").click();
  await page.keyboard.press("Escape");
  await page.locator("#chat-text").waitFor({ state: "hidden" });
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "chat-text");
  await close(page);
});

test("the game behind the title is nobody's: the view knows no player of it", async () => {
  const { page, stage } = await opened();
  const shown = await view(page);
  assert.deepEqual([shown.players, shown.ghosts, shown.maze], [[], [], ""]);
  const look = () => page.locator("#maze").evaluate((canvas) => canvas.toDataURL());
  const first = await look();
  const deadline = Date.now() + DEADLINE_MS;
  while ((await look()) === first) assert.ok(Date.now() < deadline, "something moves");
  assert.deepEqual(stage.heard.filter((message) => !["hello", "ping"].includes(message.type)), []);
  await close(page);
});

for (const [width, height] of [[320, 568], [390, 844], [844, 390]]) {
  test(`who looks on at ${width}x${height} has no pad in the way, and every button of the foot in one place to press`, async () => {
    const { page } = await opened({ viewport: { width, height }, hasTouch: true, locale: "en-US" }, { query: "?watch=1", storage: { "waka.pad": "on" } });
    await until(page, "everybody", (shown) => shown.players.length === 6);
    assert.equal(await page.locator("#pad").isVisible(), false);
    for (const id of ["join", "follow-next", "tour"]) {
      const clear = await page.locator(`#${id}`).evaluate((button) => {
        const { left, right, top, bottom } = button.getBoundingClientRect();
        const corners = [[left + 8, top + 8], [right - 8, bottom - 8]];
        return corners.every(([x, y]) => button.contains(document.elementFromPoint(x, y)));
      });
      assert.ok(clear, `#${id} is seen and pressed whole`);
    }
    await page.locator("#join").click();
    await page.locator("#pad").waitFor();
    await close(page);
  });
}
