// How far a run is and how long it will still take, worked out from its events.

/** @typedef {import("./store.js").Run} Run */
/** @typedef {import("./stages.js").Stage} Stage */
/** @typedef {{ done: number, total: number, elapsed: number, left: number | null }} Progress */

/** Seconds of measuring before a remaining time is worth showing. */
const MEASURED_S = 1;

/**
 * @param {Stage} stage
 * @returns {Progress} in steps and seconds; `left` is `null` while nobody can know
 */
export function stageProgress(stage) {
  const total = stage.summary.steps;
  // A stale stage has all of its steps to do again.
  const done = stage.state === "done" ? total : stage.state === "stale" ? 0 : stage.count;
  return { done, total, elapsed: stage.seconds, left: timeLeft(done, total, stage.seconds) };
}

/**
 * @param {Run} run
 * @returns {Progress}
 */
export function runProgress(run) {
  let done = 0;
  let total = 0;
  let left = 0;
  let known = true;
  const pace = run.seconds / Math.max(1, sum(run.stages.map(({ count }) => count)));
  for (const stage of run.stages) {
    const progress = stageProgress(stage);
    done += progress.done;
    total += progress.total;
    // A stage that has not begun is taken to go at the run's pace so far.
    if (progress.done === 0) left += pace * progress.total;
    else if (progress.left !== null) left += progress.left;
    else known &&= progress.done === progress.total;
  }
  known &&= run.seconds >= MEASURED_S && done > 0;
  return { done, total, elapsed: run.seconds, left: known ? left : null };
}

/**
 * @param {number} done
 * @param {number} total
 * @param {number} seconds
 */
function timeLeft(done, total, seconds) {
  if (done >= total) return 0;
  return done > 0 && seconds >= MEASURED_S ? (seconds / done) * (total - done) : null;
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
