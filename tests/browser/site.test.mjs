/**
 * The folder that `waka site` writes, served by a plain server of files with the headers that it asks for, at another origin than the game's.
 */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before, test } from "node:test";
import { promisify } from "node:util";
import { launchBrowser, newPage, until } from "./browser.mjs";
import { BINARY, startServer } from "./server.mjs";

let browser;
let folder;
/** What a test has opened, closed after it however it ends. */
const opened = [];
before(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(path.join(os.tmpdir(), "waka-site-"));
});
after(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

afterEach(async () => {
  for (const thing of opened.splice(0)) await (thing.stop?.() ?? thing.close());
});

/** Serves what `headers.json` lists, and nothing else, as it says. It is read at each request, so the folder may be written later. */
async function serveFolder(asked = []) {
  const files = http.createServer(async (request, response) => {
    const name = new URL(request.url, "http://localhost").pathname.slice(1) || "index.html";
    const policy = JSON.parse(await readFile(path.join(folder, "headers.json"), "utf8"));
    asked.push(name);
    const serving = policy.files[name];
    if (!serving) return response.writeHead(404, policy.headers).end();
    const headers = { ...policy.headers, "content-type": serving.content_type, "cache-control": serving.cache_control };
    return response.writeHead(200, headers).end(await readFile(path.join(folder, name)));
  });
  await new Promise((resolve) => {
    files.listen(0, "127.0.0.1", resolve);
  });
  const served = {
    origin: `http://127.0.0.1:${files.address().port}`,
    close() {
      files.close();
      files.closeAllConnections();
    },
  };
  opened.push(served);
  return served;
}

async function game(args) {
  const server = await startServer({ args });
  opened.push(server);
  return server;
}

const site = (...words) => promisify(execFile)(BINARY, ["site", "--out", folder, ...words]);

/** What the page complains about when it speaks with `game`, which is no stranger here. */
function complaints(page, game) {
  const expected = [`socket to ${game.replace("http", "ws")}/ws`, `request to ${game}/api/status`];
  return page.complaints.filter((complaint) => !expected.includes(complaint));
}

test("the page plays from another origin, with every file by its own name and the policy that was written", async () => {
  const asked = [];
  const files = await serveFolder(asked);
  const server = await game(["--allowed-origins", files.origin]);
  await site("--server", server.origin.replace("http", "ws"));
  const page = await newPage(browser, { origin: files.origin });
  const answer = await page.goto(`${files.origin}/?name=Ada&m=far`);
  assert.match(answer.headers()["content-security-policy"], /script-src 'self' 'sha256-[^']+'; .*connect-src 'self' ws:/);
  await until(page, "a connection", (shown) => shown.connected);
  await page.keyboard.press("Enter");
  const shown = await until(page, "a seat", (seen) => seen.players.some((player) => player.id === seen.you));
  assert.equal(shown.maze, "far");
  const status = await page.evaluate((address) => fetch(address).then((told) => told.json()), `${server.origin}/api/status`);
  assert.equal(status.ready, true, "the status is readable from the other origin");
  const plain = asked.filter((name) => !/\.[0-9a-f]{16}\.\w+$/.test(name));
  assert.deepEqual([...new Set(plain)].sort(), ["config.js", "index.html"]);
  assert.equal(new Set(asked).size, asked.length, "nothing is asked for twice");
  assert.deepEqual(complaints(page, server.origin), []);
  await page.context().close();
});

test("a server that was not told of the other origin refuses its page", async () => {
  const files = await serveFolder();
  const server = await game([]);
  await site("--server", server.origin.replace("http", "ws"));
  const page = await newPage(browser);
  await page.goto(files.origin);
  const shown = await until(page, "a refusal", () => page.complaints.some((complaint) => /403/.test(complaint)));
  assert.equal(shown.connected, false);
  await page.context().close();
});
