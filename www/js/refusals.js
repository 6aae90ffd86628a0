// Runs that cannot be asked for, as problems.

/** @typedef {import("./protocol.js").Problem} Problem */

/** A link to a plan for the visitor's own data, which a link cannot hold. @type {Problem} */
export const NEEDS_FILES = { code: "page/needs-files", message: "", recovery: "choose-another-file" };

/**
 * @param {string} place
 * @returns {Problem}
 */
export function unknownPlan(place) {
  return { code: "page/unknown-plan", message: "", place, recovery: "choose-another-plan" };
}
