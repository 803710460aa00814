/** Which sounds a drawn moment calls for: each event once whatever frames repeat, skip or take over; own dots by turns; the bed below. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createMirror } from "../../static/mirror.js";
import { createScore } from "../../static/sound/score.js";
import { at, encodeFrame, scene } from "../browser/stage.mjs";

const runner = (seat, place, direction = "left") => ({ seat, ...place, direction, state: "alive" });

/** A mirror and a score before it, looked at tick by tick. */
function listener(seat = 0) {
  const mirror = createMirror();
  const score = createScore();
  return {
    frame: (changes) => assert.ok(mirror.receive(encodeFrame(scene(changes)))),
    /** @returns the names of what is heard at a tick */
    look(tick) {
      return score.hear({ tick, scene: mirror.at(Math.floor(tick) + 1), events: mirror.events, seat });
    },
    names(tick) {
      return this.look(tick).cues.map((cue) => cue.name);
    },
  };
}

test("an event sounds once, however often frames repeat it, late ones and those of another epoch included", () => {
  const ear = listener();
  const pacs = [runner(0, at(9, 11))];
  const heard = [];
  for (let i = 0; i < 15; i += 3) {
    ear.frame({ tick: 200 + i, epoch: i < 9 ? 5000 : 9000, pacs, events: [{ kind: "fruit_eaten", who: 0, whom: 0, age: i, points: 100 }] });
    for (let tick = 200 + i; tick < 203 + i; tick += 1) heard.push(...ear.names(tick));
  }
  assert.deepEqual(heard.filter((name) => name === "fruit"), ["fruit"]);
});

test("an event of a frame that was skipped sounds with the next one", () => {
  const ear = listener();
  ear.frame({ tick: 200, pacs: [runner(0, at(9, 11))] });
  ear.names(200);
  const events = [{ kind: "energizer_eaten", who: 0, whom: 0, age: 2, points: 50 }, { kind: "bumped", who: 0, whom: 3, age: 12, points: 0 }];
  ear.frame({ tick: 214, pacs: [runner(0, at(9, 11))], events });
  assert.deepEqual(ear.names(214), ["bump", "power"]);
  assert.deepEqual(ear.names(215), []);
});

test("two of a kind in one tick are two sounds", () => {
  const ear = listener();
  const events = [0, 1].map((whom) => ({ kind: "ghost_eaten", who: 0, whom, age: 1, points: 200 * (whom + 1) }));
  ear.frame({ tick: 200, pacs: [runner(0, at(9, 11))], events });
  assert.deepEqual(ear.look(200).cues.map(({ name, variant }) => [name, variant]), [["ghost", 1], ["ghost", 0]]);
});

test("own dots sound by turns as they go, on the rails and without a frame", () => {
  const ear = listener();
  ear.frame({ tick: 200, pacs: [runner(0, at(20, 5))] });
  const cues = [];
  for (let tick = 200; tick < 250; tick += 1) cues.push(...ear.look(tick).cues);
  assert.ok(cues.length >= 5 && cues.length <= 7, `${cues.length} dots`);
  cues.forEach((cue, i) => assert.deepEqual([cue.name, cue.variant, cue.gain, cue.pan], ["waka", (i + 1) % 2, 1, 0]));
});

test("a screen that draws seldom loses no dot", () => {
  const counts = [1, 2.4, 7].map((step) => {
    const ear = listener();
    ear.frame({ tick: 200, pacs: [runner(0, at(24, 5))] });
    let dots = 0;
    for (let tick = 200; tick < 263.5; tick += step) dots += ear.names(tick).length;
    dots += ear.names(264).length;
    return dots;
  });
  assert.deepEqual(counts, [counts[0], counts[0], counts[0]]);
});

test("a dot that a frame brings back does not sound twice", () => {
  const ear = listener();
  const pacs = [runner(0, at(20, 5))];
  ear.frame({ tick: 200, pacs });
  const heard = [];
  for (let tick = 200; tick < 215; tick += 1) heard.push(...ear.names(tick));
  const before = heard.length;
  assert.ok(before > 0);
  ear.frame({ tick: 206, pacs });
  for (let tick = 215; tick < 221; tick += 1) heard.push(...ear.names(tick));
  assert.equal(heard.length, before, "he runs over the same dots again");
});

test("others are quiet, seldom, and heard where they are", () => {
  const ear = listener(0);
  ear.frame({ tick: 200, pacs: [{ ...runner(0, at(1, 29)), state: "ready" }, runner(1, at(25, 29)), runner(2, at(3, 5)), runner(3, at(24, 1))] });
  const cues = [];
  for (let tick = 200; tick < 260; tick += 1) cues.push(...ear.look(tick).cues);
  assert.ok(cues.length > 3 && cues.length <= 12, `${cues.length} dots of three in a second`);
  assert.ok(cues.every((cue) => cue.name === "waka" && cue.gain < 0.2));
  assert.ok(cues.some((cue) => cue.pan > 0.3) && cues.some((cue) => cue.pan < -0.3));
});

test("what concerns the own pac is loud, from both ends of the event", () => {
  for (const [seat, name, gain] of [[0, "rival", 1], [1, "death", 1], [2, "rival", 0.3]]) {
    const ear = listener(seat);
    ear.frame({ tick: 200, pacs: [0, 1, 2].map((each) => runner(each, at(9 + each, 11))), events: [{ kind: "rival_eaten", who: 0, whom: 1, age: 0, points: 400 }] });
    const [cue] = ear.look(200).cues;
    assert.deepEqual([cue.name, cue.gain], [name, gain]);
  }
});

test("the siren rises as dots fall; a window, eyes and a standstill take its place", () => {
  const bed = (changes) => {
    const ear = listener();
    ear.frame({ tick: 200, pacs: [runner(0, at(9, 11))], ...changes });
    const { name, step } = ear.look(200).bed;
    return `${name} ${step}`;
  };
  const left = (count) => ({ pellets: Uint8Array.from({ length: 244 }, (_, i) => (i < count ? 1 : 0)) });
  assert.deepEqual([244, 150, 100, 60, 20].map((count) => bed(left(count))), ["siren 0", "siren 1", "siren 2", "siren 3", "siren 4"]);
  assert.equal(bed({ power_ticks_left: 100 }), "fright 0");
  const { ghosts } = scene({});
  assert.equal(bed({ power_ticks_left: 100, ghosts: [{ ...ghosts[0], mood: "eyes" }, ...ghosts.slice(1)] }), "eyes 0");
  assert.equal(bed({ phase: "ready" }), "none 0");
});

test("the first READY! of a game comes with its tune, later ones without", () => {
  const tunes = [244, 120].map((phase_ticks_left) => {
    const ear = listener();
    ear.frame({ tick: 200, phase: "ready", clocks: { ...scene({}).clocks, phase_ticks_left } });
    return [...ear.names(200), ...ear.names(201)];
  });
  assert.deepEqual(tunes, [["ready"], []]);
});

test("after a hidden page nothing is made up for", () => {
  const ear = listener();
  ear.frame({ tick: 200, pacs: [runner(0, at(20, 5))] });
  ear.names(200);
  ear.frame({ tick: 2000, pacs: [runner(0, at(20, 5))], pellets: new Uint8Array(244) });
  assert.deepEqual(ear.names(2000), []);
});
