// Geometry of plots: plain numbers in, plain numbers out.

/**
 * Points as x0, y0, x1, y1, …
 * @typedef {Float32Array | number[]} Points
 */
/** @typedef {{ scale: number, left: number, top: number }} Fit */

/**
 * Ticks at round values (1, 2 or 5 times a power of ten), ends included.
 * @param {number} low
 * @param {number} high
 * @param {number} most
 * @returns {number[]}
 */
export function ticks(low, high, most) {
  if (!(high > low)) return [low];
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/**
 * How points become pixels: the same scale for both axes, so that distances stay distances.
 * @param {Points} points
 * @param {number} width
 * @param {number} height
 * @param {number} padding
 * @param {number} [most] pixels of one unit at most
 * @returns {Fit}
 */
export function fit(points, width, height, padding, most = Infinity) {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const x = points[i] ?? 0;
    const y = points[i + 1] ?? 0;
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  }
  if (left > right) return { scale: 1, left: width / 2, top: height / 2 };
  const room = { x: width - 2 * padding, y: height - 2 * padding };
  const scale = Math.min(most, room.x / (right - left || 1), room.y / (top - bottom || 1));
  return {
    scale,
    left: width / 2 - (scale * (left + right)) / 2,
    top: height / 2 - (scale * (bottom + top)) / 2,
  };
}

/**
 * @param {Points} points
 * @param {Fit} fit
 * @returns {Float32Array}
 */
export function placed(points, { scale, left, top }) {
  return Float32Array.from(points, (value, i) => value * scale + (i % 2 === 0 ? left : top));
}

/**
 * Whether a point lies inside a closed line (even-odd rule).
 * @param {number} x
 * @param {number} y
 * @param {Points} line
 */
export function inside(x, y, line) {
  let within = false;
  for (let i = 0, j = line.length - 2; i + 1 < line.length; j = i, i += 2) {
    const [ax = 0, ay = 0, bx = 0, by = 0] = [line[i], line[i + 1], line[j], line[j + 1]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
  }
  return within;
}

/**
 * The corners of an upright rectangle between two points, its edge included.
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 * @returns {number[]}
 */
export function rectangle(ax, ay, bx, by) {
  const [left, right] = [Math.min(ax, bx) - 0.5, Math.max(ax, bx) + 0.5];
  const [top, bottom] = [Math.min(ay, by) - 0.5, Math.max(ay, by) + 0.5];
  return [left, top, right, top, right, bottom, left, bottom];
}

/**
 * The point nearest to a place, or -1 where none is within reach.
 * @param {Points} points
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 * @param {(index: number) => boolean} visible
 */
export function nearest(points, x, y, reach, visible) {
  let found = -1;
  let least = reach * reach;
  for (let i = 0; 2 * i + 1 < points.length; i += 1) {
    const distance = ((points[2 * i] ?? 0) - x) ** 2 + ((points[2 * i + 1] ?? 0) - y) ** 2;
    if (distance <= least && visible(i)) {
      found = i;
      least = distance;
    }
  }
  return found;
}

/**
 * The next point from `from` in a direction: the nearest in the quarter that it halves. -1 where
 * there is none.
 * @param {Points} points
 * @param {number} from
 * @param {number} dx
 * @param {number} dy
 * @param {(index: number) => boolean} visible
 */
export function towards(points, from, dx, dy, visible) {
  let found = -1;
  let least = Infinity;
  for (let i = 0; 2 * i + 1 < points.length; i += 1) {
    const x = (points[2 * i] ?? 0) - (points[2 * from] ?? 0);
    const y = (points[2 * i + 1] ?? 0) - (points[2 * from + 1] ?? 0);
    const along = x * dx + y * dy;
    const aside = Math.abs(x * dy - y * dx);
    const far = along + 2 * aside;
    if (i !== from && along > 0 && aside <= along && far < least && visible(i)) {
      found = i;
      least = far;
    }
  }
  return found;
}

/**
 * New positions of the same points with each axis turned as before: the sign of a principal
 * component is arbitrary, and a picture that flips cannot be followed.
 * @param {Float32Array} before
 * @param {Float32Array} after
 * @returns {Float32Array}
 */
export function turnedAs(before, after) {
  if (before.length !== after.length) return after;
  const agreement = [0, 0];
  after.forEach((value, i) => {
    agreement[i % 2] = (agreement[i % 2] ?? 0) + value * (before[i] ?? 0);
  });
  return after.map((value, i) => ((agreement[i % 2] ?? 0) < 0 ? -value : value));
}
