// What was thrown, as the one shape of a failure that the page knows.

import { isMemoryUsedUp } from "./trainer.js";

/** @typedef {import("./protocol.js").Problem} Problem */

const RESTART = /** @type {const} */ ("restart");

/**
 * @param {unknown} error
 * @returns {{ problem: Problem, fatal: boolean }} `fatal`: the wasm instance must not be used again
 */
export function asProblem(error) {
  if (isProblem(error)) {
    // After a lost device or an internal failure the instance's own state is not to be trusted.
    const fatal = error.recovery === "fall-back-to-cpu" || error.recovery === "restart";
    return { problem: error, fatal };
  }
  if (error instanceof DOMException && error.name === "AbortError") {
    const problem = { code: "page/abandoned", message: error.message, recovery: RESTART };
    return { problem, fatal: false };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  // Rust ends in a trap where memory is refused, as anywhere else where it must not go on.
  if (error instanceof WebAssembly.RuntimeError && isMemoryUsedUp()) {
    const recovery = /** @type {const} */ ("choose-another-plan");
    return { problem: { code: "page/out-of-memory", message, recovery }, fatal: true };
  }
  return { problem: { code: "page/trapped", message, recovery: RESTART }, fatal: true };
}

/**
 * @param {unknown} value
 * @returns {value is Problem}
 */
function isProblem(value) {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    "message" in value &&
    "recovery" in value
  );
}
