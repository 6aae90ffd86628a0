// A plan as the page changes it: a preset and what the visitor has changed of each module.

/** @typedef {import("./protocol.js").Catalogue} Catalogue */
/** @typedef {import("./protocol.js").Layer} Layer */
/** @typedef {import("./protocol.js").Objective} Objective */
/** @typedef {import("./protocol.js").Plan} Plan */
/** @typedef {import("./protocol.js").PlanInfo} PlanInfo */
/** @typedef {import("./protocol.js").StagePlan} StagePlan */
/** @typedef {import("./store.js").Own} Own */
/**
 * What is changed of a module, counted from 0, and of the stage that trains it. An objective of
 * `null` leaves the module at its initial weights.
 * @typedef {{
 *   width?: number, objective?: Objective | null, epochs?: number, rate?: number,
 *   batch?: number | null, clip?: number | null,
 * }} ModuleEdit
 */
/** @typedef {Readonly<Record<number, ModuleEdit>>} Edits */
/** @typedef {"encoder" | "decoder" | "output" | "whole network" | "untrained"} Role */

/** @type {Edits} */
export const NO_EDITS = Object.freeze({});

/**
 * The preset with what was changed. Whether it fits its data is the core's to say.
 * @param {Plan} preset
 * @param {Edits} edits
 * @returns {Plan}
 */
export function edited(preset, edits) {
  const plan = structuredClone(preset);
  for (const [key, edit] of Object.entries(edits)) {
    const module = Number(key);
    const layer = plan.modules[module] && sized(plan, module);
    if (layer && edit.width !== undefined) layer[nameOfWidth(layer)] = edit.width;
    editStage(plan, module, edit);
  }
  return plan;
}

/**
 * @param {Plan} plan changed in place
 * @param {number} module
 * @param {ModuleEdit} edit
 */
function editStage(plan, module, { objective, epochs, rate, batch, clip }) {
  if (module >= plan.modules.length) return;
  let stage = plan.stages[stageOf(plan, module)];
  if (objective === null) {
    plan.stages = plan.stages.filter((other) => other !== stage);
    return;
  }
  if (stage === undefined) {
    const last = plan.stages.at(-1);
    if (objective === undefined || last === undefined) return;
    stage = { ...last, modules: { start: module, end: module + 1 }, objective };
    plan.stages.push(stage);
    plan.stages.sort((a, b) => a.modules.start - b.modules.start);
  }
  if (objective !== undefined) stage.objective = objective;
  if (epochs !== undefined) stage.epochs = epochs;
  if (rate !== undefined) stage.rate = rate;
  if (batch !== undefined) stage.batch = batch;
  if (clip !== undefined) stage.clip = clip;
}

/**
 * Without the edit's fields that say what the preset says anyway.
 * @param {Plan} preset
 * @param {number} module
 * @param {ModuleEdit} edit
 * @returns {ModuleEdit}
 */
export function reduced(preset, module, edit) {
  const stage = preset.stages[stageOf(preset, module)];
  /** @type {ModuleEdit} */
  const own = {
    ...(width(preset, module) === null ? {} : { width: width(preset, module) ?? 0 }),
    objective: stage?.objective ?? null,
    ...(stage && { epochs: stage.epochs, rate: stage.rate, batch: stage.batch }),
    ...(stage && { clip: stage.clip ?? null }),
  };
  const kept = Object.entries(edit).filter(([name, value]) => {
    const before = own[/** @type {keyof ModuleEdit} */ (name)];
    return JSON.stringify(before) !== JSON.stringify(value);
  });
  return Object.fromEntries(kept);
}

/**
 * The stage that trains a module; -1 where none does.
 * @param {Plan} plan
 * @param {number} module
 */
export function stageOf(plan, module) {
  return plan.stages.findIndex(({ modules: { start, end } }) => start <= module && module < end);
}

/**
 * @param {Plan} plan
 * @param {number} module
 * @returns {Role}
 */
export function roleOf(plan, module) {
  const stage = plan.stages[stageOf(plan, module)];
  if (stage === undefined) return "untrained";
  const { objective, modules } = stage;
  if (objective === "cross-entropy") {
    return modules.end - modules.start > 1 ? "whole network" : "output";
  }
  return objective.information.target === "input" ? "encoder" : "decoder";
}

/**
 * How many units, or channels, a module has; `null` where no layer of it says.
 * @param {Plan} plan
 * @param {number} module
 */
export function width(plan, module) {
  const layer = sized(plan, module);
  return layer === undefined ? null : Number(layer[nameOfWidth(layer)]);
}

/**
 * Whether the width can be another: that of the last module is the number of classes.
 * @param {Plan} plan
 * @param {number} module
 */
export function hasFreeWidth(plan, module) {
  return module + 1 < plan.modules.length && sized(plan, module) !== undefined;
}

/**
 * The stage from which a run must be repeated for it to become a run of `to`, or `null` where it
 * must begin anew.
 * @param {Plan} from
 * @param {Plan} to
 * @returns {number | null} `to.stages.length` where nothing differs
 */
export function firstDifference(from, to) {
  const stage = to.stages.findIndex(
    (stage, index) => JSON.stringify(stage) !== JSON.stringify(from.stages[index]),
  );
  const module = to.modules.findIndex(
    (module, index) => JSON.stringify(module) !== JSON.stringify(from.modules[index]),
  );
  if (module < 0) return stage < 0 ? to.stages.length : stage;
  const trained = stageOf(to, module);
  // An untrained module before the stage has its weights from the seed, and so other ones now.
  if (trained < 0) return null;
  return stage < 0 ? trained : Math.min(stage, trained);
}

/** @param {Edits} a @param {Edits} b */
export function sameEdits(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/**
 * The plans there are: the catalogue's, and those for the visitor's own data.
 * @param {{ catalogue: Catalogue | null, own: Own | null }} state
 * @returns {PlanInfo[]}
 */
export function plans({ catalogue, own }) {
  return [...(own?.preview.plans ?? []), ...(catalogue?.plans ?? [])];
}

/**
 * Whether what is chosen is for the visitor's own data, be they here or not.
 * @param {{ settings: { plan: string } }} state
 */
export const usesOwn = ({ settings }) => settings.plan.startsWith("own/");

/**
 * Whether settings are of the same data, as far as their plans do not say so.
 * @param {{ own?: string | null }} a
 * @param {{ own?: string | null }} b those of an earlier version have none
 */
export const sameOwn = (a, b) => (a.own ?? null) === (b.own ?? null);

/**
 * Whether settings are of one plan for the same data, be it changed or not.
 * @param {{ plan: string, own?: string | null }} a
 * @param {{ plan: string, own?: string | null }} b
 */
export const samePlan = (a, b) => a.plan === b.plan && sameOwn(a, b);

/**
 * @param {Plan} plan
 * @param {number} module
 */
function sized(plan, module) {
  return plan.modules[module]?.layers.find((layer) => nameOfWidth(layer) in layer);
}

/** @param {Layer} layer */
const nameOfWidth = ({ kind }) => (kind === "conv" ? "channels" : "width");

/**
 * What the width of a module is called.
 * @param {Plan} plan
 * @param {number} module
 */
export function widthName(plan, module) {
  const layer = sized(plan, module);
  return layer === undefined ? "width" : nameOfWidth(layer);
}

/**
 * A plan under the limit that a run began with.
 * @param {Plan} plan
 * @param {number | null} epochs
 */
export function limited(plan, epochs) {
  if (epochs === null) return plan;
  return { ...plan, stages: plan.stages.map((stage) => ({ ...stage, epochs })) };
}

/**
 * The run, where it is one of the chosen plan.
 * @param {Pick<import("./store.js").State, "run" | "settings">} state
 */
export const runOfPlan = ({ run, settings }) =>
  run !== null && samePlan(run.settings, settings) ? run : null;
