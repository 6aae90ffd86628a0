// Pictures of every view, wide and narrow, light and dark, around one run that is really trained:
// for people to look at. `cargo xtask screenshots` calls it with the folder to write into.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { choose, file, flowers } from "./own.js";
import { MINUTES, launch, press, says, tab } from "./support.js";

const [folder] = process.argv.slice(2);
assert.ok(folder, "say the folder to write into: run this by `cargo xtask screenshots`");
mkdirSync(folder, { recursive: true });

const WIDTHS = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 740 } };
const MARGIN = 16;
const RUN = "?plan=glyphs/matrix&device=cpu&seed=7&samples=2000";
/** Published data of every kind, each trained for a moment. */
const PUBLISHED = [
  ["adult/matrix", "epochs=10&samples=4000"],
  ["mnist/matrix", "epochs=1&samples=2000"],
  ["cora/gmi+mine", "epochs=30"],
  ["mutagenicity/matrix", "epochs=3&samples=1000"],
];
const INSPECTED = [
  "Information plane",
  "What a module makes of the samples",
  "Confusion matrix",
  "Samples",
  "Weights",
  "Draw your own",
];
const browser = await launch({ gpu: false });
try {
  for (const [size, viewport] of Object.entries(WIDTHS)) await album(size, viewport);
} finally {
  await browser.close();
}

/** All views in one size, from one page and one run. */
async function album(size, viewport) {
  const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
  const page = await context.newPage();

  /** What is on the page now, or the parts of it that these stand in, in both themes. */
  const take = async (name, ...parts) => {
    // Plots are painted where they can be seen: all of the page is in sight.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ ...viewport, height: Math.max(height, viewport.height) });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      // Painted plots follow the theme in their next frame.
      await page.waitForTimeout(250);
      const path = join(folder, `${name}-${size}-${colorScheme}.png`);
      await page.screenshot({ path, ...(parts.length > 0 ? { clip: await around(parts) } : {}) });
      console.log(path);
    }
    await page.setViewportSize(viewport);
  };
  const around = async (parts) => {
    const boxes = await Promise.all(parts.map((part) => part.boundingBox()));
    const [left, top] = [Math.min(...boxes.map(({ x }) => x)), Math.min(...boxes.map(({ y }) => y))];
    const right = Math.max(...boxes.map(({ x, width }) => x + width));
    const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
    // With a little of the paper around them.
    const [x, y] = [left, top].map((edge) => Math.max(0, edge - MARGIN));
    const width = Math.min(right + MARGIN, viewport.width) - x;
    return { x, y, width, height: bottom + MARGIN - y };
  };
  const open = async (name) => {
    await tab(page, name);
    await page.waitForTimeout(400);
  };
  const region = (name) => page.getByRole("region", { name, exact: true });

  await page.goto(new URL(RUN, process.env["BASE_URL"]).href);
  await says(page, "Ready");
  await take("first-visit");
  await press(page, "Run");
  await says(page, "Training stage 2");
  await page.waitForTimeout(1500);
  await take("training", page.locator("main"));
  await says(page, "Finished.", 5 * MINUTES);
  await take("watch");
  await page.getByRole("button", { name: "Skip" }).click();
  await take("page", page.getByRole("banner"), region("Network"));
  await press(page, "Edit module 2");
  await take("editor", region("Network"));
  await press(page, "Close");

  await open("Inspect");
  for (const name of INSPECTED) await region(name).scrollIntoViewIfNeeded();
  const embedding = region("What a module makes of the samples");
  await embedding.getByLabel("Module", { exact: true }).selectOption({ index: 3 });
  await embedding.getByRole("radio", { name: "t-SNE" }).check();
  await embedding.getByText(/iteration \d{3,}/).waitFor({ timeout: 2 * MINUTES });
  const samples = region("Samples");
  await samples.scrollIntoViewIfNeeded();
  await samples.getByRole("listitem").first().getByRole("button").click();
  await samples.getByText(/in every module:/).waitFor();
  await region("Draw your own").scrollIntoViewIfNeeded();
  const field = region("Draw your own").getByRole("application", { name: /Drawing field/ });
  await field.focus();
  await page.keyboard.press("Space");
  for (let i = 0; i < 8; i += 1) await page.keyboard.press("ArrowDown");
  for (let i = 0; i < 5; i += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await region("Draw your own").getByText(/^The network says/).waitFor();
  for (const name of INSPECTED) {
    await region(name).scrollIntoViewIfNeeded();
    await page.waitForTimeout(300);
    await take(`inspect-${name.toLowerCase().replaceAll(" ", "-")}`, region(name));
  }

  await take("inside", embedding, region("Confusion matrix"));

  await open("Compare");
  await page.getByRole("table", { name: "Table 1" }).waitFor();
  await take("compare", page.getByRole("tabpanel"));
  await open("Data");
  await take("data", page.getByRole("tabpanel"));
  await choose(page, file("flowers.csv", flowers(150)));
  await region("The first rows").getByText("flowers.csv").waitFor();
  await take("own-data", page.getByRole("tabpanel"));
  await open("Take away");
  await take("take-away", page.getByRole("tabpanel"));
  await open("About the method");
  await take("about", page.getByRole("tabpanel"));

  for (const [plan, limits] of PUBLISHED) {
    await page.goto(new URL(`?plan=${plan}&device=cpu&${limits}&run=1#inspect`, process.env["BASE_URL"]).href);
    await says(page, "Finished.", 5 * MINUTES);
    await embedding.scrollIntoViewIfNeeded();
    await embedding.getByText("First two principal components.").waitFor({ timeout: MINUTES });
    await samples.scrollIntoViewIfNeeded();
    const entry = samples.getByRole("button", { pressed: false }).filter({ hasText: /✓|✗/ }).first();
    await entry.click();
    await samples.getByText(/in every module:/).waitFor();
    await page.waitForTimeout(1000);
    await take(`published-${plan.split("/")[0]}`, embedding, samples);
  }

  await page.route("**/data/**", (route) => route.fulfill({ status: 404, body: "no such file" }));
  await page.getByLabel("Data set", { exact: true }).selectOption("citeseer");
  await press(page, "Run");
  await page.getByText("Something went wrong").waitFor();
  await take("problem", page.locator("main"));

  for (const view of ["network", "curves", "plane"]) {
    await page.goto(new URL(`${RUN}&epochs=1&run=1&embed=1&view=${view}`, process.env["BASE_URL"]).href);
    await says(page, "Finished.");
    await page.waitForTimeout(1500);
    await take(`embed-${view}`);
  }
  await context.close();
}
