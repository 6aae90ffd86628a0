import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

/** @type {((entries: { isIntersecting: boolean }[]) => void)[]} Who wants to know what is seen. */
const observers = [];
Object.assign(globalThis, {
  IntersectionObserver: class {
    /** @param {(entries: { isIntersecting: boolean }[]) => void} told */
    constructor(told) {
      observers.push(told);
    }
    observe() {}
  },
});
const { Watch } = await import("../js/views/inspect/watch.js");

let now = 0;
beforeEach(() => {
  observers.length = 0;
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(performance, "now", () => now);
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
  // Nothing of one test is due in the next.
  now += 1e6;
});

/** Lets time pass, in steps in which promises can settle. */
async function pass(/** @type {number} */ ms) {
  for (let i = 0; i < ms; i += 50) {
    now += 50;
    mock.timers.tick(50);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A view whose answers take `took` milliseconds. */
function view(/** @type {number} */ took) {
  /** @type {number[]} */
  const asked = [];
  /** @type {unknown[]} */
  const refusals = [];
  const answer = () => {
    asked.push(now);
    return new Promise((resolve) => setTimeout(resolve, took));
  };
  const told = { answer };
  const watch = new Watch(
    /** @type {Element} */ ({}),
    async () => void (await told.answer()),
    (problem) => refusals.push(problem?.code ?? null),
  );
  const see = observers.at(-1);
  return {
    watch,
    asked,
    refusals,
    told,
    see: (/** @type {boolean} */ seen) => see?.([{ isIntersecting: seen }]),
  };
}

test("a view asks only while it is seen and for what is new", async () => {
  const { watch, asked, see } = view(0);
  watch.want("a", true);
  await pass(2000);
  assert.equal(asked.length, 0);
  see(true);
  await pass(100);
  assert.equal(asked.length, 1);
  watch.want("a", true);
  await pass(3000);
  assert.equal(asked.length, 1);
  see(false);
  watch.want("b", true);
  await pass(3000);
  assert.equal(asked.length, 1);
  watch.want(null, true);
  see(true);
  await pass(3000);
  assert.equal(asked.length, 1);
});

test("while the network trains a view asks once a second, and at once for a person", async () => {
  const { watch, asked, see } = view(0);
  see(true);
  for (let step = 0; step < 50; step += 1) {
    watch.want(`step ${step}`, false);
    await pass(100);
  }
  assert.ok(asked.length >= 4 && asked.length <= 6, `${asked.length} questions in five seconds`);
  const before = asked.length;
  watch.want("another module", true);
  await pass(100);
  assert.equal(asked.length, before + 1);
});

test("two slow views take turns and leave three quarters of the time to training", async () => {
  const views = [view(400), view(400)];
  for (const { see } of views) see(true);
  for (let step = 0; step < 160; step += 1) {
    for (const { watch } of views) watch.want(`step ${step}`, false);
    await pass(100);
  }
  const counts = views.map(({ asked }) => asked.length);
  const [first = 0, second = 0] = counts;
  assert.ok(Math.abs(first - second) <= 1, `${counts}`);
  assert.ok((first + second) * 400 <= 16_000 * 0.28, `${counts}`);
  assert.ok(first >= 4, `${counts}`);
  const times = views.flatMap(({ asked }) => asked).sort((a, b) => a - b);
  times.slice(1).forEach((time, i) => assert.ok(time - (times[i] ?? 0) >= 400, "one at a time"));
  for (const { see } of views) see(false);
  await pass(400);
});

test("a refusal is told, and so is the next answer", async () => {
  const { watch, refusals, told, see } = view(0);
  see(true);
  const { answer } = told;
  told.answer = () => Promise.reject({ code: "inspect/too-few", message: "", recovery: "report" });
  watch.want("a", true);
  await pass(100);
  told.answer = answer;
  watch.want("b", true);
  await pass(100);
  assert.deepEqual(refusals, ["inspect/too-few", null]);
});
