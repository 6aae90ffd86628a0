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
    own: null,
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

/** Numbers from 0 to 1, the same in every run. @param {number} state */
function draws(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const MINE = '{"information":{"target":"input","estimator":{"kind":"mine","critic":{"hidden":[8]}}}}';
const SOUND = [
  "?plan=adult/matrix&seed=7&device=gpu&epochs=12&samples=600&run=1",
  "?plan=mnist/dim%2Bmine&m1.width=32&m1.rate=0.003&m2.batch=null&m3.clip=5&m4.epochs=9",
  `?seed=0&m1.objective=${encodeURIComponent(MINE)}&m2.objective=null`,
  `?v=1&m1.objective=${MINE}&m12.objective=cross-entropy`,
];
const TOKENS = [
  ..."%&=+?#.[]{}\",:0",
  ...["\0", "\ud800", "\udfff", "\u202e", "\u0661", "\u{1f4a9}"],
  ...["%00", "%ff", "%ed%a0%80", "%u0041", "&m1.objective=", "&m0.width=3", "&m99.rate=", "&m100.width=3"],
  ...["&m1.width=", "&m1.epochs=", "&m1.batch=", "&m1.clip=", "&m1.rate=1", "&seed=", "&epochs=", "&plan=a/b"],
  ...["__proto__", "constructor", "toString", "&__proto__=1", "&m1.__proto__=1", "&m__proto__.rate=1"],
  ...["null", "NaN", "Infinity", "1e999", "1e-999", "-1", "0x10", "1e3", " 7", "9007199254740993"],
  ...['"__proto__":{"polluted":1},', '"\\ud800":-0,', '"toJSON":1,', '"kind":7,', '{"a":'],
  ...["9".repeat(400), "[".repeat(30)],
];

test("whatever is made of a link, it reads as settings within their limits that can be written again", () => {
  const draw = draws(20260705);
  const below = (/** @type {number} */ limit) => Math.floor(draw() * limit);
  const one = (/** @type {string | string[]} */ of) => of[below(of.length)] ?? "";
  const mutated = (/** @type {string} */ link) => {
    const at = below(link.length + 1);
    const end = at + below(12);
    switch (below(5)) {
      case 0:
        return link.slice(0, at) + String.fromCharCode(below(256)) + link.slice(at + 1);
      case 1:
        return link.slice(0, at) + link.slice(end);
      case 2:
        return link.slice(0, end) + link.slice(at);
      case 3:
        return link.slice(0, at) + one(SOUND).slice(below(40));
      default:
        return link.slice(0, at) + one(TOKENS) + link.slice(at);
    }
  };
  const within = (/** @type {unknown} */ value, { min = 1, max = 0 }) =>
    Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
  const positive = (/** @type {unknown} */ value) => Number.isFinite(value) && Number(value) > 0;
  /** @type {Record<string, (value: any) => boolean>} */
  const edits = {
    width: (value) => within(value, LIMITS.width),
    epochs: (value) => within(value, LIMITS.epochs),
    batch: (value) => value === null || within(value, LIMITS.samples),
    rate: positive,
    clip: (value) => value === null || positive(value),
    objective: (value) =>
      value === null ||
      value === "cross-entropy" ||
      (["input", "label"].includes(value.information.target) &&
        typeof value.information.estimator.kind === "string"),
  };
  let edited = 0;
  for (let round = 0; round < 20_000; round += 1) {
    let link = one(SOUND);
    for (let times = 1 + below(6); times > 0; times -= 1) link = mutated(link);
    const settings = readLink(link);
    assert.match(settings.plan, /^[^\s/]+\/[^\s/]+$/, link);
    assert.ok(within(settings.seed, LIMITS.seed), link);
    assert.ok(["auto", "cpu", "gpu", "ndarray"].includes(settings.device), link);
    for (const name of /** @type {const} */ (["epochs", "samples"])) {
      assert.ok(settings[name] === null || within(settings[name], LIMITS[name]), link);
    }
    for (const [module, edit] of Object.entries(settings.edits)) {
      edited += 1;
      assert.ok(within(Number(module), { min: 0, max: 98 }), link);
      for (const [name, value] of Object.entries(edit)) {
        assert.ok(Object.hasOwn(edits, name) && edits[name]?.(value), `${name} in ${link}`);
      }
    }
    assert.match(oversized(link) ?? "m1.objective", /^m[1-9]\d?\.objective$/, link);
    // As text: JSON reads 1e999, which the core is left to refuse, but has no word for infinity.
    assert.equal(JSON.stringify(readLink(writeLink(settings))), JSON.stringify(settings), link);
  }
  assert.ok(edited > 10_000, `only ${edited} modules were changed`);
  assert.equal("polluted" in {}, false);
});
