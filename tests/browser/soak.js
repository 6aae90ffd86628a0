// Trains for thousands of steps in one worker, as a visitor would who presses "Run again" all day, and
// watches what it holds: wasm memory, handles of JavaScript objects, buffers of the GPU.

import assert from "node:assert/strict";

import { MINUTES, launch, press, says, visit } from "./support.js";

/** Every kind of data and of estimator. A run is short: by step 500 every stage has been there. */
export const SOAKS = [
  { plan: "vectors/mine", epochs: 10 },
  { plan: "glyphs/dim+mine", epochs: 2, gpu: { samples: 256, epochs: 30 } },
  { plan: "community/dgi+mine", epochs: 150 },
  { plan: "molecules/gmi+mine", epochs: 6 },
  { plan: "adult/matrix", epochs: 1, gpu: { samples: 5120, epochs: 7 } },
  { plan: "mnist/matrix", epochs: 1, samples: 15_000, gpu: { samples: 128, epochs: 120 } },
  { plan: "mutagenicity/gmi+mine", epochs: 4, gpu: { samples: 256, epochs: 60 } },
  { plan: "cora/gmi+mine", epochs: 150 },
];

/** From this step on nothing may grow any more. */
export const WARM = 500;

/** A browser whose garbage can be collected before it is looked into. */
export const launchWatched = (kind) => launch({ gpu: kind === "gpu", flags: ["--js-flags=--expose-gc"] });

/**
 * @param {{ steps: number, every?: number, most?: number }} extent a sample every so many steps;
 *   `most` milliseconds in all, after which it stops where it is
 */
export async function soak(t, browser, soaked, kind, { steps, every = 100, most = Infinity }) {
  const { plan, ...limits } = kind === "gpu" ? { ...soaked, ...soaked.gpu } : soaked;
  const { epochs, samples } = limits;
  const link = new URLSearchParams({ plan, device: kind, seed: 7, epochs, ...(samples && { samples }) });
  const page = await visit(t, browser, `?${link}`, { most: 600 * MINUTES });
  await says(page, "Ready");
  const worker = page.workers().at(-1);
  await worker.evaluate(watch, { bundle: kind === "gpu" ? "gpu" : "cpu", every });

  const began = Date.now();
  const done = () => worker.evaluate(() => self.soaked.steps);
  for (let name = "Run"; (await done()) < steps && Date.now() - began < most; name = "Run again") {
    await press(page, name);
    await says(page, "Finished.", 60 * MINUTES);
  }
  assert.equal(page.workers().at(-1), worker, "the worker was lost");
  const { steps: taken, rows } = await worker.evaluate(() => self.soaked);
  return { plan, device: kind, steps: taken, seconds: (Date.now() - began) / 1000, rows };
}

/** In the worker: counts steps as their events are posted, and looks around every so many. */
async function watch({ bundle, every }) {
  // A buffer is given back where it is destroyed or, as the pools do, left to be collected.
  const live = { buffers: 0, bytes: 0 };
  const held = new WeakMap();
  const release = (buffer) => {
    if (!buffer.held) return;
    buffer.held = false;
    live.buffers -= 1;
    live.bytes -= buffer.size;
  };
  const collected = new FinalizationRegistry(release);
  if ("GPUDevice" in self) {
    const { createBuffer } = GPUDevice.prototype;
    GPUDevice.prototype.createBuffer = function (how) {
      const buffer = createBuffer.call(this, how);
      const record = { size: buffer.size, held: true };
      held.set(buffer, record);
      collected.register(buffer, record);
      live.buffers += 1;
      live.bytes += buffer.size;
      return buffer;
    };
    const { destroy } = GPUBuffer.prototype;
    GPUBuffer.prototype.destroy = function () {
      if (held.has(this)) release(held.get(this));
      return destroy.call(this);
    };
  }
  // Loaded already, or about to be: either way this is the instance that trains.
  const module = await import(`${self.origin}/pkg/${bundle}/mole.js`);
  const exported = await module.default();
  const handles = Object.values(exported).find(
    (table) => table instanceof WebAssembly.Table && table.length > 0 && typeof table.get(0) !== "function",
  );
  const objects = () => {
    let count = 0;
    for (let at = 0; at < handles.length; at += 1) count += (handles.get(at) ?? null) === null ? 0 : 1;
    return count;
  };
  /** Bytes of the pages that hold anything but zeros: the others take nothing of the machine's. */
  const written = () => {
    const PAGE = 2 ** 16;
    const words = new Int32Array(exported.memory.buffer);
    const length = PAGE / words.BYTES_PER_ELEMENT;
    let pages = 0;
    // Not `some`: tens of megabytes are looked through while something else is measured.
    for (let start = 0; start < words.length; start += length) {
      let at = start;
      while (at < start + length && words[at] === 0) at += 1;
      pages += at < start + length ? 1 : 0;
    }
    return pages * PAGE;
  };
  self.soaked = { steps: 0, rows: [] };
  const post = self.postMessage;
  self.postMessage = function (message, ...how) {
    for (const { type } of message.type === "events" ? message.events : []) {
      if (type !== "step") continue;
      self.soaked.steps += 1;
      const step = self.soaked.steps;
      if (step % every > 0) continue;
      self.gc();
      // What was collected is told in a task of its own.
      setTimeout(() => {
        const wasm = exported.memory.buffer.byteLength;
        self.soaked.rows.push({ step, wasm, written: written(), handles: objects(), ...live });
      });
    }
    return post.call(self, message, ...how);
  };
}

/**
 * By how much the most that was held up to a step was passed after it; on a GPU, for good. What a step or an
 * evaluation holds there while it is under way comes and goes: what is lost is in every later count.
 */
export function growth({ rows, device }, key, from = WARM) {
  const held = (some) => some.map((row) => row[key]);
  const [earlier, later] = [rows.filter(({ step }) => step <= from), rows.filter(({ step }) => step > from)];
  assert.ok(earlier.length > 0 && later.length > 0, "it ended before it was warm");
  const passing = device === "gpu" && key !== "wasm" && key !== "written";
  const secondHalf = later.slice(Math.floor(later.length / 2));
  const reached = passing ? Math.min(...held(secondHalf)) : Math.max(...held(later));
  return Math.max(0, reached - Math.max(...held(earlier)));
}
