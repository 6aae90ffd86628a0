// Runs that are lost and go on: with the page, with its worker, with the wasm instance, with the GPU.
// On the CPU the weights are then those of a run that nothing happened to.
//
// `MOLE_KILLS` and `MOLE_LOSSES` say how many workers and GPUs are lost. Software compiles the GPU's
// kernels anew for half a minute after each loss, so few of those are lost on each change.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { MINUTES, curve, device, launch, press, result, says, stage, visit } from "./support.js";

const KILLS = Number(process.env["MOLE_KILLS"] ?? 10);
const LOSSES = Number(process.env["MOLE_LOSSES"] ?? 1);
/** Losses of the GPU within ten minutes after which the CPU takes over. */
const MOST_LOSSES = 3;

/** Of every module's weights, once the run has ended. */
async function weights(page) {
  await says(page, "Finished.", 9 * MINUTES);
  const prints = page.locator(".print code");
  await prints.first().waitFor();
  await page.waitForFunction(
    () => [...document.querySelectorAll(".print code")].every((code) => code.textContent !== ""),
  );
  return [...(await prints.allInnerTexts()), `${await result(page, "Test accuracy")} %`];
}

/** How many checkpoints the browser keeps, and the number of the newest. */
const kept = (page) =>
  page.evaluate(
    () =>
      new Promise((done, fail) => {
        const open = indexedDB.open("mole-checkpoints-1");
        open.onerror = () => fail(open.error);
        open.onsuccess = () => {
          const database = open.result;
          if (!database.objectStoreNames.contains("slots")) return done({ slots: 0, newest: 0 });
          const all = database.transaction("slots").objectStore("slots").getAll();
          all.onsuccess = () => {
            database.close();
            const numbers = all.result.map(({ number }) => number);
            done({ slots: numbers.length, newest: Math.max(0, ...numbers) });
          };
        };
      }),
  );

async function keepsMore(page, than = 0) {
  const began = Date.now();
  while ((await kept(page)).newest <= than) {
    assert.ok(Date.now() - began < MINUTES, "no checkpoint was kept");
    await page.waitForTimeout(50);
  }
}

const isFinished = (page) => page.getByText("Finished.").isVisible();

/** Whether another checkpoint comes before the run's end. */
async function keepsMoreOrEnds(page) {
  const before = (await kept(page)).newest;
  for (const began = Date.now(); Date.now() - began < 5 * MINUTES; await page.waitForTimeout(50)) {
    if (await isFinished(page)) return false;
    if ((await kept(page)).newest > before) return true;
  }
  assert.fail("no checkpoint was kept");
}

/** The worker that trains now. */
const worker = (page) => page.workers().at(-1);

/** What is done to a worker may end it before it answers. */
const harm = (page, deed) =>
  worker(page)
    .evaluate(deed)
    .catch(() => {});

const kill = () => self.close();
/** The next call into wasm reads beyond its memory: a real trap. */
async function trap() {
  const { Session } = await import("/pkg/cpu/mole.js");
  const { advance } = Session.prototype;
  Session.prototype.advance = function (milliseconds) {
    this.__wbg_ptr = 0xfffffff0;
    return advance.call(this, milliseconds);
  };
}
/** Computes without end, as a loop in wasm would. */
function hang() {
  setTimeout(() => {
    for (;;);
  });
}

const note = (page, words) => page.getByText(words);

describe("on the CPU", () => {
  const RUN = "?plan=vectors/mine&seed=5&device=cpu&epochs=90";
  let browser;
  let undisturbed;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  test("undisturbed, a run keeps two copies and forgets them at its end", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    await keepsMore(page, 2);
    assert.equal((await kept(page)).slots, 2);
    undisturbed = await weights(page);
    await page.waitForTimeout(500);
    assert.equal((await kept(page)).slots, 0);
  });

  test("a reload in the middle of a stage offers to go on, and ends alike", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    for (let reload = 0; reload < 2; reload += 1) {
      await keepsMore(page, (await kept(page)).newest);
      const steps = (await curve(page, 1)).length;
      await page.reload();
      await note(page, /A run of vectors\/mine was interrupted/).waitFor();
      // Nothing begins by itself that would take its place.
      await says(page, "Ready");
      await press(page, "Go on with it");
      await says(page, "Training");
      assert.ok(steps > 0 && (await curve(page, 1)).length > 0, "the curve begins anew");
    }
    assert.deepEqual(await weights(page), undisturbed);
  });

  test("what was left can be refused", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    await keepsMore(page);
    await page.reload();
    await press(page, "Forget it");
    await page.reload();
    await says(page, "Ready");
    assert.equal(await note(page, /was interrupted/).isVisible(), false);
  });

  test("a newest copy that is damaged leaves the one before", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    await keepsMore(page, 2);
    await press(page, "Pause");
    await page.waitForTimeout(500);
    await page.evaluate(
      () =>
        new Promise((done) => {
          const open = indexedDB.open("mole-checkpoints-1");
          open.onsuccess = () => {
            const slots = open.result.transaction("slots", "readwrite").objectStore("slots");
            slots.openCursor().onsuccess = ({ target }) => {
              const cursor = target.result;
              if (cursor === null) return;
              const { value } = cursor;
              self.numbers = [...(self.numbers ?? []), value.number];
              value.bytes[100] ^= 1;
              if (value.number === Math.max(...self.numbers)) self.newest = cursor.key;
              cursor.continue();
            };
            slots.transaction.oncomplete = () => {
              const again = open.result.transaction("slots", "readwrite").objectStore("slots");
              const get = again.get(self.newest);
              get.onsuccess = () => {
                get.result.bytes[100] ^= 1;
                again.put(get.result, self.newest);
              };
              again.transaction.oncomplete = done;
            };
          };
        }),
    );
    await page.reload();
    await press(page, "Go on with it");
    assert.deepEqual(await weights(page), undisturbed);
  });

  test(`${KILLS} workers killed in one run leave its end as it was`, async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    const times = [];
    let ends = 0;
    while (times.length < KILLS) {
      if (!(await keepsMoreOrEnds(page))) {
        assert.deepEqual(await weights(page), undisturbed);
        ends += 1;
        await press(page, "Run again");
        continue;
      }
      await page.waitForTimeout(Math.random() * 400);
      if (await isFinished(page)) continue;
      const began = Date.now();
      const born = page.waitForEvent("worker", { timeout: 20_000 });
      await harm(page, kill);
      await born;
      await says(page, "Training", 20_000);
      times.push(Date.now() - began);
    }
    assert.deepEqual(await weights(page), undisturbed);
    const ended = `${ends + 1} runs ended alike`;
    console.log(`${KILLS} kills survived, ${median(times)} ms to train again (median), ${ended}`);
  });

  test("a wasm trap is survived", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    await keepsMore(page);
    await harm(page, trap);
    await note(page, "The trainer was lost").waitFor();
    assert.deepEqual(await weights(page), undisturbed);
  });

  test("a worker that computes without end is replaced", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    await keepsMore(page);
    await harm(page, hang);
    await note(page, "The trainer was lost").waitFor({ timeout: 40_000 });
    assert.deepEqual(await weights(page), undisturbed);
  });

  test("a worker that dies again and again is said so", async (t) => {
    const page = await visit(t, browser, RUN);
    await says(page, "Ready");
    page.on("worker", (born) => born.evaluate(() => setTimeout(self.close, 300)).catch(() => {}));
    await harm(page, kill);
    await press(page, "Run").catch(() => {});
    await page.getByRole("alert").getByText("again and again").waitFor({ timeout: MINUTES });
  });

  test("storage that refuses costs the copy, not the run", async (t) => {
    const page = await visit(t, browser, RUN);
    await page.evaluate(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    await press(page, "Run");
    await note(page, "the browser keeps no copy of it").waitFor();
    assert.deepEqual(await weights(page), undisturbed);
  });
});

describe("numbers that go wrong", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  test("a rate that is too high is named, and a lower one goes on", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/bp&seed=5&device=cpu&epochs=20");
    await says(page, "Ready");
    await page.getByRole("button", { name: /^Edit/ }).first().click();
    const rate = page.getByLabel(/rate/i).first();
    await rate.fill("1e30");
    await rate.press("Enter");
    await press(page, "Run");
    const alert = page.getByRole("alert");
    await alert.getByText(/takes steps that are too large/).waitFor();
    await press(page, "Go on at a rate of 0.001");
    await says(page, "Finished.");
    assert.ok((await result(page, "Test accuracy")) > 50);
  });
});

describe("on software WebGPU", () => {
  const RUN = "?plan=vectors/bp&seed=5&device=gpu&epochs=8";
  let browser;
  before(async () => (browser = await launch({ gpu: true })));
  after(() => browser.close());

  /** A page whose workers remember the devices that they open. */
  async function visitLosing(t) {
    const page = await visit(t, browser, RUN);
    const remember = () => {
      const { requestDevice } = GPUAdapter.prototype;
      self.devices = [];
      GPUAdapter.prototype.requestDevice = async function (...how) {
        const opened = await requestDevice.apply(this, how);
        self.devices.push(opened);
        return opened;
      };
    };
    page.on("worker", (born) => born.evaluate(remember).catch(() => {}));
    await says(page, "Ready");
    if (worker(page) === undefined) await page.waitForEvent("worker");
    // The first one may have been there before anybody listened.
    if (!(await worker(page).evaluate(() => "devices" in self))) {
      await worker(page).evaluate(remember);
    }
    await press(page, "Run");
    return page;
  }

  /** Milliseconds until it trains again; `null` where it came to its end before. */
  async function lose(page) {
    if (!(await keepsMoreOrEnds(page))) return null;
    const began = Date.now();
    await harm(page, () => self.devices.at(-1)?.destroy());
    await page.waitForEvent("worker", { timeout: MINUTES });
    await says(page, "Training", 5 * MINUTES);
    return Date.now() - began;
  }

  test(`${LOSSES} lost devices lead back to training`, async (t) => {
    const times = [];
    while (times.length < LOSSES) {
      const page = await visitLosing(t);
      const most = Math.min(MOST_LOSSES, LOSSES - times.length);
      for (let loss = 0; loss < most; loss += 1) {
        const taken = await lose(page);
        if (taken === null) break;
        times.push(taken);
      }
      assert.match(await device(page), /GPU/);
      await says(page, "Finished.", 9 * MINUTES);
      assert.ok((await result(page, "Test accuracy")) > 50);
      await page.close();
    }
    console.log(`${times.length} losses survived, ${median(times)} ms to train again (median)`);
  });

  test("a GPU that is lost too often leaves the run to the CPU", { skip: LOSSES <= MOST_LOSSES }, async (t) => {
    const page = await visitLosing(t);
    for (let loss = 0; loss <= MOST_LOSSES; loss += 1) assert.ok(await lose(page), "it ended before");
    await note(page, "on the CPU, since the GPU was lost too often").waitFor();
    assert.match(await device(page), /CPU/);
    await says(page, "Finished.", 9 * MINUTES);
  });
});

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
