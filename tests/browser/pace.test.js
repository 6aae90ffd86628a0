// While it trains, the page stays quick: no long task on its thread, no more redraws than eyes
// need, no work between them, and a first value soon after the click.
//
// Tasks are measured in processor time, as the browser traces it: a busy machine that lets the page
// wait is not the page's doing. Nor is what a virtual machine's host takes for itself, which is
// counted as the task's: what the page does itself is long each time.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launch, press, says, stage, visit } from "./support.js";
import { view } from "./views.js";

/** What the browser itself calls a long task, in milliseconds. */
const LONG_MS = 50;
const SECONDS = 4;
const TRIES = 3;
const REDRAWS_PER_SECOND = 20;
const FIRST_VALUE_MS = 2000;
/** Plots are painted where they can be seen: this window shows all of them. */
const TALL = { viewport: { width: 1280, height: 4000 } };

describe("pace", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  for (const plan of ["adult/mine", "mnist/mine"]) {
    for (const section of ["Watch", "Inspect"]) {
      test(`${plan} trains beside the page, not in its way, with ${section} open`, (t) =>
        quick(`${plan}, ${section}`, async () => {
          const hash = section.toLowerCase();
          const page = await visit(t, browser, `?plan=${plan}&device=cpu&epochs=100#${hash}`, TALL);
          await says(page, "Ready");
          // From the click on: the stages, their plots and the views are made in it.
          await trace(browser, page);
          await press(page, "Run");
          await says(page, "Training");
          return await longTasks(page);
        }));
    }
  }

  test("t-SNE moves before one's eyes while it trains, and is not in its way", (t) =>
    quick("adult/mine, t-SNE", async () => {
      const link = "?plan=adult/mine&device=cpu&epochs=100&run=1#inspect";
      const page = await visit(t, browser, link, TALL);
      await says(page, "Training");
      const embedding = await view(page, "embedding");
      await embedding.getByText("First two principal components.").waitFor();
      await trace(browser, page);
      await embedding.getByRole("radio", { name: "t-SNE" }).check();
      await embedding.getByText(/iteration \d/).waitFor();
      const from = await embedding.innerText();
      const long = await longTasks(page);
      assert.notEqual(await embedding.innerText(), from, "it has gone on");
      return long;
    }));

  for (const plan of ["adult/matrix", "mnist/matrix"]) {
    test(`the first value of ${plan} comes soon after the click`, async (t) => {
      const link = `?plan=${plan}&device=cpu`;
      const page = await visit(t, browser, link);
      await says(page, "Ready");
      await press(page, "Run");
      await stage(page, 1).getByText(/^step \d/).waitFor();
      // Now the files are in the browser's cache: the second visit is the one to measure.
      await page.goto(new URL(link, page.url()).href);
      await says(page, "Ready");
      await trace(browser, page);
      const began = performance.now();
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await stage(page, 1).getByText(/^step \d/).waitFor();
      const wall = Math.round(performance.now() - began);
      // The page and its worker wait for each other: their times add up to what a visitor waits. By the
      // clock it depends on what else the machine does, and is told, not asserted.
      const tasks = tasksOf(await traced(browser, /^(CrRendererMain|DedicatedWorker)/));
      const sum = tasks.reduce((total, ms) => total + ms, 0);
      console.log(`first value after ${wall} ms by the clock, ${Math.round(sum)} ms of processor time`);
      assert.ok(sum > 100 && sum <= FIRST_VALUE_MS, `${Math.round(sum)} ms`);
    });
  }
});

/** @param {() => Promise<number[]>} measure the tasks that were too long, in milliseconds */
async function quick(what, measure) {
  const tries = [];
  while (tries.length < TRIES && tries.at(-1)?.length !== 0) tries.push(await measure());
  assert.deepEqual(tries.at(-1), [], `${what}: too long each time, ${JSON.stringify(tries)} ms`);
}

/** Ends the trace: it was drawn often enough to be watched, no more often than eyes need. */
async function longTasks(page) {
  const { seconds, page: redraws, plots } = await page.evaluate(countRedraws, SECONDS);
  const events = await traced(page.context().browser(), /^CrRendererMain$/);
  const tasks = tasksOf(events);
  await press(page, "Pause");
  assert.ok(redraws > SECONDS, `${redraws} redraws: training was not watched`);
  assert.ok(plots > 0, "no plot was painted");
  assert.ok(redraws / seconds <= REDRAWS_PER_SECOND, `${redraws / seconds} redraws a second`);
  assert.ok(plots / seconds <= REDRAWS_PER_SECOND, `plots painted ${plots / seconds} times a second`);
  assert.ok(tasks.length > redraws, `${tasks.length} tasks traced`);
  const laidOut = events.filter(({ name }) => name === "Layout").length / seconds;
  console.log(`longest task ${Math.round(Math.max(...tasks))} ms, laid out ${laidOut.toFixed(1)} times a second`);
  // A transition of a size, say, has the page laid out again for every frame of the screen.
  assert.ok(laidOut > 0 && laidOut <= 2 * REDRAWS_PER_SECOND, `laid out ${laidOut} times a second`);
  return tasks.filter((ms) => ms > LONG_MS);
}

/**
 * Frames in which the page changed, and in which plots were painted, in so many seconds; in more where a busy
 * machine takes its time for as many frames.
 */
function countRedraws(least) {
  return new Promise((resolve) => {
    const [frames, painted] = [new Set(), new Set()];
    const changes = new MutationObserver(() => frames.add(document.timeline.currentTime));
    changes.observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    // What is painted anew is cleared first.
    const { clearRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...where) {
      painted.add(document.timeline.currentTime);
      clearRect.apply(this, where);
    };
    const began = performance.now();
    const end = () => {
      const seconds = (performance.now() - began) / 1000;
      if (frames.size <= least && seconds < 10 * least) return setTimeout(end, 1000);
      changes.disconnect();
      CanvasRenderingContext2D.prototype.clearRect = clearRect;
      resolve({ seconds, page: frames.size, plots: painted.size });
    };
    // No other timer beside it: its tasks would be counted with the page's.
    setTimeout(end, 1000 * least);
  });
}

const trace = (browser, page) =>
  browser.startTracing(page, { categories: ["toplevel", "devtools.timeline", "__metadata"] });

/** What the browser saw of the threads of that name. */
async function traced(browser, names) {
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && names.test(args.name))
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents.filter(({ pid, tid }) => threads.has(`${pid} ${tid}`));
}

/** Milliseconds of processor time that each task took. */
function tasksOf(events) {
  const tasks = events.filter(({ name }) => /^(ThreadControllerImpl::)?RunTask$/.test(name));
  return tasks.map(({ tdur }) => tdur / 1000).filter((ms) => ms >= 0);
}
