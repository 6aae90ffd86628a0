// Everything a pointer can do is in reach of the keyboard, and where one is can be seen.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { choose, region } from "./own.js";
import { MINUTES, launch, says, visit } from "./support.js";
import { entries, matrix, view } from "./views.js";

const QUICK = "?plan=glyphs/matrix&epochs=1&samples=400&device=cpu";
/** More stops than the page has. */
const MOST = 600;
/** What a view has once its answer has come, and with it what can be operated. */
const ANSWERED = {
  plane: (plane) => plane.getByRole("row").nth(1),
  embedding: (embedding) => embedding.getByText("First two principal components."),
  samples: (samples) => entries(samples).first(),
  weights: (weights) => weights.getByText(/^From −?[\d.]+ to /),
  draw: (draw) => draw.getByRole("application"),
};

describe("by keyboard", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  test("a scheme is chosen and trained, and its sections are opened", async (t) => {
    const page = await visit(t, browser, QUICK);
    await says(page, "Ready");
    await page.getByRole("combobox", { name: "Data set" }).focus();
    const kind = () => page.evaluate(() => document.activeElement?.getAttribute("type"));
    for (let tabs = 0; tabs < 5 && (await kind()) !== "radio"; tabs += 1) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("ArrowRight");
    assert.notEqual(new URL(page.url()).searchParams.get("plan"), "glyphs/matrix");
    const run = page.getByRole("button", { name: "Run", exact: true });
    await run.focus();
    // Looked at from within: a fast machine has trained before it could be asked from here.
    await run.evaluate((button) => {
      new MutationObserver(() => {
        if (button.ariaDisabled === "true") window.focusedAtRest ??= button === document.activeElement;
      }).observe(button, { attributes: true });
    });
    await page.keyboard.down("Enter");
    await says(page, "Finished.");
    assert.equal(await page.evaluate(() => window.focusedAtRest), true, "Run rests, and keeps the focus");
    // The key is still held: it repeats, and is one press all the same.
    await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    await page.waitForTimeout(300);
    await says(page, "Finished.", 100);
    // After the end there is no step, and the run stays as it is.
    assert.equal(await page.getByRole("button", { name: "Step", exact: true }).isEnabled(), false);
    await page.keyboard.press("s");
    await says(page, "Finished.");
    await page.getByRole("tab", { name: "Watch" }).focus();
    for (const name of ["Inspect", "Compare", "Data", "Take away", "About the method"]) {
      await page.keyboard.press("ArrowRight");
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), name);
      await page.getByRole("tabpanel", { name }).waitFor();
    }
  });

  for (const section of ["watch", "inspect", "compare", "data", "take", "about"]) {
    test(`tab comes to all there is in ${section}, and shows where it is`, async (t) => {
      const page = await visit(t, browser, `${QUICK}&run=1#${section}`);
      await says(page, "Finished.");
      await page.getByRole("tabpanel").waitFor();
      if (section === "inspect") {
        // Views that have not been in sight have asked for nothing yet.
        for (const [name, answered] of Object.entries(ANSWERED)) {
          await answered(await view(page, name)).waitFor({ timeout: MINUTES });
        }
        await matrix(page);
      }
      if (section === "data") {
        await choose(page);
        await region(page, "The first rows").getByText("flowers.csv").waitFor();
      }
      await page.waitForTimeout(500);
      const stops = new Set();
      for (let presses = 0; presses < MOST; presses += 1) {
        await page.keyboard.press("Tab");
        const stop = await page.evaluate(standing);
        // From wherever it begins, past the end of the page, and around.
        if (stop === null) continue;
        if (stops.has(stop.key)) break;
        assert.ok(stop.shown, `${stop.name}: focus cannot be seen`);
        stops.add(stop.key);
      }
      const missing = await page.evaluate(unreached);
      assert.deepEqual(missing, []);
      assert.ok(stops.size > 20, `${stops.size} stops`);
    });
  }
});

/** Where the focus is, noted as reached; `null` where it has left the page. */
function standing() {
  const stop = document.activeElement;
  if (stop === null || stop === document.body) return null;
  globalThis.stops ??= new Map();
  if (!globalThis.stops.has(stop)) globalThis.stops.set(stop, globalThis.stops.size);
  // Where the control itself is not drawn, what stands for it shows the focus.
  const drawn = [stop, stop.parentElement, stop.nextElementSibling, ...(stop.labels ?? [])];
  const look = () =>
    drawn.map((element) => {
      const { outline, boxShadow } = element === null ? {} : getComputedStyle(element);
      return `${outline} ${boxShadow}`;
    });
  const focused = look().join();
  stop.blur();
  const shown = look().join() !== focused;
  stop.focus();
  const name = stop.getAttribute("aria-label") ?? stop.textContent?.trim().slice(0, 40) ?? "";
  return { key: globalThis.stops.get(stop), name: `${stop.tagName} ${name}`, shown };
}

/** What can be operated and was never come to. Of a group one is come to, and the arrows go on from it. */
function unreached() {
  const reached = [...globalThis.stops.keys()];
  const names = new Set(reached.flatMap(({ type, name }) => (type === "radio" ? [name] : [])));
  const groups = "[role=tablist], [role=grid]";
  const inside = new Set(reached.flatMap((stop) => stop.closest(groups) ?? []));
  const operable = "a[href], button, input, select, textarea, summary, [tabindex='0'], [role=application]";
  return [...document.querySelectorAll(operable)]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled)
    .filter((element) => element.type !== "file" || element.tabIndex >= 0)
    .filter((element) => !globalThis.stops.has(element))
    .filter((element) => element.type !== "radio" || !names.has(element.name))
    .filter((element) => !inside.has(element.closest(groups)))
    .map((element) => `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent?.trim().slice(0, 40)}`);
}
