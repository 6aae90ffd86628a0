// The npm package as npm would ship it: its description, its types, and ten lines on someone else's
// page that train a module with it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { MINUTES, guard, launch } from "./support.js";
import { serveFolder } from "./static.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (...path) => readFileSync(join(root, ...path), "utf8");

/** What the types must refuse, each where it stands; the rest must pass. */
const MISUSE = `
import { Session, catalogue, type Plan, type RunEvent } from "mole";
const session = await Session.open("cpu");
// @ts-expect-error there is no such device
await Session.open("abacus");
// @ts-expect-error a request has a seed
session.start({ plan: "vectors/matrix" }, {});
// @ts-expect-error files are bytes
session.start({ plan: "vectors/matrix", seed: 1 }, { "a.csv": "text" });
const plan: Plan = structuredClone(catalogue().plans[0]!.plan);
plan.modules[0]!.layers.push({ kind: "linear", width: 16 });
// @ts-expect-error a convolution has channels
plan.modules[0]!.layers.push({ kind: "conv", width: 16 });
session.start({ plan, seed: 1 }, {});
session.retrain(0);
const events: RunEvent[] = await session.advance(10);
for (const event of events) {
  if (event.type === "accuracy") console.log(event.train_accuracy.toFixed(1));
  // @ts-expect-error only a step has one
  console.log(event.step);
}
const { samples, values } = await session.outputs(-1, "test", 100);
const both: [Uint32Array, Float32Array] = [samples, values];
// @ts-expect-error there is no such split
await session.predictions("both", 100);
export { both };
`;

/** In a page that has the package: what calls of no right form throw, and whether the run is there still. */
async function misuse() {
  const { Session, catalogue } = await import("mole");
  const session = await Session.open("cpu");
  session.start({ plan: "vectors/bp", seed: 1, epochs: 10_000 }, {});
  const plan = catalogue().plans.find(({ name }) => name === "vectors/mine").plan;
  const around = { plan };
  around.self = around;
  let deep = [];
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  const requests = {
    nothing: undefined,
    null: null,
    "a function": () => {},
    "a number": 7,
    "no seed": { plan },
    "a seed below zero": { plan, seed: -1 },
    "a seed in full": { plan, seed: 1n },
    "no number": { plan, seed: NaN },
    "more fields": { plan, seed: 1, colour: "red" },
    "a plan that leads back to itself": { plan: around, seed: 1 },
    "a plan that nests without end": { plan: { ...plan, modules: deep }, seed: 1 },
    "a plan without end": { plan: { ...plan, description: "x".repeat(2 ** 21) }, seed: 1 },
    "a plan of other parts": { plan: { ...plan, stages: [{}] }, seed: 1 },
    "a rate without end": {
      plan: { ...plan, stages: plan.stages.map((stage) => ({ ...stage, rate: Infinity })) },
      seed: 1,
    },
    "no epochs": { plan, seed: 1, epochs: 0 },
  };
  const refusals = {};
  for (const [name, request] of Object.entries(requests)) {
    try {
      session.start(request, {});
      refusals[name] = { code: "none", expected: "", found: "", after: "" };
    } catch (problem) {
      const { code, expected = "", found = "" } = problem;
      let after;
      while (after === undefined) {
        const events = await session.advance(10);
        after = events.find(({ type }) => type === "step" || type === "finished")?.type;
      }
      refusals[name] = { code, expected, found, after };
    }
  }
  return refusals;
}

describe("the npm package", () => {
  let folder;
  let shipped;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "mole-npm-"));
    const pack = ["pack", "--json", "--pack-destination", folder];
    const options = { cwd: join(root, "www/pkg/cpu"), encoding: "utf8" };
    const answer = JSON.parse(execFileSync("npm", pack, options));
    // npm 11 and before answers with a list, later ones by name.
    [shipped] = Object.values(answer);
    cpSync(join(root, "docs/npm"), folder, { recursive: true });
    const inside = join(folder, "node_modules/mole");
    mkdirSync(inside, { recursive: true });
    const archive = join(folder, shipped.filename);
    execFileSync("tar", ["-xzf", archive, "-C", inside, "--strip-components=1"]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("it is described as npm needs it, and holds what it names", () => {
    const about = JSON.parse(readFileSync(join(folder, "node_modules/mole/package.json"), "utf8"));
    const crate = read("Cargo.toml");
    assert.ok(crate.includes(`version = "${about.version}"`), about.version);
    assert.ok(crate.includes(`license = "${about.license}"`), about.license);
    assert.equal(about.name, "mole");
    assert.equal(about.type, "module");
    assert.equal(about.main, "mole.js");
    assert.equal(about.types, "mole.d.ts");
    assert.deepEqual(about.sideEffects, ["./snippets/*"]);
    const names = shipped.files.map(({ path }) => path);
    const texts = ["README.md", "LICENSE-APACHE", "LICENSE-MIT", "package.json"];
    for (const name of [...about.files, about.main, about.types, "mole_bg.wasm", ...texts]) {
      assert.ok(names.includes(name), name);
    }
  });

  test("the example is ten lines, and the package's types fit it", () => {
    assert.ok(read("docs/npm/main.js").trimEnd().split("\n").length <= 10);
    writeFileSync(join(folder, "misuse.ts"), MISUSE);
    const options = "--noEmit --strict --allowJs --checkJs --target esnext --module esnext";
    const where = ["--moduleResolution", "bundler", "--lib", "esnext,dom", "--types", ""];
    const tsc = join(root, "www/node_modules/.bin/tsc");
    execFileSync(tsc, [...options.split(" "), ...where, "main.js", "misuse.ts"], {
      cwd: folder,
      stdio: ["ignore", "inherit", "inherit"],
    });
  });

  test("on someone else's page it trains a module", async () => {
    const site = await serveFolder(folder);
    const browser = await launch({ gpu: false });
    try {
      const page = await browser.newPage();
      const guarded = guard(page.context(), site.address);
      await page.goto(site.address);
      await page.getByText(/weights: [0-9a-f]{64}/).waitFor({ timeout: MINUTES });
      const bits = parseFloat((await page.locator("body").innerText()).split(": ")[1] ?? "");
      // 128 samples hold no more than 7 bits, and a trained module holds some of them.
      assert.ok(bits > 1 && bits <= 7, `${bits} bits`);
      for (const [name, { code, expected, found, after }] of Object.entries(await page.evaluate(misuse))) {
        assert.ok(["request/invalid", "plan/invalid"].includes(code), `${name}: ${code}`);
        assert.ok(expected.length > 0 && expected.length < 600, `${name}: ${expected}`);
        assert.ok(found.length > 0 && found.length < 600, `${name}: ${found}`);
        assert.equal(after, "step", `${name}: the run before it goes on`);
      }
      guarded();
    } finally {
      await browser.close();
      await site.close();
    }
  });
});
