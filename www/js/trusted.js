// Where the browser demands trusted script addresses, the page has two: its workers'.

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

/**
 * The address of a script of this page, as the browser wants it.
 * @param {"./worker.js" | "../sw.js"} path relative to this file
 */
export function scriptUrl(path) {
  const { href } = new URL(path, import.meta.url);
  return policy?.createScriptURL(href) ?? href;
}
