import assert from "node:assert/strict";
import { test } from "node:test";

import { advanced, rewound, stopped, waiting } from "../js/stages.js";

const summary = (objective = "I(T;X)", steps = 2) =>
  /** @type {any} */ ({ modules: [0], name: "linear 8", objective, steps, epochs: 1 });
const step = (/** @type {number} */ n) =>
  /** @type {any} */ ({ type: "step", stage: 0, step: n, epoch: 1, objective: n / 10, seconds: n });
const done = () =>
  [step(1), step(2), { type: "stage-finished", stage: 0, seconds: 2, objective: 0.15, fingerprint: "ab" }].reduce(
    (stage, event) => advanced(stage, event, 0),
    waiting(summary()),
  );

test("a rewound run keeps what lies before, empties the stage and marks what follows stale", () => {
  const before = [done(), done(), done()];
  const after = rewound(before, [summary(), summary(), summary()], 1);
  assert.deepEqual(after.map(({ state }) => state), ["done", "waiting", "stale"]);
  assert.equal(after[0], before[0]);
  assert.equal(after[1]?.count, 0);
  assert.equal(after[2]?.count, 2);
});

test("a curve of another objective does not stay", () => {
  const after = rewound([done(), done()], [summary(), summary("I(T;Y)")], 0);
  assert.deepEqual(after.map(({ state, count }) => [state, count]), [["waiting", 0], ["waiting", 0]]);
});

test("a curve of another estimator does not stay, nor one in another unit", () => {
  for (const other of [{ estimator: "MINE" }, { unit: "of the larger entropy" }]) {
    const [, second] = rewound([done(), done()], [summary(), { ...summary(), ...other }], 0);
    assert.deepEqual([second?.state, second?.count], ["waiting", 0]);
  }
});

test("a plan with more stages or fewer has as many after it", () => {
  assert.equal(rewound([done()], [summary(), summary()], 0).length, 2);
  assert.equal(rewound([done(), done()], [summary()], 0).length, 1);
});

test("a stale stage shows its old curve until its first new step", () => {
  const [, stale] = rewound([done(), done()], [summary(), summary()], 0);
  assert.ok(stale);
  let stage = advanced(stale, { type: "stage-started", stage: 1 }, 7);
  assert.deepEqual([stage.state, stage.count], ["stale", 2]);
  stage = advanced(stage, { ...step(1), seconds: 8 }, 7);
  assert.deepEqual([stage.state, stage.count, stage.seconds], ["training", 1, 1]);
  assert.deepEqual(stage.objective, [0.1]);
});

test("only a stage at work is stopped", () => {
  assert.equal(stopped(done()).state, "done");
  assert.equal(stopped(advanced(waiting(summary()), step(1), 0)).state, "stopped");
});
