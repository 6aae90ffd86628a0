// Data of a visitor's own: previewed, read, trained on, and refused with their place.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";

import { choose, file, flowers, region, shapes } from "./own.js";
import { MINUTES, accessible, launch, press, result, says, stage, tab, taken, visit } from "./support.js";
import { keepsMore } from "./survival.js";

const DATA = process.env["MOLE_DATA"] ?? "";

const files = (folder, keep = () => true) =>
  readdirSync(join(DATA, folder))
    .filter(keep)
    .map((name) => join(DATA, folder, name));

/** Takes a table of so many rows for what is trained next; a fifth of them tests. */
async function take(page, rows) {
  await tab(page, "Data");
  await choose(page, file("flowers.csv", flowers(rows)));
  const preview = region(page, "The first rows");
  await preview.getByText(`${(rows * 4) / 5} samples to train on`).waitFor();
  await press(page, "Train on these data");
}

/** On how many samples the run on the page was trained. */
async function trainedOn(page) {
  await tab(page, "Take away");
  return JSON.parse((await taken(page, "Run (JSON)")).bytes.toString()).samples.train;
}

describe("own data", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  test("a table of one's own is previewed, its label chosen, and trained on", async (t) => {
    const page = await visit(t, browser, "?seed=3&device=cpu#data");
    await says(page, "Ready");
    const sent = [];
    page.on("request", (request) => {
      // The browser asks for the icon again where the address changes.
      if (!request.url().endsWith("/icon.svg")) sent.push(request.url());
    });
    await choose(page);
    const preview = region(page, "The first rows");
    await preview.getByText("flowers.csv").waitFor();
    assert.match(await preview.innerText(), /3 classes.*one, (three, two|two, three)/s);
    assert.equal(await preview.getByRole("columnheader").count(), 4);

    await preview.getByLabel("Label column").selectOption("colour");
    await preview.getByText("2 classes").waitFor();
    await preview.getByLabel("Label column").selectOption("kind");
    await preview.getByText("3 classes").waitFor();
    // Without names the first line is a row, of a class of its own.
    const header = preview.getByRole("checkbox", { name: "The first line names the columns" });
    await header.uncheck();
    await preview.getByText("4 classes").waitFor();
    assert.equal(await preview.getByLabel("Label column").inputValue(), "column 4");
    await header.check();
    await preview.getByText("3 classes").waitFor();
    assert.equal(await preview.getByLabel("Label column").inputValue(), "kind");
    await press(page, "Train on these data");
    assert.equal(await page.getByLabel("Data set", { exact: true }).inputValue(), "own");
    await page.getByLabel("Epochs per stage").fill("40");
    await press(page, "Run");
    await says(page, "Finished.");
    await tab(page, "Watch");
    assert.ok((await result(page, "Test accuracy")) > 80);
    assert.deepEqual(sent, [], "nothing leaves the browser");
  });

  test("a table that ends in numbers is read, and another column taken for its label", async (t) => {
    const page = await visit(t, browser, "?seed=3&device=cpu#data");
    await says(page, "Ready");
    // No two rows have the same price.
    const [head, ...rows] = flowers(300).split("\n");
    const priced = [`${head},price`, ...rows.map((row, at) => `${row},${at}.5`)].join("\n");
    await choose(page, file("priced.csv", priced));
    const preview = region(page, "The first rows");
    await preview.getByText("3 classes").waitFor();
    assert.equal(await preview.getByLabel("Label column").inputValue(), "kind");
    await preview.getByLabel("Label column").selectOption("colour");
    await preview.getByText("2 classes").waitFor();
  });

  test("columns of names are left out, others by a tick, and the command leaves out the same", async (t) => {
    const page = await visit(t, browser, "?seed=3&device=cpu#data");
    await says(page, "Ready");
    // Few have a cabin, and each name is one person's.
    const rows = Array.from({ length: 400 }, (_, at) => {
      const cabin = at % 4 === 0 ? `C${at % 20}` : "";
      return [`"Doe, ${at}"`, at % 80, cabin, at % 5 === 0 ? "yes" : "no", ["S", "Q", "C"][at % 3]].join(",");
    });
    await choose(page, file("people.csv", ["name,age,cabin,survived,port", ...rows].join("\n")));
    const preview = region(page, "The first rows");
    await preview.getByText("1 column (“name”); 300 rows with a missing value", { exact: true }).waitFor();
    const column = (name) => preview.getByRole("checkbox", { name: `Learn from ${name}` });
    const ticked = async () => {
      const names = ["name", "age", "cabin", "survived", "port"];
      const used = await Promise.all(names.map((name) => column(name).isChecked()));
      return names.filter((_, at) => used[at]);
    };
    assert.deepEqual(await ticked(), ["age", "cabin", "survived", "port"]);
    assert.ok(await column("port").isDisabled(), "the label is always used");

    await column("cabin").uncheck();
    await preview.getByText("2 columns (“name”, “cabin”)", { exact: true }).waitFor();
    await preview.getByText("400 rows, 3 features").waitFor();
    assert.ok(await column("cabin").evaluate((box) => box === document.activeElement), "it keeps the focus");
    await accessible(page, "with columns left out");

    // Before the first change has been read.
    await column("age").evaluate((age) => {
      for (const box of [...age.closest("tr").querySelectorAll("input")].slice(1, 4)) box.click();
    });
    await preview.getByText("3 columns (“name”, “age”, “survived”)", { exact: false }).waitFor();
    await column("age").check();
    await column("survived").check();
    await column("cabin").uncheck();
    await preview.getByText("2 columns (“name”, “cabin”)", { exact: true }).waitFor();

    // Too many words are refused with their place, and can be left out again.
    const train = preview.getByRole("button", { name: "Train on these data" });
    await column("name").check();
    const alert = region(page, "Your own data").getByRole("alert");
    await alert.getByText("400 categories").waitFor();
    assert.deepEqual(await ticked(), ["name", "age", "survived", "port"]);
    assert.ok(await train.isDisabled(), "it cannot be trained on");
    await accessible(page, "refused with its columns");
    await column("name").uncheck();
    await preview.getByText("2 columns (“name”, “cabin”)", { exact: true }).waitFor();
    assert.equal(await alert.innerText(), "");
    assert.ok(await train.isEnabled());

    // A column that is left out may be the label.
    await preview.getByLabel("Label column").selectOption("cabin");
    await preview.getByText("1 column (“name”); 300 rows with a missing value", { exact: true }).waitFor();
    await preview.getByLabel("Label column").selectOption("survived");
    await column("cabin").uncheck();
    await preview.getByText("2 columns (“name”, “cabin”)", { exact: true }).waitFor();
    await press(page, "Train on these data");
    const used = preview.getByText("In use");
    await used.waitFor();
    await column("age").uncheck();
    await used.waitFor({ state: "hidden" });
    await column("age").check();
    await used.waitFor();
    await page.getByLabel("Epochs per stage").fill("2");
    await press(page, "Run");
    await says(page, "Finished.");
    await tab(page, "Take away");
    const line = await page.locator(".take-command code").first().innerText();
    assert.match(line, /--label survived --without name cabin --header true --test 0.2$/);
  });

  test("files that are dropped and cannot be read are refused with their place", async (t) => {
    const page = await visit(t, browser, "#data");
    await says(page, "Ready");
    const drop = async (named) => {
      const transfer = await page.evaluateHandle((named) => {
        const transfer = new DataTransfer();
        for (const [name, text] of named) transfer.items.add(new File([text], name));
        return transfer;
      }, named);
      await page.locator(".drop").dispatchEvent("drop", { dataTransfer: transfer });
    };
    const alert = region(page, "Your own data").getByRole("alert");
    await drop([["bad.csv", "x,y,label\n1,2,a\n3,4\n"]]);
    await alert.getByText("bad.csv, line 3").waitFor();
    assert.match(await alert.innerText(), /Expected\s+3 fields\s+Found\s+2/);
    await accessible(page, "refused");
    await drop([
      ["a.bin", "1"],
      ["b.bin", "2"],
    ]);
    await alert.getByText("data/unrecognised").waitFor();
    await drop([["flowers.csv", flowers()]]);
    await region(page, "The first rows").getByText("flowers.csv").waitFor();
    assert.equal(await alert.innerText(), "");
  });

  for (const [kind, folder, which, classes] of [
    ["a graph's nodes", "cora", /^ind\./, 7],
    ["many graphs", "mutagenicity", /\.txt$/, 2],
    ["images", "mnist", /^t10k/, 10],
  ]) {
    test(`${kind} in the published form are previewed and trained on as one's own`, async (t) => {
      const page = await visit(t, browser, "?seed=3&device=cpu&epochs=1&samples=300#data");
      await says(page, "Ready");
      const chosen = files(folder, (name) => which.test(name));
      await choose(page, chosen);
      const preview = region(page, "The first rows");
      await preview.getByText(`${classes} classes`).waitFor({ timeout: MINUTES });
      await press(page, "Train on these data");
      await press(page, "Run");
      await says(page, "Finished.", 5 * MINUTES);
      await tab(page, "Watch");
      const accuracy = await result(page, "Test accuracy");
      assert.ok(accuracy > 0 && accuracy <= 100, `${accuracy} %`);
      assert.match(await region(page, "Result").innerText(), /own\//);
    });
  }

  for (const [packed, names] of [
    ["", ["drawn-images.idx3", "drawn-labels.idx1"]],
    [", gzipped,", ["shapes.gz", "shapes-what.gz"]],
  ]) {
    test(`small images${packed} under names of one's own are previewed, and told apart`, async (t) => {
      const page = await visit(t, browser, "?seed=3&device=cpu&epochs=40#data");
      await says(page, "Ready");
      const pack = packed === "" ? (buffer) => buffer : gzipSync;
      const chosen = shapes(names).map((one) => ({ ...one, buffer: pack(one.buffer) }));
      await choose(page, chosen);
      const preview = region(page, "The first rows");
      // Of 90, a fifth is held out.
      await preview.getByText(/images of 6 × 6, 3 classes, 72 samples to train on/).waitFor();
      await press(page, "Train on these data");
      await press(page, "Run");
      await says(page, "Finished.");
      await tab(page, "Watch");
      assert.ok((await result(page, "Test accuracy")) > 80);
    });
  }

  test("a figure is drawn in the shape of whatever images are one's own", async (t) => {
    const page = await visit(t, browser, "?seed=3&device=cpu&epochs=1#data");
    await says(page, "Ready");
    for (const side of [6, 9]) {
      await tab(page, "Data");
      await choose(page, shapes(["drawn-images", "drawn-labels"], 90, side));
      await region(page, "The first rows").getByText(`images of ${side} × ${side}`).waitFor();
      await press(page, "Train on these data");
      await press(page, "Run");
      await says(page, "Finished.");
      await tab(page, "Inspect");
      const field = page.getByRole("application", { name: /Drawing field/ });
      await field.focus();
      for (const key of ["Space", "ArrowDown", "ArrowDown", "Space"]) await page.keyboard.press(key);
      await page.getByText(/^The network says: \w+\.$/).waitFor();
    }
  });

  test("a run on one's own data is compared and taken away, and its link says that it needs the files", async (t) => {
    const page = await visit(t, browser, "?seed=3&device=cpu&epochs=2#data");
    await says(page, "Ready");
    await choose(page);
    await press(page, "Train on these data");
    await tab(page, "Compare");
    await press(page, "Run those that are missing");
    const schemes = page.getByRole("table", { name: "Schemes side by side" });
    await schemes.getByText(/not run yet|waiting|running/).first().waitFor({ state: "detached" });
    const count = await page.locator("input[name=scheme]").count();
    const rows = (await schemes.getByRole("row").allInnerTexts()).slice(1);
    assert.equal(rows.length, count);
    for (const row of rows) assert.match(row, /\d+\.\d\d %.*\d+\.\d\d %/s);
    const runs = page.getByRole("table", { name: "Kept runs" });
    assert.equal(await runs.getByRole("row", { name: /own\/\w+, seed 3/ }).count(), count);
    await page.getByRole("figure", { name: "Test accuracy of the chosen runs" }).waitFor();
    await accessible(page, "own runs compared");

    await tab(page, "Take away");
    await page.getByText("A link cannot hold your files: give it together with them").waitFor();
    const saved = JSON.parse((await taken(page, "Run (JSON)")).bytes.toString());
    assert.match(saved.plan.name, /^own\//);
    assert.ok(saved.result.complete);
    const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
    assert.match(link, /plan=own\/\w+&seed=3.*&run=1$/);

    // Whoever opens it has no such files.
    const other = await visit(t, browser, link);
    const alert = other.getByRole("alert");
    await alert.getByText(/someone’s own data, which a link cannot hold: choose those files/).waitFor();
    await accessible(other, "a link that needs files");
    assert.equal(new URL(other.url()).search, new URL(link).search);
    await press(other, "Choose the files");
    assert.equal(await other.getByRole("tab", { name: "Data" }).getAttribute("aria-selected"), "true");
  });

  test("what was measured on one table is not said of another", async (t) => {
    const page = await visit(t, browser, "?seed=3&device=cpu&epochs=2#data");
    await says(page, "Ready");
    await take(page, 240);
    await press(page, "Run");
    await says(page, "Finished.");
    await take(page, 120);
    await tab(page, "Compare");
    const schemes = page.getByRole("table", { name: "Schemes side by side" });
    await schemes.getByText("not run yet").first().waitFor();
    const count = await page.locator("input[name=scheme]").count();
    assert.equal(await schemes.getByText("not run yet").count(), count);
    const taken = (number) => page.getByRole("button", { name: `Take up its settings, #${number}` });
    assert.equal(await taken(1).isDisabled(), true, "its data are not those in use");
    assert.equal(await trainedOn(page), 192, "the run on the page is the first one still");

    await press(page, "Run");
    await says(page, "Finished.");
    assert.equal(await trainedOn(page), 96);
    await tab(page, "Compare");
    await page.getByRole("row", { name: /#2 own\/.* other data of your own/ }).waitFor();
    assert.equal(await schemes.getByText("not run yet").count(), count - 1);
    assert.equal(await taken(2).isEnabled(), true);
  });

  test("runs that wait for a table that is replaced are let go", async (t) => {
    const page = await visit(t, browser, "?seed=3&device=cpu&epochs=5000#data");
    await says(page, "Ready");
    await take(page, 240);
    await tab(page, "Compare");
    await press(page, "Run those that are missing");
    await says(page, "Training");
    await take(page, 120);
    await press(page, "Finish now");
    await says(page, "Ended early.");
    await tab(page, "Compare");
    assert.equal(await page.getByRole("table", { name: "Kept runs" }).getByRole("row").count(), 2);
    assert.equal(await page.getByRole("alert").filter({ hasText: "choose those files" }).count(), 0);
    assert.equal(await trainedOn(page), 192);
  });

  test("a run goes on with its own table after another was chosen", async (t) => {
    const page = await visit(t, browser, "?seed=3&device=cpu&epochs=5000#data");
    await says(page, "Ready");
    await take(page, 240);
    await press(page, "Run");
    await keepsMore(page);
    await take(page, 120);
    await keepsMore(page);
    const born = page.waitForEvent("worker");
    await page.workers().at(-1).evaluate(() => self.close()).catch(() => {});
    await born;
    await page.getByText(/^The trainer was lost; the run/).waitFor();
    await says(page, "Training");
    await press(page, "Finish now");
    await says(page, "Ended early.");
    assert.equal(await trainedOn(page), 192);
  });

  test("a file that was mended is read again under its name", async (t) => {
    const page = await visit(t, browser, "#data");
    await says(page, "Ready");
    const alert = region(page, "Your own data").getByRole("alert");
    await choose(page, file("bad.csv", "x,y,label\n1,2,a\n3,4\n"));
    await alert.getByText("bad.csv, line 3").waitFor();
    const chooser = page.waitForEvent("filechooser");
    await press(page, "Choose another file");
    // What is chosen already would be no change.
    assert.equal(await page.getByLabel(/^Drop files here/).inputValue(), "");
    await (await chooser).setFiles(file("bad.csv", flowers()));
    await region(page, "The first rows").getByText("bad.csv").waitFor();
  });

  test("a link to a run on one's own data asks for the files, and keeps the rest", async (t) => {
    const link = "?plan=own/matrix&seed=3&device=cpu&epochs=2&m1.width=24&run=1";
    const page = await visit(t, browser, link);
    const alert = page.getByRole("alert");
    await alert.getByText(/someone’s own data, which a link cannot hold/).first().waitFor();
    assert.equal(new URL(page.url()).search, link);
    await press(page, "Choose the files");
    await choose(page);
    await press(page, "Train on these data");
    assert.match(page.url(), /plan=own\/matrix&seed=3&device=cpu&epochs=2&m1\.width=24/);
    await says(page, "Ready");
    await press(page, "Run");
    await says(page, "Finished.");
    await tab(page, "Watch");
    await stage(page, 1).getByText(/linear 24/).first().waitFor();
  });
});
