// The events of a run, mirrored by hand from src/run/event.rs: change both together.

/**
 * @typedef {{
 *   modules: number[], name: string, role: string, objective: string, estimator: string,
 *   unit: string, maximise: boolean, epochs: number, steps: number, parameters: number,
 * }} StageSummary
 */

/** @typedef {number | null | undefined} Maybe Absent where Rust says `None`. */

/**
 * @typedef {{
 *   type: "started", plan: string, dataset: string, seed: number, device: string,
 *   train: number, valid: number, test: number, stages: StageSummary[],
 * }} Started
 */
/**
 * The run has been taken back to before `stage`; `stages` are all of the plan from now on.
 * @typedef {{ type: "rewound", stage: number, stages: StageSummary[] }} Rewound
 */
/**
 * The run goes on from a checkpoint, made after `step` steps of `stage`; its log then had `events`
 * events.
 * @typedef {Omit<Started, "type"> & {
 *   type: "resumed", stage: number, step: number, events: number,
 * }} Resumed
 */
/**
 * The stage goes on after `step` of its steps, which may be fewer than were told of, at another rate.
 * @typedef {{ type: "rate-set", stage: number, step: number, rate: number }} RateSet
 */
/** @typedef {{ type: "stage-started", stage: number }} StageStarted */
/**
 * @typedef {{
 *   type: "step", stage: number, step: number, epoch: number, objective: number, seconds: number,
 * }} Step
 */
/**
 * @typedef {{
 *   type: "accuracy", stage: number, epoch: number,
 *   train_accuracy: number, valid_accuracy: Maybe, test_accuracy: number,
 * }} Accuracy
 */
/**
 * @typedef {{
 *   type: "stage-finished", stage: number, seconds: number, objective: number, fingerprint: string,
 * }} StageFinished
 */
/**
 * The input of `stage`, which comes next, is being computed.
 * @typedef {{ type: "caching", stage: number, done: number, total: number }} Caching
 */
/**
 * @typedef {{
 *   type: "finished", plan: string, dataset: string, seed: number, device: string,
 *   train_accuracy: Maybe, valid_accuracy: Maybe, test_accuracy: Maybe,
 *   seconds: number, complete: boolean,
 * }} Finished
 */

/**
 * @typedef {Started | Resumed | Rewound | StageStarted | Step | Accuracy | StageFinished | RateSet
 *   | Caching | Finished} RunEvent
 */

export {};
