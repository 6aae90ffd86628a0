// Runs side by side: kept over a reload, every scheme from one seed, the paper's table.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { MINUTES, accessible, drawn, fits, here, launch, press, result, says, tab, visit } from "./support.js";
import { until } from "./views.js";

const QUICK = "?plan=adult/matrix&device=cpu&epochs=1&samples=600";

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
    assert.match(await runs.innerText(), /plan adult\/\w+ → adult\/random/);
    const overlay = page.getByRole("figure", { name: "Test accuracy of the chosen runs" });
    await overlay.waitFor();
    await accessible(page, "compared");

    await page.getByLabel("Lay over each other").selectOption({ label: "Module 1: I(T;X) (bits)" });
    await page.getByRole("figure", { name: "Module 1: I(T;X) (bits) of the chosen runs" }).waitFor();
    await page.goto(new URL(`${QUICK}#compare`, page.url()).href);
    await page.reload();
    await says(page, "Ready");
    // They come from the browser's storage, which may answer later.
    await runs.getByRole("row").nth(count).waitFor();
    assert.equal(await runs.getByRole("row").count(), count + 1);
    await press(page, "Remove #1");
    assert.equal(await runs.getByRole("row").count(), count);
  });

  test("a scheme is run from the seed that stands on the page", async (t) => {
    const page = await visit(t, browser, `${QUICK}#compare`);
    await says(page, "Ready");
    await page.getByRole("button", { name: "Run Backpropagation" }).waitFor();
    await page.getByRole("spinbutton", { name: "Seed" }).fill("5");
    await drawn(page);
    await press(page, "Run Backpropagation");
    await page.getByRole("row", { name: /#1 adult\/bp, seed 5/ }).waitFor({ timeout: MINUTES });
  });

  test("the focus stays where it is while rows come and go", async (t) => {
    const page = await visit(t, browser, `${QUICK}&run=1#compare`);
    await says(page, "Finished.");
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    await page.getByRole("button", { name: "Take up its settings, #1" }).focus();
    await page.keyboard.press("r");
    await page.getByRole("button", { name: "Remove #2" }).waitFor({ timeout: MINUTES });
    assert.equal(await focused(), "Take up its settings, #1");
    await page.getByRole("button", { name: "Remove #2" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Remove #2" }).waitFor({ state: "detached" });
    assert.equal(await focused(), "Kept runs, newest first");
    // A row whose words change has its button back.
    await page.getByRole("button", { name: "Run seed 0, adult/random" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Run seed 1, adult/random" }).waitFor({ timeout: MINUTES });
    assert.notEqual(await focused(), null, "the focus is lost");
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
    // The paper's thirteen rows and a control for each data set.
    assert.equal(await table.getByRole("button", { name: /^Run seed 0, / }).count(), 17);
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
      await row.getByRole("link", { name: "Repeat seed 0 on CPU, adult/matrix" }).getAttribute("href"),
      /^\?plan=adult\/matrix&seed=0&device=cpu&samples=4000&run=1$/,
    );

    await press(page, "Copy: JSON, adult/matrix");
    await row.getByText("Copied").waitFor();
    const record = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    assert.equal(record.measurements[0].test.toFixed(2), test);
    assert.match(record.measurements[0].link, /^http.*\?plan=adult\/matrix&seed=0&device=cpu/);
    assert.deepEqual(record.paper, { train: 84.74, test: 84.79 });
    await page.getByText("66.66 %").waitFor();
    await accessible(page, "a measured row of the table");

    // In a window of its own, which has measured nothing: the link alone brings the same figures.
    const repeat = await row.getByRole("link", { name: /^Repeat seed 0/ }).getAttribute("href");
    const other = await visit(t, browser, repeat);
    await says(other, "Finished.", MINUTES);
    const repeated = [await result(other, "Training accuracy"), await result(other, "Test accuracy")];
    assert.deepEqual(repeated, [Number(train), Number(test)]);

    await page.getByRole("radio", { name: "Full" }).check();
    assert.deepEqual(await here(row), ["–", "–"]);
    await page.reload();
    await page.getByRole("button", { name: "Run seed 1, adult/matrix" }).waitFor();
  });

  test("a full row trains on everything, shows how far it is, and is stopped with nothing filled in", async (t) => {
    const page = await visit(t, browser, "?device=cpu#compare");
    await says(page, "Ready");
    await page.getByRole("radio", { name: "Full" }).check();
    const table = page.getByRole("table", { name: "Table 1" });
    await press(page, "Run seed 0, mnist/matrix");
    await says(page, "Training stage 1", MINUTES);
    await table.getByRole("button", { name: "running, mnist/matrix" }).waitFor();
    // Neither the epochs nor the samples of the quick mode.
    assert.equal(new URL(page.url()).search, "?plan=mnist/matrix&seed=0&device=cpu&run=1");
    const progress = page.getByRole("region", { name: "Progress" });
    const bar = progress.getByRole("progressbar", { name: "Whole run" });
    const share = async () => Number(await bar.getAttribute("value"));
    const first = await share();
    await until(share, (now) => now > first && now < 1, "the bar moves");
    await progress.getByText(/about \d+ (s|min|h) left/).waitFor();
    await accessible(page, "a row that is measured");

    await press(page, "Run seed 0, adult/matrix");
    await page.getByText("One run waits for the present one to end.").first().waitFor();
    await accessible(page, "a row that waits");
    await table.getByRole("button", { name: "waiting, adult/matrix" }).waitFor();
    const section = page.getByRole("region", { name: "Table 1 in your browser" });
    await section.getByRole("button", { name: "Stop after this run" }).click();
    await page.getByRole("button", { name: "Run seed 0, adult/matrix" }).waitFor();
    await press(page, "Finish now");
    await says(page, "Ended early.");
    await page.getByRole("button", { name: "Run seed 0, mnist/matrix" }).waitFor();
    for (const name of ["Full", "Quick"]) {
      await page.getByRole("radio", { name }).check();
      const filled = (await table.locator(".here").allInnerTexts()).filter((text) => text !== "–");
      assert.deepEqual(filled, [], `${name}: what was cut short is not measured`);
    }
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

  test("a row that is held and goes on is measured, and so is what waits behind it", async (t) => {
    const page = await visit(t, browser, "?device=cpu#compare");
    await says(page, "Ready");
    await press(page, "Run seed 0, adult/matrix");
    await says(page, "Training");
    await press(page, "Pause");
    await says(page, "Paused");
    await press(page, "Run seed 0, adult/random");
    await page.getByText("One run waits for the present one to end.").first().waitFor();
    await press(page, "Continue");
    for (const plan of ["adult/matrix", "adult/random"]) {
      await page.getByRole("button", { name: `Run seed 1, ${plan}` }).waitFor({ timeout: MINUTES });
    }
    const overlay = page.getByRole("figure", { name: "Test accuracy of the chosen runs" });
    for (const number of ["#1", "#2"]) await overlay.getByText(number, { exact: true }).waitFor();
  });

  test("a run that is under way is waited for, not replaced", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/mine&device=cpu&epochs=20&run=1#compare");
    await says(page, "Training");
    await press(page, "Run Backpropagation");
    await page.getByText("One run waits for the present one to end.").first().waitFor();
    await says(page, "Finished.");
    const runs = page.getByRole("table", { name: "Kept runs" }).getByRole("row");
    await runs.nth(2).waitFor({ timeout: MINUTES });
    assert.match(await runs.nth(2).innerText(), /vectors\/mine/);
    assert.match(await runs.nth(1).innerText(), /vectors\/bp/);
  });

  test("a scheme that is being run is not missing", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/mine&device=cpu&epochs=20&run=1#compare");
    await says(page, "Training");
    await press(page, "Run those that are missing");
    const others = (await page.locator("input[name=scheme]").count()) - 1;
    await page.getByText(`${others} runs wait for the present one to end.`).first().waitFor();
  });

  test("a removed run takes no other's place", async (t) => {
    const page = await visit(t, browser, `${QUICK}&run=1#compare`);
    await says(page, "Finished.");
    const status = page.getByRole("region", { name: "Progress" }).getByRole("status");
    await page.getByRole("spinbutton", { name: "Seed" }).fill("5");
    await press(page, "Run");
    await page.getByRole("button", { name: "Remove #2" }).waitFor();
    const said = await status.innerText();
    await press(page, "Remove #2");
    assert.equal(await status.innerText(), said);
    await tab(page, "Watch");
    await page.getByRole("region", { name: "Result" }).getByText("adult/matrix, seed 5").waitFor();
  });

  test("as many runs as can be told apart are laid over each other, and no more", async (t) => {
    const page = await visit(t, browser, `${QUICK}#compare`);
    await says(page, "Ready");
    for (let seed = 1; seed <= 7; seed += 1) {
      await page.getByRole("spinbutton", { name: "Seed" }).fill(String(seed));
      await press(page, "Run");
      await page.getByRole("button", { name: `Remove #${seed}` }).waitFor();
    }
    const box = (number) => page.getByRole("checkbox", { name: `Show #${number}`, exact: true });
    assert.equal(await box(2).isChecked(), false);
    await box(2).check();
    await page.getByText("No more than 6 runs can be told apart").waitFor();
    assert.equal(await box(1).isEnabled(), false);
    await box(7).uncheck();
    await box(1).check();
    const overlay = page.getByRole("figure", { name: "Test accuracy of the chosen runs" });
    for (const number of [1, 2, 3, 4, 5, 6]) await overlay.getByText(`#${number}`, { exact: true }).waitFor();
  });

  test("two tabs keep their runs beside each other", async (t) => {
    const page = await visit(t, browser, `${QUICK}#compare`);
    await says(page, "Ready");
    const other = await page.context().newPage();
    await other.goto(new URL(`${QUICK}&seed=9#compare`, page.url()).href);
    await says(other, "Ready");
    for (const one of [page, other]) {
      await press(one, "Run");
      await says(one, "Finished.");
    }
    await page.reload();
    await says(page, "Finished.");
    const runs = page.getByRole("table", { name: "Kept runs" });
    for (const words of ["seed 9", "seed 1"]) {
      await runs.getByRole("row", { name: new RegExp(`#\\d adult/matrix, ${words}`) }).first().waitFor();
    }
  });

  test("tables fit a phone", async (t) => {
    const options = { viewport: { width: 360, height: 740 } };
    const page = await visit(t, browser, `${QUICK}&run=1#compare`, options);
    await says(page, "Finished.");
    await fits(page, "compare");
    await accessible(page, "compare");
  });
});

