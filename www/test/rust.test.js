import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";

import { rustCode } from "../js/take/rust.js";

const folder = new URL("../../tests/code_view/", import.meta.url);
/** @type {import("../js/protocol.js").Plan[]} */
const PLANS = JSON.parse(readFileSync(new URL("plans.json", folder), "utf8"));
/** The stage that each plan's file shows, and the limits that tests/code_view.rs runs it with. */
const SHOWN = { vectors: 1, glyphs: 1, community: 0, molecules: 0 };
const LIMITS = { seed: 7, epochs: 1, samples: 200, files: false, own: null };

const plan = (/** @type {string} */ dataset) => {
  const found = PLANS.find((plan) => plan.dataset === dataset);
  assert.ok(found);
  return found;
};

// `UPDATE=1 node --test www/test/rust.test.js` writes the files anew; tests/code_view.rs then says
// whether they are still true.
for (const [dataset, stage] of Object.entries(SHOWN)) {
  test(`the code of a stage for ${dataset} is what the crate's test compiles`, () => {
    const own = plan(dataset);
    const code = rustCode({ ...LIMITS, plan: own, preset: own, stage });
    const file = new URL(`${dataset}.rs`, folder);
    if (process.env["UPDATE"]) writeFileSync(file, code);
    assert.equal(code, readFileSync(file, "utf8"));
  });
}

test("the code for data of one's own is what the crate's test compiles", () => {
  const own = {
    names: ["people.csv"],
    data: /** @type {import("../js/protocol.js").OwnData} */ ({
      format: "csv",
      label: "column 3",
      header: false,
      test: 0.25,
      without: ["column 4"],
    }),
  };
  const mine = { ...plan("vectors"), name: "own/matrix", dataset: "own" };
  const code = rustCode({ ...LIMITS, plan: mine, preset: null, own, stage: 0 });
  const file = new URL("own.rs", folder);
  if (process.env["UPDATE"]) writeFileSync(file, code);
  assert.equal(code, readFileSync(file, "utf8"));

  const papers = { names: ["ind.p.allx", "ind.p.y"], data: /** @type {const} */ ({ format: "planetoid" }) };
  const nodes = rustCode({ ...LIMITS, plan: mine, preset: null, own: papers, stage: 0 });
  assert.match(nodes, /for name in \["ind.p.allx", "ind.p.y"\] \{\n        files.insert\(name, std::fs::read\(name\)\?\);/);
  assert.match(nodes, /let how = OwnData::Planetoid;/);
});

test("a plan that was changed elsewhere is read from its file", () => {
  const preset = plan("vectors");
  const changed = structuredClone(preset);
  const [first] = changed.stages;
  assert.ok(first);
  first.rate = 0.1;
  const options = { ...LIMITS, epochs: null, samples: null, plan: changed, preset };
  const code = rustCode({ ...options, stage: 1 });
  assert.match(code, /read_to_string\("vectors-matrix\.json"\)/);
  assert.match(code, /use mole::plan::\{ModulePlan, Objective, Plan, StagePlan, Target\};/);
  assert.doesNotMatch(code, /presets|epochs = 1;/);

  // A change of the stage itself is spelled out: the preset is enough beside it.
  const own = rustCode({ ...options, stage: 0 });
  assert.match(own, /presets::find/);
  assert.match(own, /rate: 0\.1,/);
});

test("choices without numbers of their own are written as the crate has them", () => {
  const preset = plan("glyphs");
  const code = (/** @type {object} */ estimator) => {
    const changed = structuredClone(preset);
    const [first] = changed.stages;
    assert.ok(first);
    first.objective = /** @type {any} */ ({ information: { estimator, target: "input" } });
    return rustCode({ ...LIMITS, plan: changed, preset, stage: 0 });
  };
  const critic = { hidden: [8], activation: "relu" };
  assert.match(code({ kind: "mine", critic, bound: { form: "nwj" } }), /bound: Bound::Nwj \{\},/);
  const dim = { kind: "dim", units: 8, hidden: 8, patch: 8, stride: 4, prior: 0 };
  assert.match(code({ ...dim, form: { name: "jensen-shannon" } }), /form: LocalForm::JensenShannon \{\},/);
});

test("names with control characters are literals of Rust", () => {
  const label = 'a"\\u0001\b\f\n\u0001é';
  const data = /** @type {const} */ ({ format: "csv", label, header: true, test: 0.25 });
  const mine = { ...plan("vectors"), name: "own/matrix", dataset: "own" };
  const code = rustCode({ ...LIMITS, plan: mine, preset: null, own: { names: ["a.csv"], data }, stage: 0 });
  assert.ok(code.includes(String.raw`label: "a\"\\u0001\u{8}\u{c}\n\u{0001}é".into()`), code);
  assert.ok(code.includes("without: None"), code);
});

test("published data is fetched and read from its folder", () => {
  const own = plan("vectors");
  const code = rustCode({
    ...LIMITS,
    samples: null,
    files: true,
    plan: own,
    preset: own,
    stage: 0,
  });
  assert.match(code, /fetch::fetch\(source, folder, None, &fetch::bar\(\)\)\?;/);
  assert.match(code, /source\.load\(&fetch::read_dir\(source, folder\)\?, seed\)\?\);/);
});

/** The code of a stage whose module is trained by an estimator, with the link's own words in it. */
const trainedBy = (/** @type {import("../js/protocol.js").Estimator} */ estimator) => {
  const own = structuredClone(plan("vectors"));
  const [first] = own.stages;
  assert.ok(first);
  first.objective = { information: { target: "input", estimator } };
  return rustCode({ ...LIMITS, plan: own, preset: null, stage: 0 });
};

test("InfoNCE and DGI are written as the crate's own types", () => {
  const settings = { temperature: 1, symmetric: false, units: 64, hidden: 128, samples: 512 };
  const code = trainedBy({ kind: "info-nce", ...settings });
  assert.match(code, /InfoNce \{\s+temperature: 1\.0,\s+symmetric: false,\s+units: 64,\s+hidden: 128,/);
  assert.match(code, /use mole::estimators::InfoNce;/);
  assert.match(trainedBy({ kind: "dgi" }), /estimator: Dgi \{\}\.into\(\)[, ]/);
});

test("no text of a link ends the raw string that it stands in", () => {
  const code = trainedBy({ kind: "new", words: 'a"#b"##c' });
  assert.match(code, /from_str\(r###"\{"kind":"new","words":"a\\"#b\\"##c"\}"###\)\?/);
});

test("an estimator without words is taken from the plan as it stands", () => {
  const own = structuredClone(plan("vectors"));
  const [first] = own.stages;
  assert.ok(first);
  first.objective = { information: { target: "input", estimator: { kind: "new", power: 2 } } };
  const code = rustCode({ ...LIMITS, plan: own, preset: null, stage: 0 });
  assert.match(code, /estimator: serde_json::from_str\(r#"\{"kind":"new","power":2\}"#\)\?,/);
});
