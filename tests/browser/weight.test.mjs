/**
 * What the page costs to load: all that a real server sends to a real browser until the game can be played, added up; and from where.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchBrowser, newPage, until } from "./browser.mjs";
import { startServer } from "./server.mjs";

const BYTES_MAX = 150 * 1024;

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

test("the whole page is at most 150 KiB over the wire, and nothing comes from another host", async () => {
  const page = await newPage(browser, { origin: server.origin });
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const files = new Map();
  session.on("Network.responseReceived", ({ requestId, response }) => files.set(requestId, { url: response.url, bytes: 0 }));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (files.has(requestId)) files.get(requestId).bytes = encodedDataLength;
  });
  await page.goto(server.origin);
  await until(page, "a connection", (shown) => shown.connected);
  await page.keyboard.press("Enter");
  await until(page, "a seat", (shown) => shown.players.some((player) => player.id === shown.you));
  // What a browser fetches for the home screen counts, too.
  await page.evaluate(() => Promise.all(["/manifest.webmanifest", "/icon.svg", "/icon-192.png"].map((file) => fetch(file).then((answer) => answer.text()))));
  await until(page, "the last files", () => [...files.values()].every((file) => file.bytes > 0));
  const total = [...files.values()].reduce((sum, file) => sum + file.bytes, 0);
  console.log(`# ${files.size} files, ${(total / 1024).toFixed(1)} KiB`);
  for (const file of files.values()) assert.equal(new URL(file.url).host, new URL(server.origin).host);
  assert.ok(total <= BYTES_MAX, `${total} bytes: ${[...files.values()].sort((a, b) => b.bytes - a.bytes).slice(0, 5).map((file) => `${file.url} ${file.bytes}`)}`);
  assert.ok(total > 20000, "the files were counted");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the page can be installed: manifest and icons are there, of their kind and size", async () => {
  const manifest = await (await fetch(`${server.origin}/manifest.webmanifest`)).json();
  assert.equal(manifest.display, "standalone");
  for (const icon of manifest.icons) {
    const answer = await fetch(new URL(icon.src, server.origin));
    assert.equal(answer.headers.get("content-type")?.split(";")[0], icon.type);
    if (icon.type !== "image/png") continue;
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, icon.sizes);
  }
  const html = await (await fetch(server.origin)).text();
  for (const name of ["og:title", "og:description", "og:site_name", "og:image"]) assert.match(html, new RegExp(`property="${name}" content="[^"]+"`));
});
