// Each way out of a problem is a button, and it works. Every problem here is a real one.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { choose } from "./own.js";
import {
  MINUTES,
  accessible,
  curve,
  guard,
  launch,
  press,
  result,
  says,
  stage,
  tab,
  visit,
} from "./support.js";
import { serveBreaking } from "./static.js";

const QUICK = "epochs=1&samples=600&seed=7";
const ADULT = `?plan=adult/matrix&device=cpu&${QUICK}`;

/** A WebAssembly module whose memory may have so many pages of 64 kB, and no more. */
function withAtMost(pages, bytes) {
  const MEMORY = 5;
  const number = (at) => {
    let value = 0;
    for (let shift = 0; ; shift += 7, at += 1) {
      value |= (bytes[at] & 0x7f) << shift;
      if (bytes[at] < 0x80) return { value, end: at + 1 };
    }
  };
  const encoded = (value) => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...encoded(value >> 7)]);
  for (let start = 8; start < bytes.length; ) {
    const { value: length, end: body } = number(start + 1);
    if (bytes[start] === MEMORY) {
      // One memory, of so many pages, without a limit.
      assert.deepEqual([...bytes.subarray(body, body + 2)], [1, 0]);
      const limits = [1, 1, ...encoded(number(body + 2).value), ...encoded(pages)];
      const section = Buffer.from([MEMORY, ...encoded(limits.length), ...limits]);
      return Buffer.concat([bytes.subarray(0, start), section, bytes.subarray(body + length)]);
    }
    start = body + length;
  }
  return assert.fail("it has no memory");
}

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

  test("a run for which there is not enough memory says so, and a smaller one is trained", async (t) => {
    const page = await visit(t, browser, "?plan=adult/bp&device=cpu&epochs=1&run=1", {
      prepare: (page) =>
        page.route("**/pkg/cpu/mole_bg.wasm", async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, body: withAtMost(320, await response.body()) });
        }),
    });
    await told(page, "The browser has no more memory for this run");
    await press(page, "Use a built-in data set");
    await says(page, "Training");
    assert.equal((await alert(page).innerText()).trim(), "");
  });

  test("a download that breaks off in the middle of a file is tried again", async (t) => {
    let breaks = true;
    const base = process.env["BASE_URL"];
    const site = await serveBreaking(base, (path) => breaks && /^\/data\/adult\//.test(path));
    const context = await browser.newContext();
    const guarded = guard(context, site.address);
    t.after(async () => {
      await context.close();
      await site.close();
      guarded();
    });
    const page = await context.newPage();
    await page.goto(site.address + ADULT);
    await says(page, "Ready");
    const [worker] = page.workers();
    await press(page, "Run");
    await told(page, "A data file could not be fetched.");
    assert.match(await alert(page).innerText(), /Adult, adult\.data.*Found\s+TypeError/s);
    breaks = false;
    await press(page, "Try again");
    await says(page, "Finished.");
    assert.equal(page.workers().at(-1), worker, "the trainer was not to blame");
  });

  test("a run that is refused leaves the one before it to look at and to go on with", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/mine&device=cpu&epochs=60&seed=7&run=1");
    await says(page, "Training stage 1");
    await press(page, "Pause");
    await says(page, "Paused in stage 1");
    const steps = (await curve(page, 1)).length;
    await page.route("**/data/adult/*", (route) => route.abort());
    await page.getByRole("combobox", { name: "Data set" }).selectOption("adult");
    await press(page, "Reset");
    await told(page, "A data file could not be fetched.");
    await says(page, "Paused in stage 1");
    assert.equal((await curve(page, 1)).length, steps);
    await press(page, "Continue");
    await says(page, "Finished.");
    const accuracy = await result(page, "Test accuracy");

    await press(page, "Run");
    await told(page, "A data file could not be fetched.");
    await says(page, "Finished.");
    assert.equal(await result(page, "Test accuracy"), accuracy);
    await tab(page, "Inspect");
    const confusion = page.getByRole("region", { name: "Confusion matrix" });
    await confusion.scrollIntoViewIfNeeded({ timeout: MINUTES });
    await confusion.getByRole("gridcell").first().waitFor();
    await tab(page, "Watch");
    await page.unroute("**/data/adult/*");
    await press(page, "Try again");
    await stage(page, 1).getByText(/^step \d+ of/).waitFor({ timeout: MINUTES });
    assert.equal((await alert(page).innerText()).trim(), "");
  });

  test("a link that nests deeper than any objective is refused in words", async (t) => {
    const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
    const estimator = `{"kind":"mine","hidden":${deep}}`;
    const edit = `{"information":{"target":"input","estimator":${estimator}}}`;
    const link = `?plan=vectors/matrix&device=cpu&${QUICK}&m1.objective=${edit}&run=1`;
    const page = await visit(t, browser, link);
    await told(page, "This link describes an objective at greater length than any there is.");
    assert.match(await alert(page).innerText(), /Where\s+m1\.objective/);
    await says(page, "Ready");
    assert.doesNotMatch(page.url(), /objective/);
    await press(page, "Run");
    await says(page, "Finished.");
  });

  test("a link's estimator that lacks its parts is refused in place, and the page lives on", async (t) => {
    for (const kind of ["mine", "dim", "gmi"]) {
      const edit = `{"information":{"target":"label","estimator":{"kind":"${kind}"}}}`;
      const page = await visit(t, browser, `?plan=vectors/mine&device=cpu&m1.objective=${edit}`);
      await page.getByText(/missing field/).waitFor();
      await press(page, "Edit module 1");
      for (const name of ["About", "Take away"]) await tab(page, name);
      await page.getByRole("textbox", { name: "Link" }).waitFor();
      await press(page, "Undo the change");
      await says(page, "Ready");
    }
  });

  test("a link of a newer version is refused in words, and stays as it is", async (t) => {
    const link = `?v=2&plan=vectors/matrix&device=cpu&${QUICK}&run=1`;
    const page = await visit(t, browser, link);
    await told(page, "This link is for a newer version of this page: reload it, or choose a plan here.");
    assert.match(await alert(page).innerText(), /Expected\s+v=1\s+Found\s+2/);
    assert.equal(new URL(page.url()).search, link);
    await accessible(page, "a link of a newer version");
    await press(page, "Choose another plan");
    await press(page, "Run");
    await says(page, "Training stage 1");
    assert.doesNotMatch(page.url(), /v=2/);
  });

  test("instead of a file of one's own that cannot be read another is chosen", async (t) => {
    const page = await visit(t, browser, "#data");
    await says(page, "Ready");
    const bad = { name: "bad.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n3\n") };
    await choose(page, bad);
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
    const page = await visit(t, browser, `?plan=vectors/matrix&device=cpu&${QUICK}&run=1`, {
      prepare: (page) => page.route("**/pkg/cpu/mole_bg.wasm", (route) => route.abort()),
    });
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
    const link = `?plan=vectors/matrix&device=cpu&${QUICK}`;
    const permissions = ["clipboard-read", "clipboard-write"];
    const page = await visit(t, browser, link, { permissions });
    // The first run that a visit asks for, as this page never asks for it.
    const ask = async () => {
      await says(page, "Ready");
      const request = { plan: "vectors/matrix", seed: 1.5 };
      const run = { type: "run", id: 1, request, device: "cpu", mode: "run" };
      await page.workers().at(-1).evaluate((data) => self.onmessage({ data }), run);
    };
    await ask();
    await told(page, "A call does not have the form it should.");
    await press(page, "Copy a report");
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const report = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    assert.equal(report.problem.code, "request/invalid");
    assert.equal(report.settings.plan, "vectors/matrix");
    assert.match(report.browser, /Chrom/);

    await page.reload();
    await ask();
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
