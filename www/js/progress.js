// How far a run is and how long it will still take, worked out from its events.

/** @typedef {import("./store.js").Run} Run */
/** @typedef {import("./stages.js").Stage} Stage */
/** @typedef {{ done: number, total: number, elapsed: number, left: number | null }} Progress */

/** Seconds of measuring before a remaining time is worth showing. */
const MEASURED_S = 1;

/**
 * @param {Stage} stage
 * @param {import("./protocol.js").Pace} [pace] at which steps are shown, where that is slower than they are done
 * @returns {Progress} in steps and seconds; `left` is `null` while nobody can know
 */
export function stageProgress(stage, pace = null) {
  const total = stage.summary.steps;
  // A stale stage has all of its steps to do again.
  const done = stage.state === "done" ? total : stage.state === "stale" ? 0 : stage.count;
  return { done, total, elapsed: stage.seconds, left: timeLeft(done, total, stage.seconds, least(pace)) };
}

/** Seconds that a step takes at least. @param {import("./protocol.js").Pace} pace */
const least = (pace) => (pace === null ? 0 : pace.ms / 1000 / pace.steps);

/**
 * @param {Run} run
 * @param {import("./protocol.js").Pace} [pace]
 * @returns {Progress}
 */
export function runProgress(run, pace = null) {
  let done = 0;
  let total = 0;
  let left = 0;
  let known = true;
  const measured = run.seconds / Math.max(1, sum(run.stages.map(({ count }) => count)));
  const each = Math.max(measured, least(pace));
  for (const stage of run.stages) {
    const progress = stageProgress(stage, pace);
    done += progress.done;
    total += progress.total;
    // A stage that has not begun is taken to go at the run's pace so far.
    if (progress.done === 0) left += each * progress.total;
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
 * @param {number} each seconds of a step, at least
 */
function timeLeft(done, total, seconds, each) {
  if (done >= total) return 0;
  return done > 0 && seconds >= MEASURED_S ? Math.max(seconds / done, each) * (total - done) : null;
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
