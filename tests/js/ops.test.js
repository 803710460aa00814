// @ts-check
/** The operator's page: what it makes of /metrics, of the status and of the journals, where the points of a chart lie, and its words. */

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { SPAN_MS, createSeries, duration, pathOf, roundUp, short, spanOf, topOf } from "../../static/ops/charts.js";
import { fieldsOf, gathered } from "../../static/ops/journals.js";
import { createRates, quantile, readNumbers, total } from "../../static/ops/numbers.js";
import { TABLES, languageOf, speak, text } from "../../static/ops/words.js";

const METRICS = `# HELP waka_connections WebSockets that are open
# TYPE waka_connections gauge
waka_connections 12
waka_log_lines_total{level="error"} 2
waka_log_lines_total{level="info"} 700
waka_log_lines_total_other 9
waka_commit_seconds_bucket{le="0.001"} 0
waka_commit_seconds_bucket{le="0.002"} 98
waka_commit_seconds_bucket{le="0.004"} 100
waka_commit_seconds_bucket{le="+Inf"} 100
waka_commit_seconds_sum 0.2
waka_commit_seconds_count 100
`;

test("the text of /metrics is read: values by name and labels, sums over labels", () => {
  const numbers = readNumbers(`${METRICS}\nnonsense\nwaka_x NaN\n`);
  assert.equal(numbers.get("waka_connections"), 12);
  assert.equal(numbers.get('waka_log_lines_total{level="info"}'), 700);
  assert.equal(total(numbers, "waka_log_lines_total"), 702);
  assert.equal(total(numbers, "waka_nothing"), 0);
  assert.equal(numbers.has("nonsense") || numbers.has("waka_x"), false);
});

test("quantiles are those of what came between two readings, as the alarms have them", () => {
  const first = readNumbers(METRICS);
  const near = (value, wanted) => assert.ok(value !== null && Math.abs(value - wanted) < 1e-9, `${value} is not ${wanted}`);
  near(quantile(first, null, "waka_commit_seconds", 0.99), 0.003);
  near(quantile(first, null, "waka_commit_seconds", 0.5), 0.001 + 0.001 * (50 / 98));
  const next = readNumbers(METRICS.replaceAll("} 100", "} 300"));
  near(quantile(next, first, "waka_commit_seconds", 0.99), 0.00398);
  assert.equal(quantile(next, next, "waka_commit_seconds", 0.99), null, "nothing was counted");
  assert.equal(quantile(first, null, "waka_step_seconds", 0.5), null);
  const beyond = readNumbers('x_bucket{le="1"} 0\nx_bucket{le="+Inf"} 5\n');
  assert.equal(quantile(beyond, null, "x", 0.5), 1, "no more is known than the last bound");
});

test("a maze's rate is its ticks over some seconds, anew after every change of hands, and none while it sleeps", () => {
  const rates = createRates();
  const maze = (tick, epoch = 1, asleep = false) => [{ id: "open-1", epoch, tick, asleep }];
  assert.equal(rates.take(0, maze(0)).size, 0, "one reading is none");
  assert.equal(rates.take(2000, maze(120)).size, 0, "nor are two that are close, as ticks are told half a second late");
  assert.equal(rates.take(4000, maze(240)).get("open-1"), 60);
  assert.equal(rates.take(6000, maze(300)).get("open-1"), 50);
  assert.equal(rates.take(8000, maze(301, 2)).size, 0);
  assert.equal(rates.take(12000, maze(541, 2)).get("open-1"), 60);
  assert.equal(rates.take(14000, maze(541, 2, true)).size, 0);
  for (let at = 15000; at <= 60000; at += 100) rates.take(at, maze(at, 3));
  assert.ok(Math.abs((rates.take(60100, maze(60100, 3)).get("open-1") ?? 0) - 1000) < 1e-6, "a long time is not remembered");
  assert.equal(rates.take(62000, []).size, 0);
});

test("a series keeps the last minutes, and its newest value while that is new", () => {
  const series = createSeries();
  for (let at = 0; at <= SPAN_MS * 2; at += 2000) series.put(at, at / 2000);
  assert.equal(series.points.length, SPAN_MS / 2000 + 1);
  assert.equal(series.last, SPAN_MS / 1000);
  series.put(SPAN_MS * 2 + 2000, null);
  assert.equal(series.last, SPAN_MS / 1000, "a pause is no end");
  for (let i = 2; i < 12; i += 1) series.put(SPAN_MS * 2 + i * 2000, null);
  assert.equal(series.last, null);
  for (let i = 0; i < 2000; i += 1) series.put(SPAN_MS * 3 + i, 1);
  assert.ok(series.points.length <= 600, "bounded, however often it is asked");
});

test("the top of a chart is a round number that all fits below", () => {
  assert.deepEqual([0, 0.3, 1, 1.1, 5, 6, 99, 100, 101, 0.00012].map(roundUp), [1, 0.5, 1, 2, 5, 10, 100, 100, 200, 0.0002]);
  assert.equal(topOf([[{ at: 0, value: 3 }], [{ at: 0, value: 7.2 }, { at: 1, value: null }]], 5), 10);
  assert.equal(topOf([[]], 5), 5);
  assert.deepEqual([0, 3, 0.5, 1.234, 12.34, 12.04, 123.4].map(short), ["0", "3", "0.5", "1.23", "12.3", "12", "123"]);
  assert.deepEqual([0, 2.5e-6, 4.1e-4, 0.0123, 0.5, 1.25].map(duration), ["0 ms", "2.5 µs", "410 µs", "12.3 ms", "500 ms", "1.25 s"]);
});

test("a chart goes back by whole minutes, as far as there is anything", () => {
  const since = (at) => [[], [{ at, value: 1 }]];
  assert.deepEqual([1000, 0, -100000, -1e9].map((at) => spanOf(since(at), 1000) / 60000), [1, 1, 2, 10]);
  assert.equal(spanOf([[]], 5000), 60000);
});

test("points lie by time and value, a line breaks where nothing was measured", () => {
  const box = { now: SPAN_MS, span: SPAN_MS, top: 10, width: 100, height: 50 };
  const at = (share, value) => ({ at: SPAN_MS * share, value });
  assert.equal(pathOf([at(0, 0), at(0.01, 10), at(0.02, 20)], box), "M0.0 50.0h0.1L1.0 0.0L2.0 0.0");
  assert.equal(pathOf([at(0, 5), at(0.5, null), at(1, 5)], box), "M0.0 25.0h0.1M100.0 25.0h0.1");
  assert.equal(pathOf([at(-1, 5)], box), "", "what is older is not drawn");
});

test("what several processes saw of one thing is one entry", () => {
  const fault = (at, instance, name = "waka-9") => ({ at, level: /** @type {const} */ ("warn"), event: "process_lost", what: "gone", fields: { name, more: String(at) }, instance });
  const seen = gathered([fault(1000, "a"), fault(1500, "b"), fault(90000, "a"), fault(1400, "b", "waka-8")]);
  const late = (at, tick, maze = "open-1") => ({ ...fault(at, "a"), event: "late_ticks", fields: { maze, tick } });
  const going = gathered([late(0, "10"), late(50000, "3010"), late(100000, "6010"), late(100001, "7", "open-2")]);
  assert.deepEqual(going.map(({ times, fields }) => [times, fields.maze, fields.tick]), [[1, "open-2", "7"], [3, "open-1", "6010"]], "trouble that goes on is one entry");
  assert.deepEqual(seen.map(({ at, instances, times }) => [at, instances.join("+"), times]), [[90000, "a", 1], [1500, "b+a", 2], [1400, "b", 1]]);
  assert.equal(fieldsOf(fault(1, "a")), "name waka-9 · more 1");
  assert.equal(fieldsOf(fault(0, "a")), "name waka-9");
});

test("both languages have the same words, and every key of the page has some", async () => {
  const folder = fileURLToPath(new URL("../../static/ops/", import.meta.url));
  assert.deepEqual(Object.keys(TABLES.ko).sort(), Object.keys(TABLES.en).sort());
  const files = (await readdir(folder)).filter((file) => /\.(js|html)$/.test(file) && file !== "words.js");
  const sources = await Promise.all(files.map((file) => readFile(folder + file, "utf8")));
  const named = sources.flatMap((source) => [...source.matchAll(/data-(?:text|label)="(\w+)"|\btext\("(\w+)"|(?:title|label): "(\w+)"/g)].map((found) => found[1] ?? found[2] ?? found[3]));
  assert.ok(named.length > 40, `${named.length} keys`);
  for (const key of named) assert.ok(Object.hasOwn(TABLES.en, key), key);
  for (const [key, words] of Object.entries(TABLES.ko)) assert.ok(["otherLanguage", "chartSays"].includes(key) || /[가-힣]|^\d+%$/.test(words), `${key}: ${words}`);
});

test("the language is the chosen one, else the browser's; what is filled in stays as it is", () => {
  assert.deepEqual([languageOf("ko", ["en"]), languageOf("", ["fr-FR", "ko-KR"]), languageOf("xx", ["de"])], ["ko", "ko", "en"]);
  assert.equal(text("reportsWhom", { by: "{whom}", whom: "$&" }), "{whom} reports $&");
  speak("ko");
  assert.match(text("times", { n: 3 }), /^3번$/);
  speak("en");
});
