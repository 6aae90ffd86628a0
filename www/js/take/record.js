// A run as data: one record of everything that can be known of it, as JSON for programs
// (read_run.py reads it) and as one long table for spreadsheets.

/** @typedef {import("../link.js").Settings} Settings */
/** @typedef {import("../protocol.js").Device} Device */
/** @typedef {import("../protocol.js").Plan} Plan */
/** @typedef {import("../stages.js").Stage} Stage */
/** @typedef {import("../store.js").Result} Result */
/**
 * @typedef {{
 *   settings: Settings, plan: Plan | null, link: string, device: Device | null, stages: Stage[],
 *   samples: { train: number, valid: number, test: number } | null, result: Result | null,
 * }} RunShown
 */

/** Changes with the form of the record. */
export const FORMAT = { format: "mole-run", version: 1 };

/** @param {RunShown} run */
export function record({ settings, plan, link, device, stages, samples, result }) {
  const { seed, epochs, samples: most } = settings;
  return {
    ...FORMAT,
    link,
    plan: plan ?? settings.plan,
    seed,
    limits: { epochs, samples: most },
    device,
    samples,
    stages: stages.map((stage) => ({
      ...stage.summary,
      state: stage.state,
      seconds: stage.seconds,
      mean: stage.mean,
      fingerprint: stage.fingerprint,
      step: stage.steps.slice(0, stage.count),
      epoch: Array.from({ length: stage.count }, (_, at) => epochOf(stage, at)),
      value: stage.objective.slice(0, stage.count),
      // Where there is no validation split there is no such accuracy.
      accuracy: stage.accuracy.map(({ epoch, train, valid, test }) =>
        valid === null ? { epoch, train, test } : { epoch, train, valid, test },
      ),
    })),
    result: result && {
      train: result.train,
      valid: result.valid,
      test: result.test,
      seconds: result.seconds,
      complete: result.complete,
    },
  };
}

const COLUMNS = ["stage", "module", "quantity", "unit", "step", "epoch", "value"];

/**
 * A row for each value, stages counted from 1; accuracies have an epoch and no step.
 * @param {Stage[]} stages
 */
export function metricsCsv(stages) {
  /** @type {(string | number)[][]} */
  const rows = [COLUMNS];
  stages.forEach((stage, index) => {
    const { name, objective, unit } = stage.summary;
    const row = (/** @type {(string | number)[]} */ ...rest) =>
      rows.push([index + 1, name, ...rest]);
    for (let at = 0; at < stage.count; at += 1) {
      row(objective, unit, stage.steps[at] ?? "", epochOf(stage, at), stage.objective[at] ?? "");
    }
    for (const point of stage.accuracy) {
      for (const split of /** @type {const} */ (["train", "valid", "test"])) {
        const value = point[split];
        if (value != null) row(`${split} accuracy`, "percent", "", point.epoch, value);
      }
    }
  });
  // RFC 4180, which spreadsheets agree on.
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** @param {string | number} value */
function cell(value) {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Counts from 1: every epoch has the same number of steps.
 * @param {Stage} stage
 * @param {number} at
 */
function epochOf({ steps, summary }, at) {
  return Math.ceil(((steps[at] ?? 0) * summary.epochs) / summary.steps);
}
