// The geometry of curves.

import assert from "node:assert/strict";
import { test } from "node:test";

import { boxOf, extent, firstFrom, pieces, placing } from "../js/plots/lines.js";

const box = { left: 0, right: 100, top: 0, bottom: 50 };
/** @type {import("../js/plots/lines.js").Scales} */
const scales = { x: [0, 100], y: [0, 50], box };

test("the first value from a place on", () => {
  assert.equal(firstFrom([1, 2, 2, 5], 2), 1);
  assert.equal(firstFrom([1, 2, 2, 5], 3), 3);
  assert.equal(firstFrom([1, 2], 9), 2);
  assert.equal(firstFrom([], 0), 0);
});

test("the y axis follows what is shown, and a gap is not a value", () => {
  assert.deepEqual(extent([[0, 1, 2], [0, 100, 50]], [1, 2]), [47, 103]);
  assert.deepEqual(extent([[0, 1], [3, 3]], [0, 1]), [2.85, 3.15]);
  assert.equal(extent([[0, 1], [null, NaN]], [0, 1]), null);
  assert.equal(extent([[], []], [0, 1]), null);
});

test("the y axis encloses a line between two points, neither of which is shown", () => {
  const [low, high] = extent([[0, 1], [80, 90]], [0.4, 0.6]) ?? [NaN, NaN];
  assert.ok(low > 83 && low <= 84 && high >= 86 && high < 87, `${low} to ${high}`);
  assert.equal(extent([[0, 1], [80, null]], [0.4, 0.6]), null);
});

test("a curve ends at a gap and begins anew", () => {
  const xs = [0, 10, 20, 30, 40];
  assert.deepEqual(pieces(xs, [0, 10, null, 20, 30], scales), [
    [0, 50, 10, 40],
    [30, 30, 40, 20],
  ]);
});

test("a peak among many points is still drawn", () => {
  const xs = Array.from({ length: 100_000 }, (_, i) => i / 1000);
  const ys = xs.map((_, i) => (i === 54_321 ? 50 : 1));
  const [line = []] = pieces(xs, ys, scales);
  assert.ok(line.length < 2 * 4 * 201);
  assert.equal(Math.min(...line.filter((_, i) => i % 2 === 1)), 0);
});

test("a pixel and its value are each other's inverse", () => {
  const { x, value } = placing({ x: [5, 25], y: [0, 1], box: boxOf(300, 150) });
  assert.ok(Math.abs(value(x(13)) - 13) < 1e-9);
});
