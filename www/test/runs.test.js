import assert from "node:assert/strict";
import { test } from "node:test";

import { merged } from "../js/kept.js";
import { DEFAULTS } from "../js/link.js";
import { POINTS, changes, means, sameRun } from "../js/runs.js";
import { nextSeed, rowSettings, rows, spread, withMeasurement } from "../js/table1.js";

test("means are those of equal parts, as far as a stage has come", () => {
  const values = Array.from({ length: 2 * POINTS }, (_, index) => index);
  const kept = means(values, values.length, values.length);
  assert.equal(kept.length, POINTS);
  assert.deepEqual(kept.slice(0, 3), [0.5, 2.5, 4.5]);
  assert.equal(means(values, POINTS, values.length).length, POINTS / 2);
  assert.deepEqual(means([], 0, 10), []);
});

test("a stage of few steps is kept in steps of its own", () => {
  const kept = means([1, 2], 2, 2);
  assert.equal(kept.length, POINTS);
  assert.deepEqual([kept[0], kept[POINTS / 2 - 1], kept[POINTS / 2], kept[POINTS - 1]], [1, 1, 2, 2]);
});

test("what changed between runs is each setting that differs", () => {
  const before = { ...DEFAULTS, edits: { 1: { width: 16, rate: 0.1 } } };
  const after = { ...before, seed: 2, edits: { 1: { width: 24, rate: 0.1 }, 0: { objective: null } } };
  assert.deepEqual(changes(before, after), [
    { what: "seed", from: "1", to: "2" },
    { what: "m1.objective", from: "", to: "null" },
    { what: "m2.width", from: "16", to: "24" },
  ]);
  assert.deepEqual(changes(before, before), []);
});

test("the same run is found on whatever device it was, and only if it is whole", () => {
  const result = (/** @type {any} */ settings, complete = true) =>
    /** @type {any} */ ({ settings: { ...DEFAULTS, ...settings }, complete });
  const wanted = { ...DEFAULTS, seed: 3 };
  const list = [result({ seed: 3 }, false), result({ seed: 4 }), result({ seed: 3, device: "gpu" })];
  assert.equal(sameRun(list, wanted), list[2]);
});

test("what another tab has kept since is kept too, and what either has removed is gone", () => {
  const run = (/** @type {number} */ when, number = when) => /** @type {any} */ ({ when, number });
  const kept = (/** @type {any[]} */ results, /** @type {any[]} */ table1 = []) => ({ results, table1 });
  const ends = (/** @type {any} */ { results }) => results.map((/** @type {any} */ { when }) => when);
  // Both have seen 1 and 2; this tab has added 4, the other one 3.
  const seen = new Set([1, 2]);
  const both = merged(kept([run(4), run(2), run(1)]), kept([run(3), run(2), run(1)]), seen);
  assert.deepEqual(ends(both), [4, 3, 2, 1]);
  assert.deepEqual(ends(merged(kept([run(1)]), kept([run(2), run(1)]), seen)), [1]);
  assert.deepEqual(ends(merged(kept([run(2), run(1)]), kept([run(1)]), seen)), [1]);
  // Every tab counts for itself: numbers stay apart.
  const counted = merged(kept([run(4, 3)]), kept([run(5, 3)]), new Set());
  assert.deepEqual(counted.results.map(({ number }) => number), [4, 3]);
  const table = merged(kept([], [measured(1, 84)]), kept([], [measured(0, 80), measured(1, 10)]), seen);
  assert.deepEqual(table.table1.map(({ seed }) => seed), [0, 1]);
});

const measured = (/** @type {number} */ seed, /** @type {number} */ test, mode = "full") =>
  /** @type {any} */ ({
    plan: "adult/bp", mode, seed, device: "cpu", seconds: 2, when: seed, train: 80, test,
  });

test("a row says what was measured in its mode, and nothing where nothing was", () => {
  const all = [measured(0, 84), measured(2, 86), measured(1, 10, "quick")];
  const row = rows(all, "full").find(({ plan }) => plan === "adult/bp");
  assert.deepEqual(row?.seeds, [0, 2]);
  assert.equal(row?.test?.mean, 85);
  assert.ok(Math.abs((row?.test?.sd ?? 0) - Math.SQRT2) < 1e-12);
  assert.equal(row && nextSeed(row), 1);
  const others = rows(all, "full").filter(({ plan }) => plan !== "adult/bp");
  assert.ok(others.every(({ train, test, seconds }) => !train && !test && seconds === null));
  assert.deepEqual(spread([5]), { mean: 5, sd: null });
  assert.equal(spread([null]), null);
});

test("a seed measured again replaces its earlier figure", () => {
  const list = withMeasurement([measured(0, 84), measured(1, 85)], measured(0, 83));
  assert.deepEqual(list.map(({ seed, test }) => [seed, test]), [[1, 85], [0, 83]]);
  // On another device too: a seed is one sample of the mean, not two.
  const elsewhere = withMeasurement(list, { ...measured(0, 82), device: "gpu" });
  assert.deepEqual(elsewhere.map(({ seed, test }) => [seed, test]), [[1, 85], [0, 82]]);
});

test("the quick mode of a row has its limits in the settings", () => {
  assert.equal(rowSettings("mnist/bp", "quick", 0, "cpu").samples, 4000);
  assert.equal(rowSettings("mnist/bp", "full", 0, "cpu").samples, null);
});
