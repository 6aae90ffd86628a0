// What the page's tests share: a browser with or without a GPU, and the page by its accessible
// names. `cargo xtask test` starts the server and says where it and Chromium are.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { launchChromium } from "./chromium.js";

const require = createRequire(new URL("../../www/package.json", import.meta.url));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const { BASE_URL, CHROMIUM } = process.env;
assert.ok(BASE_URL && CHROMIUM, "run these tests by `cargo xtask test --only page`");

/** Software kernels take minutes to compile and seconds to run. */
export const MINUTES = 60_000;

export const launch = (kind) => launchChromium(CHROMIUM, kind);

/** A fresh visitor's page, closed when the test ends. It fails the test if a script fails. */
export async function visit(t, browser, link = "", options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  const errors = [];
  const foreign = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) errors.push(message.text());
  });
  context.on("request", (request) => {
    // What the page makes itself, a picture for one, has an address without a host.
    const url = request.url().replace(/^blob:/, "");
    if (!url.startsWith(BASE_URL)) foreign.push(url);
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(errors, []);
    assert.deepEqual(foreign, [], "requests to other hosts");
  });
  await page.goto(new URL(link, BASE_URL).href);
  return page;
}

/** Presses a button and waits until the page has drawn what follows; it draws every 50 ms. */
export async function press(page, name) {
  await page.getByRole("button", { name, exact: true }).click();
  await drawn(page);
}

const drawn = (page) =>
  page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 100)));

/** Waits until the status says so. */
export async function says(page, words, timeout = 2 * MINUTES) {
  const status = page.getByRole("region", { name: "Progress" }).getByRole("status");
  const alert = page.getByRole("alert");
  await status
    .filter({ hasText: words })
    .waitFor({ timeout })
    .catch(async (error) => {
      const seen = [...(await status.allTextContents()), ...(await alert.allTextContents())];
      throw new Error(`waited for “${words}”, the page says: ${seen.join(" | ")}`, { cause: error });
    });
}

export const stage = (page, number) =>
  page.getByRole("listitem", { name: new RegExp(`^Stage ${number}\\b`) });

/** A stage's curve as its table shows it: `[step, objective]` in words, row by row. */
export async function curve(page, number) {
  const card = stage(page, number);
  const values = card.locator("details", { hasText: "Values as a table" });
  if (!(await values.evaluate((details) => details.open))) {
    await values.getByText("Values as a table").click();
    // The table is filled when the browser says that it has been opened, which is a little later.
    await drawn(page);
  }
  const rows = values.getByRole("row");
  return (await rows.evaluateAll((list) => list.map((row) => row.innerText.split(/\s+/)))).slice(1);
}

/** A figure of the result in percent, by its name. */
export async function result(page, name) {
  const region = page.getByRole("region", { name: "Result" });
  const value = region.locator("dt", { hasText: name }).locator("xpath=following-sibling::dd");
  const text = await value.innerText();
  assert.match(text, /^\d+\.\d\d %$/);
  return parseFloat(text);
}

export const device = (page) => page.getByRole("region", { name: "Device" }).innerText();

/** No violation of the accessibility rules. */
export async function accessible(page, state) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`);
  assert.deepEqual(found, [], state);
}

/** Nothing wider than the window. */
export async function fits(page, state) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= page.viewportSize().width, `${state}: ${width} pixels wide`);
}
