// Runs side by side: kept over a reload, every scheme from one seed, the paper's table.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { MINUTES, accessible, fits, launch, press, says, visit } from "./support.js";

const QUICK = "?plan=vectors/matrix&device=cpu&epochs=1&samples=600";

describe("comparing", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  test("every scheme runs from one seed, and the runs outlive a reload", async (t) => {
    const page = await visit(t, browser, `${QUICK}#compare`);
    await says(page, "Ready");
    await press(page, "Run those that are missing");
    const schemes = page.getByRole("table", { name: "Schemes side by side" });
    await schemes.getByText(/not run yet|waiting|running/).first().waitFor({ state: "detached" });
    const rows = await schemes.getByRole("row").allInnerTexts();
    const count = await page.locator("input[name=scheme]").count();
    assert.ok(count >= 5);
    // A row for each scheme under the head.
    assert.equal(rows.length, count + 1);
    for (const row of rows.slice(1)) assert.match(row, /\d+\.\d\d %.*\d+\.\d\d %/s);

    const runs = page.getByRole("table", { name: "Kept runs" });
    assert.equal(await runs.getByRole("row").count(), count + 1);
    assert.match(await runs.innerText(), /plan vectors\/\w+ → vectors\/random/);
    const overlay = page.getByRole("figure", { name: "Test accuracy of the chosen runs" });
    await overlay.waitFor();
    await accessible(page, "compared");

    await page.getByLabel("Lay over each other").selectOption({ label: "Module 1: I(T;X)" });
    await page.getByRole("figure", { name: "Module 1: I(T;X) of the chosen runs" }).waitFor();
    await page.goto(new URL(`${QUICK}#compare`, page.url()).href);
    await page.reload();
    await says(page, "Ready");
    assert.equal(await runs.getByRole("row").count(), count + 1);
    await press(page, "Remove #1");
    assert.equal(await runs.getByRole("row").count(), count);
  });

  test("a run says what changed since the one before", async (t) => {
    const page = await visit(t, browser, `${QUICK}&run=1#compare`);
    await says(page, "Finished.");
    await page.getByRole("spinbutton", { name: "Seed" }).fill("5");
    await press(page, "Edit module 1");
    await page.getByRole("spinbutton", { name: "Width", exact: true }).fill("32");
    await press(page, "Run");
    await says(page, "Finished.");
    const newest = page.getByRole("table", { name: "Kept runs" }).getByRole("row").nth(1);
    assert.match(await newest.innerText(), /seed 1 → 5, module 1 width 32/);
  });

  test("a row of the paper's table is measured on the real data by a click", async (t) => {
    const permissions = ["clipboard-read", "clipboard-write"];
    const page = await visit(t, browser, "?device=cpu#compare", { permissions });
    await says(page, "Ready");
    const table = page.getByRole("table", { name: "Table 1" });
    const row = table.getByRole("row", { name: /84\.74/ });
    assert.deepEqual(await here(row), ["–", "–"]);
    await press(page, "Run seed 0, adult/matrix");
    await page.getByRole("button", { name: "Run seed 1, adult/matrix" }).waitFor({ timeout: MINUTES });
    const [train, test] = await here(row);
    assert.ok(Number(train) > 60 && Number(test) > 60, `${train}, ${test}`);
    const others = await table.locator(".here").allInnerTexts();
    assert.equal(others.filter((text) => text !== "–").length, 2, "nothing else is filled in");
    assert.match(await row.innerText(), /CPU/);
    assert.match(
      await row.getByRole("link").getAttribute("href"),
      // Seed 1, which comes next, is the default.
      /^\?plan=adult\/matrix&device=cpu&samples=4000&run=1$/,
    );

    await press(page, "JSON, adult/matrix");
    const record = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    assert.equal(record.measurements[0].test.toFixed(2), test);
    assert.deepEqual(record.paper, { train: 84.74, test: 84.79 });
    await page.getByText("66.66 %").waitFor();

    await page.getByRole("radio", { name: "Full" }).check();
    assert.deepEqual(await here(row), ["–", "–"]);
    await page.reload();
    await page.getByRole("button", { name: "Run seed 1, adult/matrix" }).waitFor();
  });

  test("runs that wait are let go by one click", async (t) => {
    const page = await visit(t, browser, "?plan=glyphs/matrix&device=cpu&samples=600#compare");
    await says(page, "Ready");
    await press(page, "Run those that are missing");
    await page.getByRole("button", { name: "Stop after this run" }).first().click();
    await says(page, "Finished.");
    await page.waitForTimeout(300);
    await says(page, "Finished.");
    assert.equal(await page.getByRole("table", { name: "Kept runs" }).getByRole("row").count(), 2);
  });

  test("tables fit a phone, in the dark", async (t) => {
    const options = { colorScheme: "dark", viewport: { width: 360, height: 740 } };
    const page = await visit(t, browser, `${QUICK}&run=1#compare`, options);
    await says(page, "Finished.");
    await fits(page, "compare");
    await accessible(page, "compare");
  });
});

const here = (row) => row.locator(".here").allInnerTexts();
