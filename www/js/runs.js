// Runs that are over: what is kept of them, what changed between them, how they are laid over each
// other.

import { DEFAULTS } from "./link.js";
import { sameOwn, usesOwn } from "./plan.js";

/** @typedef {import("./link.js").Settings} Settings */
/** @typedef {import("./stages.js").AccuracyPoint} AccuracyPoint */
/** @typedef {import("./stages.js").Stage} Stage */
/** @typedef {import("./store.js").Run} Run */
/**
 * A stage's objective as means over equal parts of the stage, so that runs of any length lie over
 * each other; shorter where the stage did not come to its end.
 * @typedef {{
 *   name: string, modules: number[], role: string, objective: string, unit: string,
 *   values: number[], accuracy: AccuracyPoint[], seconds: number, fingerprint: string | null,
 * }} Curve
 */
/**
 * A finished run. `number` counts them; `when` is in milliseconds since 1970.
 * @typedef {{
 *   number: number, when: number, settings: Settings, device: string, complete: boolean,
 *   seconds: number, train: number | null, valid: number | null, test: number | null,
 *   retrained: boolean, curves: Curve[],
 * }} Result
 */
/** @typedef {{ what: string, from: string, to: string }} Change */

/** Runs kept on the page, newest first. */
export const RESULTS_KEPT = 20;
/** Points of a kept curve. */
export const POINTS = 120;

/**
 * @param {Run} run as it has ended
 * @param {import("../../src/web/types.js").Finished} event
 * @returns {Omit<Result, "number" | "when">}
 */
export function resultOf({ settings, rewinds, stages }, event) {
  const { device, complete, seconds } = event;
  const train = event.train_accuracy ?? null;
  const valid = event.valid_accuracy ?? null;
  const test = event.test_accuracy ?? null;
  const curves = stages.map(curveOf);
  return { settings, device, complete, seconds, train, valid, test, retrained: rewinds > 0, curves };
}

/**
 * @param {Stage} stage
 * @returns {Curve}
 */
function curveOf({ summary, objective, count, accuracy, seconds, fingerprint }) {
  const { name, modules, role, objective: quantity, unit, steps } = summary;
  const values = means(objective, count, Math.max(steps, 1));
  return { name, modules, role, objective: quantity, unit, values, accuracy, seconds, fingerprint };
}

/**
 * The means of equal parts of a column, as far as it goes. A part without a value repeats the one
 * before it: there are fewer steps than points.
 * @param {number[]} values
 * @param {number} count how many of them
 * @param {number} total how many there would be
 */
export function means(values, count, total) {
  const reached = Math.min(POINTS, Math.ceil((count / total) * POINTS));
  /** @type {number[]} */
  const kept = [];
  for (let part = 0; part < reached; part += 1) {
    const start = Math.floor((part / POINTS) * total);
    const end = Math.min(count, Math.max(start + 1, Math.floor(((part + 1) / POINTS) * total)));
    const slice = values.slice(start, end);
    const mean = slice.reduce((sum, value) => sum + value, 0) / slice.length;
    // Five digits are more than a plot shows, and a third of the room.
    kept.push(Number(mean.toPrecision(5)));
  }
  return kept;
}

/**
 * What is different between two runs' settings.
 * @param {Settings} before
 * @param {Settings} after
 * @returns {Change[]}
 */
export function changes(before, after) {
  const keys = /** @type {const} */ (["plan", "seed", "device", "epochs", "samples"]);
  /** @type {Change[]} */
  const found = [];
  for (const key of keys) {
    if (before[key] !== after[key]) {
      found.push({ what: key, from: text(before[key]), to: text(after[key]) });
    }
  }
  // Which they are is long to say; and where only one plan is for such data, that says it.
  const own = [before, after].every((settings) => usesOwn({ settings }));
  if (own && !sameOwn(before, after)) {
    found.push({ what: "own", from: "", to: "" });
  }
  // Edits of another plan's modules are not comparable.
  const base = before.plan === after.plan ? before.edits : DEFAULTS.edits;
  const modules = new Set([...Object.keys(base), ...Object.keys(after.edits)].map(Number));
  for (const module of [...modules].sort((a, b) => a - b)) {
    const [from, to] = [base[module] ?? {}, after.edits[module] ?? {}];
    for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
      const field = /** @type {keyof typeof from} */ (name);
      if (JSON.stringify(from[field]) !== JSON.stringify(to[field])) {
        const what = `m${module + 1}.${name}`;
        found.push({ what, from: text(from[field]), to: text(to[field]) });
      }
    }
  }
  return found;
}

/** @param {unknown} value */
function text(value) {
  if (value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * Whether they ask for the same numbers, whatever device they are on.
 * @param {Settings} one
 * @param {Settings} other
 */
export const sameSettings = (one, other) => changes(one, other).every(({ what }) => what === "device");

/**
 * The newest run of exactly these settings.
 * @param {Result[]} results newest first
 * @param {Settings} settings
 */
export const sameRun = (results, settings) =>
  results.find((result) => result.complete && sameSettings(result.settings, settings));
