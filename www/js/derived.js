// What follows from the state: it is asked for in more than one place, and kept in none.

import { sameEdits, samePlan } from "./plan.js";

/** @typedef {import("./store.js").Job} Job */
/** @typedef {import("./store.js").State} State */

/**
 * Whether the worker holds a run that can be asked about, trained or not.
 * @param {State} state
 */
export function canAsk({ run, phase }) {
  return run !== null && run.stages.length > 0 && phase !== "starting" && phase !== "failed";
}

/**
 * Whether the settings have been changed since the run shown began.
 * @param {State} state
 */
export function changed({ run, settings }) {
  if (run === null) return false;
  const keys = /** @type {const} */ (["seed", "device", "epochs", "samples"]);
  const differs = keys.some((key) => run.settings[key] !== settings[key]);
  return differs || !samePlan(run.settings, settings) || !sameEdits(run.settings.edits, settings.edits);
}

/**
 * Whether one step can be taken: there is none after the end.
 * @param {State} state
 */
export function canStep(state) {
  const { phase } = state;
  return phase !== "training" && phase !== "starting" && (phase !== "finished" || changed(state));
}

/**
 * Whether there is a run that is not at its end; one that is only shown is none.
 * @param {State} state
 */
export function isUnderWay({ run, phase }) {
  return run !== null && run.mode !== "preview" && ["starting", "training", "paused"].includes(phase);
}

/**
 * The runs one after another, of which the first is the present one.
 * @param {State} state
 * @returns {Job[]}
 */
export function queueOf(state) {
  const { run, jobs } = state;
  const alone = jobs.length === 0 && run !== null && isUnderWay(state);
  return alone ? [{ settings: run.settings, table: null }] : jobs;
}
