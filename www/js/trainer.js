// Loads one of the two wasm bundles, in the worker.

/** @typedef {import("./protocol.js").Bundle} Bundle */
/** @typedef {import("./protocol.js").Trainer} Trainer */

/** Of every bundle that was loaded here. @type {WebAssembly.Memory[]} */
const memories = [];

/** 256 MiB: what fails for want of memory rarely fails for less. */
const PAGES = 4096;

/** Whether there is no more memory. To be asked once a bundle has failed: it is grown for the answer. */
export function isMemoryUsedUp() {
  return memories.some((memory) => {
    try {
      memory.grow(PAGES);
      return false;
    } catch {
      return true;
    }
  });
}

/**
 * @param {Bundle} bundle
 * @param {WebAssembly.Module | undefined} compiled by an earlier worker: nothing of it is fetched then
 * @param {(loaded: number, total: number | undefined) => void} progress
 * @returns {Promise<{ trainer: Trainer, module: WebAssembly.Module }>}
 */
export async function loadTrainer(bundle, compiled, progress) {
  const folder = new URL(`../pkg/${bundle}/`, import.meta.url);
  const glue = /** @type {Promise<Trainer>} */ (import(new URL("mole.js", folder).href));
  const binary = new URL("mole_bg.wasm", folder);
  const [trainer, module] = await Promise.all([glue, compiled ?? compile(binary, progress)]);
  const { memory } = await trainer.default({ module_or_path: module });
  memories.push(memory);
  return { trainer, module };
}

/**
 * @param {URL} binary
 * @param {(loaded: number, total: number | undefined) => void} progress
 */
async function compile(binary, progress) {
  const response = await fetch(binary);
  if (!response.ok || response.body === null) {
    throw new Error(`mole_bg.wasm: status ${response.status}`);
  }
  // A compressed answer gives its compressed length, which the count below would overshoot.
  const length = response.headers.has("content-encoding")
    ? null
    : response.headers.get("content-length");
  const total = length === null ? undefined : Number(length);
  let loaded = 0;
  const counted = response.body.pipeThrough(
    new TransformStream({
      transform(/** @type {Uint8Array} */ chunk, controller) {
        loaded += chunk.length;
        progress(loaded, total);
        controller.enqueue(chunk);
      },
    }),
  );
  // The type lets the browser compile while the bytes arrive.
  const headers = { "content-type": "application/wasm" };
  return WebAssembly.compileStreaming(new Response(counted, { headers }));
}
