// What is taken away, the words, and the page in someone else's frame.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { accessible, fits, guard, launch, press, says, stage, tab, taken, visit } from "./support.js";
import { choose, region } from "./own.js";
import { serveFolder } from "./static.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);
const LIMITS = "epochs=1&samples=600&seed=7&device=cpu";
const QUICK = `?plan=adult/matrix&${LIMITS}`;
/** There at once: the stages are known before anything is fetched, and the command needs no files. */
const BUILT_IN = `?plan=vectors/matrix&${LIMITS}`;

describe("taking away, words, embedding", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  test("a run is taken away as weights, table, record, drawing and plan", async (t) => {
    const page = await visit(t, browser, `${QUICK}#take`);
    await says(page, "Ready");
    const folder = mkdtempSync(join(tmpdir(), "mole-take-"));
    t.after(() => rmSync(folder, { recursive: true }));

    await press(page, "Step");
    await says(page, "Paused in stage 1");
    const before = tensorsOf((await taken(page, "Weights (safetensors)")).bytes);
    await press(page, "Continue");
    await says(page, "Finished.");
    const weights = await taken(page, "Weights (safetensors)");
    assert.equal(weights.name, "adult-matrix-seed7.safetensors");
    const tensors = tensorsOf(weights.bytes);
    const shapes = tensors.map(({ shape }) => shape.join("x"));
    for (const shape of ["104x64", "64x16", "16x2"]) assert.ok(shapes.includes(shape), `${shapes}`);
    for (const [at, { name, values }] of tensors.entries()) {
      assert.ok(values.every(Number.isFinite), name);
      assert.ok(new Set(values).size > 1, `${name}: all the same`);
      assert.equal(before[at].name, name);
      assert.notDeepEqual(values, before[at].values, `${name}: as it was after one step`);
    }

    const csv = (await taken(page, "Metrics (CSV)")).bytes.toString().trimEnd().split("\r\n");
    const record = await taken(page, "Run (JSON)");
    const saved = JSON.parse(record.bytes.toString());
    assert.equal(saved.seed, 7);
    assert.deepEqual(saved.limits, { epochs: 1, samples: 600 });
    assert.equal(saved.stages.length, 3);
    // The page's fingerprints are of these very weights, module by module.
    assert.deepEqual(hashes(tensors), saved.stages.map(({ fingerprint }) => fingerprint));
    assert.ok(saved.result.complete);

    const reader = page.getByRole("link", { name: "Reader (read_run.py)" });
    const [script] = await Promise.all([page.waitForEvent("download"), reader.click()]);
    writeFileSync(join(folder, "run.json"), record.bytes);
    await script.saveAs(join(folder, script.suggestedFilename()));
    const read = execFileSync("python3", ["read_run.py", "run.json"], { cwd: folder });
    assert.equal(read.toString().trimEnd().split("\n").length, csv.length - 1);

    const svg = (await taken(page, "Curves (SVG)")).bytes.toString();
    assert.equal(svg.match(/<polyline/g)?.length, 3, "an objective a stage");
    assert.equal(svg.match(/<circle/g)?.length, 2, "and the accuracies of its only epoch, in training and test");
    const png = (await taken(page, "Curves (PNG)")).bytes;
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    const its = await taken(page, "Plan (JSON)");
    assert.equal(its.name, "adult-matrix.json");
    assert.equal(JSON.parse(its.bytes.toString()).stages.length, 3);
    assert.match(
      (await taken(page, "BibTeX file")).bytes.toString(),
      /^@inproceedings\{li2023mole/,
    );
  });

  test("every figure that has been painted is taken away as it looks", async (t) => {
    const page = await visit(t, browser, `${QUICK}&run=1`);
    await says(page, "Finished.");
    await stage(page, 1).locator("canvas").first().scrollIntoViewIfNeeded();
    // A plot is painted in a frame after it has come into sight.
    await page.waitForTimeout(500);
    await tab(page, "Inspect");
    for (const name of ["Information plane", "Weights"]) {
      await region(page, name).getByRole("figure").first().scrollIntoViewIfNeeded();
    }
    await region(page, "Information plane").getByRole("row").nth(3).waitFor();
    await region(page, "Weights").getByText(/^From/).waitFor();
    await page.waitForTimeout(500);
    await tab(page, "Take away");
    const figure = page.getByLabel("Another figure");
    await figure.locator("option").nth(2).waitFor({ state: "attached" });
    const labels = await figure.locator("option").allInnerTexts();
    for (const wanted of [/^I\(T;X\), stage 1/, /^Information plane/, /^Weights/]) {
      assert.ok(labels.some((label) => wanted.test(label)), `${wanted}: ${labels.join("\n")}`);
    }
    const curves = labels.filter((label) => / stage \d/.test(label));
    assert.ok(curves.length < 6, "what was never in sight is not offered");
    const vector = page.getByRole("button", { name: "Save as SVG" });
    const names = new Set();
    for (const [index, label] of labels.entries()) {
      await figure.selectOption({ index });
      const { name, bytes: png } = await taken(page, "Save as PNG");
      names.add(name);
      assert.equal(png.subarray(1, 4).toString(), "PNG");
      assert.ok(png.readUInt32BE(16) > 100 && png.readUInt32BE(20) > 50, label);
      assert.ok((await colours(page, png)) > 2, `${label} is blank`);
      // What is made of pixels has no SVG.
      assert.equal(await vector.isEnabled(), !label.startsWith("Weights"), label);
      if (label.startsWith("Weights")) continue;
      const svg = (await taken(page, "Save as SVG")).bytes.toString();
      assert.match(svg, /^<svg [^>]*width="[1-9]\d+" height="[1-9]\d+"/, label);
      assert.match(svg, /<path /, label);
    }
    assert.equal(names.size, labels.length, `each has a name of its own: ${[...names]}`);
  });

  test("the command line on the page repeats the run, a changed one too", async (t) => {
    const page = await visit(t, browser, `${BUILT_IN}&run=1`);
    await says(page, "Finished.");
    const folder = mkdtempSync(join(tmpdir(), "mole-command-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const same = async () => {
      await tab(page, "Take away");
      const line = await page.getByRole("group", { name: "Command line" }).innerText();
      const [program, ...words] = line.split(" ");
      assert.equal(program, "mole");
      const plan = await taken(page, "Plan (JSON)");
      writeFileSync(join(folder, plan.name), plan.bytes);
      // The path of the binary is cargo's to know; it runs where the plan was saved.
      const built = process.env["MOLE_COMMAND"] ?? (await command());
      const { stdout } = await run(built, [...words, "--json"], {
        cwd: folder,
        maxBuffer: 1 << 26,
      });
      const events = stdout
        .trim()
        .split("\n")
        .map((text) => JSON.parse(text));
      const prints = events.flatMap(({ fingerprint }) => (fingerprint ? [fingerprint] : []));
      const here = JSON.parse((await taken(page, "Run (JSON)")).bytes.toString());
      assert.equal(prints.length, here.stages.length);
      const difference = Math.abs(events.at(-1).test_accuracy - here.result.test);
      assert.ok(difference <= 1, `${difference} points`);
      return line;
    };
    const line = await same();
    assert.equal(line, "mole train vectors/matrix --seed 7 --epochs 1 --samples 600");

    await page.getByRole("button", { name: /^Edit/ }).first().click();
    await page.getByRole("spinbutton", { name: "Width", exact: true }).fill("24");
    await press(page, "Run");
    await says(page, "Finished.");
    const changed = await same();
    assert.equal(changed, "mole train vectors-matrix.json --seed 7 --epochs 1 --samples 600");
  });

  test("a link is copied, and repeats the run in another window", async (t) => {
    const page = await visit(t, browser, `${QUICK}&run=1#take`, {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await says(page, "Finished.");
    await page.getByRole("button", { name: "Copy: Link" }).click();
    await page.getByText("Copied").waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const other = await visit(t, browser, link);
    await says(other, "Finished.");
    const [here, there] = await Promise.all([page, other].map((one) => fingerprints(one)));
    assert.deepEqual(there, here);
  });

  test("BibTeX is copied by a button that says so, for a while", async (t) => {
    const permissions = ["clipboard-read", "clipboard-write"];
    const page = await visit(t, browser, `${QUICK}#take`, { permissions });
    await says(page, "Ready");
    await press(page, "Copy: BibTeX");
    await page.getByText("Copied").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^@inproceedings\{li2023mole,\n.*arXiv.*@software\{/s);
    await page.getByText("Copied").waitFor({ state: "hidden" });
    await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await press(page, "Copy: BibTeX");
    await page.getByText(/^This could not be made/).waitFor();
  });

  test("five steps explain what is on the page, and stand in nobody's way", async (t) => {
    const page = await visit(t, browser, BUILT_IN);
    await says(page, "Ready");
    const intro = region(page, "MOLE in five steps");
    assert.match(await intro.innerText(), /Step 1 of 5.*The network here has 3/s);
    assert.equal(await page.getByRole("dialog").count(), 0);
    await accessible(page, "step 1");
    await press(page, "Run");
    await says(page, "Finished.");
    for (const step of [2, 3, 4, 5]) {
      await press(page, "Next");
      await intro.getByText(`Step ${step} of 5`).waitFor();
      assert.equal(await page.locator(".pointed-at").count(), 1, `step ${step}`);
      await accessible(page, `step ${step}, with what it points at`);
      if (step === 3) assert.match(await intro.innerText(), /linear 64.*stands at \d\.\d\d bits/s);
    }
    await press(page, "Done");
    assert.equal(await intro.isVisible(), false);
    assert.equal(await page.locator(".pointed-at").count(), 0);
    await page.reload();
    await says(page, "Finished.");
    assert.equal(await intro.isVisible(), false, "seen is seen");
    await page.getByRole("button", { name: "MOLE in five steps" }).focus();
    await page.keyboard.press("Enter");
    await intro.getByText("Step 1 of 5").waitFor();
    await press(page, "Skip");
    assert.equal(await intro.isVisible(), false);
  });

  test("tips open by key and by touch, and close", async (t) => {
    const options = { hasTouch: true };
    const page = await visit(t, browser, QUICK, options);
    await says(page, "Ready");
    const mark = page.getByRole("button", { name: "About: Seed" });
    const words = page.getByRole("tooltip").filter({ hasText: "Initial weights, batches" });
    await mark.focus();
    await words.waitFor();
    await accessible(page, "with a tip");
    await page.keyboard.press("Escape");
    await words.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "About: Device" }).tap();
    await page.getByRole("tooltip").filter({ hasText: "Auto times a few steps" }).waitFor();
    await page.getByRole("button", { name: /^Edit/ }).first().click();
    await page.getByRole("button", { name: "About: Learning rate" }).focus();
    await page.getByRole("tooltip").filter({ hasText: "Adam" }).waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    for (const name of ["Estimator", "Speed", "Seed"]) {
      await page.getByRole("button", { name: `About: ${name}` }).focus();
      await page.getByRole("tooltip").waitFor();
      await fits(page, `the tip of ${name}`);
    }
  });

  test("every field has its tip", async (t) => {
    const page = await visit(t, browser, `${QUICK}&run=1#data`);
    await says(page, "Finished.");
    await choose(page);
    await region(page, "The first rows").getByText("flowers.csv").waitFor();
    await press(page, "Edit module 1");
    for (const name of ["Data", "Inspect", "Compare"]) {
      await tab(page, name);
      await page.getByRole("tabpanel", { name }).locator(".field").first().waitFor();
    }
    const bare = await page.locator(".field").evaluateAll((fields) =>
      fields
        .filter((field) => field.querySelector(".tip") === null)
        .map((field) => field.querySelector("label, legend")?.textContent),
    );
    // Their options say all of it.
    assert.deepEqual(bare, ["Appearance"]);
  });

  test("each stage has its formula, set as mathematics, and its code", async (t) => {
    const page = await visit(t, browser, `${BUILT_IN}#about`);
    await says(page, "Ready");
    const objective = page.locator(".objective");
    await objective.locator("math").first().waitFor();
    assert.match(await objective.innerText(), /α = 1\.01/);
    await page.getByText("This stage, in Rust").click();
    const code = page.getByRole("group", { name: "This stage, in Rust" });
    assert.match(await code.innerText(), /target: Target::Input,.*order: 1\.01,/s);
    await page.getByLabel("Stage", { exact: true }).selectOption("2");
    await code.getByText("Objective::CrossEntropy").waitFor();
    assert.match(await code.innerText(), /let seed = Seed\(7\);.*with_at_most\(600, seed\)/s);
    assert.ok((await page.getByRole("term").count()) >= 12, "glossary");
  });

  for (const view of ["network", "curves", "plane"]) {
    test(`${view} can be embedded in someone else's page`, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), "mole-embed-"));
      const whose = await visit(t, browser, `${QUICK}#take`);
      await says(whose, "Ready");
      await whose.getByLabel("What it shows").selectOption(view);
      const frame = await whose.getByRole("group", { name: "HTML" }).innerText();
      writeFileSync(join(folder, "index.html"), `<!doctype html><title>Theirs</title>${frame}`);
      const site = await serveFolder(folder);
      const context = await browser.newContext({ reducedMotion: "reduce" });
      const guarded = guard(context, site.address, process.env["BASE_URL"]);
      t.after(async () => {
        await context.close();
        guarded();
        await site.close();
        rmSync(folder, { recursive: true });
      });
      const page = await context.newPage();
      await page.goto(site.address);
      const inside = page.frameLocator("iframe");
      await inside.getByRole("status").filter({ hasText: "Ready" }).waitFor();
      await inside.getByRole("button", { name: "Run", exact: true }).click();
      await inside.getByRole("status").filter({ hasText: "Finished." }).waitFor();
      const shown = {
        network: inside.getByRole("heading", { name: "Network" }),
        curves: inside.getByRole("listitem", { name: /^Stage 1\b/ }),
        plane: inside.getByRole("heading", { name: "Information plane" }),
      };
      for (const [name, part] of Object.entries(shown)) {
        assert.equal(await part.isVisible(), name === view, name);
      }
      assert.equal(await inside.getByRole("tablist").isVisible(), false);
      await accessible(page, `embedded ${view}`, page.frames().at(-1));
      const whole = inside.getByRole("link", { name: "Open the whole page" });
      const [opened] = await Promise.all([context.waitForEvent("page"), whole.click()]);
      await opened.getByRole("heading", { level: 1 }).waitFor();
      assert.doesNotMatch(opened.url(), /embed/);
      assert.match(opened.url(), /plan=adult\/matrix&seed=7/);
    });
  }

  test("own data, taking away and the words are accessible", async (t) => {
    const page = await visit(t, browser, `${QUICK}&run=1`);
    await says(page, "Finished.");
    await tab(page, "Data");
    await choose(page);
    await region(page, "The first rows").waitFor();
    await accessible(page, "own data");
    await tab(page, "Take away");
    await accessible(page, "taking away");
    await tab(page, "About the method");
    await page.getByText("This stage, in Rust").click();
    await accessible(page, "the words");
  });

  test("none of it is wider than a narrow window", async (t) => {
    const page = await visit(t, browser, BUILT_IN, { viewport: { width: 360, height: 740 } });
    await says(page, "Ready");
    await tab(page, "Data");
    await choose(page);
    await region(page, "The first rows").waitFor();
    await fits(page, "own data");
    await tab(page, "Take away");
    await fits(page, "taking away");
    await tab(page, "About the method");
    await page.getByText("This stage, in Rust").click();
    await fits(page, "the words");
    for (const view of ["network", "curves", "plane"]) {
      await page.goto(`${process.env["BASE_URL"]}${BUILT_IN}&run=1&embed=1&view=${view}`);
      await says(page, "Finished.");
      await fits(page, `embedded ${view}`);
    }
  });
});

/** How many colours a picture has, of those that are told apart at a glance. */
const colours = (page, png) =>
  page.evaluate(async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const seen = new Set();
    for (let at = 0; at < data.length; at += 4) seen.add((data[at] >> 5) * 64 + (data[at + 1] >> 5) * 8 + (data[at + 2] >> 5));
    return seen.size;
  }, [...png]);

/** What a safetensors file holds, module by module, the weights of a layer before its biases. */
function tensorsOf(bytes) {
  const start = 8 + Number(bytes.readBigUInt64LE());
  const { __metadata__: _, ...head } = JSON.parse(bytes.subarray(8, start).toString());
  const tensors = Object.entries(head).map(([name, { dtype, shape, data_offsets: [from, to] }]) => {
    assert.equal(dtype, "F32", name);
    const raw = bytes.subarray(start + from, start + to);
    const size = shape.reduce((product, side) => product * side, 1);
    assert.equal(raw.length, 4 * size, name);
    return { name, shape, raw, values: Array.from({ length: size }, (_, at) => raw.readFloatLE(4 * at)) };
  });
  const order = ({ name }) => name.replace("weight", "a").replace("bias", "b");
  return tensors.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Each module's fingerprint, from its weights. */
function hashes(tensors) {
  const module = ({ name }) => name.split(".")[1];
  return [...new Set(tensors.map(module))].map((number) => {
    const hash = createHash("sha256");
    for (const tensor of tensors) if (module(tensor) === number) hash.update(tensor.raw);
    return hash.digest("hex");
  });
}

/** Of each stage, as the record has them. */
async function fingerprints(page) {
  await tab(page, "Take away");
  const { stages } = JSON.parse((await taken(page, "Run (JSON)")).bytes.toString());
  return stages.map(({ fingerprint }) => fingerprint);
}

/** Where cargo has put the command, which it builds if need be. */
async function command() {
  const build = "build --profile quick --features ndarray --bin mole --message-format json";
  const { stdout } = await run("cargo", build.split(" "), { cwd: root, maxBuffer: 1 << 26 });
  const built = stdout.split("\n").filter((line) => line.includes('"executable":"'));
  return JSON.parse(built.at(-1) ?? "").executable;
}
