// The network as the control panel: each module trained, changed, trained again and reset alone.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { accessible, curve, drawn, fits, launch, press, says, stage, tab, taken, visit } from "./support.js";
import { until } from "./views.js";

const QUICK = "?plan=adult/mine&device=cpu&epochs=1&samples=2000";

describe("the network", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  test("a changed module is trained anew, and nothing before it moves", async (t) => {
    const page = await visit(t, browser, `${QUICK}&run=1`);
    await says(page, "Finished.");
    const [first, second] = [await weights(page, 1), await weights(page, 2)];
    await press(page, "Edit module 2");
    await editor(page, 2).getByRole("spinbutton", { name: "Width", exact: true }).fill("24");
    await page.waitForURL(/m2\.width=24/);
    await says(page, "Finished.");

    await press(page, "Retrain module 2");
    await says(page, "Paused before stage 3 of 3.");
    // The hashes have been read again when that of the retrained module is another.
    await module(page, 2).getByRole("code").filter({ hasNotText: second }).waitFor();
    assert.equal(await weights(page, 1), first);
    await module(page, 1).getByText("unchanged").waitFor();
    assert.equal(await module(page, 2).getByText("unchanged").isVisible(), false);
    await module(page, 3).getByText("stale", { exact: true }).waitFor();

    await press(page, "Continue");
    await says(page, "Finished.");
    const retrained = [await curve(page, 2), await curve(page, 3)];
    const fresh = await visit(t, browser, new URL(page.url()).search);
    await says(fresh, "Finished.");
    assert.deepEqual(retrained, [await curve(fresh, 2), await curve(fresh, 3)]);
  });

  test("modules are trained one at a time, in their turn", async (t) => {
    const page = await visit(t, browser, QUICK);
    await says(page, "Ready");
    assert.equal(await named(page, "Train module 2").isEnabled(), false);
    await press(page, "Train module 1");
    await says(page, "Paused before stage 2 of 3.");
    await press(page, "Train module 2");
    await says(page, "Paused before stage 3 of 3.");
    await press(page, "Train module 3");
    await says(page, "Finished.");

    await press(page, "Reset module 2");
    await says(page, "Paused before stage 2 of 3.");
    await stage(page, 2).getByText("waiting", { exact: true }).waitFor();
    assert.ok((await curve(page, 1)).length > 0);
  });

  test("few samples are trained in smaller batches, also after a change", async (t) => {
    const page = await visit(t, browser, "?plan=adult/mine&device=cpu&epochs=1&samples=40&run=1");
    await says(page, "Finished.");
    await press(page, "Edit module 2");
    const batch = editor(page, 2).getByRole("spinbutton", { name: "Batch size" });
    assert.equal(await batch.inputValue(), "40");
    await editor(page, 2).getByRole("spinbutton", { name: "Width", exact: true }).fill("24");
    await page.waitForURL(/m2\.width=24/);
    await press(page, "Retrain module 2");
    await says(page, "Paused before stage 3 of 3.");
    assert.equal((await curve(page, 2)).length, 1);
    // Without the limit it is the plan's again.
    await page.getByLabel("At most … samples").fill("");
    await until(() => batch.inputValue(), (size) => size === "256", "the plan's batch");
  });

  test("where another data set is chosen, it is said whose stages are shown", async (t) => {
    const page = await visit(t, browser, `${QUICK}&run=1`);
    await says(page, "Finished.");
    const said = page.getByText("These are the stages of the last run, of adult/mine.");
    assert.equal(await said.count(), 0);
    await page.getByLabel("Data set", { exact: true }).selectOption("glyphs");
    await said.waitFor();
  });

  test("another role and estimator are trained, and the link repeats them", async (t) => {
    const page = await visit(t, browser, QUICK);
    await says(page, "Ready");
    await press(page, "Edit module 2");
    await editor(page, 2).getByRole("radio", { name: /^Encoder/ }).check();
    await editor(page, 2).getByLabel("Estimator").selectOption({ label: "Matrix-based Rényi" });
    await press(page, "Run");
    await says(page, "Finished.");
    assert.match(await stage(page, 2).innerText(), /encoder.*I\(T;X\).*matrix-based Rényi/s);

    const fresh = await visit(t, browser, new URL(page.url()).search);
    await says(fresh, "Finished.");
    assert.deepEqual(await curve(page, 2), await curve(fresh, 2));
  });

  test("numbers keep to the bounds that are shown, and words are chosen from a list", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/matrix&device=cpu&epochs=1&samples=600");
    await says(page, "Ready");
    await press(page, "Edit module 1");
    const number = (name) => editor(page, 1).getByRole("spinbutton", { name, exact: true });
    const keeps = async (name, bounds, wrong) => {
      assert.equal(await described(number(name)), bounds);
      const before = page.url();
      for (const text of wrong) {
        await number(name).fill(text);
        assert.equal(await number(name).getAttribute("aria-invalid"), "true", `${name}: ${text}`);
      }
      assert.equal(page.url(), before, "what is out of bounds is not taken up");
    };
    await keeps("Width", "whole number, 1 to 4,096", ["0", "4097", "12.5", ""]);
    await keeps("Batch size", "whole number, 2 to 600", ["1", "601"]);
    await keeps("Learning rate", "above 0", ["0", "-1"]);
    await keeps("Order α", "above 0", ["0"]);
    await keeps("Samples", "whole number, 2 to 4,096", ["1", "4097", "2.5"]);
    await number("Width").fill("24");
    await number("Order α").fill("1.5");
    await editor(page, 1).getByLabel("Divided by").selectOption("the joint entropy");
    await press(page, "Run");
    await says(page, "Finished.");
    assert.match(page.url(), /m1\.width=24/);
    const words = await stage(page, 1).innerText();
    assert.match(words, /linear 24.*α = 1\.5.*of the joint entropy/s);
  });

  test("changes that come between two drawings of the page are all taken up", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/matrix&device=cpu");
    await says(page, "Ready");
    await press(page, "Edit module 1");
    const order = await editor(page, 1).getByLabel("Order α").elementHandle();
    const divided = await editor(page, 1).getByLabel("Divided by").elementHandle();
    await page.evaluate(
      ([order, divided]) => {
        order.value = "1.5";
        order.dispatchEvent(new Event("input"));
        divided.selectedIndex = [...divided.options].findIndex(({ text }) => text === "the joint entropy");
        divided.dispatchEvent(new Event("change"));
      },
      [order, divided],
    );
    await stage(page, 1).getByText("α = 1.5").waitFor();
    await stage(page, 1).getByText("of the joint entropy, ↑").waitFor({ state: "attached" });
  });

  test("a bound is chosen by its name, and brings its own numbers", async (t) => {
    const page = await visit(t, browser, QUICK);
    await says(page, "Ready");
    await press(page, "Edit module 1");
    const bound = editor(page, 1).getByLabel("Bound");
    const number = (name) => editor(page, 1).getByRole("spinbutton", { name, exact: true });
    await number("Moving average").waitFor();
    await bound.focus();
    await bound.selectOption("SMILE");
    await number("Clip τ").fill("3");
    assert.equal(await number("Moving average").isVisible(), false);
    await page.waitForURL(/m1\.objective=[^&]*smile[^&]*tau/);
    await press(page, "Run");
    await says(page, "Finished.");
    assert.match(await stage(page, 1).innerText(), /SMILE/);
    await accessible(page, "a bound chosen");
  });

  test("what the core cannot train is refused in place, and undone", async (t) => {
    const page = await visit(t, browser, "?plan=glyphs/random&device=cpu&epochs=1&samples=400&run=1");
    await says(page, "Finished.");
    await press(page, "Edit module 3");
    await editor(page, 3).getByRole("radio", { name: /^Encoder/ }).check();
    await editor(page, 3).getByLabel("Estimator").selectOption({ label: "Deep InfoMax, local" });
    await press(page, "Retrain module 3");
    const refusal = page.getByText("The network cannot be trained like this.");
    await refusal.waitFor();
    assert.match(await refusal.locator("..").innerText(), /Module 3, estimator: \S+/);
    await accessible(page, "refused");

    await press(page, "Undo the change");
    assert.equal(await refusal.isVisible(), false);
    await press(page, "Retrain module 4");
    await says(page, "Finished.");
  });

  test("a module is stepped, trained on and held from where it stands", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/mine&device=cpu&epochs=200");
    await says(page, "Ready");
    const reached = async () => Number(/step ([\d,]+)/.exec(await stage(page, 1).innerText())?.[1]);
    await press(page, "Step module 1");
    await stage(page, 1).getByText("step 1 of").waitFor();
    await module(page, 1).getByRole("code").waitFor();
    const [before, other] = [await weights(page, 1), await weights(page, 2)];
    await press(page, "Step module 1");
    await stage(page, 1).getByText("step 2 of").waitFor();
    await module(page, 1).getByRole("code").filter({ hasNotText: before }).waitFor();
    assert.equal(await weights(page, 2), other);
    const button = (name) => page.getByRole("button", { name, exact: true });
    assert.equal(await button("Step module 2").isEnabled(), false);

    await press(page, "Train module 1");
    await press(page, "Pause module 1");
    await button("Train module 1").waitFor();
    const held = await reached();
    assert.ok(held > 2, `step ${held}`);
    await press(page, "Step module 1");
    await stage(page, 1).getByText(`step ${(held + 1).toLocaleString("en")} of`).waitFor();
  });

  test("backpropagation is drawn as one stage over all modules", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/bp&device=cpu&epochs=1");
    await says(page, "Ready");
    const network = page.getByRole("region", { name: "Network" });
    assert.equal(await network.getByText("whole network", { exact: true }).count(), 1);
    await press(page, "Train modules 1 to 3");
    await says(page, "Finished.");
  });

  test("slow motion shows single steps", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/bp&device=cpu");
    await says(page, "Ready");
    await page.getByLabel("Speed").selectOption({ label: "Slow motion: 2 steps a second" });
    await press(page, "Run");
    const first = stage(page, 1).getByText(/^step \d+ of/);
    const seen = Number(/\d+/.exec(await first.innerText())?.[0]);
    for (const step of [seen + 1, seen + 2]) {
      await stage(page, 1).getByText(new RegExp(`^step ${step} of`)).waitFor();
    }
    await page.getByLabel("Speed").selectOption({ label: "Full speed" });
    await says(page, "Finished.");
  });

  test("five steps a frame are a hundred a second at most", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/bp&device=cpu&epochs=1000");
    await says(page, "Ready");
    await page.getByLabel("Speed").selectOption({ label: "5 steps a frame" });
    await press(page, "Run");
    await stage(page, 1).getByText(/^step \d/).waitFor();
    const steps = async () => {
      const words = await stage(page, 1).getByText(/^step [\d,]+ of/).innerText();
      return Number(/[\d,]+/.exec(words)?.[0].replace(",", ""));
    };
    const [before, began] = [await steps(), Date.now()];
    await page.waitForTimeout(3000);
    const rate = (1000 * ((await steps()) - before)) / (Date.now() - began);
    // A busy machine may be slower; the last frame and what is on the way may add some.
    assert.ok(rate > 5 && rate < 130, `${rate} steps a second`);
    await press(page, "Pause");
  });

  test("the time that is left is said of each stage and of all", async (t) => {
    const page = await visit(t, browser, "?device=cpu&epochs=500&run=1");
    // Slow machines take hours, which have a decimal.
    const left = /about [\d.]+ (s|min|h) left/;
    await stage(page, 1).getByText(left).waitFor();
    await module(page, 1).getByText(left).waitFor();
    await page.getByRole("region", { name: "Progress" }).getByText(left).waitFor();
    assert.equal(await stage(page, 2).getByText(left).count(), 0, "a stage that waits says nothing");
  });

  test("the arrows go from section to section, and tab leaves the list", async (t) => {
    const page = await visit(t, browser, QUICK);
    await says(page, "Ready");
    const chosen = () => page.getByRole("tab", { selected: true }).innerText();
    const goes = async (key, to) => {
      await page.keyboard.press(key);
      await page.getByRole("tab", { name: to, selected: true }).waitFor();
      const panel = page.getByRole("tabpanel", { name: to });
      assert.equal(await panel.isVisible(), true, to);
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), to);
    };
    assert.equal(await chosen(), "Watch");
    await page.getByRole("tab", { selected: true }).focus();
    await goes("ArrowRight", "Inspect");
    await goes("ArrowRight", "Compare");
    await goes("ArrowLeft", "Inspect");
    await goes("End", "About the method");
    await goes("ArrowRight", "Watch");
    await goes("ArrowLeft", "About the method");
    await goes("Home", "Watch");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.role), null, "one tab stop for all");
  });

  test("nothing moves by itself for those who want less motion", async (t) => {
    const moving = (page) =>
      page.evaluate(() => document.getAnimations().filter((one) => one instanceof CSSAnimation).length);
    const page = await visit(t, browser, "?device=cpu&run=1", { reducedMotion: "no-preference" });
    await stage(page, 1).getByText(/^step \d/).waitFor();
    assert.ok((await moving(page)) > 0, "what is trained is marked by a pulse");
    await page.emulateMedia({ reducedMotion: "reduce" });
    assert.equal(await moving(page), 0);
    const turns = await page.evaluate(() =>
      [...document.querySelectorAll("*")].some(
        (element) => parseFloat(getComputedStyle(element).transitionDuration) > 0,
      ),
    );
    assert.equal(turns, false);
  });

  test("single keys run it, and can be switched off", async (t) => {
    const page = await visit(t, browser, QUICK);
    await says(page, "Ready");
    await page.keyboard.press("s");
    await stage(page, 1).getByText(/^step 1 of/).waitFor();
    await page.keyboard.press("2");
    await editor(page, 2).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("checkbox", { name: /^Single-key shortcuts/ }).uncheck();
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("r");
    await page.waitForTimeout(300);
    await says(page, "Paused in stage 1");
  });

  test("a curve is read and zoomed by keys, and keeps its zoom while it grows", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/mine&device=cpu&epochs=200&run=1");
    await stage(page, 1).getByText(/^step \d\d+ of/).waitFor();
    const plot = stage(page, 1).getByRole("application", { name: /^I\(T;X\), stage 1.*Arrow keys/ });
    await plot.focus();
    // The focus brings the plot into sight, where it is painted.
    await drawn(page);
    await page.keyboard.press("Home");
    await stage(page, 1).getByText(/^step 1: [-\d.]+ bits$/).waitFor();
    await page.keyboard.press("ArrowRight");
    await stage(page, 1).getByText(/^step 2: [-\d.]+ bits$/).waitFor();
    await page.keyboard.press("+");
    const reset = stage(page, 1).getByRole("button", { name: "Reset zoom" }).first();
    await reset.waitFor();
    const zoomed = await axis(page);
    const last = (rows) => Number(rows.at(-1)[0].replaceAll(",", ""));
    const before = last(await curve(page, 1));
    await until(() => curve(page, 1), (rows) => last(rows) > 3 * before, "more values have come in");
    assert.ok(zoomed.length > 2);
    assert.deepEqual(await axis(page), zoomed, "the same steps are in the same places");
    await reset.waitFor();
    await plot.focus();
    await page.keyboard.press("Escape");
    assert.equal(await reset.isVisible(), false);
    const whole = await axis(page);
    assert.ok(whole.at(-1).step > 2 * zoomed.at(-1).step, JSON.stringify([zoomed, whole]));
  });

  test("the editor is accessible and fits a phone", async (t) => {
    const page = await visit(t, browser, QUICK);
    await says(page, "Ready");
    await press(page, "Edit module 1");
    await page.keyboard.press("?");
    await accessible(page, "editor");
    await page.setViewportSize({ width: 360, height: 740 });
    await fits(page, "editor");
    await accessible(page, "editor on a phone");
  });

  test("on a phone the editor comes into sight when it is opened", async (t) => {
    const page = await visit(t, browser, QUICK, { viewport: { width: 360, height: 740 } });
    await says(page, "Ready");
    await press(page, "Edit module 1");
    await page.waitForFunction(() => document.getElementById("editor").getBoundingClientRect().top < innerHeight);
  });
});

/** The steps that stand under stage 1's curve, and where: as its SVG has them, which is drawn as it looks. */
async function axis(page) {
  await tab(page, "Take away");
  const figure = page.getByLabel("Another figure");
  const option = figure.locator("option", { hasText: /^I\(T;X\), stage 1/ });
  await option.waitFor({ state: "attached" });
  await figure.selectOption(await option.innerText());
  const svg = (await taken(page, "Save as SVG")).bytes.toString();
  await tab(page, "Watch");
  // Marks under an axis hang from their places, those beside one stand level with them.
  const under = [...svg.matchAll(/<text x="([\d.]+)" [^>]*dy="0\.8em"[^>]*>([\d,]+)</g)];
  return under.map(([, x, text]) => ({ x: Number(x), step: Number(text.replace(",", "")) }));
}

/** What a field is described by, for people and for screen readers. */
const described = (field) =>
  field.evaluate((input) => document.getElementById(input.getAttribute("aria-describedby")).innerText);
const named = (page, name) => page.getByRole("button", { name, exact: true });
const module = (page, number) => page.getByRole("listitem", { name: `Module ${number}` });
const editor = (page, number) => page.getByRole("group", { name: `Module ${number}: what it is` });
const weights = (page, number) => module(page, number).getByRole("code").innerText();
