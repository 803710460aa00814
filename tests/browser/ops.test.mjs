/**
 * The operator's page over two real processes and a real Redis: who gets in, what it shows of them, what it shows when one of them is killed and when a player
 * is reported; on a desk and on a phone, in both languages.
 *
 * With WAKA_SHOTS=FOLDER/ it leaves pictures there.
 */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launchBrowser, newPage, until } from "./browser.mjs";
import { startRedis } from "./redis.mjs";
import { startServer } from "./server.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TOKEN = "a token of the operator's browser test";
const DESK = { width: 1280, height: 720 };
const PHONE = { width: 390, height: 844 };
/** The browser says so itself of every answer that is no success; here they are wanted, until somebody has logged in. */
const EXPECTED = /status of 401/;

let browser;
let redis;
/** Ended with the tests, also with one that fails. */
const servers = [];
async function started(options) {
  const server = await startServer(options);
  servers.push(server);
  return server;
}
before(async () => {
  process.env.WAKA_OPS_TOKEN = TOKEN;
  browser = await launchBrowser();
  redis = await startRedis();
});
after(async () => {
  await browser?.close();
  await redis?.stop();
  await Promise.all(servers.map((server) => server.kill()));
});

async function grave(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const bad = violations.filter((violation) => ["serious", "critical"].includes(violation.impact));
  return bad.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

async function shoot(page, name) {
  if (process.env.WAKA_SHOTS) await page.screenshot({ path: `${process.env.WAKA_SHOTS}${name}.png` });
}

async function player(origin, name) {
  const page = await newPage(browser, { origin, locale: "en-US" });
  await page.goto(`${origin}/?m=friends&name=${name}`);
  await until(page, "a connection", (shown) => shown.connected);
  await page.keyboard.press("Enter");
  await until(page, `${name} in the maze`, (shown) => shown.players.some((one) => one.id === shown.you));
  return page;
}

/** The page at a process, before anybody has logged in. */
async function opened(origin, options = {}) {
  const page = await newPage(browser, { origin, viewport: DESK, locale: "en-US", ...options });
  await page.goto(`${origin}/ops`);
  await page.locator("#login").waitFor();
  return page;
}

async function logIn(page, token = TOKEN) {
  await page.locator("#token").fill(token);
  await page.keyboard.press("Enter");
}

const complaints = (page) => page.complaints.filter((words) => !EXPECTED.test(words));
const cells = (page, table) => page.locator(`#${table} tr`).evaluateAll((rows) => rows.map((row) => [...row.children].map((each) => each.textContent)));

async function eventually(what, look, holds) {
  const deadline = Date.now() + 20000;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}\n${JSON.stringify(seen)}`);
  }
}

test("whoever knows the token sees processes, mazes, charts, a killed leader and a report", async () => {
  const pair = [await started({ args: ["--redis", redis.url] }), await started({ args: ["--redis", redis.url] })];
  const [ada, rude] = [await player(pair[0].origin, "Ada"), await player(pair[1].origin, "Rude")];
  const status = async () => (await fetch(`${pair[0].origin}/api/status`)).json();
  const { leader } = (await eventually("a leader", status, ({ mazes }) => mazes.some((maze) => maze.id === "friends" && maze.players === 2))).mazes[0];
  const idOf = async (server) => (await (await fetch(`${server.origin}/api/status`)).json()).instance;
  const [first, second] = [await idOf(pair[0]), await idOf(pair[1])];
  const [stays, goes] = leader === second ? pair : [pair[1], pair[0]];
  const staysId = leader === second ? first : second;

  const page = await opened(stays.origin);
  assert.deepEqual(await grave(page), [], "logging in");
  await shoot(page, "ops-login-desk");
  await logIn(page, "not the operator's token");
  await page.locator("#login-said", { hasText: "This is not the token." }).waitFor();
  assert.equal(await page.locator("#board").isVisible(), false);
  await logIn(page);
  await page.locator("#board").waitFor();
  assert.equal(page.url(), `${stays.origin}/ops/`, "no token in the address");
  assert.equal(await page.evaluate(() => document.cookie), "", "scripts do not see the session");

  await eventually("both processes", () => cells(page, "processes"), (rows) => rows.length === 2 && rows.some(([id, , , , , state]) => id === staysId && state === "answers you"));
  await eventually("the maze at its rate", () => cells(page, "mazes"), (rows) => rows.some(([id, who, , rate, players]) => id === "friends" && who === leader && Number(rate) >= 50 && Number(rate) <= 70 && players === "2"));

  const line = () => page.locator("#chart-gaps .line").first().getAttribute("d");
  const drawn = await eventually("a line", line, (d) => d !== null && d.includes("L"));
  await eventually("a line that moves", line, (d) => d !== drawn);
  assert.match(await page.locator("#chart-gaps svg").getAttribute("aria-label"), /^Frame gaps: median [\d.]+ ms, 99 % [\d.]+ ms$/);

  await rude.keyboard.press("Enter");
  await rude.locator("#chat-text").fill("<b>rude</b> words");
  await rude.keyboard.press("Enter");
  await ada.locator(".line-name", { hasText: "Rude" }).first().click();
  await ada.locator("#person-report").click();
  await ada.locator("#person-reasons button", { hasText: "Chat" }).click();
  await ada.locator("#toast", { hasText: "Thank you" }).waitFor();
  const report = page.locator("#reports .entry", { hasText: "Ada reports Rude" });
  await report.waitFor();
  assert.equal(await report.locator("blockquote").textContent(), "<b>rude</b> words", "as text");
  assert.equal(await report.locator(".badge").textContent(), "chat");

  await goes.kill();
  await page.locator("#faults .entry", { hasText: "process_lost" }).filter({ hasText: leader }).waitFor();
  await eventually("another leader", () => cells(page, "mazes"), (rows) => rows.some(([id, who]) => id === "friends" && who === staysId));
  await eventually("one process", () => cells(page, "processes"), (rows) => rows.length === 1);

  assert.deepEqual(await grave(page), [], "the page on a desk");
  await shoot(page, "ops-desk");
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await shoot(page, "ops-desk-below");
  await page.setViewportSize(PHONE);
  await page.evaluate(() => window.scrollTo(0, 0));
  assert.deepEqual(await grave(page), [], "the page on a phone");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false, "nothing hangs over the side");
  await shoot(page, "ops-phone");
  await page.locator("#language").click();
  await page.locator("#reports-head", { hasText: "지난 1시간의 신고" }).waitFor();
  await shoot(page, "ops-phone-ko");
  for (const id of ["processes-head", "faults-head"]) {
    await page.evaluate((head) => document.getElementById(head).scrollIntoView(), id);
    await shoot(page, `ops-phone-${id}`);
  }

  assert.equal(await page.locator("#journals-said").isVisible(), false);
  await redis.stop();
  await page.locator("#journals-said", { hasText: "지금은 기록을 읽을 수 없어요." }).waitFor();
  assert.equal(await page.locator("#faults .entry").count() > 0, true, "what was known stays");
  await stays.kill();
  await page.locator("#pulse.silent").waitFor();
  assert.match(await page.locator("#pulse-text").textContent(), /대답이 없어요/);
  await shoot(page, "ops-phone-silent");
  for (const each of [page, ada, rude]) await each.context().close();
});

test("a session lasts over a reload and ends with logging out; the keyboard reaches all of it", async () => {
  const server = await started();
  const page = await opened(server.origin, { locale: "ko-KR", viewport: PHONE });
  assert.equal(await page.evaluate(() => document.documentElement.lang), "ko");
  assert.equal(await page.evaluate(() => document.activeElement.id), "token", "one can type at once");
  await shoot(page, "ops-login-phone-ko");
  await logIn(page);
  await page.locator("#board").waitFor();
  await page.reload();
  await page.locator("#board").waitFor();
  assert.equal(await page.locator("#mazes td").textContent(), "진행 중인 미로가 없어요.");
  const reached = new Set();
  for (let i = 0; i < 7; i += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.getAttribute("aria-labelledby")));
  }
  assert.deepEqual([...reached], ["language", "logout", "tile-faults", "tile-reports", "which", "processes-head", "mazes-head"]);
  await page.locator("#logout").click();
  await page.locator("#login").waitFor();
  await page.reload();
  await page.locator("#login").waitFor();
  assert.deepEqual(complaints(page), []);
  await page.context().close();
  await server.stop();
});

test("behind a balancer that takes turns each process has its own numbers, and the chosen one stays chosen", async () => {
  const server = await started();
  const page = await opened(server.origin);
  let turn = 0;
  // Both count up, each within its own bucket: whoever mixed them up would show neither's ticks.
  await page.route("**/ops/numbers", async (route) => {
    const answer = await route.fetch();
    if (!answer.ok()) return route.fulfill({ response: answer });
    const told = await answer.json();
    turn += 1;
    if (turn % 2 === 0) told.status.instance = "waka-second";
    told.metrics = `waka_step_seconds_bucket{le="0.001"} ${turn % 2 === 0 ? 0 : turn}\nwaka_step_seconds_bucket{le="0.002"} ${turn}\nwaka_step_seconds_bucket{le="+Inf"} ${turn}\n`;
    return route.fulfill({ response: answer, json: told });
  });
  await logIn(page);
  const options = () => page.locator("#which option").allTextContents();
  await eventually("both processes", options, (names) => names.length === 2 && names.includes("waka-second"));
  await page.locator("#which").selectOption("waka-second");
  const ticks = () => page.locator("#chart-tick .legend").textContent();
  await eventually("the second one's ticks, of one to two milliseconds", ticks, (words) => /1\.5 ms/.test(words));
  await eventually("turns later", async () => ({ turn, chosen: await page.locator("#which").inputValue() }), (seen) => seen.turn >= 7);
  assert.equal(await page.locator("#which").inputValue(), "waka-second");
  assert.match(await ticks(), /1\.5 ms/);
  await page.context().close();
  await server.stop();
});

test("without a token there is no such page, and the game's page does not know of it", async () => {
  delete process.env.WAKA_OPS_TOKEN;
  const server = await started();
  for (const path of ["/ops", "/ops/", "/ops/ops.js", "/ops/numbers"]) assert.equal((await fetch(server.origin + path)).status, 404, path);
  await server.stop();
});
