// GPUs that are lost, and runs that go on: on the GPU, with the weights of a run that lost none, or on the
// CPU. `MOLE_LOSSES` says how many are lost: software compiles the kernels anew after each.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { MINUTES, beforeWorkers, device, launch, result, says, visit } from "./support.js";
import { copyNow, harm, isFinished, keepsMore, keepsMoreOrEnds, median, note, trains, weights } from "./survival.js";

const LOSSES = Number(process.env["MOLE_LOSSES"] ?? 10);
/** Losses of the GPU within ten minutes after which the CPU takes over. */
const MOST_LOSSES = 3;

describe("on software WebGPU", () => {
  const RUN = "?plan=vectors/bp&seed=5&device=gpu&epochs=4&run=1";
  let browser;
  before(async () => (browser = await launch({ gpu: true })));
  after(() => browser.close());

  /** In a worker: keeps the devices that it opens at hand. */
  function remember() {
    const { requestDevice } = GPUAdapter.prototype;
    self.devices = [];
    GPUAdapter.prototype.requestDevice = async function (...how) {
      const opened = await requestDevice.apply(this, how);
      self.devices.push(opened);
      return opened;
    };
  }

  /** A run whose workers do something first: remember the devices that they open, if nothing else. */
  const visitLosing = (t, deed = remember) =>
    visit(t, browser, RUN, { prepare: (page) => beforeWorkers(page, deed) });

  const destroy = () => self.devices.at(-1)?.destroy();

  /** The browser makes a buffer that is larger than there is room for, and says later that it is none. */
  function exhaust() {
    const device = self.devices.at(-1);
    device.createBuffer({ size: device.limits.maxBufferSize, usage: GPUBufferUsage.STORAGE });
  }

  /** Milliseconds until it trains again; `null` where it came to its end before. */
  async function lose(page, deed = destroy) {
    const keeps = keepsMoreOrEnds(page);
    await copyNow(page);
    if (!(await keeps)) return null;
    const began = Date.now();
    // It may be there before the one that is gone has answered.
    const born = page.waitForEvent("worker", { timeout: 2 * MINUTES }).catch((error) => error);
    await harm(page, deed);
    const late = await born;
    if (late instanceof Error) {
      assert.ok(await isFinished(page), late.message);
      return null;
    }
    await trains(page, 5 * MINUTES);
    return Date.now() - began;
  }

  /** The page's clock goes on by more than the ten minutes within which losses are counted. */
  const muchLater = (page) =>
    page.evaluate((later) => {
      const { now } = Date;
      Date.now = () => now() + later;
    }, 11 * MINUTES);

  test(`${LOSSES} lost devices, the first for want of memory, lead back to training, and to the same weights`, async (t) => {
    const undisturbed = await weights(await visitLosing(t));
    const times = [];
    while (times.length < LOSSES) {
      const page = await visitLosing(t);
      const before = times.length;
      while (times.length < LOSSES) {
        const taken = await lose(page, times.length === 0 ? exhaust : destroy);
        if (taken === null) break;
        times.push(taken);
        await muchLater(page);
      }
      assert.ok(times.length > before, "the run ended before its GPU could be lost");
      console.log(`${times.length} lost so far`);
      assert.match(await device(page), /GPU/);
      assert.deepEqual(await weights(page), undisturbed);
      await page.close();
    }
    console.log(`${times.length} losses survived, ${median(times)} ms to train again (median)`);
  });

  test("a GPU that cannot be opened again leaves the run to the CPU", async (t) => {
    const page = await visitLosing(t);
    await says(page, "Training", 5 * MINUTES);
    await keepsMore(page);
    await beforeWorkers(page, () => {
      const refuse = () => Promise.reject(new DOMException("gone", "OperationError"));
      GPUAdapter.prototype.requestDevice = refuse;
    });
    await harm(page, destroy);
    await note(page, "went on from its last checkpoint on the CPU").waitFor({ timeout: MINUTES });
    await says(page, "Finished.", 9 * MINUTES);
    assert.match(await device(page), /CPU/);
    assert.ok((await result(page, "Test accuracy")) > 50);
  });

  test("a GPU that is lost too often leaves the run to the CPU", async (t) => {
    const page = await visitLosing(t);
    for (let loss = 0; loss < MOST_LOSSES; loss += 1) {
      assert.ok(await lose(page), "it ended before");
      assert.match(await device(page), /GPU/);
    }
    assert.ok(await lose(page), "it ended before");
    await note(page, "on the CPU, since the GPU was lost too often").waitFor();
    assert.match(await device(page), /CPU/);
    await says(page, "Finished.", 9 * MINUTES);
    assert.ok((await result(page, "Test accuracy")) > 50);
  });

  test("a GPU without room for one step leaves the run to the CPU", async (t) => {
    // Every buffer is as large as none can be here: one step fails many times.
    const swell = () => {
      const { createBuffer } = GPUDevice.prototype;
      GPUDevice.prototype.createBuffer = function (how) {
        const size = how.mappedAtCreation ? how.size : this.limits.maxBufferSize;
        return createBuffer.call(this, { ...how, size });
      };
    };
    const page = await visitLosing(t, swell);
    await note(page, "began again from the start").waitFor({ timeout: MINUTES });
    await says(page, "Finished.", 5 * MINUTES);
    assert.equal((await page.getByRole("alert").innerText()).trim(), "");
    assert.match(await device(page), /CPU.*in place of the GPU/s);
    assert.ok((await result(page, "Test accuracy")) > 50);
  });
});
