import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { boundsOf, withinBounds } from "../js/bounds.js";
import { DEFAULTS } from "../js/link.js";
import { initialState } from "../js/store.js";
import { PROBLEM, boundsWords, problemWords, status } from "../js/strings.js";

const said = (/** @type {import("../js/protocol.js").Activity} */ activity) =>
  status({ ...initialState(DEFAULTS, "watch", {}), activity });

test("what is loaded is said with its bytes, and whether it is here already", () => {
  const trainer = { kind: /** @type {const} */ ("loading-trainer"), bundle: /** @type {const} */ ("cpu") };
  assert.deepEqual(said({ ...trainer, loaded: 1_200_000, total: 5_600_000 }), {
    words: "Loading the trainer",
    detail: "1.2 of 5.6 MB",
  });
  // A compressed answer does not say how long it will be.
  assert.equal(said({ ...trainer, loaded: 1_200_000 }).detail, "1.2 MB");
  const files = {
    kind: /** @type {const} */ ("downloading"),
    dataset: "UCI Adult",
    file: { name: "adult.data", loaded: 1_000_000, total: 3_974_305 },
    loaded: 1_000_000,
    total: 5_977_458,
  };
  assert.deepEqual(said({ ...files, kept: false }), {
    words: "Downloading UCI Adult",
    detail: "adult.data: 1.0 of 4.0 MB",
  });
  assert.equal(said({ ...files, kept: true }).words, "Reading UCI Adult, kept by this browser");
});

test("bounds are kept and said, whichever there are", () => {
  const field = { path: "stages.rate", label: "", description: "", choices: [] };
  const rate = { ...field, min: 0, above: true, max: null, whole: false };
  assert.deepEqual(boundsOf([rate], "stages.rate"), { min: 0, above: true, max: null, whole: false });
  const cases = /** @type {const} */ ([
    [{ min: 0, max: null, above: true }, "above 0", ["0.001", "3"], ["0", "-1", "", " ", "x"]],
    [{ min: 0, max: 1, above: true }, "above 0, at most 1", ["1"], ["0", "1.1"]],
    [{ min: 1, max: 4096, whole: true }, "whole number, 1 to 4,096", ["1", "4096"], ["0", "4097", "1.5"]],
    [{ min: 2, max: null, whole: true }, "whole number, 2 or more", ["2", "1e3"], ["1", "1e400"]],
    [{ min: null, max: 5 }, "at most 5", ["-7", "5"], ["6"]],
    [{ min: null, max: null }, "", ["-7.5"], ["NaN", "Infinity"]],
  ]);
  for (const [bounds, words, inside, outside] of cases) {
    assert.equal(boundsWords(bounds), words);
    for (const text of inside) assert.equal(withinBounds(text, bounds), Number(text), `${words}: ${text}`);
    for (const text of outside) assert.equal(withinBounds(text, bounds), null, `${words}: ${text}`);
  }
});

test("every problem that the page itself finds has words, in one sentence", () => {
  const folder = new URL("../js/", import.meta.url);
  const scripts = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const codes = scripts
    .filter((name) => name.endsWith(".js") && name !== "strings.js")
    .flatMap((name) => readFileSync(new URL(name, folder), "utf8").match(/"page\/[a-z-]+"/g) ?? [])
    .map((quoted) => quoted.slice(1, -1))
    // Files of one's own are refused in words of their own: see strings/take.js.
    .filter((code) => !code.startsWith("page/own-"));
  assert.ok(codes.length >= 8, `${codes}`);
  for (const code of codes) assert.match(PROBLEM.messages[code] ?? "", /^[A-Z].*\.$/, code);
  for (const code of Object.keys(PROBLEM.messages)) assert.ok(codes.includes(code), code);
});

test("a problem of the core is said in its own words, its parts once", () => {
  const parts = { place: "a.csv, line 3", expected: "2 fields", found: "1" };
  const base = { code: "parse/x", text: "A row is short.", recovery: /** @type {const} */ ("report") };
  const message = "a.csv, line 3: expected 2 fields, found 1";
  assert.deepEqual(problemWords({ ...base, message, ...parts }), { what: base.text, detail: "" });
  assert.deepEqual(problemWords({ ...base, message }), { what: base.text, detail: message });
  assert.deepEqual(problemWords({ ...base, text: "", message }), { what: message, detail: "" });
});
