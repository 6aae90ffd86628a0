// The views into the network on published data of every kind.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { MINUTES, accessible, fits, launch, press, says, visit } from "./support.js";
import {
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

describe("inside the network, on real data", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  // Published data of every kind after one step: a whole run tests all of MNIST for a number alone.
  for (const [plan, limit, { offered, modules, classes, kind, entry }] of [
    ["adult/matrix", 1000, { offered: 800, modules: 3, classes: 2, kind: "row", entry: 20 }],
    ["mnist/matrix", 500, { offered: 500, modules: 4, classes: 10, kind: "listitem", entry: 24 }],
    ["cora/gmi+mine", 1000, { offered: 140, modules: 3, classes: 7, kind: "listitem", entry: 12 }],
    ["mutagenicity/matrix", 300, { offered: 300, modules: 4, classes: 2, kind: "listitem", entry: 12 }],
  ]) {
    test(`every view shows what a network makes of ${plan}`, async (t) => {
      const page = await visit(t, browser, `?plan=${plan}&samples=${limit}&seed=7&device=cpu#inspect`);
      await says(page, "Ready");
      await press(page, "Step");
      await says(page, "Paused in stage 1");
      const rows = await until(
        () => places(page),
        (rows) => rows.length === modules,
        "modules in the plane",
        MINUTES,
      );
      for (const [name, ...bits] of rows) {
        assert.ok(bits.every((value) => value >= 0 && value <= Math.log2(200)), `${name}: ${bits}`);
      }
      await page
        .getByRole("figure", { name: new RegExp(`^Information plane: .* of ${modules} modules, in bits, from \\d+ training samples`) })
        .waitFor();

      // No more samples are offered than there are.
      const sizes = await page.getByLabel("Estimated from").getByRole("option").allInnerTexts();
      assert.equal(sizes.at(-1), `${offered} samples`);

      const embedding = await view(page, "embedding");
      await embedding.getByText("First two principal components.").waitFor({ timeout: MINUTES });
      const plot = embedding.getByRole("application", { name: /Samples in two dimensions/ });
      const [, shown] = /: ([\d,]+) test samples, as module \d gives them out, PCA/.exec(
        await plot.getAttribute("aria-label"),
      );
      await embedding.scrollIntoViewIfNeeded();
      await plot.hover({ position: { x: 2, y: 2 } });
      const { x, y, width, height } = await plot.boundingBox();
      await page.mouse.down();
      for (const [across, down] of [[1, 0], [0.6, 1], [0, 1]]) {
        await page.mouse.move(x + 2 + across * (width - 4), y + 2 + down * (height - 4), { steps: 4 });
      }
      await page.mouse.up();
      const samples = await view(page, "samples");
      const chip = samples.getByRole("button", { name: /in the lasso/ });
      const taken = parseInt((await chip.innerText()).replace(",", ""));
      assert.ok(taken > 0 && taken <= Number(shown.replace(",", "")), `${taken} of ${shown}`);

      const { region, cells, counts } = await matrix(page);
      assert.equal(counts.length, classes ** 2);
      assert.equal(sum(counts), taken, "the matrix counts what is in the lasso");
      await region.getByText(`of ${taken.toLocaleString("en-GB")} test samples in the lasso right`).waitFor();
      const most = counts.indexOf(Math.max(...counts));
      await cells.nth(most).click();
      await view(page, "samples");
      await samples.getByText(new RegExp(`^${counts[most]} of [\\d,]+ samples$`)).waitFor();
      const listed = kind === "row" ? samples.getByRole("row") : entries(samples);
      const head = kind === "row" ? 1 : 0;
      await until(
        () => listed.count(),
        (n) => n === head + Math.min(entry, counts[most]),
        "a page of samples",
      );
      if (kind === "listitem") {
        const name = await samples.getByRole("img", { name: /^Sample/ }).first().getAttribute("aria-label");
        assert.match(name, /^Sample [\d,]+, .+: (image, 28 × 28|node, \d+|graph, \d+ atoms?,)/);
      }
      await samples.getByRole("button", { pressed: false }).filter({ hasText: /✓|✗/ }).first().click();
      await samples.getByText(/in every module:/).waitFor();
      await until(
        () => samples.getByRole("figure", { name: /^Activation of module \d: \d/ }).count(),
        (n) => n === modules,
        "activations",
        MINUTES,
      );

      const weights = await view(page, "weights");
      await weights.getByText(/^From −?[\d.]+ to −?[\d.]+, mean/).waitFor({ timeout: MINUTES });
      assert.equal(await weights.getByLabel("Module", { exact: true }).locator("option").count(), modules);
      const views = ["embedding", "samples", "weights"];
      for (const name of views) {
        await view(page, name);
        await accessible(page, `${name} of ${plan}`);
      }
      await page.setViewportSize({ width: 360, height: 740 });
      for (const name of views) {
        await view(page, name);
        await fits(page, `${name} of ${plan}`);
      }
    });
  }

  test("a picture does not outlive its data set where another's sample has its number", async (t) => {
    const page = await visit(t, browser, "?plan=glyphs/matrix&device=cpu#inspect");
    await says(page, "Ready");
    const samples = await view(page, "samples");
    const first = samples.getByRole("img", { name: /^Sample 0,/ });
    const begin = async () => {
      await press(page, "Run");
      await says(page, "Training");
      await press(page, "Pause");
      await press(page, "Finish now");
      await says(page, "Ended early.");
      await view(page, "samples");
    };
    await begin();
    await samples.getByLabel("Samples from").selectOption("training");
    await first.waitFor();
    const [drawn] = await paintedPictures(first);
    await page.getByLabel("Data set").selectOption("mnist");
    await begin();
    await until(() => paintedPictures(first), ([now]) => now !== drawn, "the digit in place of the glyph");
  });

  test("real digits are shown, and a drawn one goes through the network", async (t) => {
    const page = await visit(t, browser, "?plan=mnist/matrix&samples=500&device=cpu#inspect");
    await says(page, "Ready");
    await press(page, "Step");
    await says(page, "Paused in stage 1");
    const samples = await view(page, "samples");
    await until(
      () => entries(samples).count(),
      (n) => n === 24,
      "digits",
      MINUTES,
    );
    await paintedPictures(samples.getByRole("img", { name: /^Sample/ }));
    const draw = await view(page, "draw");
    assert.equal(await draw.getByRole("checkbox", { name: /centre of mass/ }).isChecked(), true);
    const field = draw.getByRole("application", { name: /Drawing field/ });
    await stroke(page, field, [0.5, 0.2], [0.48, 0.8]);
    await draw.getByText(/^The network says: \d\.$/).waitFor({ timeout: 30_000 });
    const maps = draw.getByRole("figure", { name: /^Activation of module/ });
    assert.equal(await maps.count(), 4);
    const one = await paintedMaps(maps);
    await stroke(page, field, [0.3, 0.2], [0.7, 0.2], [0.3, 0.8]);
    await until(
      () => paintedMaps(maps),
      (more) => more.every((picture, module) => picture !== one[module]),
      "another digit, other activations",
    );
  });
});
