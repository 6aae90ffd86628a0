// Where the browser demands trusted script addresses, the page has two: its workers'.
//
// A worker from the address of a script follows the policy that comes with that script, which is none
// where the host sends no headers; one from a blob follows the page's own.

/**
 * The part of Trusted Types that is used here; the DOM library has no types for it.
 * @typedef {{
 *   createPolicy(name: string, rules: { createScriptURL: (url: string) => string }):
 *     { createScriptURL(url: string): string },
 * }} TrustedTypes
 */
const policy = /** @type {{ trustedTypes?: TrustedTypes }} */ (
  /** @type {unknown} */ (globalThis)
).trustedTypes?.createPolicy("mole", { createScriptURL: (url) => url });

/** @param {string} url */
const trusted = (url) => policy?.createScriptURL(url) ?? url;

/** @param {string} path relative to this file */
const whole = (path) => new URL(path, import.meta.url).href;

/** The service worker's address, as the browser wants it. */
export const serviceWorkerUrl = () => trusted(whole("../sw.js"));

/** The trainer's: that of a blob which does nothing but import it. Made once, for all workers. */
export const workerUrl = trusted(
  URL.createObjectURL(
    new Blob([`import ${JSON.stringify(whole("./worker.js"))};`], { type: "text/javascript" }),
  ),
);
