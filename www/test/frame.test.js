import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { onFrame } from "../js/plots/frame.js";

/** @type {((now: number) => void)[]} */
const frames = [];
Object.assign(globalThis, {
  /** @param {(now: number) => void} callback */
  requestAnimationFrame: (callback) => frames.push(callback),
});

let clock = 0;
mock.method(performance, "now", () => clock);
mock.timers.enable({ apis: ["setTimeout"] });

/** Time goes on; whether a frame was asked for, which then comes. */
function next(after = 100) {
  clock += after;
  mock.timers.tick(after);
  const asked = frames.splice(0);
  for (const frame of asked) frame(clock);
  return asked.length > 0;
}

beforeEach(() => {
  while (next());
});

test("a drawing is made once, however often it is asked for, and never between frames", () => {
  const draw = mock.fn();
  for (let i = 0; i < 3; i += 1) onFrame(draw);
  assert.equal(draw.mock.callCount(), 0);
  next();
  next();
  assert.equal(draw.mock.callCount(), 1);
});

test("no frame is asked for sooner than twenty times a second", () => {
  const draw = mock.fn();
  onFrame(draw);
  assert.ok(next(1));
  onFrame(draw);
  assert.ok(!next(16) && !next(16) && !next(16));
  assert.ok(next(16));
  assert.equal(draw.mock.callCount(), 2);
  assert.ok(!next(), "nothing waits, nothing is asked for");
});

test("what a drawing asks for comes in a frame of its own", () => {
  const again = mock.fn();
  onFrame(() => onFrame(again));
  next();
  assert.equal(again.mock.callCount(), 0);
  next();
  assert.equal(again.mock.callCount(), 1);
});

test("a drawing that fails takes no other with it", () => {
  const draw = mock.fn();
  onFrame(() => {
    throw new Error("no");
  });
  onFrame(draw);
  assert.throws(() => next(), /no/);
  next();
  assert.equal(draw.mock.callCount(), 1);
});
