/**
 * Makes docs/screenshot.png and docs/play.webp, its first seconds after: a real game of three people and some bots, seen by one of them.
 *
 * The film needs `ffmpeg`, which no test does.
 */

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { DEADLINE_MS, launchBrowser, newPage, until } from "./browser.mjs";
import { startServer } from "./server.mjs";

const FILE = fileURLToPath(new URL("../../docs/screenshot.png", import.meta.url));
const FILM = fileURLToPath(new URL("../../docs/play.webp", import.meta.url));
const FILM_MS = 8000;
const FILM_WIDTH = 800;
const FILM_FRAMES_PER_SECOND = 20;
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
  await film(pages);
  console.log(FILM);
} finally {
  await browser.close();
  await server.stop();
}

/** What the first page draws for a while, at the moments at which it was drawn. */
async function film(pages) {
  const folder = await mkdtemp(path.join(tmpdir(), "waka-film-"));
  try {
    const frames = await drawn(pages);
    const list = [];
    for (const [i, { data, at }] of frames.entries()) {
      const file = path.join(folder, `${i}.png`);
      await writeFile(file, Buffer.from(data, "base64"));
      list.push(`file '${file}'`, `duration ${(frames[i + 1]?.at ?? at) - at}`);
    }
    await writeFile(path.join(folder, "list"), list.join("\n"));
    const look = `fps=${FILM_FRAMES_PER_SECOND},scale=${FILM_WIDTH}:-1:flags=lanczos`;
    const encoder = ["-vf", look, "-c:v", "libwebp_anim", "-loop", "0", "-q:v", "60", "-compression_level", "6"];
    await promisify(execFile)("ffmpeg", ["-y", "-loglevel", "error", "-f", "concat", "-safe", "0", "-i", path.join(folder, "list"), ...encoder, FILM]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function drawn(pages) {
  const frames = [];
  const client = await pages[0].context().newCDPSession(pages[0]);
  client.on("Page.screencastFrame", ({ data, metadata, sessionId }) => {
    frames.push({ data, at: metadata.timestamp });
    client.send("Page.screencastFrameAck", { sessionId }).catch(() => undefined);
  });
  await client.send("Page.startScreencast", { format: "png" });
  for (let i = 0; i * 500 < FILM_MS; i += 1) {
    for (const [k, page] of pages.entries()) await page.keyboard.press(KEYS[(i + k) % 4]);
    await pages[0].waitForTimeout(500);
  }
  await client.send("Page.stopScreencast");
  return frames;
}
