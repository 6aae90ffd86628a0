// What a visitor sees inside the network: each view by its accessible names, with a live run behind
// it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import { MINUTES, accessible, drawn, fits, launch, press, says, tab, visit } from "./support.js";
import {
  GLYPHS,
  LONG,
  WORDS,
  entries,
  matrix,
  paintedMaps,
  paintedPictures,
  places,
  stroke,
  sum,
  until,
  view,
} from "./views.js";

describe("inside the network", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  test("modules walk in the information plane while they train, within its bounds", async (t) => {
    const page = await visit(t, browser, GLYPHS.replace("epochs=2", "epochs=40"));
    await says(page, "Training stage 1");
    const first = await until(
      () => places(page),
      (rows) => rows.length === 4,
      "four modules",
    );
    await until(
      () => places(page),
      (rows) => rows[0][1] !== first[0][1],
      "the first module walks",
    );
    await press(page, "Pause");
    await page.getByLabel("Estimated from").selectOption("100 samples");
    const plane = await view(page, "plane");
    await plane.getByText(/from 100 training samples; .*Rényi/).waitFor();
    const entropy = Number(/H\(Y\) = ([\d.]+)/.exec(await plane.innerText())?.[1]);
    assert.ok(entropy > 3 && entropy <= Math.log2(10), `${entropy} bits of ten classes`);
    for (const [name, input, label] of await places(page)) {
      assert.ok(input > 0 && input <= Math.log2(100), `${name}: I(T;X) = ${input}`);
      assert.ok(label > 0 && label <= entropy, `${name}: I(T;Y) = ${label}`);
    }
    const stairs = plane.getByRole("figure", { name: /Data-processing staircase: H\(Y\)/ });
    const steps = [...((await stairs.getAttribute("aria-label")) ?? "").matchAll(/([\d.]+) bits/g)];
    const bits = steps.map(([, value]) => Number(value));
    assert.ok(bits.length >= 5, `${bits}`);
    const broken = bits.slice(1).some((value, i) => value.toFixed(2) > bits[i].toFixed(2));
    await plane.getByText(broken ? "▲ Broken at" : "● The staircase holds").waitFor();
  });

  test("an embedding is projected, streamed, walked through and taken by lasso", async (t) => {
    const page = await visit(t, browser, GLYPHS);
    await says(page, "Finished.");
    const region = await view(page, "embedding");
    await region.getByText("First two principal components.").waitFor();
    await region.getByRole("radio", { name: "t-SNE" }).check();
    await until(
      async () => /iteration (\d+)/.exec(await region.innerText())?.[1],
      (iteration) => Number(iteration) > 20,
      "t-SNE moves",
    );
    await region.getByLabel("Module", { exact: true }).selectOption("Input");
    await region.getByRole("radio", { name: "PCA" }).check();
    await region.getByText("First two principal components.").waitFor();

    const tee = region.getByRole("button", { name: "tee" });
    await tee.click();
    assert.equal(await tee.getAttribute("aria-pressed"), "false");
    await tee.click();

    const plot = region.getByRole("application", { name: /Samples in two dimensions/ });
    await plot.focus();
    await page.keyboard.press("ArrowRight");
    await region
      .getByText(/^Sample [\d,]+: \w+$/)
      .first()
      .waitFor();
    await page.keyboard.press("Space");
    for (let i = 0; i < 6; i += 1) await page.keyboard.press(i % 2 ? "ArrowUp" : "ArrowLeft");
    await drawn(page);
    const spanned = await until(
      () => region.locator("[aria-live]").innerText(),
      (words) => / in the rectangle/.test(words),
      "the rectangle is read aloud",
    );
    await page.keyboard.press("Enter");
    const samples = await view(page, "samples");
    const chip = samples.getByRole("button", { name: /in the lasso/ });
    await chip.waitFor();
    assert.equal(parseInt(await chip.innerText()), parseInt(spanned));
    await until(
      () => entries(samples).count(),
      (n) => n === Math.min(24, parseInt(spanned)),
      "the samples of the rectangle",
    );

    await region.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    const corner = (x, y) => page.mouse.move(box.x + x * box.width, box.y + y * box.height);
    await corner(0.005, 0.005);
    await page.mouse.down();
    for (const [x, y] of [
      [0.995, 0.005],
      [0.995, 0.995],
      [0.005, 0.995],
    ])
      await corner(x, y);
    await page.mouse.up();
    await samples.getByRole("button", { name: "500 in the lasso" }).waitFor();
    const { counts } = await matrix(page);
    assert.equal(sum(counts), 500, "the matrix counts what is in the lasso");
    await samples.getByRole("button", { name: "500 in the lasso" }).click();
    await samples.getByText("1,000 of 1,000 samples").waitFor();
  });

  test("the same seed lays t-SNE out the same, after a reload too", async (t) => {
    const page = await visit(t, browser, GLYPHS);
    const laidOut = async () => {
      await says(page, "Finished.");
      const region = await view(page, "embedding");
      await region.getByLabel("How many", { exact: true }).selectOption("250");
      await region.getByRole("radio", { name: "t-SNE" }).check();
      await region.getByText(/iteration [\d,]+.*done/).waitFor({ timeout: MINUTES });
      await page.mouse.move(0, 0);
      await page.waitForTimeout(300);
      return region.locator(".scatter canvas").first().evaluate((canvas) => canvas.toDataURL());
    };
    const first = await laidOut();
    await page.reload();
    assert.equal(await laidOut(), first);
    await page.getByRole("spinbutton", { name: "Seed" }).fill("2");
    await press(page, "Run");
    // What was laid out stays in sight until the network that ended is asked.
    await until(laidOut, (picture) => picture !== first, "another seed's picture");
  });

  test("a sample under the pointer is named and drawn", async (t) => {
    const page = await visit(t, browser, GLYPHS);
    await says(page, "Finished.");
    const region = await view(page, "embedding");
    await region.getByText("First two principal components.").waitFor();
    const plot = region.getByRole("application", { name: /Samples in two dimensions/ });
    await region.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await plot.boundingBox();
    const named = region.locator(".readout").filter({ hasText: /^Sample [\d,]+: \w+$/ });
    // Somewhere on a line through the middle there is one.
    for (let share = 0.1; share < 0.9 && !(await named.isVisible()); share += 0.02) {
      await page.mouse.move(x + share * width, y + height / 2);
    }
    await named.waitFor();
    await region.locator(".thumb canvas, .thumb svg").first().waitFor({ state: "attached" });
    await page.mouse.move(0, 0);
    await named.waitFor({ state: "detached" });
  });

  test("the confusion matrix is counted anew while the network trains", async (t) => {
    const page = await visit(t, browser, LONG);
    await says(page, "Training stage 1");
    const seen = new Set();
    await until(
      async () => {
        const { counts } = await matrix(page);
        seen.add(counts.join());
        return counts;
      },
      (counts) => seen.size >= 3 && sum(counts) === 1000,
      "three matrices",
    );
    await says(page, "Training stage 1");
  });

  test("the confusion matrix counts every sample, and a cell chooses its own", async (t) => {
    const page = await visit(t, browser, GLYPHS);
    await says(page, "Finished.");
    const { region, cells, labels, counts, size } = await matrix(page);
    assert.equal(size, 10);
    assert.equal(sum(counts), 1000);
    const right = sum(counts.filter((_, i) => i % (size + 1) === 0));
    await region.getByText(`${right} of 1,000 test samples right`).waitFor();
    const shares = labels.slice(0, size).map((label) => Number(/ ([\d.]+) %$/.exec(label)?.[1]));
    assert.ok(Math.abs(sum(shares) - 100) < 4, `the shares of a row: ${shares}`);

    const wrong = counts.findIndex((n, i) => n > 0 && i % (size + 1) !== 0);
    await cells.nth(wrong - 1).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    assert.equal(await cells.nth(wrong).getAttribute("aria-pressed"), "true");
    const samples = await view(page, "samples");
    await samples.getByText(`${counts[wrong]} of 1,000 samples`).waitFor();
    const [, label, said] = /^(\w+) taken for (\w+):/.exec(labels[wrong]);
    await until(
      () => entries(samples).allInnerTexts(),
      (texts) => texts.every((text) => text.includes(label) && text.includes(`✗ predicted ${said}`)),
      "those of the cell only",
    );
  });

  test("a figure has its room before it is painted", async (t) => {
    const page = await visit(t, browser, "?device=cpu");
    await says(page, "Ready");
    const heights = (height, width) =>
      page.evaluate(
        async ({ height, width }) => {
          const { Canvas } = await import("./js/plots/canvas.js");
          const { root, canvas } = new Canvas({ label: "", height, draw: () => {} });
          root.style.width = `${width}px`;
          document.body.prepend(root);
          const before = canvas.clientHeight;
          await new Promise((done) => setTimeout(() => requestAnimationFrame(done), 200));
          const painted = canvas.getAttribute("height") !== null;
          const after = canvas.clientHeight;
          root.remove();
          return painted ? [before, after] : "not painted";
        },
        { height, width },
      );
    assert.deepEqual(await heights(84, 100), [84, 84]);
    const bounds = { share: 0.5, least: 100, most: 300 };
    assert.deepEqual(await heights(bounds, 500), [250, 250]);
    assert.deepEqual(await heights(bounds, 150), [100, 100]);
    assert.deepEqual(await heights(bounds, 900), [300, 300]);
  });

  test("weights are shown by module and parameter, and read value by value", async (t) => {
    const page = await visit(t, browser, GLYPHS);
    await says(page, "Finished.");
    const weights = await view(page, "weights");
    await weights.getByText(/^From −?[\d.]+ to [\d.]+, mean/).waitFor();
    const options = () => weights.getByLabel("Parameter").locator("option").allInnerTexts();
    assert.match((await options())[0], /weight, 8 × 1 × 5 × 5/);
    await weights.getByRole("application").focus();
    await page.keyboard.press("ArrowRight");
    const read = await weights.getByText(/^1, 1, 1, 1: −?0\.\d{4}$/).innerText();
    await page.keyboard.press("ArrowDown");
    await weights.getByText(/^1, 1, 2, 1: −?0\.\d{4}$/).waitFor();
    await weights.getByText("Weights as a table").click();
    await weights
      .getByRole("cell", { name: read.split(": ")[1], exact: true })
      .first()
      .waitFor();
    await weights
      .getByLabel("Module", { exact: true })
      .selectOption({ label: "Module 3: linear 64 · ReLU" });
    await until(options, ([name]) => /256 × 64/.test(name ?? ""), "the dense layer's matrix");
    await weights.getByText("Inputs run to the right, outputs downwards.").waitFor();
    const map = weights.getByRole("figure");
    const [dense] = await paintedMaps(map);
    await weights.getByLabel("Module", { exact: true }).selectOption({ index: 0 });
    await until(options, ([name]) => /8 × 1 × 5 × 5/.test(name ?? ""), "the filters");
    const [filters] = await paintedMaps(map);
    assert.notEqual(filters, dense);
  });

  test("a figure can be drawn by keyboard and by pointer, and is classified", async (t) => {
    const page = await visit(t, browser, GLYPHS);
    await says(page, "Finished.");
    const draw = await view(page, "draw");
    const field = draw.getByRole("application", { name: /Drawing field/ });
    await field.focus();
    await page.keyboard.press("Space");
    for (let i = 0; i < 5; i += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await draw.getByText(/^The network says: \w+\.$/).waitFor();
    const maps = draw.getByRole("figure", { name: /^Activation of module/ });
    assert.equal(await maps.count(), 4);
    const first = await paintedMaps(maps);
    await draw.getByRole("button", { name: "Clear" }).click();
    await draw.getByText("Draw with the pointer").waitFor();
    assert.equal(await maps.first().isVisible(), false);

    await stroke(page, field, [0.3, 0.2], [0.3, 0.8], [0.7, 0.8]);
    await draw.getByText(/^The network says: \w+\.$/).waitFor();
    await paintedPictures(draw.getByRole("img", { name: "As the network sees it" }));
    await until(
      () => paintedMaps(maps),
      (second) => second.every((picture, module) => picture !== first[module]),
      "another figure, other activations",
    );
    await draw.getByRole("checkbox", { name: /centre of mass/ }).check();
    await draw.getByText(/^The network says: \w+\.$/).waitFor();
  });

  test("the information plane can be taken away as SVG", async (t) => {
    const page = await visit(t, browser, GLYPHS);
    await says(page, "Finished.");
    await until(
      () => places(page),
      (rows) => rows.length === 4,
      "four modules",
    );
    await tab(page, "Take away");
    const figure = page.getByLabel("Another figure");
    const plane = figure.locator("option", { hasText: /^Information plane/ });
    await plane.waitFor({ state: "attached" });
    await figure.selectOption(await plane.innerText());
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as SVG" }).click();
    const svg = await readFile(await (await download).path(), "utf8");
    assert.match(svg, /^<svg .*<title>Information plane/s);
    for (const words of ["I(T;X), bits", "H(Y) = 3.", "the estimator’s cap", ">4</text>"]) {
      assert.ok(svg.includes(words), words);
    }
  });

  test("nothing is asked of the trainer for views that nobody sees", async (t) => {
    const page = await visit(t, browser, "?device=cpu&epochs=200#watch");
    await page.evaluate(() => {
      globalThis.asked = [];
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (message, ...rest) {
        if (message.type === "ask") globalThis.asked.push(message.method);
        return postMessage.call(this, message, ...rest);
      };
    });
    const asked = () =>
      page.evaluate(() =>
        globalThis.asked.splice(0).filter((name) => !["fingerprints", "dataset"].includes(name)),
      );
    await says(page, "Ready");
    await press(page, "Run");
    await says(page, "Training stage 1");
    await page.waitForTimeout(2500);
    assert.deepEqual(await asked(), []);
    await tab(page, "Inspect");
    await view(page, "plane");
    await until(asked, (names) => names.includes("information"), "the plane asks");
    await tab(page, "Watch");
    await page.waitForTimeout(500);
    await asked();
    await page.waitForTimeout(2500);
    assert.deepEqual(await asked(), []);
  });

  test("the views keep the accessibility rules, wide and narrow", async (t) => {
    const page = await visit(t, browser, GLYPHS);
    await says(page, "Finished.");
    for (const name of Object.keys(WORDS)) await view(page, name);
    const embedding = await view(page, "embedding");
    await embedding.getByRole("radio", { name: "t-SNE" }).check();
    await embedding.getByText(/iteration \d+/).waitFor();
    await accessible(page, "t-SNE");
    const { cells, counts } = await matrix(page);
    const most = Math.max(...counts);
    await cells.nth(counts.indexOf(most)).click();
    const samples = await view(page, "samples");
    await until(() => entries(samples).count(), (n) => n === Math.min(24, most), "those of the cell");
    await samples.getByRole("listitem").first().getByRole("button").click();
    await samples.getByText(/in every module:/).waitFor();
    await accessible(page, "inspect");
    await page.setViewportSize({ width: 360, height: 740 });
    await page.waitForTimeout(200);
    await fits(page, "inspect");
    await accessible(page, "inspect, narrow");
  });

  test("a cell of the matrix stands out in the embedding", async (t) => {
    const page = await visit(t, browser, GLYPHS);
    await says(page, "Finished.");
    const { cells, counts } = await matrix(page);
    const embedding = await view(page, "embedding");
    await embedding.getByText("First two principal components.").waitFor();
    const canvas = embedding.locator(".scatter canvas").first();
    const painted = async () => {
      await page.mouse.move(0, 0);
      await page.waitForTimeout(300);
      return canvas.evaluate((canvas) => canvas.toDataURL());
    };
    const before = await painted();
    const most = cells.nth(counts.indexOf(Math.max(...counts)));
    const asBefore = async () => (await painted()) === before;
    await most.click();
    await canvas.scrollIntoViewIfNeeded();
    await until(asBefore, (same) => !same, "what is not in the cell is drawn faintly");
    await most.click();
    await canvas.scrollIntoViewIfNeeded();
    await until(asBefore, (same) => same, "all is drawn as it was");
  });
});
