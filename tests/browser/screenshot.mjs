/**
 * Makes docs/screenshot.png: a real game of three people and some bots, seen by one of them.
 */

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { DEADLINE_MS, launchBrowser, newPage, until } from "./browser.mjs";
import { startServer } from "./server.mjs";

const FILE = fileURLToPath(new URL("../../docs/screenshot.png", import.meta.url));
const NAMES = ["Ada", "Grace", "Linus"];
const LINES = ["hello everybody", "mind the red one", "race you to the cherry"];
const KEYS = ["ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"];
/** The picture is taken when the game looks like one: most are up, and a good part of the sheet is eaten. */
const UP_MIN = 5;
const PELLETS_LEFT_MIN = 90;
const PELLETS_LEFT_MAX = 185;
const PING_MS_MAX = 100;

const browser = await launchBrowser();
const server = await startServer({ args: ["--bots", "3"] });
try {
  const pages = [];
  for (const [i, name] of NAMES.entries()) {
    const page = await newPage(browser, { origin: server.origin, viewport: { width: 1280, height: 720 } });
    await page.addInitScript((colour) => window.localStorage.setItem("waka.colour", String(colour)), i * 3);
    await page.goto(`${server.origin}/?m=picture&name=${name}`);
    await until(page, "a connection", (shown) => shown.connected);
    await page.keyboard.press("Enter");
    await until(page, "a seat", (shown) => shown.players.some((player) => player.id === shown.you));
    pages.push(page);
  }
  for (const [i, page] of pages.entries()) {
    await page.keyboard.press("Enter");
    await page.keyboard.type(LINES[i]);
    await page.keyboard.press("Enter");
  }
  let looked = 0;
  const lively = (shown) => {
    if (looked % 12 === 0) for (const [i, page] of pages.entries()) page.keyboard.press(KEYS[(looked / 12 + i) % 4]).catch(() => undefined);
    looked += 1;
    const up = shown.players.filter((player) => player.state !== "dead" && player.state !== "parked");
    const eaten = shown.pelletsLeft >= PELLETS_LEFT_MIN && shown.pelletsLeft <= PELLETS_LEFT_MAX;
    const chatted = shown.chat.length >= NAMES.length;
    const hunted = shown.ghosts.some((ghost) => ghost.state === "frightened") && shown.pingMs < PING_MS_MAX;
    return chatted && eaten && hunted && up.length >= UP_MIN && up.some((player) => player.id === shown.you && player.state !== "ready");
  };
  await until(pages[0], "a lively game", lively, DEADLINE_MS * 6);
  await mkdir(path.dirname(FILE), { recursive: true });
  await pages[0].screenshot({ path: FILE });
  console.log(FILE);
} finally {
  await browser.close();
  await server.stop();
}
