// The samples that a network is shown, and what it makes of each.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { drawn, launch, says, visit } from "./support.js";
import {
  GLYPHS,
  LONG,
  WORDS,
  entries,
  matrix,
  paintedMaps,
  paintedPictures,
  places,
  sum,
  until,
  view,
} from "./views.js";

describe("samples", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  test("samples are filtered, paged, and followed through every module", async (t) => {
    const page = await visit(t, browser, GLYPHS);
    await says(page, "Finished.");
    const samples = await view(page, "samples");
    await until(
      () => entries(samples).count(),
      (n) => n === 24,
      "a page of samples",
    );
    await paintedPictures(samples.getByRole("img", { name: /^Sample/ }));
    await samples.getByRole("radio", { name: "Wrong only" }).check();
    await until(
      () => entries(samples).allInnerTexts(),
      (texts) => texts.length > 0 && texts.every((text) => text.includes("✗ predicted")),
      "wrong ones only",
    );
    await samples.getByRole("radio", { name: "All" }).check();
    await samples.getByRole("button", { name: "Next" }).click();
    await samples.getByText("page 2 of 42").waitFor();
    await samples.getByLabel("Samples from").selectOption("training");
    await samples.getByText("600 of 600 samples").waitFor();
    await entries(samples).first().getByRole("button").click();
    await samples.getByText(/Sample [\d,]+ in every module:/).waitFor();
    const maps = samples.getByRole("figure", { name: /^Activation of module/ });
    await until(
      () => maps.count(),
      (n) => n === 4,
      "four activations",
    );
    await paintedMaps(maps);
    const scores = samples.getByRole("list", { name: "Class scores" }).getByRole("listitem");
    const shares = (await scores.allInnerTexts()).map((text) =>
      parseFloat(text.split("\n").at(-1)),
    );
    assert.equal(shares.length, 10);
    assert.ok(Math.abs(sum(shares) - 100) < 0.6, `${shares}`);
    await maps.nth(3).locator("..").getByText("Values as a table").click();
    await maps.nth(3).locator("..").getByRole("cell", { name: "10", exact: true }).waitFor();
  });

  test("a press is not lost where what is said of a sample changes under it", async (t) => {
    const page = await visit(t, browser, LONG);
    await says(page, "Training");
    // What stands above grows until it has its answer: the sample would move away under the pointer.
    await until(() => places(page), (rows) => rows.length > 0, "modules in the plane");
    await (await view(page, "embedding")).getByText("First two principal components.").waitFor();
    await matrix(page);
    const samples = await view(page, "samples");
    await until(() => entries(samples).count(), (n) => n === 24, "a page of samples");
    const said = () => entries(samples).allInnerTexts();
    const before = await said();
    await entries(samples).first().getByRole("button").hover();
    await page.mouse.down();
    await until(said, (now) => now.join() !== before.join(), "another word of some sample");
    await page.mouse.up();
    await samples.getByText(/Sample [\d,]+ in every module:/).waitFor();
    await entries(samples).first().getByRole("button", { pressed: true }).waitFor();
  });

  test("nothing moves while samples are drawn", async (t) => {
    const page = await visit(t, browser, GLYPHS);
    await says(page, "Finished.");
    const samples = await view(page, "samples");
    await until(() => entries(samples).count(), (n) => n === 24, "a page of samples");
    await samples.getByText("page 1 of 42").scrollIntoViewIfNeeded();
    await page.evaluate(() => {
      globalThis.moved = [];
      new PerformanceObserver((list) => {
        const nodes = list.getEntries().flatMap(({ sources }) => sources.map(({ node }) => node));
        const inside = nodes.filter((node) => node?.parentElement?.closest(".inspect-samples"));
        globalThis.moved.push(...inside.map((node) => node.className));
      }).observe({ type: "layout-shift" });
    });
    const first = await entries(samples).first().innerText();
    for (const way of ["Next", "Next", "Previous"]) {
      await samples.getByRole("button", { name: way }).click();
      await drawn(page);
    }
    await samples.getByText("page 2 of 42").waitFor();
    await until(() => entries(samples).first().innerText(), (now) => now !== first, "other samples");
    await drawn(page);
    assert.deepEqual(await page.evaluate(() => globalThis.moved), []);
  });

  for (const [plan, samples, shown] of [
    ["vectors/matrix", "row", 21],
    ["community/matrix", "listitem", 12],
    ["molecules/matrix", "listitem", 12],
  ]) {
    test(`samples of ${plan} are shown as what they are`, async (t) => {
      const page = await visit(t, browser, `?plan=${plan}&epochs=1&device=cpu&run=1#inspect`);
      await says(page, "Finished.");
      const region = await view(page, "samples");
      await until(
        () => region.getByRole(samples).count(),
        (n) => n === shown,
        samples,
      );
      if (samples === "listitem") {
        const pictures = region.getByRole("img", { name: /^Sample/ });
        assert.equal(await pictures.count(), shown);
        await paintedPictures(pictures);
        await region
          .getByText(plan.startsWith("molecules") ? /atoms/ : /neighbour/)
          .first()
          .waitFor();
      }
      if (samples === "row") {
        const head = await region.getByRole("columnheader").allInnerTexts();
        const cells = await region.getByRole("row").nth(1).getByRole("cell").allInnerTexts();
        assert.equal(cells.length, head.length - 1);
        for (const text of cells) assert.match(text, /^-?\d+\.\d+$/);
      }
      assert.equal(await page.getByRole("region", { name: WORDS.draw }).count(), 0);
    });
  }
});
