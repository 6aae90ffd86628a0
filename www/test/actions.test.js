import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, {
  location: { search: "", pathname: "/" },
  history: { replaceState() {} },
});
const { createActions } = await import("../js/actions.js");
const { DEFAULTS } = await import("../js/link.js");
const { Store, initialState } = await import("../js/store.js");

const stage = (/** @type {number} */ start) => ({
  modules: { start, end: start + 1 },
  objective: "cross-entropy",
  epochs: 10,
  rate: 0.1,
  batch: 8,
});
const plan = (/** @type {string} */ name) => ({
  name,
  dataset: name.split("/")[0],
  modules: [0, 1].map(() => ({ layers: [{ kind: "linear", width: 8 }] })),
  stages: [stage(0), stage(1)],
});
const catalogue = {
  plans: ["a/mine", "a/bp"].map((name) => ({ name, dataset: "a", scheme: name.split("/")[1], plan: plan(name) })),
  datasets: [{ name: "a", files: [{}] }],
};

/** A page whose run of `a/mine` was trained with some edits. @param {object} edits */
function page(edits, phase = "finished") {
  const settings = { ...DEFAULTS, plan: "a/mine", epochs: 3, edits };
  const summary = (/** @type {number} */ module) => ({ modules: [module] });
  const stages = ["done", "stopped"].map((state, module) => ({ state, summary: summary(module), steps: [] }));
  const run = { id: 1, mode: "run", settings, stages, own: null, rewinds: 0, prints: { now: [], before: null } };
  const problem = { code: "train/not-finite", message: "", rate: 0.01 };
  const state = { ...initialState(/** @type {any} */ (settings)), catalogue, run, phase, problem };
  const store = new Store(/** @type {any} */ (state));
  /** @type {any[]} */
  const sent = [];
  const client = {
    send() {},
    retrain: async (/** @type {any} */ asked) => sent.push(asked),
    setRate: async (/** @type {number} */ rate) => sent.push(rate),
  };
  return { store, sent, actions: createActions(store, /** @type {any} */ (client)) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("what was taken back is trained without it, under the limit that the run began with", async () => {
  const { store, sent, actions } = page({ 1: { rate: 0.5 } });
  actions.change({ edits: {}, epochs: 7 });
  actions.resetStage(1);
  await settled();
  assert.deepEqual(sent[0].plan.stages.map((/** @type {any} */ { rate, epochs }) => [rate, epochs]), [[0.1, 3], [0.1, 3]]);
  assert.deepEqual(store.state.run?.settings.edits, {});
});

test("a run without changes is trained again as it is", async () => {
  const { sent, actions } = page({ 1: { rate: 0.5 } });
  actions.resetStage(1);
  await settled();
  assert.deepEqual(sent, [{ stage: 1, extent: "pause" }]);
});

test("a lower rate is all that a run takes up of what was changed since", async () => {
  const { store, actions } = page({ 0: { width: 4 } }, "failed");
  actions.change({ edits: { 0: { width: 99 } } });
  actions.recover("lower-the-learning-rate");
  await settled();
  assert.deepEqual(store.state.run?.settings.edits, { 0: { width: 4 }, 1: { rate: 0.01 } });
  assert.deepEqual(store.state.settings.edits, { 0: { width: 99 }, 1: { rate: 0.01 } });
});

test("a lower rate of one plan is no change of another that was chosen since", async () => {
  const { store, actions } = page({}, "failed");
  actions.change({ plan: "a/bp" });
  actions.recover("lower-the-learning-rate");
  await settled();
  assert.deepEqual(store.state.run?.settings.edits, { 1: { rate: 0.01 } });
  assert.deepEqual([store.state.settings.plan, store.state.settings.edits], ["a/bp", {}]);
});

test("new data let go what waits for others, and nothing else", () => {
  const { store, actions } = page({}, "training");
  const job = (/** @type {string} */ plan, /** @type {string | null} */ own = null) =>
    /** @type {any} */ ({ settings: { ...DEFAULTS, plan, own } });
  const jobs = [job("own/mine", "x"), job("a/mine"), job("own/bp", "x"), job("own/bp", "y"), job("a/bp")];
  store.dispatch({ type: "jobs", jobs });
  actions.useOwn(/** @type {any} */ ({ id: "y", preview: { plans: [] }, files: [] }));
  const left = store.state.jobs.map(({ settings }) => [settings.plan, settings.own]);
  assert.deepEqual(left, [["own/mine", "x"], ["a/mine", null], ["own/bp", "y"], ["a/bp", null]]);
});
