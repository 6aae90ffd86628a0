// `?embed=1&view=plane`: the page as a figure in someone else's page. It shows one view with what
// it takes to run it, and a link to the whole.

import { el } from "./dom.js";
import { APP } from "./strings/app.js";

export const VIEWS = /** @type {const} */ (["network", "plane", "curves"]);
/** @typedef {(typeof VIEWS)[number]} EmbedView */

/**
 * The view that is embedded; `null` where the page is whole.
 * @param {string} search of the address
 * @returns {EmbedView | null}
 */
export function readEmbed(search) {
  const query = new URLSearchParams(search);
  if (query.get("embed") !== "1") return null;
  return VIEWS.find((view) => view === query.get("view")) ?? "network";
}

/**
 * What `readEmbed` reads, to be put behind a query that `writeLink` made.
 * @param {EmbedView | null} view
 * @param {string} query `?plan=adult/bp`, or nothing
 */
export function withEmbed(view, query) {
  if (view === null) return query;
  return `${query === "" ? "?" : `${query}&`}embed=1&view=${view}`;
}

/**
 * The same run on the whole page, in a window of its own.
 * @param {() => string} address
 */
export function wholeLink(address) {
  const link = el("a", { target: "_blank", rel: "noopener" }, APP.whole);
  const aim = () => (link.href = address());
  // The address changes with the settings: it is read when it is about to be used.
  for (const type of ["focus", "pointerenter", "click"]) link.addEventListener(type, aim);
  aim();
  return el("footer", { class: "embed" }, link);
}
