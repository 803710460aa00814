/** Where things are drawn: between ticks on the rails, the short way through the tunnel, gliding after a correction, each event once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createHappenings } from "../../static/happenings.js";
import { createMirror } from "../../static/mirror.js";
import { createGlides, posesAt } from "../../static/motion.js";
import { createPictures } from "../../static/picture.js";
import { createState } from "../../static/state.js";
import { at, encodeFrame, scene } from "../browser/stage.mjs";

const mirrorOf = (...scenes) => {
  const mirror = createMirror();
  for (const each of scenes) assert.ok(mirror.receive(encodeFrame(each)));
  return mirror;
};
const runner = (place, direction = "left") => ({ seat: 0, ...place, direction, state: "alive" });

test("a pac moves evenly at fractions of ticks", () => {
  const mirror = mirrorOf(scene({ pacs: [runner(at(20, 5))], pellets: new Uint8Array(244) }));
  let before = posesAt(mirror, 100).pacs[0].x;
  for (let tick = 100.25; tick < 140; tick += 0.25) {
    const { x } = posesAt(mirror, tick).pacs[0];
    assert.ok(before - x >= 0 && before - x <= 0.5, `${before} to ${x} at ${tick}`);
    before = x;
  }
  assert.ok(before < posesAt(mirror, 100).pacs[0].x - 35);
});

test("a tile's centre is drawn in its middle", () => {
  const mirror = mirrorOf(scene({ pacs: [{ ...runner(at(1, 1)), state: "ready" }] }));
  assert.deepEqual(posesAt(mirror, 100).pacs[0], { x: 12, y: 12, state: "ready" });
});

test("through the tunnel it goes the short way", () => {
  const mirror = mirrorOf(scene({ pacs: [runner({ x: 2, y: 14 * 8 + 3 })] }));
  let before = posesAt(mirror, 100).pacs[0].x;
  let leaps = 0;
  for (let tick = 100.5; tick < 112; tick += 0.5) {
    const { x } = posesAt(mirror, tick).pacs[0];
    if (Math.abs(x - before) > 2) leaps += 1;
    else assert.ok(x <= before, `${before} to ${x}`);
    before = x;
  }
  assert.equal(leaps, 1, "one leap, from one edge to the other, out of sight");
});

test("a correction glides away within a tenth of a second", () => {
  const glides = createGlides();
  glides.fade(0);
  const poses = (x) => ({ pacs: [{ x, y: 100, state: "alive" }], ghosts: [{ x: 50, y: 50 }] });
  glides.corrected(poses(100), poses(108));
  const shown = () => glides.shifted("pac", 0, { x: 108, y: 100 });
  assert.deepEqual(shown(), { x: 100, y: 100 });
  glides.fade(50);
  assert.ok(shown().x > 105 && shown().x < 108);
  glides.fade(110);
  assert.ok(108 - shown().x < 0.5);
  glides.fade(400);
  assert.deepEqual(shown(), { x: 108, y: 100 });
});

test("a spawn and a leap do not glide, the edge of the tunnel does", () => {
  const glides = createGlides();
  const poses = (x, state) => ({ pacs: [{ x, y: 100, state }], ghosts: [] });
  glides.corrected(poses(20, "alive"), poses(120, "alive"));
  assert.equal(glides.shifted("pac", 0, { x: 120, y: 100 }).x, 120);
  glides.corrected(poses(110, "dead"), poses(120, "ready"));
  assert.equal(glides.shifted("pac", 0, { x: 120, y: 100 }).x, 120);
  glides.corrected(poses(238, "alive"), poses(-14, "alive"));
  assert.equal(glides.shifted("pac", 0, { x: -14, y: 100 }).x, -18);
});

test("an event that frames repeat is taken once", () => {
  const state = createState();
  const happenings = createHappenings();
  for (let i = 0; i < 4; i += 1) {
    const event = { kind: "fruit_eaten", who: 0, whom: 0, age: 2 + i, points: 500 };
    state.mirror.receive(encodeFrame(scene({ tick: 100 + i, events: [event] })));
    happenings.take(state, "play", posesAt(state.mirror, 100 + i), () => "#fff", 100 + i);
  }
  assert.equal(happenings.seen.pops.length, 1);
  assert.deepEqual(happenings.seen.pops[0], { x: 112, y: 140, points: 500, sinceTick: 100, mine: false }, "what is drawn ahead of its news begins when it is seen");
});

test("two meals at one place do not cover each other", () => {
  const state = createState();
  const happenings = createHappenings();
  const events = [200, 400].map((points, whom) => ({ kind: "ghost_eaten", who: 0, whom, age: 0, points }));
  const ghosts = scene({}).ghosts.map((ghost) => ({ ...ghost, ...at(6, 5), direction: "left", place: undefined }));
  state.mirror.receive(encodeFrame(scene({ events, ghosts })));
  happenings.take(state, "play", posesAt(state.mirror, 100), () => "#fff", 100);
  const [first, second] = happenings.seen.pops;
  assert.ok(first.y - second.y >= 8, `${first.y} and ${second.y}`);
});

test("who was eaten, and by whom, is said to the two of them alone", () => {
  for (const [you, key] of [["a", "youAte"], ["b", "ateYou"], ["c", undefined]]) {
    const state = createState();
    const happenings = createHappenings();
    state.receive({ type: "welcome", you });
    state.players = ["a", "b", "c"].map((id, seat) => ({ id, seat, name: id.toUpperCase(), colour: seat }));
    state.mirror.receive(encodeFrame(scene({ events: [{ kind: "rival_eaten", who: 0, whom: 1, age: 0, points: 200 }] })));
    happenings.take(state, "play", posesAt(state.mirror, 100), () => "#fff", 100);
    assert.equal(happenings.takeNews()[0]?.key, key);
    assert.equal(happenings.takeNews().length, 0);
  }
});

test("the picture names states as automation expects them", () => {
  const state = createState();
  const pictures = createPictures();
  const states = ["alive", "powered", "shielded", "ready", "dead", "parked"];
  const pacs = states.map((each, seat) => ({ seat, ...at(6 + seat, 5), direction: "left", state: each }));
  pacs.push({ seat: 6, ...at(12, 29), direction: "left", state: "bumped", ticks: 3 }, { seat: 7, ...at(20, 29), direction: "left", state: "powered_bumped", ticks: 3 });
  const ghosts = [
    { ...at(6, 11), direction: "up", mood: "frightened" },
    { x: 127, y: 100, direction: "down", place: "entering", mood: "eyes" },
    { ...at(11.5, 14), direction: "up", place: "waiting", mood: "frightened" },
    { ...at(15.5, 14), direction: "up", place: "leaving" },
  ];
  state.mirror.receive(encodeFrame(scene({ pacs, ghosts, scores: [{ points: 10, lives: 1 }, { points: 500, lives: 2 }] })));
  const picture = pictures.build(state, 100, 0, false);
  assert.deepEqual(picture.pacs.map((pac) => pac.state), [...states, "alive", "powered"]);
  assert.deepEqual(picture.ghosts.map((ghost) => ghost.state), ["frightened", "eyes", "house", "leaving"]);
  assert.deepEqual(picture.pacs.map((pac) => pac.leader).indexOf(true), 1);
});
