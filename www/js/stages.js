// The stages of a run as its events tell of them: (stage, event) -> stage.

/** @typedef {import("./protocol.js").RunEvent} RunEvent */
/** @typedef {import("./protocol.js").StageSummary} StageSummary */

/** @typedef {{ epoch: number, train: number, valid: number | null, test: number | null }} AccuracyPoint */
/**
 * `caching`: the modules before it are finished, and their outputs, which are its input, are being
 * computed once for all samples. `stale`: it was trained on what a module before it gave until that
 * module was trained anew; its curve is still the old one.
 *
 * `steps` and `objective` are columns of one table. They grow in place and are shared between
 * states, since copying them on each batch would cost more the longer a run lasts; only
 * `count` says how much of them belongs to this state. Other columns are another curve.
 * @typedef {{
 *   summary: StageSummary,
 *   state: "waiting" | "training" | "caching" | "done" | "stale" | "stopped",
 *   steps: number[], objective: number[], count: number, epoch: number,
 *   began: number, seconds: number, mean: number | null, fingerprint: string | null,
 *   accuracy: AccuracyPoint[], cached: { done: number, total: number } | null,
 * }} Stage
 */
/**
 * @typedef {Exclude<RunEvent,
 *   { type: "started" | "resumed" | "rewound" | "finished" }>} StageEvent
 */

/**
 * @param {Stage} stage
 * @param {StageEvent} event
 * @param {number} now seconds of the run so far
 * @returns {Stage}
 */
export function advanced(stage, event, now) {
  // What a stale stage shows stays until there is something new to show.
  if (stage.state === "stale") {
    if (event.type === "stage-started") return { ...stage, began: now };
    stage = { ...waiting(stage.summary), began: stage.began };
  }
  switch (event.type) {
    case "stage-started":
      return { ...stage, state: "training", began: now, cached: null };
    case "step": {
      const count = stage.count + 1;
      stage.steps[stage.count] = event.step;
      stage.objective[stage.count] = event.objective;
      const seconds = event.seconds - stage.began;
      return { ...stage, state: "training", count, epoch: event.epoch, seconds, cached: null };
    }
    case "rate-set": {
      const later = stage.steps.slice(0, stage.count).findIndex((step) => step > event.step);
      const count = later < 0 ? stage.count : later;
      // Columns of their own: what is drawn of these goes on where it stood.
      const [steps, objective] = [stage.steps.slice(0, count), stage.objective.slice(0, count)];
      const { summary } = stage;
      const reached = (event.step * summary.epochs) / summary.steps;
      const accuracy = stage.accuracy.filter(({ epoch }) => epoch <= reached);
      return { ...stage, state: "training", steps, objective, count, accuracy };
    }
    case "accuracy": {
      const point = {
        epoch: event.epoch,
        train: event.train_accuracy,
        valid: event.valid_accuracy ?? null,
        test: event.test_accuracy,
      };
      return { ...stage, accuracy: [...stage.accuracy, point] };
    }
    case "stage-finished": {
      const { seconds, objective, fingerprint } = event;
      return { ...stage, state: "done", seconds, mean: objective, fingerprint };
    }
    case "caching": {
      const { done, total } = event;
      return { ...stage, state: "caching", cached: { done, total } };
    }
  }
}

/**
 * The stages after the run was taken back to before one of them.
 * @param {Stage[]} stages
 * @param {StageSummary[]} summaries of the plan from now on
 * @param {number} from
 * @returns {Stage[]}
 */
export function rewound(stages, summaries, from) {
  return summaries.map((summary, index) => {
    const stage = stages[index];
    if (stage === undefined || index === from) return waiting(summary);
    if (index < from) return stage;
    // Curves of another objective would be shown under this one's name, or in its unit.
    const { objective, estimator, unit } = stage.summary;
    const alike =
      objective === summary.objective && estimator === summary.estimator && unit === summary.unit;
    return alike && stage.count > 0 ? { ...stage, summary, state: "stale", cached: null } : waiting(summary);
  });
}

/**
 * @param {StageSummary} summary
 * @returns {Stage}
 */
export function waiting(summary) {
  return {
    summary,
    state: "waiting",
    steps: [],
    objective: [],
    count: 0,
    epoch: 0,
    began: 0,
    seconds: 0,
    mean: null,
    fingerprint: null,
    accuracy: [],
    cached: null,
  };
}

/** @param {Stage} stage */
export function isActive({ state }) {
  return state === "training" || state === "caching";
}

/**
 * A stage that was at work when its run ended before its time.
 * @param {Stage} stage
 * @returns {Stage}
 */
export function stopped(stage) {
  return isActive(stage) ? { ...stage, state: "stopped", cached: null } : stage;
}
