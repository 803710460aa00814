/** The drawn clock: smooth between frames, never backwards, never far beyond them, and no hurry after a pause of the page. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { HORIZON_TICKS, TICK_MS, createClock } from "../../static/clock.js";

/** Runs a clock for a while: a frame each 6 ticks, arriving late by `lateMs(n)`; looks at it 60 times a second. */
function run(clock, { from = 0, ticks, lateMs = () => 0, look }) {
  let next = from;
  for (let tick = from; tick < from + ticks; tick += 1) {
    const now = tick * TICK_MS;
    while (next * TICK_MS + lateMs(next) <= now) {
      clock.observe(next, now, false);
      next += 6;
    }
    look(clock.advance(now), tick);
  }
}

test("the drawn tick runs with the maze, in steps of about one tick", () => {
  const clock = createClock();
  let before = 0;
  run(clock, {
    ticks: 600,
    look(drawn, tick) {
      if (tick > 5) assert.ok(drawn - before > 0.9 && drawn - before < 1.1, `a step of ${drawn - before} at ${tick}`);
      assert.ok(Math.abs(drawn - tick) < 1, `${drawn} at ${tick}`);
      before = drawn;
    },
  });
});

test("late and uneven frames neither stop it nor throw it back", () => {
  const clock = createClock();
  let before = 0;
  run(clock, {
    ticks: 900,
    lateMs: (n) => 40 + ((n * 7919) % 60),
    look(drawn, tick) {
      assert.ok(drawn >= before, `backwards at ${tick}: ${before} to ${drawn}`);
      if (tick > 120) assert.ok(drawn - before < 1.2, `a leap of ${drawn - before} at ${tick}`);
      before = drawn;
    },
  });
});

test("without frames it stops at the horizon", () => {
  const clock = createClock();
  clock.observe(1000, 0, true);
  for (let i = 1; i < 300; i += 1) clock.advance(i * TICK_MS);
  assert.equal(clock.drawn, 1000 + HORIZON_TICKS);
});

test("it is never behind the newest frame", () => {
  const clock = createClock();
  clock.observe(1000, 0, true);
  clock.advance(5);
  clock.observe(1004, 20, false);
  assert.ok(clock.drawn >= 1004);
});

test("after a hidden page it jumps instead of hurrying", () => {
  const clock = createClock();
  clock.observe(1000, 0, true);
  clock.advance(16);
  clock.observe(1000 + 3600, 60000, false);
  assert.ok(Math.abs(clock.advance(60000) - 4600) < 2);
});

test("when the maze's clock stood, it follows the later time within half a second", () => {
  const clock = createClock();
  run(clock, { ticks: 120, look: () => undefined });
  // The maze stands for 400 ms, then goes on where it was.
  const stood = 400;
  let drawn = 0;
  for (let tick = 120; tick <= 180; tick += 6) {
    clock.observe(tick, tick * TICK_MS + stood, false);
    drawn = clock.advance(tick * TICK_MS + stood);
  }
  for (let i = 1; i < 240; i += 1) {
    const tick = 180 + i;
    if (tick % 6 === 0) clock.observe(tick, tick * TICK_MS + stood, false);
    drawn = clock.advance(tick * TICK_MS + stood);
  }
  assert.ok(Math.abs(drawn - 419) < 2, `${drawn}`);
});

test("a new epoch close by goes on smoothly, one far away is jumped to, back as well", () => {
  const clock = createClock();
  run(clock, { ticks: 120, look: () => undefined });
  const before = clock.drawn;
  clock.observe(118, 120 * TICK_MS, true);
  assert.ok(clock.drawn >= before);
  clock.observe(7, 121 * TICK_MS, true);
  assert.equal(clock.drawn, 7);
});
