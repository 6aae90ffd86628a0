import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

const listens = { addEventListener() {} };
Object.assign(globalThis, { window: listens, document: { ...listens, visibilityState: "visible" } });
const { createRecovery } = await import("../js/recovery.js");

let now = 0;
beforeEach(() => {
  mock.timers.enable({ apis: ["setInterval"] });
  mock.method(performance, "now", () => now);
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

const settings = { plan: "vectors/mine", device: "gpu", edits: {} };
const problem = { code: "device/unavailable", message: "", recovery: "fall-back-to-cpu" };
const lost = /** @type {any} */ ({ type: "problem", id: 1, problem, fatal: true });

/** A page that trains on a device, and notes what is done about it. */
function page(kind = "gpu") {
  /** @type {[string, ...unknown[]][]} */
  const done = [];
  const note = (/** @type {string} */ name) => (/** @type {any[]} */ ...how) => done.push([name, ...how]);
  const state = {
    phase: "training",
    run: { id: 1, mode: "run", settings, stages: [] },
    device: { device: { kind } },
    settings,
    unkept: null,
    own: null,
    catalogue: { plans: [{ name: settings.plan, plan: {} }] },
  };
  const store = { state, dispatch: note("dispatch"), listen() {} };
  const client = { replace: note("replace"), send: note("send") };
  const actions = {
    goOn: (/** @type {any} */ kept, /** @type {string} */ kind) => done.push(["goOn", kind, kept]),
    again: note("again"),
    change: note("change"),
    recover: note("recover"),
  };
  const any = (/** @type {unknown} */ value) => /** @type {any} */ (value);
  const recovery = createRecovery(any(store), any(client), any(actions));
  const named = (/** @type {string} */ name) => done.filter(([what]) => what === name);
  return { state, recovery, named };
}

const checkpoint = /** @type {any} */ ({ type: "checkpoint", id: 1, bytes: Uint8Array.of(1) });

test("a GPU that does not come back leaves the run to the CPU, which then has its own chances", () => {
  const { recovery, named } = page();
  recovery.takes(checkpoint);
  for (let time = 0; time < 7; time += 1) assert.equal(recovery.takes(lost), true, `loss ${time + 1}`);
  const devices = named("goOn").map(([, device]) => device);
  assert.deepEqual(devices, ["gpu", "gpu", "gpu", "cpu", "cpu", "cpu", "cpu"]);
  assert.equal(recovery.takes(lost), false, "the CPU fails at the same steps as well");
});

test("a trainer on the CPU that dies again and again is given up", () => {
  const { recovery, named } = page("cpu");
  recovery.takes(checkpoint);
  const taken = [1, 2, 3, 4].map(() => recovery.takes(lost));
  assert.deepEqual(taken, [true, true, true, false]);
  assert.equal(named("goOn").length, 3);
});

test("the way out to the CPU goes on from what is kept, and is the usual one where nothing is", () => {
  const { recovery, named } = page();
  recovery.recover("fall-back-to-cpu");
  assert.deepEqual(named("recover"), [["recover", "fall-back-to-cpu"]]);
  recovery.takes(checkpoint);
  recovery.recover("fall-back-to-cpu");
  const [[, device, kept]] = /** @type {[any]} */ (named("goOn"));
  assert.deepEqual([device, kept.bytes, kept.run.settings.device], ["cpu", Uint8Array.of(1), "cpu"]);
  recovery.recover("restart");
  assert.deepEqual(named("recover").at(-1), ["recover", "restart"]);
});

test("a run that has ended is brought back as it ended", () => {
  const { recovery, named, state } = page();
  state.phase = "finished";
  assert.equal(recovery.takes(lost), false, "of what was not kept nothing can be brought back");
  recovery.takes(checkpoint);
  assert.equal(recovery.takes(lost), true);
  const [[, device, kept]] = /** @type {[any]} */ (named("goOn"));
  assert.deepEqual([device, kept.mode], ["gpu", "finished"]);
  const [, told] = /** @type {any} */ (named("dispatch").find(([, { type }]) => type === "lost"));
  assert.equal(told.loss.from, "end");
});

test("a run that was held is held again, also after a second loss before it stood", () => {
  const { recovery, named, state } = page();
  state.phase = "paused";
  recovery.takes(checkpoint);
  recovery.takes(lost);
  // What `restored` makes of it.
  Object.assign(state, { phase: "starting", run: { ...state.run, mode: "paused" } });
  recovery.takes(lost);
  assert.deepEqual(named("goOn").map(([, , kept]) => /** @type {any} */ (kept).mode), ["paused", "paused"]);
});

test("an ended run's copy that the core does not take is let go in silence", () => {
  const { recovery, named, state } = page();
  Object.assign(state, { phase: "starting", run: { ...state.run, mode: "finished" } });
  const code = "checkpoint/other-version";
  assert.equal(recovery.takes({ ...lost, fatal: false, problem: { ...problem, code } }), true);
  assert.deepEqual(named("change"), [["change", { run: false }]]);
  const unknown = { ...problem, code: "page/unknown-plan" };
  assert.equal(recovery.takes({ ...lost, fatal: false, problem: unknown }), true);
  assert.equal(recovery.takes({ ...lost, fatal: false }), false, "what else goes wrong is said");
});

/** Lets the page's clock go on as a browser's does. @param {number} seconds */
function watch(seconds) {
  for (let second = 0; second < seconds; second += 1) {
    now += 1000;
    mock.timers.tick(1000);
  }
}

test("a machine that slept has not lost its trainer", () => {
  const { named } = page();
  watch(3);
  now += 3_600_000;
  watch(5);
  assert.deepEqual(named("replace"), []);
});

test("a trainer that says nothing while the clock goes on is replaced", () => {
  const { named } = page();
  watch(17);
  assert.deepEqual(named("replace"), [["replace", "page/silent"]]);
});

test("a trainer that is there but gets nothing done is replaced after three minutes", () => {
  const { recovery, named } = page();
  /** It says every second that it is there. @param {number} seconds */
  function idles(seconds) {
    for (let second = 0; second < seconds; second += 1) {
      watch(1);
      recovery.takes({ type: "alive", done });
    }
  }
  let done = 0;
  idles(180);
  assert.deepEqual(named("replace"), []);
  recovery.takes(/** @type {any} */ ({ type: "events", id: 1, events: [] }));
  idles(179);
  assert.deepEqual(named("replace"), [], "it has worked in between");
  // An evaluation has no events, but gets on.
  done += 1;
  idles(181);
  assert.deepEqual(named("replace"), [], "it has done a slice in between");
  idles(1);
  assert.deepEqual(named("replace"), [["replace", "page/silent"]]);
});
