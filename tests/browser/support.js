// What the page's tests share: a browser with or without a GPU, and the page by its accessible
// names. `cargo xtask test` starts the server and says where it and Chromium are.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { violations } from "./axe.js";
import { launchChromium } from "./chromium.js";

const { BASE_URL, CHROMIUM } = process.env;
assert.ok(BASE_URL && CHROMIUM, "run these tests by `cargo xtask test --only page`");

/** Software kernels take minutes to compile and seconds to run. */
export const MINUTES = 60_000;
/** A page that is still open after so long is closed, which fails whatever waits for it. */
const MOST = 20 * MINUTES;

export const launch = (kind) => launchChromium(CHROMIUM, kind);

/**
 * A fresh visitor's page, closed when the test ends, or after `most` milliseconds. It fails the test
 * if a script fails. `prepare` is done to it before it is opened, and then no service worker fetches
 * past the routes that are set there.
 */
export async function visit(t, browser, link = "", { most = MOST, prepare, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
    serviceWorkers: prepare === undefined ? "allow" : "block",
    ...options,
  });
  const guarded = guard(context, BASE_URL);
  const page = await context.newPage();
  let late = false;
  const clock = setTimeout(() => {
    late = true;
    void context.close();
  }, most);
  t.after(async () => {
    clearTimeout(clock);
    await context.close();
    assert.equal(late, false, `the page was still open after ${most / MINUTES} minutes`);
    guarded();
  });
  await prepare?.(page);
  await page.goto(new URL(link, BASE_URL).href);
  return page;
}

/**
 * Watches all pages of a context: none of their scripts may fail, none may break its policy or ask
 * other hosts than `hosts`. Every test has it, in its own context too; what it returns asserts it.
 */
export function guard(context, ...hosts) {
  const errors = [];
  const foreign = [];
  context.on("weberror", (error) => errors.push(error.error().message));
  context.on("console", (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) errors.push(message.text());
  });
  context.on("request", (request) => {
    // What the page makes itself, a picture or its worker, has an address without a path.
    const url = request.url();
    const made = url.startsWith("blob:");
    const own = (host) => (made ? new URL(url).origin === new URL(host).origin : url.startsWith(host));
    if (!hosts.some(own)) foreign.push(url);
  });
  return () => {
    assert.deepEqual(errors, []);
    assert.deepEqual(foreign, [], "requests to other hosts");
  };
}

/** Presses a button and waits until the page has drawn what follows. */
export async function press(page, name) {
  await page.getByRole("button", { name, exact: true }).click();
  await drawn(page);
}

/**
 * Waits until the page has drawn what it was told; it draws every 50 ms. With 600 there, in
 * `plots/frame.js`, and 760 here the tests that forgot to wait are found.
 */
export const drawn = (page) =>
  page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 100)));

/** Opens a section and waits until it is drawn; its scripts come when it is first asked for. */
export async function tab(page, name) {
  await page.getByRole("tab", { name }).click();
  // Behind what says in a line what the section is for.
  const views = page.getByRole("tabpanel", { name }).locator(":scope > :nth-child(2)");
  await views.waitFor({ state: "attached" });
}

/** Has each worker that starts from now on do something before its own script; the last deed asked for holds. */
export const beforeWorkers = (page, deed) =>
  page.route("**/js/worker.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `(${deed})();${await response.text()}` });
  });

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

/** What a row of Table 1 says was measured here, on training and on test data. */
export const here = (row) => row.locator(".here").allInnerTexts();

/** A file that a button hands over, as bytes. */
export async function taken(page, name) {
  const button = page.getByRole("button", { name, exact: true });
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

export const device = (page) => page.getByRole("region", { name: "Device" }).innerText();

/** No violation of the accessibility rules, in the dark and in the light, in which it leaves the page. */
export async function accessible(page, state, within = page) {
  for (const colorScheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await violations(within), [], `${state}, ${colorScheme}`);
  }
}

/** Nothing wider than the window. */
export async function fits(page, state) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= page.viewportSize().width, `${state}: ${width} pixels wide`);
}
