// The main flow in another browser than the one that all other tests run in: Firefox ESR as
// distributions ship it, over WebDriver BiDi, by the page's accessible names. `cargo xtask test` says
// where it is.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { violations } from "./axe.js";

const require = createRequire(new URL("../../www/package.json", import.meta.url));
const puppeteer = require("puppeteer-core");

const { BASE_URL, FIREFOX } = process.env;
assert.ok(BASE_URL && FIREFOX, "run these tests by `cargo xtask test --only page`");

const SECONDS = 1000;
const QUICK = "?plan=vectors/matrix&device=cpu&epochs=2&seed=7";

describe("in Firefox ESR", () => {
  const downloads = mkdtempSync(join(tmpdir(), "mole-firefox-"));
  let browser;
  before(async () => {
    browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: FIREFOX,
      extraPrefsFirefox: {
        "browser.download.folderList": 2,
        "browser.download.dir": downloads,
        "browser.download.useDownloadDir": true,
        "browser.helperApps.neverAsk.saveToDisk": "application/octet-stream,image/png",
      },
    });
  });
  after(async () => {
    await browser.close();
    rmSync(downloads, { recursive: true, force: true });
  });

  /** A fresh visitor's page. It fails the test if one of its scripts fails or asks another host. */
  async function visit(t, link) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    const wrong = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("request", (request) => {
      const url = request.url().replace(/^blob:/, "");
      if (!url.startsWith(BASE_URL) && !url.startsWith("data:")) wrong.push(url);
    });
    t.after(async () => {
      await context.close();
      assert.deepEqual(wrong, []);
    });
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(new URL(link, BASE_URL).href);
    return page;
  }

  test("the built-in set trains to its end on the CPU", async (t) => {
    const page = await visit(t, "?device=cpu&samples=2000");
    await says(page, "Ready");
    await press(page, "Run");
    await says(page, "Training stage 1");
    await says(page, "Finished. Test accuracy", 60 * SECONDS);
    const status = await page.$eval("[role=status]", (element) => element.textContent);
    const accuracy = Number(/([\d.]+) %/.exec(status)?.[1]);
    assert.ok(accuracy > 50, `${accuracy} % on ten classes`);
    await accessible(page);

    await (await named(page, "tab", "Inspect")).click();
    const plane = await named(page, "region", "Information plane");
    const bits = await within(async () => {
      const cells = await plane.$$eval("td", (list) => list.map((cell) => cell.textContent));
      return cells.length === 8 && cells.map(Number);
    }, "the plane has four modules");
    assert.ok(
      bits.every((value) => value > 0 && value < 7.65),
      `${bits}`,
    );
    const matrix = await named(page, "region", "Confusion matrix");
    await matrix.scrollIntoView();
    const caption = await within(
      () => matrix.$eval("caption", (element) => element.textContent).catch(() => ""),
      "the matrix counts",
    );
    assert.match(caption, /of 1,000 test samples right/);
    await accessible(page);
  });

  test("a browser without WebGPU trains on the CPU, and says why", async (t) => {
    const page = await visit(t, "?plan=vectors/matrix&epochs=2&seed=7&run=1");
    await says(page, "Finished. Test accuracy", 60 * SECONDS);
    const device = await named(page, "region", "Device");
    const words = await device.evaluate((element) => element.textContent);
    assert.match(words, /CPU.*This browser has no WebGPU\./);
  });

  /** With the accuracy in percent that even so little training passes. */
  const REAL = [
    { plan: "adult/matrix", extent: "epochs=1&samples=2000", least: 60 },
    { plan: "mnist/bp", extent: "epochs=1&samples=2000", least: 50 },
    { plan: "cora/bp", extent: "epochs=40", least: 40 },
    { plan: "mutagenicity/matrix", extent: "epochs=2&samples=1000", least: 50 },
  ];
  for (const { plan, extent, least } of REAL) {
    test(`real files train on the CPU: ${plan}`, async (t) => {
      const page = await visit(t, `?plan=${plan}&device=cpu&${extent}&seed=7&run=1`);
      await says(page, "Finished. Test accuracy", 60 * SECONDS);
      const status = await page.$eval("[role=status]", (element) => element.textContent);
      const accuracy = Number(/([\d.]+) %/.exec(status)?.[1]);
      assert.ok(accuracy > least, `${accuracy} %`);
    });
  }

  test("a module is changed and trained again, and its run kept over a reload", async (t) => {
    const page = await visit(t, `${QUICK}&run=1`);
    await says(page, "Finished.");
    await press(page, "Edit module 2");
    const width = await named(page, "spinbutton", "Width");
    await width.click({ count: 3 });
    await width.type("24");
    await press(page, "Retrain module 2");
    await says(page, "Paused before stage 3 of 3.");
    await press(page, "Continue");
    await says(page, "Finished.");
    assert.match(page.url(), /m2\.width=24/);

    await (await named(page, "tab", "Compare")).click();
    const rows = async () => {
      const table = await named(page, "table", "Kept runs, newest first");
      return (await table.$$("tbody tr")).length;
    };
    assert.equal(await rows(), 2);
    await page.reload();
    await says(page, "Finished.");
    assert.ok((await rows()) >= 2, "the runs are still there");
  });

  test("weights and figures are taken away", async (t) => {
    const page = await visit(t, `${QUICK}&run=1#take`);
    await says(page, "Finished.");
    await press(page, "Weights (safetensors)");
    const weights = await downloaded("vectors-matrix-seed7.safetensors");
    const header = Number(weights.readBigUInt64LE());
    const tensors = JSON.parse(weights.subarray(8, 8 + header).toString());
    const shapes = Object.values(tensors).map(({ shape }) => shape?.join("x"));
    for (const shape of ["16x64", "64x16", "16x4"]) assert.ok(shapes.includes(shape), shape);
    await press(page, "Curves (PNG)");
    const png = await downloaded("vectors-matrix-seed7.png");
    assert.equal(png.subarray(1, 4).toString(), "PNG");
  });

  /** A file that the page has handed over, once it is whole. */
  const downloaded = (name) =>
    within(() => {
      const names = readdirSync(downloads);
      const whole = names.includes(name) && !names.some((other) => other.endsWith(".part"));
      const bytes = whole ? readFileSync(join(downloads, name)) : Buffer.alloc(0);
      return bytes.length > 0 && bytes;
    }, `the download of ${name}`);
});

/** The element of that role and accessible name, once it is there. */
const named = (page, role, name) =>
  page.waitForSelector(`::-p-aria([name="${name}"][role="${role}"])`, { timeout: 20 * SECONDS });

/** Presses a button as a visitor does, in sight and enabled. */
async function press(page, name) {
  await page.locator(`::-p-aria([name="${name}"][role="button"])`).setTimeout(20 * SECONDS).click();
}

/** Waits until the status says so. */
async function says(page, words, timeout = 30 * SECONDS) {
  const read = () => page.$eval("[role=status]", (element) => element.textContent).catch(() => "");
  await within(async () => (await read()).includes(words), `“${words}”`, timeout, read);
}

/** Asks until there is an answer. */
async function within(ask, what, timeout = 20 * SECONDS, seen = async () => "") {
  const end = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    assert.ok(Date.now() < end, `waited for ${what}; the page says: ${await seen()}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** No violation of the accessibility rules, in the light and in the dark. */
async function accessible(page) {
  for (const theme of ["Dark", "Light"]) {
    // Over BiDi the system's colours cannot be chosen: the page has a switch.
    // It stands above what was looked at last, and views that grow move it: not for the pointer to hit.
    await (await named(page, "radio", theme)).evaluate((radio) => radio.click());
    assert.deepEqual(await violations(page), [], theme);
  }
}
