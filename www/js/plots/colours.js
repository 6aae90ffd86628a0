// Colours and letters for canvases, which know neither custom properties nor light and dark: an
// element resolves them.

import { el } from "../dom.js";
import { onTheme } from "../theme.js";

const probe = el("i", { hidden: true });
/** @type {Map<string, string>} */
const resolved = new Map();

onTheme(() => resolved.clear(), new AbortController().signal);

/**
 * What a custom property of the style sheet is now, as a colour that a canvas reads.
 * @param {string} name `--ink`
 */
export function colour(name) {
  const known = resolved.get(name);
  if (known !== undefined) return known;
  probe.style.color = `var(${name})`;
  return remember(name, ({ color }) => color);
}

/** The page's typeface. */
export function typeface() {
  return resolved.get("typeface") ?? remember("typeface", ({ fontFamily }) => fontFamily);
}

/**
 * @param {string} name
 * @param {(style: CSSStyleDeclaration) => string} read
 */
function remember(name, read) {
  if (!probe.isConnected) document.body.append(probe);
  const value = read(getComputedStyle(probe));
  resolved.set(name, value);
  return value;
}
