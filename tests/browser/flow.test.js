// What a visitor does, in a real browser: each flow from the first click to the last word.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { choose, region } from "./own.js";
import {
  MINUTES,
  accessible,
  beforeWorkers,
  curve,
  device,
  fits,
  here,
  launch,
  press,
  result,
  says,
  stage,
  tab,
  taken,
  visit,
} from "./support.js";
import { weights } from "./survival.js";
import { view } from "./views.js";

const run = promisify(execFile);
/** Where the command finds the data; `cargo xtask test` says. */
const DATA = process.env["MOLE_DATA"] ?? "";
const QUICK = "epochs=1&samples=400";
const ADULT = "?plan=adult/matrix&epochs=1&samples=2000&seed=7";
const ADULT_DATA = "**/data/adult/adult.data";
const WINDOWS = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 740 } };
/** Real data, each for so long that something is learned; chance is a tenth, a seventh, a sixth, a half. */
const REAL = [
  ["mnist/mine", "epochs=1&samples=2000", 50],
  ["cora/gmi+mine", "epochs=20", 30],
  ["citeseer/gmi+mine", "epochs=20", 30],
  ["mutagenicity/matrix", "epochs=2&samples=1000", 50],
];

describe("without a GPU adapter", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  test("one click trains the built-in set to its end", async (t) => {
    const page = await visit(t, browser);
    await says(page, "Ready");
    assert.equal(new URL(page.url()).search, "");
    await press(page, "Run");
    await says(page, "Training stage 1", 10_000);
    await says(page, "Finished.", 9 * MINUTES);
    const accuracy = await result(page, "Test accuracy");
    assert.ok(accuracy > 50, `${accuracy} % on ten classes`);
    assert.equal(await page.getByRole("button", { name: "Run again" }).isEnabled(), true);
  });

  test("automatic choice falls back to the CPU and says why", async (t) => {
    const page = await visit(t, browser, `?${QUICK}&run=1`);
    await says(page, "Finished.");
    assert.match(await device(page), /CPU.*This browser offers no WebGPU adapter/s);
  });

  test("a GPU asked for in vain is answered by the CPU", async (t) => {
    const page = await visit(t, browser, `?device=gpu&${QUICK}&run=1`);
    await says(page, "Finished.");
    assert.match(await device(page), /CPU.*You asked for the GPU, but this browser offers no/s);
  });

  test("real Adult files train on the CPU", async (t) => {
    const page = await visit(t, browser, `${ADULT}&device=cpu&run=1`);
    await says(page, "Finished.", 5 * MINUTES);
    assert.match(await device(page), /^Device\s*CPU/);
    assert.ok((await result(page, "Test accuracy")) > 60);
    assert.ok((await curve(page, 2)).length > 0);
  });

  for (const [plan, limits, chance] of REAL) {
    test(`real files of ${plan} train on the CPU`, async (t) => {
      const page = await visit(t, browser, `?plan=${plan}&${limits}&seed=7&device=cpu&run=1`);
      await says(page, "Finished.", 5 * MINUTES);
      const accuracy = await result(page, "Test accuracy");
      assert.ok(accuracy > chance, `${accuracy} %`);
      const region = page.getByRole("region", { name: "Result" });
      await region.getByText(`${plan}, seed 7`).waitFor();
      assert.ok((await curve(page, 1)).length > 0);
    });
  }

  test("a whole run on the CPU ends where the command's does", async (t) => {
    const command = ["run", "--quiet", "--profile", "quick", "--features", "ndarray", "--bin", "mole", "--"];
    const plan = ["train", "adult/matrix", "--seed", "5", "--json", "--data", DATA];
    const { stdout } = await run("cargo", [...command, ...plan], { maxBuffer: 1 << 26 });
    const finished = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");

    const page = await visit(t, browser, "?plan=adult/matrix&seed=5&device=cpu&run=1");
    await says(page, "Finished.", 9 * MINUTES);
    const accuracy = await result(page, "Test accuracy");
    const difference = Math.abs(accuracy - finished.test_accuracy);
    assert.ok(difference <= 0.3, `${accuracy} % here, ${finished.test_accuracy} % natively`);
  });

  test("the same seed gives the same curve, stepped, run or paused", async (t) => {
    const page = await visit(t, browser, `?device=cpu&seed=3&${QUICK}`);
    await says(page, "Ready");
    const stepped = await threeSteps(page);
    assert.equal(stepped.length, 3);

    await press(page, "Reset");
    await says(page, "Paused before the first step");
    assert.deepEqual(await curve(page, 1), []);
    assert.deepEqual(await threeSteps(page), stepped);

    await press(page, "Continue");
    await says(page, "Finished.");
    const whole = await curve(page, 1);
    assert.deepEqual(whole.slice(0, 3), stepped);

    const bits = await weights(page);
    await press(page, "Reset");
    await says(page, "Paused before the first step");
    await press(page, "Continue");
    assert.deepEqual(await weights(page), bits);

    await press(page, "Run again");
    await says(page, "Finished.");
    assert.deepEqual(await curve(page, 1), whole);

    await page.getByRole("spinbutton", { name: "Seed" }).fill("4");
    await press(page, "Run");
    await says(page, "Finished.");
    assert.notDeepEqual(await curve(page, 1), whole);
    assert.match(page.url(), /seed=4/);
  });

  test("a run can be held and ended early", async (t) => {
    const page = await visit(t, browser, "?device=cpu&run=1");
    await says(page, "Training stage 1");
    await press(page, "Pause");
    await says(page, "Paused in stage 1");
    const before = await curve(page, 1);
    await page.waitForTimeout(500);
    assert.deepEqual(await curve(page, 1), before);
    await press(page, "Finish now");
    await says(page, "Ended early.");
  });

  test("a missing file is said in words and leaves the page usable", async (t) => {
    const page = await visit(t, browser, `${ADULT}&device=cpu`);
    await page.route(ADULT_DATA, (route) => route.fulfill({ status: 404, body: "no such file" }));
    await press(page, "Run");
    const alert = page.getByRole("alert");
    await alert.getByText("A data file could not be fetched.").waitFor();
    assert.match(await alert.innerText(), /adult\.data.*no such file/s);

    await press(page, "Use a built-in data set");
    await says(page, "Training stage 1");
    assert.equal((await alert.innerText()).trim(), "");
  });

  test("a wrong file is refused, and the right one taken after it", async (t) => {
    const page = await visit(t, browser, `${ADULT}&device=cpu`);
    await page.route(ADULT_DATA, (route) => route.fulfill({ body: "39, State-gov, 77516" }));
    await press(page, "Run");
    const alert = page.getByRole("alert");
    await alert
      .getByText(/adult\.data/)
      .first()
      .waitFor();
    assert.match(await alert.innerText(), /expected/i);

    await page.unroute(ADULT_DATA);
    await alert.getByRole("button").first().click();
    await says(page, "Finished.", 5 * MINUTES);
    await result(page, "Test accuracy");
  });

  test("a link to a plan that does not exist says so", async (t) => {
    const page = await visit(t, browser, "?plan=adult/magic&run=1");
    await page.getByText("This link names a plan that this version does not have.").waitFor();
    await press(page, "Choose another plan");
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "SELECT");
  });

  for (const [window, viewport] of Object.entries(WINDOWS)) {
    test(`every state is accessible and fits a ${window} window`, async (t) => {
      // Long enough to be looked at while it trains.
      const page = await visit(t, browser, "?device=cpu&epochs=500", { viewport });
      const right = async (state) => {
        await fits(page, state);
        await accessible(page, state);
      };
      await says(page, "Ready");
      await right("idle");
      await press(page, "Run");
      await stage(page, 1).getByText(/^step \d/).waitFor();
      await right("training");
      await press(page, "Pause");
      await says(page, "Paused in stage");
      await right("paused");
      await press(page, "Finish now");
      await says(page, "Ended early.");
      await page.getByText("Values as a table").first().click();
      await right("finished");

      await page.route(ADULT_DATA, (route) => route.fulfill({ status: 404 }));
      await page.getByRole("combobox", { name: "Data set" }).selectOption("adult");
      await press(page, "Run");
      await page.getByText("Something went wrong").waitFor();
      await right("failed");
    });
  }
});

describe("on software WebGPU", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: true })));
  after(() => browser.close());

  test("real Adult files train on the GPU, step for step as on the CPU", async (t) => {
    const plan = "?plan=adult/matrix&epochs=3&samples=2000&seed=7&run=1";
    const page = await visit(t, browser, `${plan}&device=gpu`);
    await says(page, "Finished.", 9 * MINUTES);
    assert.match(await device(page), /GPU.*Your choice: .* ms a step against .* ms on the CPU/s);
    assert.ok((await result(page, "Test accuracy")) > 60);
    assert.equal(await stage(page, 2).getByText("done", { exact: true }).count(), 1);
    const gpu = await curve(page, 1);

    const other = await visit(t, browser, `${plan}&device=cpu`);
    await says(other, "Finished.", 5 * MINUTES);
    const cpu = await curve(other, 1);
    assert.ok(gpu.length >= 20 && cpu.length === gpu.length, `${gpu.length} steps`);
    for (const [step, row] of gpu.slice(0, 20).entries()) {
      const [objective, expected] = [row, cpu[step]].map((row) => Number(row?.[1]));
      const difference = Math.abs(objective - expected) / Math.abs(expected);
      assert.ok(difference <= 1e-3, `step ${step + 1}: ${objective} against ${expected}`);
    }
  });

  test("a module is trained again, looked into and taken away on the GPU", async (t) => {
    const page = await visit(t, browser, `?plan=vectors/matrix&device=gpu&${QUICK}&seed=7&run=1`);
    const whole = await weights(page);
    await press(page, "Reset module 2");
    await says(page, "Paused before stage 2 of 3.");
    await press(page, "Train module 2");
    await says(page, "Paused before stage 3 of 3.");
    await press(page, "Continue");
    assert.deepEqual(await weights(page), whole);

    await tab(page, "Inspect");
    const cells = page.getByRole("region", { name: "Information plane" }).locator("td");
    await cells.nth(5).waitFor({ state: "attached", timeout: MINUTES });
    for (const bits of await cells.allTextContents()) assert.ok(Number(bits) > 0, bits);
    const embedding = await view(page, "embedding");
    await embedding.getByText("First two principal components.").waitFor({ timeout: MINUTES });
    const confusion = await view(page, "confusion");
    await confusion.getByRole("gridcell").nth(15).waitFor({ timeout: MINUTES });
    const samples = await view(page, "samples");
    // A page of them under their heading.
    await samples.getByRole("row").nth(20).waitFor({ timeout: MINUTES });
    await tab(page, "Take away");
    const { bytes } = await taken(page, "Weights (safetensors)");
    assert.ok(bytes.includes('"F32"'));
  });

  test("a row of the paper's table is measured on the GPU", async (t) => {
    const page = await visit(t, browser, "?device=gpu#compare");
    await says(page, "Ready");
    await press(page, "Run seed 0, cora/bp");
    await page.getByRole("button", { name: "Run seed 1, cora/bp" }).waitFor({ timeout: 5 * MINUTES });
    const row = page.getByRole("table", { name: "Table 1" }).getByRole("row", { name: /70\.60/ });
    const [training, test] = (await here(row)).map(Number);
    assert.ok(training > 90 && test > 60, `${training}, ${test}`);
    assert.match(await row.innerText(), /GPU/);
  });

  test("a table of one's own is trained on by the GPU", async (t) => {
    const page = await visit(t, browser, "?seed=3&device=gpu#data");
    await says(page, "Ready");
    await choose(page);
    await region(page, "The first rows").getByText("3 classes").waitFor();
    await press(page, "Train on these data");
    await page.getByLabel("Epochs per stage").fill("8");
    await press(page, "Run");
    await says(page, "Finished.", 5 * MINUTES);
    await tab(page, "Watch");
    assert.match(await device(page), /GPU/);
    assert.ok((await result(page, "Test accuracy")) > 50);
  });

  test("constructors run once, not before every call", async () => {
    const response = await fetch(new URL("pkg/gpu/mole_bg.wasm", process.env["BASE_URL"]));
    const module = Buffer.from(await response.arrayBuffer());
    assert.ok(module.includes("__wasm_call_ctors"), "its functions have names");
    // What the linker calls a function that it has run them first.
    assert.equal(module.includes(".command_export"), false);
  });

  test("a GPU that computes something else than the CPU is left out, and why is said", async (t) => {
    // This one clamps where it is to multiply and add, without any error.
    const clamp = () => {
      const make = GPUDevice.prototype.createShaderModule;
      GPUDevice.prototype.createShaderModule = function (how) {
        return make.call(this, { ...how, code: how.code.replaceAll("fma(", "clamp(") });
      };
    };
    const page = await visit(t, browser, "?plan=vectors/matrix&epochs=1&samples=600&seed=7&run=1", {
      prepare: (page) => beforeWorkers(page, clamp),
    });
    await says(page, "Finished.", 5 * MINUTES);
    const words = await device(page);
    assert.match(words, /CPU.*The GPU was left out: in the first steps it disagreed.* by [\d.]+ %/s);
  });

  test("automatic choice measures both and says what it measured", async (t) => {
    const page = await visit(t, browser, `${ADULT}&run=1`);
    await says(page, "Finished.", 9 * MINUTES);
    const words = await device(page);
    const [, taken] = /(CPU|GPU)/.exec(words);
    const [, own, others, other] = /([\d.,]+) ms a step against ([\d.,]+) ms on the (CPU|GPU)/.exec(words);
    const [faster, slower] = [own, others].map((text) => Number(text.replace(",", "")));
    assert.notEqual(taken, other, words);
    assert.ok(faster <= slower, words);
  });
});

/** Three presses of Step, each awaited; the curve after them. */
async function threeSteps(page) {
  for (const done of [1, 2, 3]) {
    await press(page, "Step");
    await stage(page, 1).getByText(`step ${done} of`).waitFor();
  }
  return curve(page, 1);
}
