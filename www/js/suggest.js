// What to put where the visitor asks for another role or estimator: what the presets for the same
// data use for it, since they were chosen on held-out data, or else the estimator's own example.

import { plans, stageOf } from "./plan.js";

/** @typedef {import("./plan.js").ModuleEdit} ModuleEdit */
/** @typedef {import("./protocol.js").EstimatorInfo} EstimatorInfo */
/** @typedef {import("./protocol.js").Plan} Plan */
/** @typedef {import("./protocol.js").StagePlan} StagePlan */
/** @typedef {import("./protocol.js").Target} Target */
/** @typedef {import("./store.js").State} State */

/**
 * The estimators that can compare a module of this plan with a target.
 * @param {State} state
 * @param {Plan} plan
 * @param {Target} target
 * @returns {EstimatorInfo[]}
 */
export function estimatorsFor({ catalogue, own }, plan, target) {
  const known = catalogue?.datasets.find(({ name }) => name === plan.dataset);
  const kind = known?.kind ?? own?.preview.kind;
  return (catalogue?.estimators ?? []).filter(
    ({ targets, kinds }) => targets.includes(target) && (kind === undefined || kinds.includes(kind)),
  );
}

/**
 * How to train a module for the information about a target.
 * @param {State} state
 * @param {Plan} plan
 * @param {number} module
 * @param {Target} target
 * @param {string | null} estimator the one to use; `null`: what suits
 * @returns {ModuleEdit | null} `null` where there is no estimator for it
 */
export function suggestion(state, plan, module, target, estimator) {
  /** @type {string[]} */
  const fitting = estimatorsFor(state, plan, target).map(({ example }) => example.kind);
  const wanted = estimator !== null && fitting.includes(estimator) ? [estimator] : fitting;
  const others = plans(state).filter(({ dataset }) => dataset === plan.dataset);
  // The same module of another preset first, then any module of one.
  const stages = [
    ...others.flatMap(({ plan }) => plan.stages[stageOf(plan, module)] ?? []),
    ...others.flatMap(({ plan }) => plan.stages),
  ];
  for (const name of wanted) {
    const known = stages.find((stage) => kindOf(stage) === name);
    if (known !== undefined && known.objective !== "cross-entropy") {
      const { epochs, rate, batch, clip } = known;
      const objective = { information: { ...known.objective.information, target } };
      return { objective, epochs, rate, batch, clip: clip ?? null };
    }
    const info = state.catalogue?.estimators.find(({ example }) => example.kind === name);
    if (info !== undefined) {
      return { objective: { information: { target, estimator: info.example } } };
    }
  }
  return null;
}

/** @param {StagePlan} stage */
export function kindOf({ objective }) {
  return objective === "cross-entropy" ? null : objective.information.estimator.kind;
}
