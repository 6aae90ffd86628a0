// Each way out of a problem is a button, and it works. Every problem here is a real one.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { accessible, launch, press, says, visit } from "./support.js";

const QUICK = "epochs=1&samples=600&seed=7";
const ADULT = `?plan=adult/matrix&device=cpu&${QUICK}`;

describe("ways out of problems", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  const alert = (page) => page.getByRole("alert");
  const told = (page, words) => alert(page).getByText(words).first().waitFor();

  test("data that could not be fetched is fetched again", async (t) => {
    const page = await visit(t, browser, ADULT);
    await says(page, "Ready");
    await page.route("**/data/adult/*", (route) => route.abort());
    await press(page, "Run");
    await told(page, "A data file could not be fetched.");
    await page.unroute("**/data/adult/*");
    await press(page, "Try again");
    await says(page, "Finished.");
    assert.equal((await alert(page).innerText()).trim(), "");
  });

  test("instead of a file of one's own that cannot be read another is chosen", async (t) => {
    const page = await visit(t, browser, "#data");
    await says(page, "Ready");
    const bad = { name: "bad.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n3\n") };
    await page.getByLabel(/^Drop files here/).setInputFiles(bad);
    await told(page, "A row has another number of fields.");
    const facts = await page.locator(".own [role=alert]").innerText();
    assert.match(facts, /bad\.csv, line 3.*Expected\s+2 fields.*Found\s+1/s);
    const chooser = page.waitForEvent("filechooser");
    await press(page, "Choose another file");
    const rows = Array.from({ length: 60 }, (_, at) => `${at % 7},${at % 2 ? "yes" : "no"}`);
    const buffer = Buffer.from(["a,b", ...rows].join("\n"));
    await (await chooser).setFiles({ name: "good.csv", mimeType: "text/csv", buffer });
    await page.getByRole("region", { name: "The first rows" }).getByText("good.csv").waitFor();
  });

  test("what a device cannot do the CPU does, without being asked", async (t) => {
    // The bundle that pages load has no such device, but a link may name it.
    const page = await visit(t, browser, `?plan=vectors/matrix&device=ndarray&${QUICK}&run=1`);
    await says(page, "Finished.");
    assert.match(await page.getByRole("region", { name: "Device" }).innerText(), /CPU/);
  });

  test("training that left the finite numbers goes on at a lower rate", async (t) => {
    const link = `?plan=vectors/bp&device=cpu&${QUICK}&m1.rate=1e30&run=1`;
    const page = await visit(t, browser, link);
    await told(page, "Training left the finite numbers.");
    await accessible(page, "diverged");
    await press(page, "Go on at a rate of 0.001");
    await says(page, "Finished.");
  });

  test("a trainer that did not come is started again", async (t) => {
    const page = await visit(t, browser, "", { serviceWorkers: "block" });
    await page.route("**/pkg/cpu/mole_bg.wasm", (route) => route.abort());
    await page.goto(new URL(`?plan=vectors/matrix&device=cpu&${QUICK}&run=1`, page.url()).href);
    await told(page, "The trainer stopped unexpectedly.");
    await page.unroute("**/pkg/cpu/mole_bg.wasm");
    await press(page, "Start again");
    await says(page, "Finished.");
  });

  test("a plan that is not there is replaced by another", async (t) => {
    const page = await visit(t, browser, "?plan=adult/magic&run=1");
    await told(page, "This link names a plan that this version does not have.");
    await press(page, "Choose another plan");
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "SELECT");
  });

  test("what nobody can mend here is reported, by the clipboard or by hand", async (t) => {
    const nonsense = { information: { target: "input", estimator: { kind: "crystal-ball" } } };
    const edit = encodeURIComponent(JSON.stringify(nonsense));
    const link = `?plan=vectors/matrix&device=cpu&${QUICK}&m1.objective=${edit}&run=1`;
    const permissions = ["clipboard-read", "clipboard-write"];
    const page = await visit(t, browser, link, { permissions });
    await told(page, "A call does not have the form it should.");
    await press(page, "Copy a report");
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const report = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    assert.equal(report.problem.code, "request/invalid");
    assert.equal(report.settings.plan, "vectors/matrix");
    assert.match(report.browser, /Chrom/);

    await page.reload();
    await told(page, "A call does not have the form it should.");
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    });
    await press(page, "Copy a report");
    const lines = page.getByRole("textbox", { name: "The report, to be copied from here" });
    assert.equal(JSON.parse(await lines.inputValue()).problem.code, "request/invalid");
    await accessible(page, "reported");
  });
});
