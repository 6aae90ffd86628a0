import assert from "node:assert/strict";
import { test } from "node:test";

import { Slices } from "../js/slices.js";

const summary = (/** @type {number} */ steps) => ({ steps });
const step = (/** @type {number} */ stage, /** @type {number} */ n) => ({ type: "step", stage, step: n });

/** Two stages of ten steps; a call with a budget does four pieces, one without does one. */
function session() {
  const pieces = [0, 1].flatMap((stage) => [
    { type: "stage-started", stage },
    ...Array.from({ length: 10 }, (_, n) => step(stage, n + 1)),
    { type: "stage-finished", stage },
  ]);
  return {
    advance: async (/** @type {number} */ budget) => pieces.splice(0, budget > 0 ? 4 : 1),
  };
}

/** @param {Slices} slices @param {any} session */
async function untilStopped(slices, session) {
  const all = [];
  for (let n = 0; n < 50; n += 1) {
    const { events, stop } = await slices.next(session);
    slices.read(events);
    all.push(...events);
    if (stop || events.length === 0) return { all, stop };
  }
  throw new Error("no end");
}

const begun = () => {
  const slices = new Slices();
  slices.read(/** @type {any} */ ([{ type: "started", stages: [summary(10), summary(10)] }]));
  return slices;
};

test("without a wish a run goes on to its end", async () => {
  const { all, stop } = await untilStopped(begun(), session());
  assert.equal(stop, false);
  assert.equal(all.length, 24);
});

test("a single stage stops right at its end, not in the next", async () => {
  const slices = begun();
  slices.single = true;
  const run = session();
  const first = await untilStopped(slices, run);
  assert.equal(first.stop, true);
  assert.deepEqual(first.all.at(-1), { type: "stage-finished", stage: 0 });
  // After the last one the run ends anyway.
  assert.equal((await untilStopped(slices, run)).stop, false);
});

test("what lies between steps is not slowed down, and its end comes", async () => {
  const slices = begun();
  slices.pace = { steps: 1, ms: 60_000 };
  const pieces = [...Array.from({ length: 10 }, () => []), [{ type: "finished" }]];
  const run = /** @type {any} */ ({ advance: async () => pieces.shift() ?? [] });
  const { events } = await slices.next(run);
  assert.deepEqual(events, [{ type: "finished" }]);
  assert.ok(slices.rest() <= 0, `${slices.rest()} ms`);
});

test("a pace gives so many updates a slice and waits between them", async () => {
  const slices = begun();
  slices.pace = { steps: 2, ms: 400 };
  const { events } = await slices.next(/** @type {any} */ (session()));
  assert.deepEqual(events.filter(({ type }) => type === "step"), [step(0, 1), step(0, 2)]);
  assert.ok(slices.rest() > 200 && slices.rest() <= 400, `${slices.rest()} ms`);
});

test("what was done before it went wrong is told, and then what went wrong", async () => {
  const slices = begun();
  slices.pace = { steps: 5, ms: 0 };
  const wrong = new Error("not finite");
  const pieces = [[step(0, 1)], [step(0, 2)]];
  const run = /** @type {any} */ ({
    advance: async () => pieces.shift() ?? Promise.reject(wrong),
  });
  const { events, error } = await slices.next(run);
  assert.deepEqual(events, [step(0, 1), step(0, 2)]);
  assert.equal(error, wrong);
});
