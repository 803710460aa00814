/** The own pac answers at once however far the maze is, and frames agree with what was foretold. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createPrediction } from "../../static/predict.js";
import { distant } from "./pretend_server.js";

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** To and fro along the long corridor of row 5, and a turn into the columns that leave it. */
function wander(far, seconds) {
  const ways = ["right", "left", "right", "up", "down", "left", "down", "up"];
  let turn = 0;
  for (let i = 0; i < seconds * 4; i += 1) {
    far.press(ways[turn++ % ways.length]);
    far.run(15);
  }
}

test("a key turns the own pac in the next animation frame, 200 ms away as well", () => {
  for (const ms of [1, 100, 180]) {
    const far = distant({ upMs: ms, downMs: ms });
    far.run(120);
    for (const direction of ["right", "left", "right", "left"]) {
      far.press(direction);
      assert.equal(far.direction(), direction, "on a screen of 240 Hz as well, where no tick has passed yet");
      const before = far.pose().x;
      far.run(2);
      assert.equal(far.direction(), direction);
      const moved = far.pose().x - before;
      assert.ok(direction === "right" ? moved > 0 : moved < 0, `${moved} px ${direction} at ${ms} ms`);
      far.run(22);
    }
  }
});

test("where the way is always as long, no frame corrects what was foretold", () => {
  for (const ms of [1, 40, 97]) {
    const far = distant({ upMs: ms, downMs: ms });
    far.run(120);
    wander(far, 4);
    far.corrections.length = 0;
    wander(far, 12);
    const sizes = far.corrections;
    assert.ok(mean(sizes) < 0.05, `${mean(sizes)} px on average at ${ms} ms`);
    assert.ok(Math.max(...sizes) <= 2, `${Math.max(...sizes)} px at most at ${ms} ms`);
  }
});

test("where it is uneven, corrections are small and what is drawn ends where the maze has it", () => {
  const uneven = (now) => 80 + ((Math.floor(now / 97) * 7919) % 40);
  const far = distant({ upMs: uneven, downMs: uneven });
  far.run(120);
  wander(far, 20);
  assert.ok(mean(far.corrections.slice(20)) < 1, `${mean(far.corrections.slice(20))}`);
  far.run(120);
  const pose = far.pose();
  const shown = far.state.mirror.at(Math.floor(far.drawn));
  while (far.truth.tick < shown.tick) far.run(1);
  assert.equal(far.state.prediction.underWay, 0);
  assert.ok(pose !== undefined);
});

test("a key that is late is laid over each frame until one carries its number", () => {
  let stalled = false;
  const far = distant({ upMs: () => (stalled ? 600 : 20), downMs: 20 });
  far.run(120);
  stalled = true;
  far.press("right");
  far.run(12, () => assert.equal(far.direction(), "right"));
  assert.equal(far.truth.pacs[0].direction, "left", "the maze does not know yet");
  far.run(60);
  assert.equal(far.truth.pacs[0].direction, "right");
  assert.equal(far.direction(), "right");
  assert.equal(far.state.prediction.underWay, 0);
});

test("with seven keys under way the newest waits, and none is taken for another modulo 8", () => {
  const far = distant({ upMs: 200, downMs: 200 });
  far.run(120);
  const ways = ["right", "left"];
  for (let i = 0; i < 20; i += 1) far.press(ways[i % 2]);
  assert.equal(far.state.prediction.underWay, 7);
  far.run(2);
  assert.equal(far.direction(), "left", "the newest wish counts");
  far.run(90);
  assert.equal(far.state.prediction.underWay, 0);
  assert.equal(far.truth.pacs[0].wish, "left");
});

test("keys that nobody acknowledges are forgotten", () => {
  const prediction = createPrediction();
  prediction.sit(0, 64);
  for (let i = 0; i < 7; i += 1) assert.equal(prediction.press("left", 100, 0, null), 65 + i);
  assert.equal(prediction.press("up", 100, 1000, null), null);
  assert.equal(prediction.press("up", 100, 4000, null), 72);
  assert.equal(prediction.underWay, 1);
});

test("who waits for his first key moves off at once, and so does a maze whose READY! ends", () => {
  const prediction = createPrediction();
  prediction.sit(1, 0);
  const base = { tick: 50, phase: "play", clocks: { phase_ticks_left: 0 }, pacs: [null, { state: "ready", wish: "left", direction: "left", x: 19, y: 11 }] };
  prediction.press("right", 55.5, 0, null);
  const scene = structuredClone({ ...base, tick: 54 });
  prediction.steer(scene, base, []);
  assert.equal(scene.pacs[1].state, "ready");
  scene.tick = 55;
  prediction.steer(scene, base, []);
  assert.deepEqual([scene.pacs[1].state, scene.pacs[1].wish], ["shielded", "right"]);

  const ready = { tick: 50, phase: "ready", clocks: { phase_ticks_left: 3 }, pacs: [null, null], ghosts: [] };
  const still = structuredClone({ ...ready, tick: 52, clocks: { phase_ticks_left: 1 } });
  prediction.steer(still, ready, []);
  assert.equal(still.phase, "ready");
  still.clocks.phase_ticks_left = 0;
  prediction.steer(still, ready, []);
  assert.equal(still.phase, "play");
});
