/**
 * The voices, rendered by a real Chromium without a loudspeaker; and when the page is heard at all.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchBrowser, newPage, until } from "./browser.mjs";
import { STAGE_URL, at, encodeFrame, scene, setStage } from "./stage.mjs";

const ADA = { seat: 0, id: "00000000000000aa", name: "Ada", colour: 0, symbol: 0 };
const PEAK_MIN = 0.02;
/** Full scale is 1; what is above is cut off and crackles. */
const PEAK_MAX = 1;
const VOICE_SECONDS_MAX = 3;

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function staged() {
  const page = await newPage(browser, { origin: STAGE_URL });
  let tick = 100;
  await setStage(page, (message, send) => {
    if (message.type === "hello") send({ type: "welcome", version: 1, you: ADA.id, token: "token", instance: "stage" });
    if (message.type === "ping") send({ type: "pong", n: message.n });
    if (message.type !== "join" && message.type !== "watch") return;
    send({ type: "joined", maze: "open-1", spectating: message.type === "watch", input: 0, seat: message.type === "join" ? 0 : undefined });
    send({ type: "players", maze: "open-1", version: 0, spectators: 0, players: [ADA] });
    send(encodeFrame(scene({ tick: (tick += 6), pacs: [{ seat: 0, ...at(20, 5), direction: "left", state: "alive" }] })));
  });
  await page.goto(STAGE_URL);
  await until(page, "a connection", (shown) => shown.connected);
  return page;
}

/** Waits until the page would be heard, or no longer. */
const settles = (page, wanted) => page.evaluate(async (want) => {
  const { sound } = await import("/sound/sound.js");
  const deadline = performance.now() + 10000;
  while (sound.audible !== want) {
    if (performance.now() > deadline) throw new Error(`audible stays ${sound.audible}`);
    await new Promise((resolve) => window.setTimeout(resolve, 20));
  }
}, wanted);

test("every voice is heard, does not clip, ends in time; a dozen at once do not clip either", async () => {
  const page = await staged();
  const { voices, crowd, beds } = await page.evaluate(async () => {
    const { SECONDS, speak } = await import("/sound/voices.js");
    const { layBed } = await import("/sound/beds.js");
    const { createDesk } = await import("/sound/sound.js");
    const RATE = 22050;
    const measure = async (seconds, tailFrom, put) => {
      const ctx = new OfflineAudioContext(2, Math.ceil(RATE * seconds), RATE);
      put(ctx, createDesk(ctx, 1));
      const rendered = await ctx.startRendering();
      let [peak, tail, sum] = [0, 0, 0];
      for (const side of [0, 1]) {
        rendered.getChannelData(side).forEach((sample, i) => {
          peak = Math.max(peak, Math.abs(sample));
          sum += sample * sample;
          if (i > tailFrom * RATE) tail = Math.max(tail, Math.abs(sample));
        });
      }
      return { peak, tail, rms: Math.sqrt(sum / (2 * rendered.length)) };
    };
    const voices = {};
    for (const [name, seconds] of Object.entries(SECONDS)) {
      for (const variant of [0, 1, 3]) {
        voices[`${name} ${variant}`] = { seconds, ...(await measure(seconds + 0.4, seconds + 0.1, (ctx, out) => speak(ctx, out, name, { variant }))) };
      }
    }
    const crowd = await measure(2, 2, (ctx, out) => {
      for (const name of ["waka", "power", "ghost", "rival", "death", "fruit", "bump", "extra", "sheet", "level", "ready", "spawn"]) speak(ctx, out, name);
    });
    const beds = {};
    for (const [name, step] of [["siren", 0], ["siren", 4], ["fright", 0], ["eyes", 0]]) beds[`${name} ${step}`] = await measure(1, 1, (ctx, out) => void layBed(ctx, out, name, step, 1));
    return { voices, crowd, beds };
  });
  for (const [name, { peak, tail, seconds }] of Object.entries(voices)) {
    assert.ok(peak > PEAK_MIN && peak <= PEAK_MAX, `${name} peaks at ${peak}`);
    assert.ok(tail < 0.002, `${name} goes on: ${tail}`);
    assert.ok(seconds <= VOICE_SECONDS_MAX);
  }
  assert.ok(crowd.peak <= PEAK_MAX, `a crowd peaks at ${crowd.peak}`);
  for (const [name, { peak, rms }] of Object.entries(beds)) {
    assert.ok(peak > PEAK_MIN && peak < 0.4, `${name} peaks at ${peak}`);
    assert.ok(peak < voices["waka 0"].peak / 2 && rms > 0.005, `${name} covers the rest: ${peak}`);
  }
  if (process.env.WAKA_TELL) console.log(voices, crowd, beds);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("sound begins with the first gesture, P turns it off and on, and both choice and loudness are remembered", async () => {
  const page = await staged();
  const heard = () => page.evaluate(async () => (await import("/sound/sound.js")).sound.audible);
  assert.equal(await heard(), false, "no gesture yet");
  await page.keyboard.press("Enter");
  await settles(page, true);
  await page.keyboard.press("p");
  await settles(page, false);
  assert.equal(await page.evaluate(() => localStorage.getItem("waka.sound")), "off");
  await page.evaluate(async () => (await import("/sound/sound.js")).sound.setVolume(35));
  await page.reload();
  await until(page, "a connection again", (shown) => shown.connected);
  const kept = await page.evaluate(async () => {
    const { sound } = await import("/sound/sound.js");
    return [sound.muted, sound.volume];
  });
  assert.deepEqual(kept, [true, 35]);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await heard(), false, "a gesture alone does not unmute");
  await page.keyboard.press("p");
  await settles(page, true);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a line of chat is announced only if somebody reads it", async () => {
  const page = await staged();
  await page.keyboard.press("Enter");
  await settles(page, true);
  const begun = await page.evaluate(async () => {
    const { sound } = await import("/sound/sound.js");
    const { createOscillator } = BaseAudioContext.prototype;
    let count = 0;
    BaseAudioContext.prototype.createOscillator = function counted() {
      count += 1;
      return createOscillator.call(this);
    };
    const line = { type: "chat", lines: [{ from: "00000000000000bb" }] };
    // Long after the history that a newcomer is sent.
    const after = performance.now() + 60000;
    return [() => false, (from) => from === "00000000000000bb"].map((isNews) => {
      count = 0;
      sound.message(line, isNews, after);
      return count;
    });
  });
  assert.ok(begun[0] === 0 && begun[1] > 0, `voices begun: ${begun}`);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a hidden page is silent and is heard again when it is shown", async () => {
  const page = await staged();
  await page.keyboard.press("Enter");
  await settles(page, true);
  const show = (hidden) => page.evaluate((is) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => is });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  await show(true);
  await settles(page, false);
  await show(false);
  await settles(page, true);
  await page.context().close();
});
