// @ts-check
/**
 * Charts over time: what is kept of a series, where its points lie, which numbers stand at the side. Pure; who draws is `drawing.js`.
 */

/** So much of the past is kept and shown at most, and so much at least. */
export const SPAN_MS = 10 * 60 * 1000;
const SPAN_MIN_MS = 60 * 1000;
/** Between two points further apart than this there is no line: nobody knows what was. */
const GAP_MS = 15000;
/** Points of a series at most. */
const POINTS_MAX = 600;

/** @typedef {{ at: number, value: number | null }} Point */

/** Points of the last minutes, oldest first. */
export function createSeries() {
  /** @type {Point[]} */
  let points = [];
  return {
    /** @param {number} at @param {number | null} value */
    put(at, value) {
      points.push({ at, value });
      points = points.filter((point) => at - point.at <= SPAN_MS).slice(-POINTS_MAX);
    },
    get points() {
      return points;
    },
    /** The newest value that was measured, if it is not long ago. @returns {number | null} */
    get last() {
      const newest = points.at(-1);
      const found = points.findLast((point) => point.value !== null);
      return newest && found && newest.at - found.at <= GAP_MS ? found.value : null;
    },
  };
}

/** @typedef {ReturnType<typeof createSeries>} Series */

/**
 * The next round number that is no less: 1, 2 or 5 with noughts.
 * @param {number} value
 */
export function roundUp(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const times = [1, 2, 5, 10].find((step) => step * power >= value * (1 - 1e-9)) ?? 10;
  return Number((times * power).toPrecision(6));
}

/** The number at the top of a chart: all of it fits, and a quiet line does not fill it. @param {readonly Point[][]} all @param {number} least */
export function topOf(all, least) {
  let most = least;
  for (const points of all) for (const { value } of points) if (value !== null && value > most) most = value;
  return roundUp(most);
}

/**
 * The `d` of an SVG path through points; it breaks where nothing was measured, and a point alone is a short stroke.
 * @param {readonly Point[]} points
 * @param {{ now: number, span: number, top: number, width: number, height: number }} box
 */
export function pathOf(points, { now, span, top, width, height }) {
  let path = "";
  /** @type {Point | null} */
  let before = null;
  for (const point of points) {
    if (point.value === null || now - point.at > span) continue;
    const x = width * (1 - (now - point.at) / span);
    const y = height * (1 - Math.min(1, Math.max(0, point.value / top)));
    const joined = before !== null && point.at - before.at <= GAP_MS;
    path += joined ? `L${x.toFixed(1)} ${y.toFixed(1)}` : `M${x.toFixed(1)} ${y.toFixed(1)}h0.1`;
    before = point;
  }
  return path;
}

/** How far back a chart goes: whole minutes that hold all there is. @param {readonly (readonly Point[])[]} all @param {number} now */
export function spanOf(all, now) {
  const oldest = Math.min(now, ...all.map((points) => points[0]?.at ?? now));
  const minutes = Math.ceil((now - oldest) / SPAN_MIN_MS);
  return Math.min(SPAN_MS, Math.max(SPAN_MIN_MS, minutes * SPAN_MIN_MS));
}

/** A time in the unit in which it is read. @param {number} seconds */
export function duration(seconds) {
  if (seconds >= 1) return `${short(seconds)} s`;
  return seconds >= 1e-3 || seconds === 0 ? `${short(seconds * 1e3)} ms` : `${short(seconds * 1e6)} µs`;
}

/** A number as short as it is still read. @param {number} value */
export function short(value) {
  if (Number.isInteger(value)) return String(value);
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1).replace(/\.0$/, "");
  return value.toFixed(2).replace(/\.?0+$/, "");
}
