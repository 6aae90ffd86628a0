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

/** The next frame of the screen, so many milliseconds after the one before. */
function next(after = 100) {
  clock += after;
  for (const frame of frames.splice(0)) frame(clock);
}

beforeEach(() => {
  next();
  assert.equal(frames.length, 0, "nothing waits from the test before");
});

test("a drawing is made once, however often it is asked for, and never between frames", () => {
  const draw = mock.fn();
  for (let i = 0; i < 3; i += 1) onFrame(draw);
  assert.equal(draw.mock.callCount(), 0);
  next();
  next();
  assert.equal(draw.mock.callCount(), 1);
});

test("frames that follow too fast are let go by", () => {
  const draw = mock.fn(() => onFrame(draw));
  onFrame(draw);
  next();
  for (let i = 0; i < 12; i += 1) next(16);
  // 192 ms at one in 50.
  assert.equal(draw.mock.callCount(), 1 + 3);
  draw.mock.mockImplementation(() => undefined);
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
