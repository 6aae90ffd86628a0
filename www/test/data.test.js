import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { fetchFiles, forgetFiles, keepFiles } from "../js/data.js";
import { asProblem } from "../js/problem.js";

const BYTES = Uint8Array.of(1, 2, 3, 4, 5, 6);
const dataset = /** @type {import("../js/protocol.js").DatasetInfo} */ (
  /** @type {unknown} */ ({
    name: "tiny",
    title: "Tiny",
    files: [{ name: "a.bin", bytes: BYTES.length, sha256: "ab" }],
  })
);
const { fetch, caches } = globalThis;
/** What a browser's storage does when it is asked. @type {Record<string, () => unknown>} */
let cache;
beforeEach(() => {
  cache = { match: async () => undefined, put: async () => {}, delete: async () => true };
  Object.assign(globalThis, { caches: { open: async () => cache } });
  answer(async () => new Response(BYTES));
});
afterEach(() => Object.assign(globalThis, { fetch, caches }));

const answer = (/** @type {() => Promise<Response>} */ fetch) => Object.assign(globalThis, { fetch });
const fetched = (signal = new AbortController().signal) => fetchFiles(dataset, () => {}, signal);
const refused = () => Promise.reject(new DOMException("no", "UnknownError"));

/** An answer that comes so far and then breaks. */
function broken(status = 200) {
  const parts = [BYTES.subarray(0, 3)];
  const pull = (/** @type {ReadableStreamDefaultController} */ stream) => {
    const part = parts.shift();
    if (part === undefined) stream.error(new TypeError("network error"));
    else stream.enqueue(part);
  };
  return new Response(new ReadableStream({ pull }), { status });
}

for (const [name, how] of /** @type {const} */ ([
  ["does not begin", () => Promise.reject(new TypeError("Failed to fetch"))],
  ["breaks in the middle of a file", async () => broken()],
  ["breaks in the middle of a refusal", async () => broken(404)],
])) {
  test(`a download that ${name} is data that cannot be reached, and the trainer stays`, async () => {
    answer(how);
    const error = await fetched().catch((error) => error);
    const { problem, fatal } = asProblem(error);
    assert.equal(problem.code, "page/data-unreachable");
    assert.equal(problem.recovery, "fetch-the-data");
    assert.match(problem.found ?? "", /^TypeError: /);
    assert.equal(fatal, false);
  });
}

test("a download that nobody waits for any more ends as such", async () => {
  const downloads = new AbortController();
  answer(async () => {
    downloads.abort();
    throw downloads.signal.reason;
  });
  await assert.rejects(fetched(downloads.signal), { name: "AbortError" });
});

for (const [name, broken] of /** @type {const} */ ([
  ["is not looked into", { match: refused }],
  ["is not read", { match: async () => ({ arrayBuffer: refused }) }],
])) {
  test(`a storage that ${name} costs a download`, async () => {
    Object.assign(cache, broken);
    assert.deepEqual(await fetched(), { "a.bin": BYTES });
  });
}

test("a storage that neither takes nor drops anything does no harm", async () => {
  Object.assign(cache, { put: refused, delete: refused });
  await keepFiles(dataset, { "a.bin": BYTES });
  await forgetFiles(dataset);
});
