// How the page behaves around a run: what it says while files come, light and dark, the screen that
// stays on.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { accessible, drawn, fits, launch, press, says, visit } from "./support.js";
import { until } from "./views.js";

const ADULT = "?plan=adult/matrix&epochs=1&samples=500&seed=7&device=cpu";
const QUICK = "?plan=vectors/matrix&device=cpu&epochs=1&samples=600";

/** Headless tabs are never hidden: the page is told that it was, or all states at once. */
const turn = (page, ...states) =>
  page.evaluate((states) => {
    for (const value of states) {
      Object.defineProperty(document, "visibilityState", { configurable: true, value });
      document.dispatchEvent(new Event("visibilitychange"));
    }
  }, states);

describe("manners", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  test("files are counted byte by byte as they come, and said to be kept when they are", async (t) => {
    const page = await visit(t, browser, ADULT);
    await says(page, "Ready");
    const progress = page.getByRole("region", { name: "Progress" });
    const bar = progress.getByRole("progressbar", { name: "Whole run" });
    let requests = 0;
    /** @type {(() => void)[]} */
    const held = [];
    await page.route("**/data/adult/*", (route) => {
      requests += 1;
      held.push(() => void route.continue());
    });
    await press(page, "Run");
    await says(page, "Downloading UCI Adult");
    await progress.getByText("adult.data: 0.0 of 4.0 MB").waitFor();
    held.shift()?.();
    await progress.getByText("adult.test: 0.0 of 2.0 MB").waitFor();
    const share = Number(await bar.getAttribute("value"));
    assert.ok(Math.abs(share - 4 / 6) < 0.01, `the first file is ${share} of the whole`);
    held.shift()?.();
    await says(page, "Finished.");
    assert.equal(requests, 2);

    // A new worker holds no data and reads what the browser has kept, too fast to be seen.
    await page.addInitScript(() => {
      globalThis.kept = [];
      globalThis.Worker = class extends Worker {
        constructor(...how) {
          super(...how);
          this.addEventListener("message", ({ data: { activity } }) => {
            if (activity?.kind === "downloading") globalThis.kept.push([activity.file, activity.kept]);
          });
        }
      };
    });
    await page.reload();
    await says(page, "Finished.");
    assert.equal(requests, 2, "nothing is fetched twice");
    assert.deepEqual(
      (await page.evaluate(() => globalThis.kept)).map(([{ name }, kept]) => [name, kept]),
      [
        ["adult.data", true],
        ["adult.test", true],
      ],
    );
  });

  test("light and dark are switched, painted plots too, and the choice is kept", async (t) => {
    const page = await visit(t, browser, `${QUICK}&run=1`, { colorScheme: "light" });
    await says(page, "Finished.");
    const paper = () =>
      page.evaluate(() => {
        const [red = 0] = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g);
        return Number(red) > 128 ? "light" : "dark";
      });
    const plot = page.locator(".plot canvas").first();
    const painted = async () => {
      // What comes into sight is painted in one of the next frames.
      await plot.scrollIntoViewIfNeeded();
      await drawn(page);
      return plot.evaluate((canvas) => canvas.toDataURL());
    };
    const choose = (name) => page.getByRole("radio", { name, exact: true }).check();
    assert.equal(await paper(), "light");
    const onLight = await painted();
    await choose("Dark");
    assert.equal(await paper(), "dark");
    const inLight = async () => (await painted()) === onLight;
    await until(inLight, (same) => !same, "the plot has taken up the dark colours");
    await choose("Light");
    await until(inLight, (same) => same, "and the light ones again");
    await choose("Dark");

    await page.reload();
    assert.equal(await paper(), "dark");
    assert.equal(await page.getByRole("radio", { name: "Dark" }).isChecked(), true);
    await choose("As the system");
    assert.equal(await paper(), "light");
    await page.emulateMedia({ colorScheme: "dark" });
    assert.equal(await paper(), "dark");
  });

  test("the screen stays on while something is trained in sight, and no longer", async (t) => {
    const page = await visit(t, browser, "?device=cpu");
    await says(page, "Ready");
    // Headless browsers have no screen to keep on: this one counts the locks that are held.
    await page.evaluate(() => {
      globalThis.locks = { held: 0, asked: 0 };
      class Lock extends EventTarget {
        released = false;
        async release() {
          if (this.released) return;
          this.released = true;
          globalThis.locks.held -= 1;
          this.dispatchEvent(new Event("release"));
        }
      }
      const request = async (kind) => {
        if (kind !== "screen") throw new TypeError(kind);
        globalThis.locks.asked += 1;
        await new Promise((done) => setTimeout(done, 50));
        globalThis.locks.held += 1;
        return (globalThis.lock = new Lock());
      };
      Object.defineProperty(navigator, "wakeLock", { configurable: true, value: { request } });
    });
    const held = (count) => page.waitForFunction((n) => globalThis.locks.held === n, count);

    await press(page, "Run");
    await held(1);
    await press(page, "Pause");
    await held(0);
    await press(page, "Continue");
    await held(1);
    await turn(page, "hidden");
    await held(0);
    await turn(page, "visible");
    await held(1);
    await press(page, "Finish now");
    await says(page, "Ended early.");
    await held(0);
    assert.equal(await page.evaluate(() => globalThis.locks.asked), 3, "once for each time in sight");

    // A run that is over before the browser has answered holds nothing back.
    await press(page, "Reset");
    await press(page, "Finish now");
    await page.waitForTimeout(300);
    await held(0);
  });

  test("that a hidden tab trains on is said before, and what it did, and why slowly, after", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/mine&device=cpu&epochs=2000&run=1");
    await says(page, "Training stage 1");
    await page.getByRole("button", { name: "About: Speed" }).focus();
    const tip = page.getByRole("tooltip").filter({ hasText: "How many training steps" });
    await tip.getByText("Training goes on while this tab is hidden, as fast as the browser lets it.").waitFor();
    await turn(page, "hidden", "visible");
    await page.waitForTimeout(300);
    const told = page.getByText(/^While this tab was hidden/);
    assert.equal(await told.isVisible(), false, "a short look away is not worth a word");
    await turn(page, "hidden");
    await page.waitForTimeout(2500);
    await turn(page, "visible");
    await told.waitFor();
    assert.match(
      await told.innerText(),
      /^While this tab was hidden training went on: [\d,]+ steps in .*\. A browser may give a hidden tab less time to compute\.$/,
    );
    await press(page, "Close");
    assert.equal(await told.isVisible(), false);
    // For so long no step comes, as when a browser lets a hidden tab do nothing.
    const held = page.workers().at(-1).evaluate(() => {
      const until = performance.now() + 4000;
      while (performance.now() < until);
    });
    await page.waitForTimeout(500);
    await turn(page, "hidden");
    await page.waitForTimeout(2500);
    await turn(page, "visible");
    await held;
    await page.getByText("While this tab was hidden the browser held the training; it goes on now.").waitFor();
  });

  test("what is said of runs that were left, lost or hidden is accessible, and fits a phone", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/mine&seed=5&device=cpu&epochs=200&run=1");
    const right = async (state) => {
      await accessible(page, state);
      await page.setViewportSize({ width: 360, height: 740 });
      await fits(page, state);
      await page.setViewportSize({ width: 1280, height: 900 });
    };
    await says(page, "Training stage 1");
    await turn(page, "hidden");
    // A page that goes out of sight has its run written down.
    await page.waitForTimeout(2500);
    await turn(page, "visible");
    await page.getByText(/While this tab was hidden training went on/).waitFor();
    await press(page, "Pause");
    await right("told what was missed");

    await page.goto(new URL("?plan=vectors/bp&device=cpu", page.url()).href);
    await page.getByText(/A run of vectors\/mine was interrupted/).waitFor();
    await says(page, "Ready");
    assert.equal(await page.getByRole("radio", { name: "Backpropagation" }).isChecked(), true);
    assert.match(page.url(), /plan=vectors\/bp/, "the link's plan stays");
    await right("offered to go on");
    await press(page, "Go on with it");
    await says(page, "Training");
    assert.match(page.url(), /plan=vectors\/mine&seed=5/);

    const born = page.waitForEvent("worker");
    await page.workers().at(-1).evaluate(() => self.close()).catch(() => {});
    await born;
    await page.getByText(/^The trainer was lost; the run/).waitFor();
    await press(page, "Pause");
    await right("told of a loss");
  });

  test("a browser that refuses to keep the screen on trains all the same", async (t) => {
    const page = await visit(t, browser, QUICK);
    await says(page, "Ready");
    await page.evaluate(() => {
      globalThis.asked = 0;
      const request = () => {
        globalThis.asked += 1;
        return Promise.reject(new DOMException("low on power", "NotAllowedError"));
      };
      Object.defineProperty(navigator, "wakeLock", { configurable: true, value: { request } });
    });
    await press(page, "Run");
    await says(page, "Finished.");
    assert.equal(await page.evaluate(() => globalThis.asked), 1, "once, and not with every step");
  });
});
