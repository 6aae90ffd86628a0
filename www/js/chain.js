// The network as the page draws it: the chosen plan, module by module, with the stages that train
// it and how far the run is with them.

import { edited, firstDifference, plans, roleOf, runOfPlan, sameEdits, stageOf } from "./plan.js";

/** @typedef {import("./plan.js").Role} Role */
/** @typedef {import("./protocol.js").Layer} Layer */
/** @typedef {import("./protocol.js").Plan} Plan */
/** @typedef {import("./protocol.js").StagePlan} StagePlan */
/** @typedef {import("./stages.js").Stage} Stage */
/** @typedef {import("./store.js").Run} Run */
/** @typedef {import("./store.js").State} State */

/**
 * `changed`: is not what the preset says; `pending`: nor what the run was trained with. `print` is
 * the hash of its weights; `kept` says whether it is what it was when the run was last taken back,
 * for modules that lie before where it was taken to.
 * @typedef {{
 *   index: number, layers: Layer[], role: Role, stage: number, changed: boolean, pending: boolean,
 *   print: string | null, kept: boolean | null,
 * }} ChainModule
 */
/**
 * `train` is what can be asked for: to train it, as its turn is now; to train it again; or nothing.
 * @typedef {{
 *   index: number, plan: StagePlan, modules: number[], role: Role, stage: Stage | null,
 *   active: boolean, train: "run" | "again" | null, reset: boolean,
 * }} ChainStage
 */
/**
 * `restart`: what has been changed can only be had by a run from its beginning.
 * @typedef {{
 *   plan: Plan, modules: ChainModule[], stages: ChainStage[], restart: boolean,
 * }} Chain
 */

/**
 * @param {State} state
 * @returns {Chain | null} `null` while no plan is known
 */
export function chain(state) {
  const { settings, phase } = state;
  const info = plans(state).find(({ name }) => name === settings.plan);
  if (info === undefined) return null;
  const plan = edited(info.plan, settings.edits);
  const run = runOfPlan(state);
  const trained = run?.settings.edits ?? settings.edits;
  const difference = sameEdits(trained, settings.edits)
    ? plan.stages.length
    : firstDifference(edited(info.plan, trained), plan);

  const unfinished = run?.stages.findIndex(({ state }) => state !== "done") ?? 0;
  const at = unfinished < 0 ? plan.stages.length : unfinished;
  const held = run !== null && (phase === "training" || phase === "paused" || phase === "finished");
  // A stage can be trained if all before it are, and are as they are wanted.
  const reachable = held && difference !== null ? Math.min(at, difference) : -1;

  const stages = plan.stages.map((stagePlan, index) => {
    const { start, end } = stagePlan.modules;
    const modules = Array.from({ length: end - start }, (_, offset) => start + offset);
    const stage = run?.stages.find(({ summary }) => sameModules(summary.modules, modules)) ?? null;
    const active = phase === "training" && index === at;
    const next = index === at && index < (difference ?? 0) && phase === "paused";
    const reached = index <= reachable && !active;
    /** @type {ChainStage["train"]} */
    const train = next || (phase === "idle" && index === 0) ? "run" : reached ? "again" : null;
    const reset = index <= reachable && (stage?.count ?? 0) > 0;
    return { index, plan: stagePlan, modules, role: roleOf(plan, start), stage, active, train, reset };
  });
  const modules = plan.modules.map(({ layers }, index) => ({
    index,
    layers,
    role: roleOf(plan, index),
    stage: stageOf(plan, index),
    changed: Object.keys(settings.edits[index] ?? {}).length > 0,
    pending: JSON.stringify(settings.edits[index]) !== JSON.stringify(trained[index]),
    print: run?.prints.now[index] ?? null,
    kept: kept(run, index),
  }));
  return { plan, modules, stages, restart: held && difference === null };
}

/**
 * @param {Run | null} run
 * @param {number} module
 */
function kept(run, module) {
  const { now, before } = run?.prints ?? { now: [], before: null };
  // The same list: nothing has been read since.
  if (before === null || module >= before.module || now === before.prints) return null;
  return now[module] === before.prints[module];
}

/** @param {number[]} a @param {number[]} b */
function sameModules(a, b) {
  return a.length === b.length && a[0] === b[0];
}
