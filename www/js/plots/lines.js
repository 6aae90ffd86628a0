// Curves over a common axis, drawn; their geometry is plain numbers.

import { ticks } from "./geometry.js";
import { circle, line } from "./ink.js";

/** @typedef {import("./canvas.js").Pen} Pen */
/**
 * @typedef {{
 *   label: string, colour: string, width?: number, dash?: number[], points?: boolean,
 *   hidden?: boolean,
 * }} Series `colour` is the name of a custom property in style/base.css; a hidden series is not in the
 * key.
 */
/** @typedef {(number | null)[][]} Columns x ascending, then one column for each series. */
/** @typedef {{ left: number, right: number, top: number, bottom: number }} Box */
/** @typedef {{ x: [number, number], y: [number, number], box: Box }} Scales */

/** @param {number} width @param {number} height @returns {Box} */
export const boxOf = (width, height) => ({ left: 44, right: width - 14, top: 8, bottom: height - 34 });

/**
 * The first of the ascending values that is not below `x`; as many as there are where all are.
 * @param {(number | null)[]} values
 * @param {number} x
 */
export function firstFrom(values, x) {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? -Infinity) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The height of a curve between two of its points; null where it has none.
 * @param {(number | null)[]} xs
 * @param {(number | null)[]} ys
 * @param {number} x
 */
function between(xs, ys, x) {
  const at = firstFrom(xs, x);
  const [x0, x1, y0, y1] = [xs[at - 1], xs[at], ys[at - 1], ys[at]];
  if (x0 == null || x1 == null || y0 == null || y1 == null) return null;
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

/**
 * Where the curves lie between two ends of the x axis, with a little air; null where there is none.
 * @param {Columns} columns
 * @param {[number, number]} ends
 * @returns {[number, number] | null}
 */
export function extent([x = [], ...series], [from, to]) {
  const first = firstFrom(x, from);
  const last = firstFrom(x, to + 1e-9);
  let [low, high] = [Infinity, -Infinity];
  const enclose = (/** @type {number | null | undefined} */ value) => {
    if (value == null || !Number.isFinite(value)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const values of series) {
    for (let i = first; i < last; i += 1) enclose(values[i]);
    // A line is also seen between two points, of which it may be that neither is.
    enclose(between(x, values, from));
    enclose(between(x, values, to));
  }
  if (low > high) return null;
  const air = 0.06 * (high - low) || 0.05 * Math.abs(high) || 0.5;
  return [low - air, high + air];
}

/**
 * A curve as connected pieces of pixels x, y, x, y, …: where many points share a column of pixels,
 * their first, lowest, highest and last, so that no peak is lost.
 * @param {(number | null)[]} xs
 * @param {(number | null)[]} ys
 * @param {Scales} scales
 * @returns {number[][]}
 */
export function pieces(xs, ys, scales) {
  const { x, y } = placing(scales);
  // One point beyond each end, so that a line leaves the box as it should.
  const first = Math.max(0, firstFrom(xs, scales.x[0]) - 1);
  const last = Math.min(xs.length, firstFrom(xs, scales.x[1]) + 1);
  /** @type {number[][]} */
  const pieces = [];
  /** @type {number[]} */
  let piece = [];
  // Of the points that share the present column of pixels.
  let column = { at: NaN, first: 0, low: 0, high: 0, last: 0 };
  const flush = () => {
    const { at, first, low, high, last } = column;
    if (Number.isNaN(at)) return;
    for (const value of new Set([first, low, high, last])) piece.push(at, value);
    column.at = NaN;
  };
  const end = () => {
    flush();
    if (piece.length > 0) pieces.push(piece);
    piece = [];
  };
  for (let i = first; i < last; i += 1) {
    const [vx, vy] = [xs[i], ys[i]];
    if (vx == null || vy == null || !Number.isFinite(vy)) {
      end();
      continue;
    }
    const [at, value] = [Math.round(2 * x(vx)) / 2, y(vy)];
    if (column.at !== at) {
      flush();
      column = { at, first: value, low: value, high: value, last: value };
    } else {
      column.low = Math.min(column.low, value);
      column.high = Math.max(column.high, value);
      column.last = value;
    }
  }
  end();
  return pieces;
}

/** @param {Scales} scales */
export function placing({ x: [x0, x1], y: [y0, y1], box }) {
  const { left, right, top, bottom } = box;
  return {
    x: (/** @type {number} */ value) => left + ((value - x0) / (x1 - x0)) * (right - left),
    y: (/** @type {number} */ value) => bottom - ((value - y0) / (y1 - y0)) * (bottom - top),
    /** The x of a pixel. */
    value: (/** @type {number} */ pixel) => x0 + ((pixel - left) / (right - left)) * (x1 - x0),
  };
}

/**
 * @param {Pen} pen
 * @param {{
 *   columns: Columns, series: Series[], scales: Scales, xLabel: string, whole: boolean,
 *   cursor: number | null, selection: [number, number] | null,
 * }} plot `whole`: x counts whole things. `cursor` is the index of a point, `selection` two pixels.
 */
export function drawLines(pen, plot) {
  const { ink, colour, font } = pen;
  const { columns, series, scales, xLabel, whole, cursor, selection } = plot;
  const { box } = scales;
  const { x, y } = placing(scales);
  const [xs = [], ...values] = columns;

  ink.font = font(11);
  ink.lineWidth = 1;
  ink.setLineDash([]);
  ink.textBaseline = "middle";
  ink.textAlign = "right";
  for (const tick of ticks(...scales.y, (box.bottom - box.top) / 28)) {
    line(pen, "--grid", [box.left, y(tick), box.right, y(tick)]);
    ink.fillStyle = colour("--muted");
    ink.fillText(short(tick), box.left - 6, y(tick));
  }
  ink.textAlign = "center";
  ink.textBaseline = "top";
  const across = ticks(...scales.x, (box.right - box.left) / 70);
  for (const tick of whole ? across.filter(Number.isInteger) : across) {
    line(pen, "--grid", [x(tick), box.top, x(tick), box.bottom]);
    ink.fillStyle = colour("--muted");
    ink.fillText(short(tick), x(tick), box.bottom + 5);
  }
  ink.fillText(xLabel, (box.left + box.right) / 2, box.bottom + 19);

  series.forEach(({ colour: name, width = 1.5, dash = [], points = false }, index) => {
    const ys = values[index] ?? [];
    ink.lineJoin = "round";
    ink.lineWidth = width;
    ink.setLineDash(dash);
    ink.fillStyle = colour(name);
    for (const piece of pieces(xs, ys, scales)) {
      const [px = NaN, py = NaN] = piece;
      if (piece.length > 2) line(pen, name, within(piece, box));
      // A line of one point is none.
      else if (px >= box.left && px <= box.right) dot(pen, px, py);
    }
    ink.setLineDash([]);
    if (!points) return;
    const last = firstFrom(xs, scales.x[1] + 1e-9);
    for (let i = firstFrom(xs, scales.x[0]); i < last; i += 1) dot(pen, x(xs[i] ?? 0), y(ys[i] ?? NaN));
  });

  if (selection !== null) {
    ink.globalAlpha = 0.18;
    ink.fillStyle = colour("--accent");
    const [from, to] = selection;
    ink.fillRect(Math.min(from, to), box.top, Math.abs(to - from), box.bottom - box.top);
    ink.globalAlpha = 1;
  }
  const at = cursor === null ? null : xs[cursor];
  if (cursor === null || at == null || at < scales.x[0] || at > scales.x[1]) return;
  ink.lineWidth = 1;
  ink.setLineDash([3, 3]);
  line(pen, "--muted", [x(at), box.top, x(at), box.bottom]);
  ink.setLineDash([]);
  series.forEach(({ colour: name }, index) => {
    ink.fillStyle = colour(name);
    dot(pen, x(at), y(values[index]?.[cursor] ?? NaN), 3.5);
  });
}

/**
 * A polyline with its two ends cut where they leave the box on the left or the right.
 * @param {number[]} points
 * @param {Box} box
 */
function within(points, { left, right }) {
  const cut = points.slice();
  /** @param {number} end @param {number} next */
  const trim = (end, next) => {
    const [ax = 0, ay = 0, bx = 0, by = 0] = [cut[end], cut[end + 1], cut[next], cut[next + 1]];
    const edge = Math.min(Math.max(ax, left), right);
    if (edge === ax || ax === bx) return;
    cut[end] = edge;
    cut[end + 1] = ay + ((edge - ax) / (bx - ax)) * (by - ay);
  };
  if (cut.length >= 4) {
    trim(0, 2);
    trim(cut.length - 2, cut.length - 4);
  }
  return cut;
}

/** @param {Pen} pen @param {number} x @param {number} y @param {number} [radius] */
function dot({ ink }, x, y, radius = 2.5) {
  if (!Number.isFinite(y)) return;
  circle(ink, x, y, radius);
  ink.fill();
}

/** @param {number} value */
const short = (value) => (Math.abs(value) >= 1e4 ? value.toLocaleString("en") : String(Number(value.toPrecision(6))));
