import assert from "node:assert/strict";
import { test } from "node:test";

import { chain } from "../js/chain.js";
import { DEFAULTS } from "../js/link.js";
import { runProgress, stageProgress } from "../js/progress.js";
import { changed } from "../js/derived.js";
import { initialState, reduce } from "../js/store.js";
import { status } from "../js/strings.js";
import { shownRun } from "../js/take/shown.js";

/** @typedef {import("../js/store.js").Action} Action */

const stage = (/** @type {number} */ module, /** @type {number} */ steps) => ({
  modules: [module],
  name: `linear ${module}`,
  role: "encoder",
  objective: "I(T;X)",
  estimator: "matrix-based Rényi, α = 2",
  unit: "bits",
  maximise: true,
  epochs: 1,
  steps,
  parameters: 10,
});
const started = {
  type: "started",
  plan: "glyphs/matrix",
  dataset: "glyphs",
  seed: 1,
  device: "burn-flex",
  train: 100,
  valid: 10,
  test: 20,
  stages: [stage(0, 4), stage(1, 4)],
};
const step = (/** @type {number} */ index, /** @type {number} */ n, objective = n / 10) => ({
  type: "step",
  stage: index,
  step: n,
  epoch: 1,
  objective,
  seconds: index * 4 + n,
});
const finished = {
  type: "finished",
  plan: "glyphs/matrix",
  dataset: "glyphs",
  seed: 1,
  device: "burn-flex",
  train_accuracy: 99,
  valid_accuracy: null,
  test_accuracy: 97.5,
  seconds: 8,
  complete: true,
};
const half = (/** @type {number} */ start) => ({
  modules: { start, end: start + 1 },
  objective: "cross-entropy",
});
/** One plan of two modules. @type {any} */
const catalogue = {
  datasets: [],
  plans: [
    {
      name: "a/b",
      dataset: "a",
      plan: { modules: [{ layers: [] }, { layers: [] }], stages: [half(0), half(1)] },
    },
  ],
};
const problem = { code: "train/not-finite", message: "NaN", recovery: "restart" };

/** @returns {(...actions: any[]) => import("../js/store.js").State} */
function player(state = initialState()) {
  return (...actions) => (state = actions.reduce((s, action) => reduce(s, action), state));
}
const message = (/** @type {any} */ body, id = 1) => ({
  type: "message",
  message: { id, ...body },
});
const events = (/** @type {any[]} */ ...list) => message({ type: "events", events: list });

test("a run goes from asked to finished", () => {
  const play = player();
  assert.equal(play({ type: "asked", id: 1, mode: "run" }).phase, "starting");
  play(events(started), message({ type: "training" }));
  let state = play(events({ type: "stage-started", stage: 0 }, step(0, 1), step(0, 2)));
  assert.equal(state.phase, "training");
  assert.deepEqual(state.run?.stages[0]?.steps, [1, 2]);
  assert.equal(status(state).words, "Training stage 1 of 2: linear 0");

  state = play(
    events(step(0, 3), step(0, 4), {
      type: "stage-finished",
      stage: 0,
      seconds: 4,
      objective: 0.35,
      fingerprint: "ab",
    }),
  );
  assert.equal(state.run?.stages[0]?.state, "done");
  assert.equal(state.run?.stages[0]?.mean, 0.35);

  state = play(events(finished));
  assert.equal(state.phase, "finished");
  assert.equal(state.results[0]?.test, 97.5);
  assert.equal(state.results[0]?.valid, null);
  assert.equal(status(state).words, "Finished. Test accuracy 97.50 %.");
});

test("late words about a replaced run are ignored", () => {
  const play = player();
  play({ type: "asked", id: 1, mode: "run" }, { type: "asked", id: 2, mode: "run" });
  const before = play();
  assert.equal(play(events(started)), before);
  assert.equal(play(message({ type: "problem", problem, fatal: false })), before);
});

test("a worker that dies ends whatever runs", () => {
  const play = player();
  play({ type: "asked", id: 2, mode: "run" });
  const state = play(message({ type: "problem", problem, fatal: true }, 0));
  assert.equal(state.phase, "failed");
  assert.equal(state.problem?.code, "train/not-finite");
});

test("a problem keeps earlier results and what the run had reached", () => {
  const play = player();
  play({ type: "asked", id: 1, mode: "run" }, events(started, step(0, 1), finished));
  play({ type: "asked", id: 2, mode: "run" });
  play(
    message(
      { type: "events", events: [started, { type: "stage-started", stage: 0 }, step(0, 1)] },
      2,
    ),
  );
  let state = play(message({ type: "problem", problem, fatal: false }, 2));
  assert.equal(state.results.length, 1);
  assert.equal(state.run?.stages[0]?.state, "stopped");
  assert.equal(state.run?.stages[0]?.count, 1);
  state = play({ type: "dismissed" });
  assert.equal(state.problem, null);
});

/** A run that has got so far, and another that is asked for. @param {any[]} far */
function askedAfter(...far) {
  const play = player();
  const before = play({ type: "asked", id: 1, mode: "run" }, ...far);
  play({ type: "settings", patch: { plan: "adult/bp" } }, { type: "asked", id: 2, mode: "run" });
  return { play, before };
}
const unreachable = { code: "page/data-unreachable", message: "", recovery: "fetch-the-data" };
const refusal = (/** @type {boolean} */ fatal) =>
  message({ type: "problem", problem: unreachable, fatal }, 2);

test("a run that is refused leaves the one before it as it was", () => {
  for (const [phase, ...far] of [
    ["finished", events(started, step(0, 1), finished)],
    ["paused", message({ type: "training" }), events(started, step(0, 1))],
    ["paused", message({ type: "paused" }), events(started)],
  ]) {
    const { play, before } = askedAfter(...far);
    // Asked for twice, as by an impatient visitor.
    play({ type: "asked", id: 2, mode: "run" });
    const state = play(refusal(false));
    assert.equal(state.phase, phase);
    assert.deepEqual(state.run, before.run);
    assert.equal(state.problem?.code, "page/data-unreachable");
    assert.equal(changed(state), true, "what was asked for is still chosen");
    const on = play(message({ type: "training" }), events(step(0, 2)));
    assert.equal(on.run?.stages[0]?.steps.at(-1), 2, "the worker's words about it count again");
  }
});

test("a plan that is refused in place leaves the run before it as it was", () => {
  const play = player();
  play({ type: "asked", id: 1, mode: "run" }, events(started, step(0, 1), finished));
  play({ type: "settings", patch: { edits: { 0: { width: 3 } } } });
  play({ type: "asked", id: 2, mode: "run" });
  const invalid = { code: "plan/invalid", message: "", recovery: "choose-another-plan" };
  const state = play(message({ type: "problem", problem: invalid, fatal: false }, 2));
  assert.deepEqual([state.phase, state.run?.id, state.problem], ["finished", 1, null]);
  assert.equal(state.refusal?.code, "plan/invalid");
});

test("a run that has begun, or whose worker died, has replaced the one before it", () => {
  const far = [events(started, step(0, 1), finished)];
  for (const between of [[message({ type: "events", events: [started] }, 2)], []]) {
    const { play } = askedAfter(...far);
    const state = play(...between, refusal(between.length === 0));
    assert.deepEqual([state.phase, state.run?.id], ["failed", 2]);
  }
});

test("a run that begins anew after its worker was lost has nothing before it", () => {
  const play = player();
  play({ type: "asked", id: 1, mode: "run" }, events(started), message({ type: "training" }));
  play({ type: "lost", loss: { problem, onCpu: false, from: "start" } });
  play({ type: "asked", id: 2, mode: "run" });
  assert.equal(play(refusal(false)).phase, "failed");
});

test("a run that has ended comes back as it was, and is counted once", () => {
  const play = player();
  const { run } = play({ type: "asked", id: 1, mode: "run" }, events(started, step(0, 1), finished));
  assert.ok(run);
  const resumed = /** @type {any} */ ({ ...started, type: "resumed", stage: 1, step: 1, events: 3 });
  const restored = /** @type {const} */ ({ type: "restored", id: 2, mode: "finished", run });
  const state = play(restored, message({ type: "events", events: [resumed] }, 2));
  assert.equal(state.phase, "finished");
  assert.deepEqual(state.run, { ...run, id: 2, mode: "finished" });
  assert.equal(state.results.length, 1);
});

test("asking again puts the same plan's stages back to waiting at once", () => {
  const play = player();
  play({ type: "asked", id: 1, mode: "run" }, events(started, step(0, 1)));
  const state = play({ type: "asked", id: 2, mode: "paused" });
  assert.deepEqual(
    state.run?.stages.map(({ state, count }) => [state, count]),
    [
      ["waiting", 0],
      ["waiting", 0],
    ],
  );
  assert.deepEqual(state.run?.samples, { train: 100, valid: 10, test: 20 });
});

test("another plan's stages are not shown", () => {
  const play = player();
  play({ type: "asked", id: 1, mode: "run" }, events(started));
  play({ type: "settings", patch: { plan: "adult/bp" } });
  assert.equal(changed(play()), true);
  assert.deepEqual(play({ type: "asked", id: 2, mode: "run" }).run?.stages, []);
});

test("a preview leaves the page idle", () => {
  const play = player();
  play({ type: "asked", id: 1, mode: "preview" }, events(started));
  const state = play(message({ type: "paused" }));
  assert.equal(state.phase, "idle");
  assert.equal(status(state).words, "Ready: 2 stages, 100 training samples.");
});

test("playing the same events on the same state gives the same columns", () => {
  const play = player();
  const state = play({ type: "asked", id: 1, mode: "run" }, events(started, step(0, 1)));
  const once = reduce(state, /** @type {Action} */ (events(step(0, 2))));
  const twice = reduce(state, /** @type {Action} */ (events(step(0, 2))));
  assert.deepEqual(once, twice);
});

test("a stage takes over its input before it trains", () => {
  const play = player();
  play({ type: "asked", id: 1, mode: "run" }, message({ type: "training" }), events(started));
  let state = play(events({ type: "caching", stage: 1, done: 10, total: 100 }));
  assert.equal(state.run?.stages[1]?.state, "caching");
  assert.deepEqual(state.run?.stages[1]?.cached, { done: 10, total: 100 });
  assert.equal(status(state).words, "Computing the input of stage 2 of 2");
  state = play(events({ type: "stage-started", stage: 1 }));
  assert.equal(state.run?.stages[1]?.state, "training");
  assert.equal(state.run?.stages[1]?.cached, null);
});

test("the remaining time follows the pace", () => {
  const play = player();
  let state = play({ type: "asked", id: 1, mode: "run" }, events(started));
  assert.ok(state.run);
  assert.equal(runProgress(state.run).left, null);
  state = play(events({ type: "stage-started", stage: 0 }, step(0, 1), step(0, 2)));
  assert.ok(state.run?.stages[0]);
  assert.equal(stageProgress(state.run.stages[0]).left, 2);
  assert.deepEqual(runProgress(state.run), { done: 2, total: 8, elapsed: 2, left: 6 });
  // In slow motion a step takes as long as it is shown.
  const slow = { steps: 1, ms: 5000 };
  assert.equal(stageProgress(state.run.stages[0], slow).left, 2 * 5);
  assert.equal(runProgress(state.run, slow).left, 6 * 5);
});

test("after the last stage the network is evaluated", () => {
  const play = player();
  play({ type: "asked", id: 1, mode: "run" }, events(started), message({ type: "training" }));
  const done = (/** @type {number} */ stage) => [
    { type: "stage-started", stage },
    step(stage, 4),
    { type: "stage-finished", stage, seconds: 1, objective: 1, fingerprint: "f" },
  ];
  assert.equal(status(play(events(...done(0), ...done(1)))).words, "Evaluating the network");
  assert.equal(status(play(message({ type: "paused" }))).words, "Paused before the last evaluation.");
});

test("settings change only what they name", () => {
  const state = reduce(initialState(), { type: "settings", patch: { seed: 9 } });
  assert.deepEqual(state.settings, { ...DEFAULTS, seed: 9 });
});

test("a plan for one's own data is for those in use, unless it comes with its own", () => {
  const own = (/** @type {string} */ id) => ({ type: "own", own: { id, preview: { plans: [] }, files: {} } });
  const play = player();
  const choose = (/** @type {object} */ patch) => play({ type: "settings", patch }).settings;
  play(own("A"));
  assert.equal(choose({ plan: "own/bp" }).own, "A");
  const run = play({ type: "asked", id: 1, mode: "run" }).run;
  assert.equal(run?.own?.id, "A");
  assert.equal(changed(play()), false);
  play(own("B"));
  assert.equal(choose({ seed: 5 }).own, "A", "a seed is of the plan that is chosen");
  choose({ edits: { 0: { width: 8 } } });
  const settings = choose({ plan: "own/bp" });
  assert.deepEqual([settings.own, settings.edits], ["B", {}], "changes are those of one data set's plan");
  assert.equal(changed(play({ type: "settings", patch: { seed: run?.settings.seed } })), true);
  assert.equal(play().run?.own?.id, "A", "the run is on what it began with");
  assert.equal(choose({ ...run?.settings }).own, "A");
  assert.equal(choose({ plan: "adult/bp" }).own, null);
});

test("a run on other data of one's own is not drawn as the chosen plan's", () => {
  const plans = [{ ...catalogue.plans[0], name: "own/bp", dataset: "own" }];
  const play = player({ ...initialState({ ...DEFAULTS, plan: "own/bp" }), catalogue });
  const use = (/** @type {string} */ id) =>
    play(
      { type: "own", own: { id, preview: { plans }, files: {} } },
      { type: "settings", patch: { plan: "own/bp", own: id } },
    );
  use("A");
  play({ type: "asked", id: 1, mode: "run" }, events({ ...started, plan: "own/bp" }));
  assert.equal(chain(play())?.stages[0]?.stage?.state, "waiting");
  assert.equal(chain(use("B"))?.stages[0]?.stage, null);
});

test("what a link changes of a plan for one's own data stays when the data are chosen", () => {
  const edits = { 0: { width: 8 } };
  const state = initialState({ ...DEFAULTS, plan: "own/bp", edits });
  const patch = { plan: "own/bp", own: "A" };
  assert.deepEqual(reduce(state, { type: "settings", patch }).settings.edits, edits);
});

test("what is cleared is not being prepared any more", () => {
  const activity = { kind: "preparing", dataset: "Glyphs" };
  const state = after({ type: "asked", id: 1, mode: "preview" }, message({ type: "activity", activity }));
  assert.notEqual(state.activity, null);
  assert.equal(reduce(state, { type: "cleared" }).activity, null);
});

test("what was trained anew is said of the run that it was asked of", () => {
  const play = player();
  play({ type: "asked", id: 1, mode: "run" }, { type: "asked", id: 2, mode: "run" });
  const late = { type: "retrained", id: 1, settings: { ...DEFAULTS, edits: { 0: { width: 8 } } } };
  assert.deepEqual(play(late).run?.settings.edits, {});
});

test("a run keeps its result when it is removed from the kept ones", () => {
  const play = player();
  play({ type: "asked", id: 1, mode: "run" }, events(started, finished));
  play({ type: "asked", id: 2, mode: "run" });
  const again = { ...finished, test_accuracy: 50 };
  play(message({ type: "events", events: [started, again] }, 2));
  let state = play({ type: "removed", number: 2 });
  assert.equal(state.results[0]?.test, 97.5);
  assert.equal(status(state).words, "Finished. Test accuracy 50.00 %.");
  assert.equal(shownRun(state, "").result?.test, 50);
  state = play(message({ type: "events", events: [{ type: "rewound", stage: 0, stages: [] }] }, 2));
  assert.equal(state.run?.result, null);
});

test("weights are said to be unchanged once they have been read again, not before", () => {
  const play = player({ ...initialState({ ...DEFAULTS, plan: "a/b" }), catalogue });
  play({ type: "asked", id: 1, mode: "run" }, events({ ...started, plan: "a/b" }));
  play({ type: "prints", id: 1, prints: ["one", "two"] });
  const kept = () => chain(play())?.modules.map(({ kept }) => kept);
  assert.deepEqual(kept(), [null, null]);
  play(events({ type: "rewound", stage: 1, stages: started.stages }));
  assert.deepEqual(kept(), [null, null]);
  play({ type: "prints", id: 1, prints: ["one", "three"] });
  assert.deepEqual(kept(), [true, null]);
  play({ type: "prints", id: 1, prints: ["another", "three"] });
  assert.deepEqual(kept(), [false, null]);
});

/** @param {Action[]} actions */
const after = (...actions) => actions.reduce(reduce, initialState());

test("a run goes on from what the page knew of it when its checkpoint was made", () => {
  const asked = /** @type {Action} */ ({ type: "asked", id: 1, mode: "run" });
  const before = after(asked, events(started, { type: "stage-started", stage: 0 }, step(0, 1)));
  const kept = /** @type {import("../js/store.js").Run} */ (before.run);
  const lost = reduce(before, events(step(0, 2), step(0, 3)));
  const restored = reduce(lost, { type: "restored", id: 2, mode: "run", run: kept });
  assert.equal(restored.run?.stages[0]?.count, 1);
  assert.equal(restored.phase, "starting");
  const resumed = { ...started, type: "resumed", stage: 0, step: 1, events: 3 };
  const on = reduce(restored, message({ type: "events", events: [resumed, step(0, 2, 0.7)] }, 2));
  assert.deepEqual(on.run?.stages[0]?.steps.slice(0, 2), [1, 2]);
  assert.equal(on.run?.stages[0]?.objective[1], 0.7);
});

test("a lower rate takes back the steps that led to what was not finite", () => {
  const asked = /** @type {Action} */ ({ type: "asked", id: 1, mode: "run" });
  const rate = { type: "rate-set", stage: 0, step: 1, rate: 1e-4 };
  const accuracy = (/** @type {number} */ epoch) => {
    return { type: "accuracy", stage: 0, epoch, train_accuracy: 50, test_accuracy: 40 };
  };
  const taken = [step(0, 1), accuracy(0), step(0, 2), accuracy(2)];
  const begun = after(asked, events(started, { type: "stage-started", stage: 0 }, ...taken));
  const { run } = reduce(begun, events(rate));
  const [before, stage] = [begun.run?.stages[0], run?.stages[0]];
  assert.deepEqual([stage?.count, stage?.state], [1, "training"]);
  assert.notEqual(stage?.steps, before?.steps, "what is drawn of the steps before is drawn anew");
  assert.deepEqual(stage?.accuracy.map(({ epoch }) => epoch), [0]);
});

test("what is said of a loss stays until another run begins", () => {
  const vanished = /** @type {const} */ ({ code: "page/vanished", message: "", recovery: "restart" });
  const lost = after({ type: "lost", loss: { problem: vanished, onCpu: false, from: "checkpoint" } });
  assert.equal(lost.loss?.problem.code, "page/vanished");
  assert.notEqual(reduce(lost, { type: "asked", id: 1, mode: "preview" }).loss, null);
  assert.equal(reduce(lost, { type: "asked", id: 1, mode: "run" }).loss, null);
});

test("a limit that is being typed is refused without a run, and what mends it clears it", () => {
  const problem = /** @type {any} */ ({ code: "plan/invalid", message: "" });
  const previewed = player()(
    { type: "asked", id: 1, mode: "preview" },
    { type: "message", message: /** @type {any} */ ({ type: "problem", id: 1, problem, fatal: false }) },
  );
  assert.deepEqual([previewed.phase, previewed.problem?.code], ["idle", "plan/invalid"]);
  const mended = reduce(previewed, { type: "settings", patch: { samples: 500 } });
  assert.deepEqual([mended.phase, mended.problem], ["idle", null]);
});
