// A data set's files, in the worker: fetched from this page's own server with byte progress and a
// size cap, and kept in the browser's cache under their hash. Whether the bytes are right is not
// decided here: the core checks the hash before it reads them.

import { DATA } from "./strings/data.js";

/** @typedef {import("./protocol.js").DatasetInfo} DatasetInfo */
/** @typedef {import("./protocol.js").DataFile} DataFile */
/** @typedef {import("./protocol.js").FileProgress} FileProgress */
/** @typedef {import("./protocol.js").Files} Files */
/** @typedef {import("./protocol.js").Problem} Problem */

const CACHE = "mole-data-1";

/**
 * All files of a data set; none for a synthetic one.
 * @param {DatasetInfo} dataset
 * @param {(progress: FileProgress) => void} progress
 * @param {AbortSignal} signal
 * @returns {Promise<Files>}
 */
export async function fetchFiles(dataset, progress, signal) {
  const total = dataset.files.reduce((sum, file) => sum + file.bytes, 0);
  let before = 0;
  /** @type {Files} */
  const files = {};
  for (const file of dataset.files) {
    const bytes = await recall(file);
    const kept = bytes !== null;
    const tell = (/** @type {number} */ loaded) => {
      const { name, bytes: size } = file;
      const whole = { loaded: before + loaded, total };
      progress({ file: { name, loaded, total: size }, kept, ...whole });
    };
    tell(kept ? file.bytes : 0);
    files[file.name] = bytes ?? (await download(dataset, file, tell, signal));
    before += file.bytes;
  }
  return files;
}

/**
 * Keeps files that the core has accepted for the next visit. A full or refused storage costs the
 * next visit a download, nothing else.
 * @param {DatasetInfo} dataset
 * @param {Files} files
 */
export async function keepFiles(dataset, files) {
  const cache = await openCache();
  if (cache === null) return;
  for (const file of dataset.files) {
    const bytes = files[file.name];
    try {
      if (bytes !== undefined && (await cache.match(key(file))) === undefined) {
        await cache.put(key(file), new Response(/** @type {BufferSource} */ (bytes)));
      }
    } catch {
      return;
    }
  }
}

/**
 * Drops the kept copies of a data set's files.
 * @param {DatasetInfo} dataset
 */
export async function forgetFiles(dataset) {
  const cache = await openCache();
  if (cache === null) return;
  try {
    await Promise.all(dataset.files.map((file) => cache.delete(key(file))));
  } catch {
    // A storage that does not even forget has nothing to recall either.
  }
}

/**
 * @param {DatasetInfo} dataset
 * @param {DataFile} file
 * @param {(loaded: number) => void} progress
 * @param {AbortSignal} signal
 */
async function download(dataset, file, progress, signal) {
  const url = new URL(`../data/${dataset.name}/${file.name}`, import.meta.url);
  const place = `${dataset.title}, ${file.name}`;
  /**
   * A connection may break before, between and after any two bytes.
   * @template T
   * @param {Promise<T>} step
   * @param {string} expected
   */
  const arrived = (step, expected) =>
    step.catch((error) => {
      if (signal.aborted) throw error;
      throw problem("page/data-unreachable", place, expected, String(error));
    });
  const response = await arrived(fetch(url, { signal }), DATA.answer);
  if (!response.ok || response.body === null) {
    const words = await arrived(response.text(), DATA.file);
    const found = words.slice(0, 300).trim() || DATA.status(response.status);
    throw problem("page/data-unreachable", place, DATA.file, found);
  }

  // One byte more than expected is enough to know that this is not the file.
  const bytes = new Uint8Array(file.bytes);
  let loaded = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await arrived(reader.read(), DATA.bytes(file.bytes));
    if (done) return bytes.subarray(0, loaded);
    if (loaded + value.length > file.bytes) {
      await reader.cancel();
      throw problem("page/data-oversized", place, DATA.bytes(file.bytes), DATA.more);
    }
    bytes.set(value, loaded);
    loaded += value.length;
    progress(loaded);
  }
}

/**
 * @param {"page/data-unreachable" | "page/data-oversized"} code
 * @param {string} place
 * @param {string} expected
 * @param {string} found
 * @returns {Problem}
 */
function problem(code, place, expected, found) {
  return { code, message: "", place, expected, found, recovery: "fetch-the-data" };
}

/** What cannot be read is as if it were not kept. @param {DataFile} file */
async function recall(file) {
  const cache = await openCache();
  try {
    const kept = await cache?.match(key(file));
    return kept === undefined ? null : new Uint8Array(await kept.arrayBuffer());
  } catch {
    return null;
  }
}

/** Absent outside secure contexts and refused in some private windows. */
async function openCache() {
  try {
    return await caches.open(CACHE);
  } catch {
    return null;
  }
}

/** @param {DataFile} file */
function key(file) {
  return new URL(`../data/by-hash/${file.sha256}`, import.meta.url).href;
}
