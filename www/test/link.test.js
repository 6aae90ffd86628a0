import assert from "node:assert/strict";
import { test } from "node:test";

import {
  DEFAULTS,
  LIMITS,
  OBJECTIVE,
  newerVersion,
  oversized,
  readLink,
  wholeNumber,
  writeLink,
} from "../js/link.js";

test("an empty link is the default run, and the default run an empty link", () => {
  assert.deepEqual(readLink(""), DEFAULTS);
  assert.equal(writeLink(DEFAULTS), "");
});

test("a link names what differs from the default and nothing else", () => {
  const settings = { ...DEFAULTS, plan: "adult/matrix", seed: 7, run: true };
  assert.equal(writeLink(settings), "?plan=adult/matrix&seed=7&run=1");
});

test("what is written can be read again", () => {
  const settings = {
    plan: "mnist/dim+mine",
    seed: 0,
    device: /** @type {const} */ ("gpu"),
    epochs: 1,
    samples: 2000,
    edits: {},
    run: true,
  };
  assert.deepEqual(readLink(writeLink(settings)), settings);
});

test("what is changed of a module is in the link, in words", () => {
  const mine = { kind: "mine", critic: { hidden: [8] }, bound: { form: "nwj" } };
  const edits = {
    0: { width: 32, epochs: 5, rate: 0.003, batch: null, clip: 5 },
    1: { objective: { information: { target: /** @type {const} */ ("label"), estimator: mine } } },
    2: { objective: null },
  };
  const link = writeLink({ ...DEFAULTS, edits });
  assert.match(link, /^\?m1\.width=32&m1\.epochs=5&m1\.rate=0\.003&m1\.batch=null&m1\.clip=5&/);
  assert.deepEqual(readLink(link).edits, edits);
});

test("a change that has not the form of one is left out", () => {
  const link =
    "?m0.width=3&m1.width=0&m1.rate=-1&m1.clip=x&m1.objective=[1]&m1.magic=1&m100.width=3" +
    '&m2.objective={"information":{"target":"z","estimator":{"kind":"mine"}}}&m3.batch=1.5';
  assert.deepEqual(readLink(link).edits, {});
});

test("a link of another version than this page's is named", () => {
  for (const known of ["", "?plan=adult/bp", "?v=1&seed=3"]) assert.equal(newerVersion(known), null);
  for (const version of ["2", "0", "x", ""]) assert.equal(newerVersion(`?v=${version}`), version);
});

test("an objective that is too long or too deep is not read, and is named", () => {
  const nested = (/** @type {number} */ levels) => "[".repeat(levels) + "]".repeat(levels);
  const link = (/** @type {string} */ hidden) => {
    const estimator = `{"kind":"mine","hidden":${hidden}}`;
    return `?m1.width=8&m2.objective={"information":{"target":"input","estimator":${estimator}}}`;
  };
  const long = JSON.stringify("x".repeat(OBJECTIVE.characters));
  for (const hidden of [nested(5000), nested(OBJECTIVE.levels), long]) {
    assert.deepEqual(readLink(link(hidden)).edits, { 0: { width: 8 } });
    assert.equal(oversized(link(hidden)), "m2.objective");
  }
  assert.ok(1 in readLink(link(nested(4))).edits);
  for (const fine of [link(nested(4)), "?m1.objective=null&m2.objective=[", "?m0.objective=[[]]", ""]) {
    assert.equal(oversized(fine), null, fine);
  }
});

test("a plan's plus survives a link typed by hand", () => {
  assert.equal(readLink("?plan=mnist/dim%2Bmine").plan, "mnist/dim+mine");
  assert.equal(readLink("?plan=mnist/dim+mine").plan, "mnist/dim+mine");
});

test("what cannot be read is left at its default", () => {
  const link = "?plan=<script>&seed=-1&device=tpu&epochs=0&samples=1e3&run=yes";
  assert.deepEqual(readLink(link), DEFAULTS);
});

test("whole numbers are digits within their limits", () => {
  assert.equal(wholeNumber(" 12 ", LIMITS.epochs), 12);
  assert.equal(wholeNumber("9007199254740991", LIMITS.seed), Number.MAX_SAFE_INTEGER);
  for (const text of [null, "", "1.5", "-1", "0x10", "9007199254740992", "99999999999999999"]) {
    assert.equal(wholeNumber(text, LIMITS.seed), null, String(text));
  }
});
