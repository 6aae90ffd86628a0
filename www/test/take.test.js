import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { DEFAULTS } from "../js/link.js";
import { PAPER, SOFTWARE, bibtex } from "../js/take/citation.js";
import { commandLine, installLine } from "../js/take/command.js";
import { curvesSvg, thinned, ticks } from "../js/take/curves.js";
import { metricsCsv, record } from "../js/take/record.js";

const root = new URL("../../", import.meta.url);

/** @returns {import("../js/stages.js").Stage} */
const stage = (/** @type {object} */ changes = {}) => ({
  summary: {
    modules: [0],
    name: 'conv 8, 5 x 5 · "ReLU"',
    role: "encoder",
    objective: "I(T;X)",
    estimator: "MINE",
    unit: "bits",
    maximise: true,
    epochs: 2,
    steps: 4,
    parameters: 10,
  },
  state: "done",
  // Longer than `count` says: columns are shared between states.
  steps: [1, 2, 3, 4, 5],
  objective: [0.5, 0.25, 0.75, 1, 9],
  count: 4,
  epoch: 2,
  began: 0,
  seconds: 3,
  mean: 0.875,
  fingerprint: "abc",
  accuracy: [],
  cached: null,
  ...changes,
});
const output = stage({
  accuracy: [
    { epoch: 1, train: 50, valid: null, test: 40 },
    { epoch: 2, train: 60, valid: 55.5, test: 45 },
  ],
});

test("a preset goes by its name, a changed plan by its file", () => {
  const settings = { ...DEFAULTS, plan: "mnist/dim+mine", seed: 3 };
  assert.equal(commandLine(settings, false, "cpu"), "mole train mnist/dim+mine --seed 3");
  assert.equal(commandLine(settings, true, "cpu"), "mole train mnist-dim+mine.json --seed 3");
});

test("files of one's own are named, in quotes where a shell needs them", () => {
  const settings = { ...DEFAULTS, plan: "own/matrix", seed: 1 };
  const data = /** @type {const} */ ({ format: "csv", label: "it's tall", header: true, test: 0.3 });
  assert.equal(
    commandLine(settings, false, "cpu", { names: ["my people.csv"], data }),
    "mole train own/matrix --seed 1 --own 'my people.csv' --label 'it'\\''s tall' --header true --test 0.3",
  );
  const passengers = { ...data, label: "-1", without: ["Name", "-", "port of call"] };
  assert.match(
    commandLine(settings, false, "cpu", { names: ["a.csv"], data: passengers }),
    / --own a.csv --label=-1 --without=- --without Name 'port of call' --header true --test 0.3$/,
  );
  const graphs = { names: ["A_A.txt", "A_graph_labels.txt"], data: { format: /** @type {"tu"} */ ("tu"), test: 0.2 } };
  const line = commandLine(settings, false, "cpu", graphs);
  assert.match(line, /--own A_A.txt A_graph_labels.txt --test 0.2$/);
});

test("limits and a device other than the command's own are named", () => {
  const settings = { ...DEFAULTS, plan: "adult/bp", seed: 0, epochs: 2, samples: 500 };
  const line = commandLine(settings, false, "gpu");
  assert.equal(line, "mole train adult/bp --seed 0 --epochs 2 --samples 500 --device gpu");
  assert.equal(installLine("gpu"), "cargo install --path . --features webgpu");
  assert.equal(installLine("cpu"), "cargo install --path .");
});

test("the options of the command line are those of the command", () => {
  const train = readFileSync(new URL("src/command/train.rs", root), "utf8");
  const changes = readFileSync(new URL("src/command/session.rs", root), "utf8");
  for (const field of ["seed: u64", "device: DeviceKind"]) assert.ok(train.includes(field), field);
  for (const field of ["epochs: Option", "samples: Option"]) {
    assert.ok(changes.includes(field), field);
  }
  assert.ok(changes.includes('ends_with(".json")'));
});

test("BibTeX has the facts of CITATION.cff", () => {
  const lines = readFileSync(new URL("CITATION.cff", root), "utf8").split("\n");
  const fact = (/** @type {string} */ key, from = 0) => {
    const line = lines.slice(from).find((line) => line.trim().replace("- ", "").startsWith(key));
    return line
      ?.slice(line.indexOf(":") + 1)
      .trim()
      .replace(/^"|"$/g, "");
  };
  const preferred = lines.indexOf("preferred-citation:");
  assert.ok(preferred > 0);
  assert.equal(fact("title:"), SOFTWARE.title);
  assert.equal(fact("version:"), SOFTWARE.version);
  // A list of licences is a choice between them.
  const at = lines.indexOf("license:");
  const licences = lines.slice(at + 1, at + 3).map((line) => line.replace("  - ", ""));
  assert.equal(licences.join(" OR "), SOFTWARE.license);
  assert.equal(fact("name:"), SOFTWARE.author);
  assert.equal(fact("title:", preferred), PAPER.title);
  assert.equal(fact("collection-title:", preferred), PAPER.venue);
  assert.equal(fact("year:", preferred), String(PAPER.year));
  assert.equal(fact("url:", preferred), PAPER.url);
  assert.equal(fact("value:", preferred), `arXiv:${PAPER.arxiv}`);
  const people = lines.flatMap((line, at) =>
    line.includes("family-names:") ? [[fact("family-names:", at), fact("given-names:", at)]] : [],
  );
  assert.deepEqual(people, PAPER.authors);
  assert.match(
    bibtex(),
    /^@inproceedings\{li2023mole,\n {2}author = \{Li, Tianchao and Pei, Yulong\},/,
  );
  assert.match(bibtex(), /title = \{\{MOLE: MOdular .*\}\},/);
});

test("the version that is cited is the one of the crate", () => {
  const manifest = readFileSync(new URL("Cargo.toml", root), "utf8");
  assert.ok(manifest.includes(`version = "${SOFTWARE.version}"`));
});

test("the table has a row for each value, and quotes what must be", () => {
  const rows = metricsCsv([stage({ count: 2 }), output]).split("\r\n");
  assert.equal(rows[0], "stage,module,quantity,unit,step,epoch,value");
  assert.equal(rows[1], '1,"conv 8, 5 x 5 · ""ReLU""",I(T;X),bits,1,1,0.5');
  assert.equal(rows[2], '1,"conv 8, 5 x 5 · ""ReLU""",I(T;X),bits,2,1,0.25');
  assert.equal(rows.length, 1 + 2 + 4 + 5 + 1);
  assert.match(rows[11] ?? "", /,test accuracy,percent,,2,45$/);
  assert.equal(rows.at(-1), "");
});

/** @type {import("../js/take/record.js").RunShown} */
const RUN = {
  settings: { ...DEFAULTS, plan: "glyphs/matrix", seed: 7, epochs: 2 },
  plan: null,
  link: "https://example.org/?plan=glyphs/matrix",
  device: { kind: "cpu", name: "burn-flex, SIMD" },
  stages: [stage(), output],
  samples: { train: 100, valid: 10, test: 20 },
  result: null,
};

test("the record holds what was measured and nothing after it", () => {
  const { stages, ...run } = record(RUN);
  assert.equal(run.format, "mole-run");
  assert.equal(run.plan, "glyphs/matrix");
  assert.deepEqual(run.limits, { epochs: 2, samples: null });
  assert.deepEqual(stages[0]?.step, [1, 2, 3, 4]);
  assert.deepEqual(stages[0]?.epoch, [1, 1, 2, 2]);
  assert.deepEqual(stages[0]?.value, [0.5, 0.25, 0.75, 1]);
  assert.equal(stages[1]?.fingerprint, "abc");
});

test("the Python reader reads the record, in twenty lines", () => {
  const reader = fileURLToPath(new URL("www/read_run.py", root));
  assert.ok(readFileSync(reader, "utf8").trimEnd().split("\n").length <= 20);
  const folder = mkdtempSync(join(tmpdir(), "mole-"));
  try {
    const file = join(folder, "run.json");
    const python = (/** @type {string} */ text) => {
      writeFileSync(file, text);
      return execFileSync("python3", [reader, file], { encoding: "utf8", stdio: "pipe" });
    };
    const rows = python(JSON.stringify(record(RUN)))
      .trimEnd()
      .split("\n");
    assert.equal(rows.length, 4 + 4 + 5);
    assert.equal(rows[2], "(1, 'I(T;X)', 'bits', 3, 2, 0.75)");
    assert.equal(rows.at(-2), "(2, 'valid accuracy', 'percent', None, 2, 55.5)");
    assert.throws(() => python('{"format":"other"}'), /expected a mole-run of version 1/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the drawing has a line for each curve, and its words are escaped", () => {
  const svg = curvesSvg("a <b> & c", [stage({ count: 0 }), output]);
  assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+"/);
  assert.match(svg, /<title>a &lt;b&gt; &amp; c<\/title>/);
  // Stage 1 has no values; a validation curve with a gap is left out.
  assert.equal(svg.match(/<polyline/g)?.length, 3);
  assert.match(svg, /Stage 2, conv 8/);
  assert.doesNotMatch(svg, /Stage 1,|NaN|Infinity|undefined/);
});

test("a curve that does not move can be drawn", () => {
  const svg = curvesSvg("flat", [stage({ count: 1, objective: [2], steps: [1] })]);
  assert.doesNotMatch(svg, /NaN|Infinity/);
});

test("ticks are round and enclose the range", () => {
  assert.deepEqual(ticks(0.3, 3.7, 4), [0, 1, 2, 3, 4]);
  assert.deepEqual(ticks(5, 5, 2), [4.5, 5, 5.5]);
});

test("thinning keeps the extremes", () => {
  const values = Array.from({ length: 10_000 }, (_, at) => (at === 4321 ? 100 : at % 7));
  const kept = thinned(values, 600);
  assert.ok(kept.length <= 600 && kept.includes(4321));
  assert.deepEqual(
    kept,
    [...kept].sort((a, b) => a - b),
  );
  assert.deepEqual(thinned([3, 1, 2], 600), [0, 1, 2]);
});
