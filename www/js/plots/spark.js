// A curve the size of a word: the whole of a stage from left to right, as far as it has come.

import { svg } from "../dom.js";

const BUCKETS = 120;
const WIDTH = 240;
const HEIGHT = 48;
const PAD = 4;

export class Spark {
  #line = svg("path", { class: "spark-line" });
  root = svg(
    "svg",
    {
      class: "spark",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    },
    this.#line,
  );
  /** @type {number[]} */
  #of = [];
  #taken = 0;
  #total = 0;
  #sums = new Float64Array(BUCKETS);
  #counts = new Uint32Array(BUCKETS);

  /**
   * @param {number[]} values grows in place
   * @param {number} count how many of them to draw
   * @param {number} total how many there will be
   */
  update(values, count, total) {
    if (values !== this.#of || total !== this.#total || count < this.#taken) {
      this.#of = values;
      this.#total = total;
      this.#taken = 0;
      this.#sums.fill(0);
      this.#counts.fill(0);
    } else if (count === this.#taken) {
      return;
    }
    // Means over equal parts of the stage: only what is new is looked at.
    for (; this.#taken < count; this.#taken += 1) {
      const bucket = Math.floor((this.#taken / total) * BUCKETS);
      this.#sums[bucket] = (this.#sums[bucket] ?? 0) + (values[this.#taken] ?? 0);
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    }
    this.#line.setAttribute("d", path(this.#sums, this.#counts));
  }
}

/**
 * @param {Float64Array} sums
 * @param {Uint32Array} counts
 */
function path(sums, counts) {
  /** @type {[number, number][]} */
  const points = [];
  counts.forEach((count, bucket) => {
    if (count > 0) points.push([(bucket + 0.5) / BUCKETS, (sums[bucket] ?? 0) / count]);
  });
  // A line of one point is none: drawn to itself it is a dot.
  const [only] = points;
  if (points.length === 1 && only !== undefined) points.push(only);
  const values = points.map(([, value]) => value);
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  return points
    .map(([x, value], index) => {
      const y = PAD + (HEIGHT - 2 * PAD) * (1 - (value - low) / span);
      return `${index === 0 ? "M" : "L"}${(x * WIDTH).toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
}
