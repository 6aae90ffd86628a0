// All curves of a run as one drawing: a row for each stage, its objective on the left, and the
// accuracy beside it where there is one. Plain SVG with its colours written out, for papers.

import { decimal } from "../format.js";
import { escaped } from "../plots/svg.js";
import { STAGES } from "../strings.js";

/** @typedef {import("../stages.js").Stage} Stage */
/** @typedef {{ label: string, colour: string, dash?: string, xs: number[], ys: number[] }} Line */

export const PANEL = { width: 340, height: 130 };
const { width: WIDTH, height: HEIGHT } = PANEL;
const LEFT = 46;
const GAP = 40;
const ROW = HEIGHT + 64;
const INK = "#1d1c1a";
const MUTED = "#625e57";
const GRID = "#e4e0d8";
/** Points of a line; a longer one is drawn by the lowest and the highest of each stretch. */
const MOST = 600;

/**
 * @param {string} title
 * @param {Stage[]} stages
 */
export function curvesSvg(title, stages) {
  const shown = stages.filter(({ count }) => count > 0);
  const two = shown.some(({ accuracy }) => accuracy.length > 0);
  const width = LEFT + WIDTH + (two ? GAP + LEFT + WIDTH : 0) + 16;
  const height = 40 + Math.max(1, shown.length) * ROW;
  const rows = shown.map((stage, row) => {
    const y = 40 + row * ROW;
    const { summary, accuracy } = stage;
    const name = `${STAGES.title(stages.indexOf(stage))}, ${summary.name}`;
    const length = stage.count;
    const objective = panel(LEFT, y, `${name}: ${summary.objective}, ${summary.unit}`, STAGES.step, [
      {
        label: "",
        colour: "#1d4f73",
        xs: stage.steps.slice(0, length),
        ys: stage.objective.slice(0, length),
      },
    ]);
    if (accuracy.length === 0) return objective;
    const xs = accuracy.map(({ epoch }) => epoch);
    const lines = [
      { label: STAGES.train, colour: "#0a6aa6", dash: "4 4", ys: accuracy.map((a) => a.train) },
      { label: STAGES.valid, colour: "#b24e00", dash: "1 3", ys: accuracy.map((a) => a.valid) },
      { label: STAGES.test, colour: "#00755a", dash: "none", ys: accuracy.map((a) => a.test) },
    ].flatMap(({ ys, ...look }) => {
      const known = ys.filter((value) => value !== null);
      // Not every data set has all splits.
      return known.length === xs.length ? [{ ...look, xs, ys: known }] : [];
    });
    const title = `${STAGES.accuracy}, ${STAGES.accuracyAxis}`;
    return objective + panel(2 * LEFT + WIDTH + GAP, y, title, STAGES.epoch, lines);
  });
  return sheet(title, width, height, rows);
}

/**
 * A drawing under its title.
 * @param {string} title
 * @param {number} width
 * @param {number} height
 * @param {string[]} parts
 */
export function sheet(title, width, height, parts) {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="11">` +
    `<title>${escaped(title)}</title><rect width="100%" height="100%" fill="#ffffff"/>` +
    `${text(16, 22, title, INK, 'font-size="14" font-weight="600"')}${parts.join("")}</svg>\n`
  );
}

/**
 * One plot of it, `PANEL` in size without its numbers and names.
 * @param {number} left
 * @param {number} top
 * @param {string} title
 * @param {string} xLabel
 * @param {Line[]} lines
 */
export function panel(left, top, title, xLabel, lines) {
  const xs = lines.flatMap(({ xs }) => xs);
  const ys = lines.flatMap(({ ys }) => ys).filter(Number.isFinite);
  const [x0, x1] = [least(xs), Math.max(most(xs), least(xs) + 1)];
  const yTicks = ticks(least(ys), most(ys), 4);
  const [y0, y1] = [yTicks[0] ?? 0, yTicks.at(-1) ?? 1];
  const base = top + 24 + HEIGHT;
  const toX = (/** @type {number} */ x) => round(left + ((x - x0) / (x1 - x0)) * WIDTH);
  const toY = (/** @type {number} */ y) => round(base - ((y - y0) / (y1 - y0)) * HEIGHT);
  const digits = /** @type {0 | 1 | 2 | 3 | 4} */ (
    Math.min(4, Math.max(0, Math.ceil(-Math.log10((yTicks[1] ?? 1) - y0))))
  );
  const grid = yTicks.map(
    (y) =>
      `<path d="M${left} ${toY(y)}h${WIDTH}" stroke="${GRID}"/>` +
      text(left - 6, toY(y) + 4, decimal(y, digits), MUTED, 'text-anchor="end"'),
  );
  const below = ticks(x0, x1, 5)
    .filter((x) => x >= x0 && x <= x1 && Number.isInteger(x))
    .map((x) => text(toX(x), base + 14, String(x), MUTED, 'text-anchor="middle"'));
  const drawn = lines.map(({ colour, dash, xs, ys }) => {
    const kept = thinned(ys, MOST);
    const [first] = kept;
    // A line of one point is none.
    if (kept.length === 1 && first !== undefined) {
      const [x, y] = [toX(xs[first] ?? 0), toY(ys[first] ?? 0)];
      return `<circle cx="${x}" cy="${y}" r="2.5" fill="${colour}"/>`;
    }
    const points = kept.map((at) => `${toX(xs[at] ?? 0)},${toY(ys[at] ?? 0)}`).join(" ");
    const dashes = dash === undefined ? "" : ` stroke-dasharray="${dash}"`;
    return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="1.5"${dashes}/>`;
  });
  const named = lines.filter(({ label }) => label !== "");
  const key = named.map(({ label, colour }, at) =>
    text(left + WIDTH - (named.length - 1 - at) * 66, top + 14, label, colour, 'text-anchor="end"'),
  );
  const axis = text(left + WIDTH, base + 28, xLabel, MUTED, 'text-anchor="end"');
  return [text(left, top + 14, title, INK), ...grid, ...below, axis, ...key, ...drawn].join("");
}

/**
 * Round numbers that enclose the range, about `count` of them.
 * @param {number} low
 * @param {number} high
 * @param {number} count
 */
export function ticks(low, high, count) {
  if (!(high > low)) [low, high] = [low - 0.5, low + 0.5];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
}

/**
 * Positions of at most so many values that keep every extreme in sight.
 * @param {number[]} values
 * @param {number} most
 */
export function thinned(values, most) {
  if (values.length <= most) return [...values.keys()];
  const stretch = Math.ceil((2 * values.length) / most);
  /** @type {number[]} */
  const kept = [];
  for (let from = 0; from < values.length; from += stretch) {
    let [low, high] = [from, from];
    for (let at = from; at < Math.min(from + stretch, values.length); at += 1) {
      if ((values[at] ?? 0) < (values[low] ?? 0)) low = at;
      if ((values[at] ?? 0) > (values[high] ?? 0)) high = at;
    }
    kept.push(...(low === high ? [low] : [Math.min(low, high), Math.max(low, high)]));
  }
  return kept;
}

/** @param {number} x @param {number} y @param {string} words @param {string} colour */
function text(x, y, words, colour, more = "") {
  return `<text x="${x}" y="${y}" fill="${colour}"${more && ` ${more}`}>${escaped(words)}</text>`;
}

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;

/** @param {number[]} values */
const least = (values) => values.reduce((low, value) => Math.min(low, value), Infinity);

/** @param {number[]} values */
const most = (values) => values.reduce((high, value) => Math.max(high, value), -Infinity);
