// @ts-check
/** A chart as it is drawn: SVG within a figure, with its newest values beside its name, which is also all that a screen reader needs of it. */

import { make, setText } from "./element.js";
import { pathOf, spanOf, topOf } from "./charts.js";
import { text } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
/** Drawn in these units and stretched to the figure; lines keep their width. */
const WIDTH = 600;
const HEIGHT = 120;

/**
 * @typedef {object} Kind
 * @property {string} id
 * @property {string} title the key of its name
 * @property {(value: number) => string} say a value as it is read
 * @property {number} least at the top of the chart at least
 * @property {{ label: string, look: "one" | "two" }[]} lines the key of each line's name, and its look
 */

/** @param {Element} into @param {Kind} kind */
export function createChart(into, kind) {
  const figure = make("figure", "card chart");
  figure.id = `chart-${kind.id}`;
  const caption = make("figcaption", "chart-head");
  const name = make("h3", "");
  const legend = make("p", "legend");
  const plot = make("div", "plot");
  const top = make("span", "top");
  const empty = make("span", "nothing");
  const axis = make("p", "axis");
  const [from, to] = [make("span", ""), make("span", "")];
  const svg = svgOf("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });
  for (const share of [0, 0.5, 1]) svg.append(svgOf("path", { class: "rule", d: `M0 ${HEIGHT * share}H${WIDTH}` }));
  const paths = kind.lines.map(({ look }) => svgOf("path", { class: `line ${look}` }));
  svg.append(...paths);
  caption.append(name, legend);
  plot.append(svg, top, empty);
  axis.append(from, to);
  figure.append(caption, plot, axis);
  into.append(figure);
  const values = kind.lines.map(({ look }) => {
    const entry = make("span", `value ${look}`);
    legend.append(entry);
    return entry;
  });

  return {
    /** @param {readonly import("./charts.js").Series[]} series one a line @param {number} now */
    draw(series, now) {
      setText(name, text(kind.title));
      const highest = topOf(series.map(({ points }) => points), kind.least);
      const span = spanOf(series.map(({ points }) => points), now);
      setText(top, kind.say(highest));
      setText(from, text("ago", { n: span / 60000 }));
      setText(to, text("now"));
      const said = series.map(({ last }, i) => {
        const words = `${text(kind.lines[i].label)} ${last === null ? "–" : kind.say(last)}`;
        setText(values[i], words);
        return words;
      });
      series.forEach(({ points }, i) => paths[i].setAttribute("d", pathOf(points, { now, span, top: highest, width: WIDTH, height: HEIGHT })));
      setText(empty, series.some(({ points }) => points.some(({ value }) => value !== null)) ? "" : text("nothingYet"));
      svg.setAttribute("aria-label", text("chartSays", { name: text(kind.title), values: said.join(", ") }));
    },
  };
}

/** @param {string} tag @param {Record<string, string>} attributes */
function svgOf(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
