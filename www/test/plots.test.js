import assert from "node:assert/strict";
import { test } from "node:test";

import { layOut } from "../js/plots/force.js";
import {
  fit,
  inside,
  nearest,
  placed,
  rectangle,
  ticks,
  towards,
  turnedAs,
} from "../js/plots/geometry.js";
import { pooled } from "../js/plots/heat.js";
import { classColour, traceMark } from "../js/plots/marks.js";
import { randomStream } from "../js/plots/random.js";
import { SvgInk } from "../js/plots/svg.js";

const everything = () => true;

test("ticks stand at round values within the axis", () => {
  assert.deepEqual(ticks(0, 7.64, 8), [0, 1, 2, 3, 4, 5, 6, 7]);
  const fine = ticks(0, 0.87, 5);
  assert.deepEqual(
    fine.map((tick) => tick.toFixed(1)),
    ["0.0", "0.2", "0.4", "0.6", "0.8"],
  );
  assert.deepEqual(ticks(3, 3, 5), [3]);
});

test("points fit into a field with one scale for both axes", () => {
  const wide = [0, 0, 10, 2];
  const pixels = placed(wide, fit(wide, 120, 120, 10));
  assert.deepEqual([...pixels], [10, 50, 110, 70]);
  assert.deepEqual([...placed([3, 4], fit([3, 4], 120, 80, 10))], [60, 40]);
  const limited = placed(wide, fit(wide, 120, 120, 10, 5));
  assert.deepEqual([...limited], [35, 55, 85, 65]);
});

test("a lasso holds what lies inside it, notches left out", () => {
  const notched = [0, 0, 10, 0, 10, 10, 5, 3, 0, 10];
  assert.ok(inside(5, 1, notched));
  assert.ok(inside(1, 8, notched));
  assert.ok(!inside(5, 8, notched));
  assert.ok(!inside(11, 1, notched));
});

test("a rectangle between two points holds both of them, whichever comes first", () => {
  for (const box of [rectangle(2, 3, 8, 9), rectangle(8, 9, 2, 3), rectangle(2, 9, 8, 3)]) {
    assert.ok(inside(2, 3, box) && inside(8, 9, box) && !inside(8, 10, box));
  }
});

test("arrows go to the next point in their direction and stop at the edge", () => {
  // Right of the middle one is near but low, one far but straight.
  const points = [0, 0, 10, 8, 14, 0, -5, 0];
  assert.equal(towards(points, 0, 1, 0, everything), 2);
  assert.equal(towards(points, 0, -1, 0, everything), 3);
  assert.equal(towards(points, 0, 0, -1, everything), -1);
  assert.equal(
    towards(points, 0, 1, 0, (i) => i !== 2),
    1,
  );
});

test("the pointer finds the nearest visible point within reach", () => {
  const points = [0, 0, 10, 0];
  assert.equal(nearest(points, 6, 0, 5, everything), 1);
  assert.equal(
    nearest(points, 6, 0, 7, (i) => i === 0),
    0,
  );
  assert.equal(nearest(points, 50, 50, 5, everything), -1);
});

test("principal components that flip are turned back, each axis for itself", () => {
  const before = Float32Array.of(1, 2, -1, 3, 0.5, -5);
  const flipped = Float32Array.of(-2, 2, 1, 4, -0.25, -5);
  assert.deepEqual([...turnedAs(before, flipped)], [2, 2, -1, 4, 0.25, -5]);
  const fewer = Float32Array.of(-1, -2);
  assert.equal(turnedAs(before, fewer), fewer);
});

test("a seeded stream repeats itself, and its numbers fill the unit interval evenly", () => {
  const draw = (/** @type {number} */ seed) => {
    const random = randomStream(seed);
    return Array.from({ length: 4000 }, random);
  };
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
  const numbers = draw(7);
  assert.ok(numbers.every((x) => x >= 0 && x < 1));
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  assert.ok(Math.abs(mean - 0.5) < 0.02, `mean ${mean}`);
});

test("distances in a drawn graph follow the paths in it, the same each time", () => {
  /** @type {[number, number][]} */
  const ring = [0, 1, 2, 3, 4, 5].map((i) => [i, (i + 1) % 6]);
  /** @type {[number, number][]} */
  const edges = [...ring, [0, 6], [6, 7]];
  const at = layOut(8, edges);
  const distance = (/** @type {number} */ a, /** @type {number} */ b) =>
    Math.hypot((at[2 * a] ?? 0) - (at[2 * b] ?? 0), (at[2 * a + 1] ?? 0) - (at[2 * b + 1] ?? 0));
  for (const [a, b] of edges) assert.ok(Math.abs(distance(a, b) - 1) < 0.35, `${a}-${b}`);
  assert.ok(distance(3, 7) > 3.5);
  assert.deepEqual(layOut(8, edges), at);
});

test("graphs without edges, and parts that nothing connects, still get places of their own", () => {
  assert.equal(layOut(0, []).length, 0);
  const at = layOut(4, [
    [0, 1],
    [2, 3],
  ]);
  assert.ok(at.every(Number.isFinite));
  assert.ok(Math.hypot((at[0] ?? 0) - (at[4] ?? 0), (at[1] ?? 0) - (at[5] ?? 0)) > 1.5);
});

test("of cells that share a pixel the strongest is seen, with its sign", () => {
  const table = [1, -4, 2, 0, 3, -1, 0.5, 0, 0, -7];
  const { values, columns, pooled: share } = pooled(table, 2, 5, 3);
  assert.equal(columns, 3);
  assert.equal(share, 2);
  assert.deepEqual([...values], [-4, 2, 3, -1, 0, -7]);
  assert.deepEqual([...pooled(table, 2, 5, 5).values], [...Float32Array.from(table)]);
});

test("ten classes differ in colour and in shape, a hundred in one of them", () => {
  const shapes = new Set();
  const colours = new Set();
  const pairs = new Set();
  for (let label = 0; label < 100; label += 1) {
    const ink = new SvgInk();
    ink.beginPath();
    traceMark(ink, label, 0, 0, 10);
    ink.fill();
    const [shape, colour] = [ink.document(1, 1, "#fff", ""), classColour(label)];
    pairs.add(`${colour} ${shape}`);
    if (label >= 10) continue;
    shapes.add(shape);
    colours.add(colour);
  }
  assert.deepEqual([shapes.size, colours.size, pairs.size], [10, 10, 100]);
});

test("drawing commands come out as SVG, words escaped", () => {
  const ink = new SvgInk();
  ink.beginPath();
  ink.moveTo(1, 2);
  ink.lineTo(3.14159, 4);
  ink.strokeStyle = "rgb(1, 2, 3)";
  ink.setLineDash([4, 2]);
  ink.stroke();
  ink.fillStyle = "#abc";
  ink.globalAlpha = 0.5;
  ink.beginPath();
  ink.arc(10, 10, 5);
  ink.fill();
  ink.textAlign = "center";
  ink.textBaseline = "middle";
  ink.font = '600 12px "A & B"';
  ink.fillText("a < b", 5, 6);
  const svg = ink.document(20, 30, "#fff", "Title");
  assert.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="20" height="30"/);
  assert.match(
    svg,
    /<path d="M1 2L3.14 4" fill="none" stroke="rgb\(1, 2, 3\)"[^>]*dasharray="4 2"/,
  );
  assert.match(svg, /<path d="M5 10a5 5 0 0 0 10 0a5 5 0 0 0 -10 0Z" fill="#abc" opacity="0.5"\/>/);
  assert.match(
    svg,
    /text-anchor="middle" style="font:600 12px &quot;A &amp; B&quot;"[^>]*>a &lt; b</,
  );
});
