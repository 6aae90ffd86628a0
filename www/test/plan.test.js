import assert from "node:assert/strict";
import { test } from "node:test";

import { edited, firstDifference, hasFreeWidth, reduced, roleOf, width } from "../js/plan.js";

/** @typedef {import("../js/protocol.js").Plan} Plan */

const information = (/** @type {"input" | "label"} */ target) => ({
  information: { target, estimator: { kind: "matrix-renyi", order: 2 } },
});
const stage = (/** @type {number} */ start, /** @type {any} */ objective, end = start + 1) => ({
  modules: { start, end },
  objective,
  epochs: 3,
  batch: 64,
  rate: 0.01,
  clip: null,
});
/** @returns {Plan} */
const plan = (stages = [stage(0, information("input")), stage(1, information("label")), stage(2, "cross-entropy")]) => ({
  name: "glyphs/matrix",
  description: "",
  dataset: "glyphs",
  modules: [
    { layers: [{ kind: "conv", channels: 8, kernel: 5 }, { kind: "relu" }] },
    { layers: [{ kind: "linear", width: 16 }] },
    { layers: [{ kind: "linear", width: 10 }] },
  ],
  stages,
});
const random = () => plan([stage(2, "cross-entropy")]);
const bp = () => plan([stage(0, "cross-entropy", 3)]);

test("an edit changes its module and stage and nothing else", () => {
  const preset = plan();
  const changed = edited(preset, { 0: { width: 12, epochs: 5 }, 1: { objective: information("input") } });
  assert.deepEqual(preset, plan());
  assert.equal(width(changed, 0), 12);
  assert.equal(changed.stages[0]?.epochs, 5);
  assert.equal(roleOf(changed, 1), "encoder");
  assert.deepEqual(changed.stages[2], preset.stages[2]);
});

test("a module can be left at its initial weights, and an untrained one be trained", () => {
  const without = edited(plan(), { 1: { objective: null } });
  assert.deepEqual(without.stages.map(({ modules }) => modules.start), [0, 2]);
  assert.equal(roleOf(without, 1), "untrained");
  const added = edited(random(), { 0: { objective: information("input"), epochs: 2, rate: 0.1 } });
  assert.deepEqual(added.stages.map(({ modules, epochs }) => [modules.start, epochs]), [[0, 2], [2, 3]]);
});

test("backpropagation is one role over all modules", () => {
  assert.deepEqual([0, 1, 2].map((module) => roleOf(bp(), module)), Array(3).fill("whole network"));
  assert.equal(edited(bp(), { 0: { epochs: 9 } }).stages[0]?.epochs, 9);
});

test("what an edit repeats of the preset is no edit", () => {
  const edit = { width: 8, epochs: 4, objective: information("input"), clip: null };
  assert.deepEqual(reduced(plan(), 0, edit), { epochs: 4 });
  assert.deepEqual(reduced(random(), 0, { objective: null }), {});
});

test("the last module's width is the number of classes", () => {
  assert.deepEqual([0, 1, 2].map((module) => hasFreeWidth(plan(), module)), [true, true, false]);
});

test("a run is repeated from the first stage that differs", () => {
  const from = plan();
  assert.equal(firstDifference(from, plan()), 3);
  assert.equal(firstDifference(from, edited(from, { 1: { rate: 0.1 } })), 1);
  assert.equal(firstDifference(from, edited(from, { 1: { width: 4 }, 2: { epochs: 1 } })), 1);
  assert.equal(firstDifference(from, edited(from, { 1: { objective: null } })), 1);
  assert.equal(firstDifference(random(), edited(random(), { 0: { width: 4 } })), null);
});
