// @ts-check
/**
 * What the numbers of a process say: the text of /metrics read, what has been between two readings, how fast mazes tick. Pure.
 *
 * Counters and histograms only grow while a process lives, so of two readings of one process the difference is what happened between them.
 */

/** @typedef {ReadonlyMap<string, number>} Numbers values by name and labels, as they stand in the text */

/** @param {string} source @returns {Numbers} */
export function readNumbers(source) {
  const numbers = new Map();
  for (const line of source.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const at = line.lastIndexOf(" ");
    const value = Number(line.slice(at + 1));
    if (at > 0 && !Number.isNaN(value)) numbers.set(line.slice(0, at), value);
  }
  return numbers;
}

/** Over all labels. @param {Numbers} numbers @param {string} name */
export function total(numbers, name) {
  let sum = 0;
  for (const [series, value] of numbers) if (series === name || series.startsWith(`${name}{`)) sum += value;
  return sum;
}

/**
 * A quantile of what a histogram has counted between two readings, straight between the bounds of the bucket that holds it, as the alarms have it; `null` when
 * nothing was counted.
 * @param {Numbers} now @param {Numbers | null} before @param {string} name @param {number} share
 * @returns {number | null}
 */
export function quantile(now, before, name, share) {
  const prefix = `${name}_bucket{`;
  const buckets = [];
  for (const [series, value] of now) {
    if (!series.startsWith(prefix)) continue;
    const bound = /le="([^"]+)"/.exec(series)?.[1] ?? "";
    buckets.push({ bound: bound === "+Inf" ? Infinity : Number(bound), count: value - (before?.get(series) ?? 0) });
  }
  buckets.sort((a, b) => a.bound - b.bound);
  const all = buckets.at(-1)?.count ?? 0;
  if (all <= 0) return null;
  let low = 0;
  let below = 0;
  for (const { bound, count } of buckets) {
    if (count >= all * share) {
      const within = count > below ? (all * share - below) / (count - below) : 1;
      return Number.isFinite(bound) ? low + (bound - low) * within : low;
    }
    low = bound;
    below = count;
  }
  return null;
}

/** A maze's ticks are known to half a second, so its rate is told over about this long. */
const RATE_OVER_MS = 12000;
/** Readings of a maze that are kept. */
const READINGS_MAX = 32;

/** How fast mazes tick, from the status told again and again. */
export function createRates() {
  /** @type {Map<string, { at: number, epoch: number, tick: number }[]>} */
  let readings = new Map();
  return {
    /**
     * Takes a status in.
     * @param {number} at milliseconds
     * @param {{ id: string, epoch: number, tick: number, asleep: boolean }[]} mazes
     * @returns {Map<string, number>} ticks a second by maze, where they are known
     */
    take(at, mazes) {
      const rates = new Map();
      const kept = new Map();
      for (const { id, epoch, tick, asleep } of mazes) {
        const known = (readings.get(id) ?? []).filter((reading) => reading.epoch === epoch && reading.tick <= tick && reading.at < at && at - reading.at <= RATE_OVER_MS);
        const first = known[0];
        if (first && !asleep && at - first.at >= RATE_OVER_MS / 4) rates.set(id, ((tick - first.tick) * 1000) / (at - first.at));
        kept.set(id, [...known, { at, epoch, tick }].slice(-READINGS_MAX));
      }
      readings = kept;
      return rates;
    },
  };
}
