// The service worker: after the first visit the page needs no network. Data files are kept by the
// trainer's own worker (js/data.js) and pass through here.

/** @typedef {{ waitUntil(work: Promise<unknown>): void }} Extendable */
/** @typedef {Extendable & { request: Request, respondWith(response: Promise<Response>): void }} Fetching */
/**
 * The part of a service worker's global scope that is used here; the DOM library has no types for
 * it. `FILES` has the page's files and how their SHA-256 begins: `cargo xtask bundle` writes it
 * before this text. Without it nothing is kept, and every request passes.
 * @typedef {{
 *   FILES?: Record<string, string>, registration: { scope: string },
 *   clients: { claim(): Promise<void> }, skipWaiting(): Promise<void>,
 *   addEventListener(type: "install" | "activate", obey: (event: Extendable) => void): void,
 *   addEventListener(type: "fetch", obey: (event: Fetching) => void): void,
 *   addEventListener(type: "message", obey: (event: { data: unknown }) => void): void,
 * }} Scope
 */
const scope = /** @type {Scope} */ (/** @type {unknown} */ (self));

const FILES = scope.FILES ?? {};
const CACHE = "mole-page-1";
const START = "index.html";
/** Large, and of use to some only: kept when it has been used, not before. */
const LATER = "pkg/gpu/";

/** Where a file is kept: under its hash, so that what has not changed stays. @param {string} path */
const key = (path) => `${scope.registration.scope}${path}?${FILES[path]}`;

scope.addEventListener("install", (event) => event.waitUntil(keep()));
scope.addEventListener("activate", (event) => event.waitUntil(takeOver()));
scope.addEventListener("message", ({ data }) => {
  if (data === "activate") void scope.skipWaiting();
});
scope.addEventListener("fetch", (event) => {
  const path = pathOf(event.request);
  if (event.request.method === "GET" && Object.hasOwn(FILES, path)) {
    event.respondWith(answer(event, path));
  }
});

/** The page's files of this version; fails as a whole, so that versions never mix. */
async function keep() {
  const cache = await caches.open(CACHE);
  const paths = Object.keys(FILES).filter((path) => !path.startsWith(LATER));
  await Promise.all(
    paths.map(async (path) => {
      if ((await cache.match(key(path))) !== undefined) return;
      // Hosts may answer the start page's full name with a redirect, which cannot open a page.
      const response = await fetch(path === START ? "./" : path, { cache: "no-cache" });
      await put(cache, path, response);
    }),
  );
}

/**
 * Keeps a file, if it is the listed version's.
 * @param {Cache} cache
 * @param {string} path
 * @param {Response} response
 */
async function put(cache, path, response) {
  const copy = response.clone();
  const hash = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
  const digits = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0"));
  if (!response.ok || !digits.join("").startsWith(FILES[path] ?? "-")) {
    throw new Error(`${path}: status ${response.status}, or of another version`);
  }
  await cache.put(key(path), copy);
}

/** Drops what belongs to older versions, and serves the pages that are open. */
async function takeOver() {
  const cache = await caches.open(CACHE);
  const wanted = new Set(Object.keys(FILES).map(key));
  const kept = await cache.keys();
  await Promise.all(kept.filter(({ url }) => !wanted.has(url)).map((one) => cache.delete(one)));
  await scope.clients.claim();
}

/**
 * @param {Fetching} event
 * @param {string} path
 */
async function answer(event, path) {
  // A browser may refuse the storage, as some private windows do: then the network has it.
  const cache = await caches.open(CACHE).catch(() => null);
  const kept = await cache?.match(key(path));
  if (kept !== undefined) return kept;
  // The browser's own cache may hold an older version.
  const response = await fetch(event.request, { cache: "no-cache" });
  // A full storage costs the next visit a download, nothing else.
  if (cache !== null) event.waitUntil(put(cache, path, response.clone()).catch(() => {}));
  return response;
}

/** The file that a request is for, relative to the page. @param {Request} request */
function pathOf({ url }) {
  const start = scope.registration.scope;
  if (!url.startsWith(start)) return "";
  return url.slice(start.length).split(/[?#]/)[0] || START;
}
