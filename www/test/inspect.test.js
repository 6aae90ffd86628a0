import assert from "node:assert/strict";
import { test } from "node:test";

import { centred, shrunk } from "../js/views/inspect/centre.js";
import { Context, modulesOf, version } from "../js/views/inspect/context.js";
import { confusion, selected, softmax } from "../js/views/inspect/counts.js";
import { indices, ofActivation, ofWeights } from "../js/views/inspect/sheets.js";
import { NO_TRAILS, extended, kept, staircase } from "../js/views/inspect/trails.js";
import { initialState } from "../js/store.js";
import { waiting } from "../js/stages.js";
import { pictureWords } from "../js/strings/inspect.js";

const summary = (/** @type {number[]} */ modules, name = "linear", role = "encoder") => ({
  modules,
  name,
  role,
  objective: "I(T;X)",
  estimator: "",
  unit: "bits",
  maximise: true,
  epochs: 1,
  steps: 4,
  parameters: 10,
});
const run = (/** @type {number} */ id, /** @type {number[]} */ counts) => ({
  id,
  mode: /** @type {const} */ ("run"),
  settings: initialState().settings,
  stages: counts.map((count, i) => ({ ...waiting(summary([i])), count })),
  seconds: 0,
  rewinds: 0,
  samples: null,
});
const answer = (/** @type {[number, number][]} */ ...places) => ({
  samples: 200,
  cap: Math.log2(200),
  labels: 1,
  estimator: "matrix-based Rényi",
  modules: places.map(([input, label]) => ({ input, label })),
});
const state = (/** @type {ReturnType<typeof run> | null} */ run, phase = "training") =>
  /** @type {import("../js/store.js").State} */ ({ ...initialState(), run, phase });

test("a module leaves a trail where it moves, and none where it stands", () => {
  let trails = kept(NO_TRAILS, run(1, [1, 0]));
  trails = extended(trails, answer([1, 0.2], [0.5, 0.1]));
  trails = extended(kept(trails, run(1, [5, 0])), answer([1.4, 0.3], [0.5, 0.1]));
  assert.deepEqual(trails.modules[0], [
    { input: 1, label: 0.2 },
    { input: 1.4, label: 0.3 },
  ]);
  assert.equal(trails.modules[1]?.length, 1);
});

test("going back to a stage forgets the way of its module and of those after it", () => {
  let trails = extended(kept(NO_TRAILS, run(1, [9, 9, 9])), answer([1, 1], [1, 1], [1, 1]));
  trails = kept(trails, run(1, [9, 2, 9]));
  assert.deepEqual(
    trails.modules.map(({ length }) => length),
    [1, 0, 0],
  );
  assert.deepEqual(kept(trails, run(2, [0, 0, 0])).modules, []);
});

test("a long trail is thinned, its ends kept", () => {
  let trails = kept(NO_TRAILS, run(1, [1]));
  for (let i = 0; i < 1000; i += 1) trails = extended(trails, answer([i, 0]));
  const trail = trails.modules[0] ?? [];
  assert.ok(trail.length <= 401 && trail.length > 150, `${trail.length} places`);
  assert.equal(trail[0]?.input, 0);
  assert.equal(trail.at(-1)?.input, 999);
});

test("the staircase starts at H(Y), and a step up breaks it", () => {
  const steps = staircase(answer([0, 0.8], [0, 0.801], [0, 0.9], [0, 0.1]));
  assert.deepEqual(
    steps.map(({ module, holds }) => [module, holds]),
    [
      ["labels", true],
      [0, true],
      [1, true], // the same to a hundredth
      [2, false],
      [3, true],
    ],
  );
});

test("a module's version changes with its own and earlier stages alone", () => {
  const before = state(run(1, [4, 2, 0]));
  const after = state(run(1, [4, 3, 0]));
  assert.equal(version(before, -1), version(after, -1));
  assert.equal(version(before, 0), version(after, 0));
  assert.notEqual(version(before, 1), version(after, 1));
  assert.notEqual(version(before), version(after));
  assert.equal(version(state(null)), null);
  assert.equal(version(state(run(1, [4]), "starting")), null);
  assert.equal(version(state(run(1, []))), null);
});

test("modules are named by their stages, trained alone, together or not at all", () => {
  const whole = run(1, [0]);
  whole.stages = [waiting(summary([0, 1], "conv 8 → linear 10", "whole network"))];
  assert.deepEqual(modulesOf(state(whole)), [
    { index: 0, name: "conv 8", role: "whole network" },
    { index: 1, name: "linear 10", role: "whole network" },
  ]);
  const random = run(1, [0]);
  random.stages = [waiting(summary([1], "linear 10", "output"))];
  assert.deepEqual(modulesOf(state(random)), [
    { index: 0, name: "", role: "" },
    { index: 1, name: "linear 10", role: "output" },
  ]);
});

test("the confusion matrix counts rows of true classes, and labels it does not know nowhere", () => {
  const samples = Uint32Array.of(10, 11, 12, 13, 14, 15);
  const labels = Uint32Array.of(0, 0, 1, 1, 1, 255);
  const predicted = Uint32Array.of(0, 1, 1, 1, 0, 0);
  assert.deepEqual(confusion({ samples, labels, predicted }, 2, null), [
    [1, 1],
    [1, 2],
  ]);
  assert.deepEqual(confusion({ samples, labels, predicted }, 2, new Set([10, 13, 15, 99])), [
    [1, 0],
    [0, 1],
  ]);
});

test("what stands out in the embedding is in the lasso and in the chosen cell", async () => {
  const predictions = {
    samples: Uint32Array.of(10, 11, 12),
    labels: Uint32Array.of(0, 0, 1),
    predicted: Uint32Array.of(0, 1, 1),
    confidence: Float32Array.of(1, 1, 1),
  };
  const context = new Context(/** @type {any} */ (async () => predictions), () => {});
  assert.equal(context.chosen(), null);
  await context.predictions("a");
  context.select({ cell: { label: 0, predicted: 1 } });
  assert.deepEqual(context.chosen(), new Set([11]));
  context.select({ ids: new Set([10, 12]) });
  assert.deepEqual(context.chosen(), new Set());
  context.select({ cell: null });
  assert.deepEqual(context.chosen(), new Set([10, 12]));
});

test("a sample's picture is said with its class and its size", () => {
  const base = { id: 1200, label: 0 };
  const grid = { ...base, kind: /** @type {const} */ ("grid"), height: 28, width: 20, channels: 1 };
  assert.equal(
    pictureWords({ ...grid, values: new Float32Array(0) }, "seven"),
    "Sample 1,200, seven: image, 28 × 20",
  );
  const graph = { ...base, kind: /** @type {const} */ ("graph"), nodes: ["C", "O"] };
  assert.equal(
    pictureWords({ ...graph, edges: [[0, 1]] }, "mutagen"),
    "Sample 1,200, mutagen: graph, 2 atoms, 1 edge",
  );
});

test("samples are chosen by error, lasso and cell, all at once", () => {
  const predictions = {
    samples: Uint32Array.of(10, 11, 12, 13),
    labels: Uint32Array.of(0, 0, 1, 1),
    predicted: Uint32Array.of(0, 1, 1, 0),
    confidence: Float32Array.of(1, 1, 1, 1),
  };
  const all = { wrong: false, ids: null, cell: null };
  assert.deepEqual(selected(predictions, all), [0, 1, 2, 3]);
  assert.deepEqual(selected(predictions, { ...all, wrong: true }), [1, 3]);
  assert.deepEqual(selected(predictions, { ...all, ids: new Set([11, 12, 99]) }), [1, 2]);
  const cell = { label: 1, predicted: 0 };
  assert.deepEqual(selected(predictions, { ...all, cell }), [3]);
  assert.deepEqual(selected(predictions, { wrong: true, ids: new Set([11]), cell }), []);
});

test("scores become shares, however large they are", () => {
  const shares = softmax([1000, 1000 + Math.log(3)]);
  assert.ok(Math.abs((shares[0] ?? 0) - 0.25) < 1e-9);
  assert.ok(Math.abs((shares[1] ?? 0) - 0.75) < 1e-9);
});

test("weights lie as filters, as a line of filters, or on their longer side", () => {
  const weights = (/** @type {number[]} */ ...shape) => ({
    name: "weight",
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i),
  });
  const first = ofWeights(weights(8, 1, 5, 5));
  assert.deepEqual([first.tables, first.rows, first.columns, first.across], [8, 5, 5, 0]);
  const second = ofWeights(weights(16, 8, 3, 5));
  assert.deepEqual([second.tables, second.rows, second.columns, second.across], [128, 3, 5, 8]);
  const tall = ofWeights(weights(3, 2));
  assert.deepEqual([tall.rows, tall.columns, tall.turned, tall.limit], [2, 3, true, 5]);
  assert.deepEqual(Array.from(tall.values), [0, 2, 4, 1, 3, 5]);
  const bias = ofWeights(weights(4));
  assert.deepEqual([bias.rows, bias.columns, bias.turned], [1, 4, false]);
});

test("activations are one image a channel, one row, or one table of nodes", () => {
  const cut = (/** @type {number[]} */ ...shape) => {
    const { tables, rows, columns } = ofActivation({
      module: 0,
      shape,
      values: new Float32Array(shape.reduce((a, b) => a * b)),
    });
    return [tables, rows, columns];
  };
  assert.deepEqual(cut(16, 4, 5), [16, 4, 5]);
  assert.deepEqual(cut(64), [1, 1, 64]);
  assert.deepEqual(cut(23, 8), [1, 23, 8]);
});

test("a value's place counts from 1 in each dimension", () => {
  assert.deepEqual(indices(0, [2, 3]), [1, 1]);
  assert.deepEqual(indices(5, [2, 3]), [2, 3]);
  assert.deepEqual(indices(23, [2, 3, 4]), [2, 3, 4]);
});

/** A square drawing with a filled box. */
function box(
  /** @type {number} */ side,
  /** @type {number} */ left,
  /** @type {number} */ top,
  /** @type {number} */ wide,
  /** @type {number} */ tall,
) {
  const within = (/** @type {number} */ at, /** @type {number} */ from, /** @type {number} */ n) =>
    at >= from && at < from + n;
  return Float32Array.from({ length: side * side }, (_, i) =>
    Number(within(i % side, left, wide) && within(Math.floor(i / side), top, tall)),
  );
}

/** The box of an image's ink and its centre of mass. */
function shape(/** @type {Float32Array} */ image, /** @type {number} */ side) {
  let [left, right, top, bottom, mass, x, y] = [side, -1, side, -1, 0, 0, 0];
  image.forEach((value, i) => {
    const [column, row] = [i % side, Math.floor(i / side)];
    if (value > 1e-6) {
      left = Math.min(left, column);
      right = Math.max(right, column);
      top = Math.min(top, row);
      bottom = Math.max(bottom, row);
    }
    mass += value;
    x += value * (column + 0.5);
    y += value * (row + 0.5);
  });
  return { wide: right - left + 1, tall: bottom - top + 1, x: x / mass, y: y / mass };
}

test("a drawing in a corner becomes a digit of 20 pixels, its mass in the middle", () => {
  const digit = shape(centred(box(140, 3, 5, 20, 50), 140, 28, 28), 28);
  assert.equal(digit.tall, 20);
  assert.equal(digit.wide, 8);
  assert.ok(Math.abs(digit.x - 14) < 1e-3 && Math.abs(digit.y - 14) < 1e-3);
});

test("the middle is that of the mass, not of the outline", () => {
  const stroke = box(140, 20, 20, 4, 60);
  const heavy = box(140, 20, 20, 40, 30).map((value, i) => Math.max(value, stroke[i] ?? 0));
  const digit = shape(centred(heavy, 140, 28, 28), 28);
  assert.ok(Math.abs(digit.x - 14) < 0.05 && Math.abs(digit.y - 14) < 0.05);
});

test("an empty field is an empty image, and shrinking keeps the ink there was", () => {
  assert.ok(centred(new Float32Array(140 * 140), 140, 28, 28).every((value) => value === 0));
  const image = shrunk(box(80, 20, 40, 10, 5), 80, 16, 16);
  const ink = image.reduce((sum, value) => sum + value, 0);
  assert.ok(Math.abs(ink - (10 * 5) / 25) < 1e-5);
  assert.equal(image[8 * 16 + 4], 1);
});

test("one question answers all who ask for the same predictions, and samples are asked once", async () => {
  /** @type {unknown[][]} */
  const asked = [];
  const ask = /** @type {import("../js/protocol.js").Ask} */ (
    /** @type {unknown} */ (
      async (/** @type {string} */ method, /** @type {unknown[]} */ ...args) => {
        asked.push([method, ...args]);
        if (method !== "samples") return { method };
        return Array.from(/** @type {Uint32Array} */ (args[0]), (id) => ({ id, label: 0 }));
      }
    )
  );
  const context = new Context(ask, () => {});
  assert.equal(await context.predictions("a"), await context.predictions("a"));
  await context.predictions("b");
  assert.deepEqual(
    asked.map(([, split]) => split),
    ["test", "test"],
  );
  await context.samples([3, 4]);
  const found = await context.samples([4, 5, 3]);
  assert.deepEqual(
    found.map(({ id }) => id),
    [4, 5, 3],
  );
  assert.deepEqual(
    asked.slice(2).map(([, ids]) => Array.from(/** @type {Uint32Array} */ (ids))),
    [[3, 4], [5]],
  );
});
