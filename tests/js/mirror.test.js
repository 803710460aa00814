// @ts-check
/** mirror.js: the newest frame wins (Y3), sections are merged, and after the same frames it draws exactly what src/client/mirror.rs does (W2). */

import assert from "node:assert/strict";
import test from "node:test";

import { ADVANCE_TICKS_MAX, applied, createMirror } from "../../static/mirror.js";
import { decodeFrame } from "../../static/wire.js";
import { bytesOf, golden } from "./golden.js";

/** @type {(name: string) => import("../../static/wire.js").Frame} */
const frameNamed = (name) => decodeFrame(bytesOf(golden("frames.json").find((vector) => vector.name === name).hex));
const whole = () => frameNamed("the start, complete");
const core = () => frameNamed("the start, core only");

test("y3 only a newer position is taken", () => {
  const mirror = createMirror();
  assert.equal(mirror.base, null);
  assert.equal(mirror.at(5), null);
  assert.equal(mirror.receive(whole()), true);
  assert.equal(mirror.receive(whole()), false);
  assert.equal(mirror.receive({ ...whole(), tick: 999 }), false);
  assert.equal(mirror.receive({ ...whole(), tick: 1001 }), true);
  assert.equal(mirror.receive({ ...whole(), tick: 3, epoch: whole().epoch + 1 }), true);
  assert.equal(mirror.receive({ ...whole(), tick: 5000 }), false);
  assert.deepEqual([mirror.epoch, mirror.tick], [whole().epoch + 1, 3]);
});

test("binary frames and those of ?frames=json are the same", () => {
  const { hex, frame } = golden("frames.json").find(({ name }) => name === "the start, complete");
  const [one, other] = [createMirror(), createMirror()];
  one.receive(bytesOf(hex));
  other.receive(frame);
  assert.deepEqual(one.base, other.base);
});

test("a frame without sections keeps what the rails have made of them", () => {
  const mirror = createMirror();
  mirror.receive(whole());
  const told = mirror.at(1012);
  assert.ok(told && told.scores[0].points === 10, String(told?.scores[0].points));
  mirror.receive({ ...core(), tick: 1012 });
  assert.deepEqual(mirror.base?.scores, told.scores);
  assert.deepEqual(mirror.base?.pellets, told.pellets);
});

test("at() is the base moved on along the rails, each tick once, and no further than can be told", () => {
  const mirror = createMirror();
  mirror.receive(whole());
  const base = structuredClone(mirror.base);
  const [later, laterStill] = [mirror.at(1010)?.pacs[0]?.x, mirror.at(1020.9)?.pacs[0]?.x];
  assert.ok(Number(later) > Number(laterStill), "moves left");
  assert.equal(mirror.at(1020)?.tick, 1020);
  assert.equal(mirror.at(1010)?.pacs[0]?.x, later, "also when asked backwards");
  assert.equal(mirror.at(10), mirror.base);
  assert.equal(mirror.at(99_999)?.tick, 1000 + ADVANCE_TICKS_MAX);
  assert.deepEqual(mirror.base, base, "the base stays as it is");
});

test("carried pellets only take away within an epoch", () => {
  const mirror = createMirror();
  const [first, ...others] = whole().pellets;
  const without = (/** @type {number} */ pellet) => ({ ...first, left: `${first.left.slice(0, pellet)}0${first.left.slice(pellet + 1)}` });
  const eaten = () => [...(mirror.base?.pellets ?? [])].flatMap((left, pellet) => (left ? [] : [pellet]));
  mirror.receive({ ...whole(), pellets: [without(0), ...others] });
  mirror.receive({ ...whole(), tick: 1001, pellets: [without(1), ...others], carried: true });
  assert.deepEqual(eaten(), [0, 1]);
  mirror.receive({ ...whole(), tick: 1002, pellets: [without(1)] });
  assert.deepEqual(eaten(), [1]);
  mirror.receive({ ...whole(), epoch: whole().epoch + 1, pellets: [without(2), ...others], carried: true });
  assert.deepEqual(eaten(), [2]);
});

test("an event that repeats is the same object", () => {
  const mirror = createMirror();
  const event = { kind: "ghost_eaten", who: 0, whom: 1, points: 200 };
  mirror.receive({ ...whole(), events: [{ ...event, age: 0 }] });
  const [heard] = mirror.events;
  mirror.receive({ ...core(), tick: 1006, events: [{ ...event, age: 0 }, { ...event, age: 6 }] });
  assert.deepEqual(mirror.events.map(({ tick }) => tick), [1006, 1000]);
  assert.equal(mirror.events[1], heard);
});

test("numbers and the list's version are those of the newest frame", () => {
  const mirror = createMirror();
  mirror.receive(frameNamed("a pac in each condition"));
  assert.deepEqual(mirror.numbers, [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 0, 0, 0]);
  assert.equal(mirror.rosterVersion, 1);
});

test("what is no frame changes nothing", () => {
  const mirror = createMirror();
  mirror.receive(whole());
  assert.throws(() => mirror.receive(new Uint8Array([1, 2, 3])), RangeError);
  assert.equal(mirror.tick, 1000);
});

for (const { name, steps } of golden("mirror.json")) {
  test(`w2 mirror: ${name}`, () => {
    const mirror = createMirror();
    for (const [index, { receive, newer, at, shows }] of steps.entries()) {
      assert.equal(mirror.receive(bytesOf(receive)), newer, `step ${index}`);
      assert.deepEqual(mirror.at(at), applied(decodeFrame(bytesOf(shows)), null), `step ${index}`);
    }
  });
}
