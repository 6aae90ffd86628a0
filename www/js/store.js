// The page's state and its only writer: (state, action) -> state, without side effects.

import { DEFAULTS } from "./link.js";
import { NO_EDITS, runOfPlan, sameEdits, samePlan, usesOwn } from "./plan.js";
import { RESULTS_KEPT, resultOf } from "./runs.js";
import { advanced, rewound, stopped, waiting } from "./stages.js";
import { withMeasurement } from "./table1.js";

/** @typedef {import("./protocol.js").Catalogue} Catalogue */
/** @typedef {import("./protocol.js").DeviceReport} DeviceReport */
/** @typedef {import("./protocol.js").News} News */
/** @typedef {import("./protocol.js").Mode} Mode */
/** @typedef {import("./protocol.js").OwnPreview} OwnPreview */
/** @typedef {import("./protocol.js").Pace} Pace */
/** @typedef {import("./protocol.js").Problem} Problem */
/** @typedef {import("./protocol.js").RunEvent} RunEvent */
/** @typedef {import("./link.js").Settings} Settings */
/** @typedef {import("./views/sections.js").SectionId} SectionId */

/**
 * `idle`: nothing runs, stages may be shown. `starting`: asked for, no step yet. `failed`: a
 * problem ended the run.
 * @typedef {"idle" | "starting" | "training" | "paused" | "finished" | "failed"} Phase
 */
/** @typedef {import("./stages.js").Stage} Stage */
/**
 * `rewinds` counts how often the run was taken back to an earlier stage: with `id` it names what
 * the weights have come from. `prints` are the modules' weights as hashes: now, and as they were
 * when the run was last taken back to before a module. `result` is there while it is finished, also
 * when it has been removed from the kept ones. `own` are the visitor's data that it is on, which may be others
 * than those in use.
 * @typedef {{
 *   id: number, mode: Mode, settings: Settings, stages: Stage[], seconds: number, rewinds: number,
 *   prints: { now: string[], before: { prints: string[], module: number } | null },
 *   samples: { train: number, valid: number, test: number } | null, result: Result | null,
 *   own: Own | null,
 * }} Run
 */
/** @typedef {import("./runs.js").Result} Result */
/** @typedef {import("./table1.js").Measurement} Measurement */
/**
 * A run that waits for its turn; `table` where it is one of the table's.
 * @typedef {{ settings: Settings, table: import("./table1.js").TableMode | null }} Job
 */
/** @typedef {{ steps: number, seconds: number }} Away What was done while the page was hidden. */
/**
 * The visitor's own data, under their name (`identity` in own.js).
 * @typedef {{ id: string, preview: OwnPreview, files: import("./protocol.js").OwnFiles }} Own
 */
/** @typedef {import("./checkpoints.js").Kept} Kept */
/**
 * The last loss of a worker or a device: whether the CPU took over from the GPU then, and from where
 * the run went on: from its start, where nothing of it was kept yet.
 * @typedef {{ problem: Problem, onCpu: boolean, from: "start" | "checkpoint" | "end" }} Loss
 */
/**
 * What a run that is asked for leaves behind, to go back to if it is refused.
 * @typedef {{ run: Run, phase: "paused" | "finished", device: DeviceReport | null }} Before
 */
/**
 * `refusal` is why the core does not take what was changed; `editing` is the module whose editor
 * is open; `offer` is a run that an earlier visit left, `unkept` why the present one is not kept;
 * `jobs` are runs one after another, of which the first is the present one.
 * @typedef {{
 *   catalogue: Catalogue | null, own: Own | null, settings: Settings, phase: Phase,
 *   activity: import("./protocol.js").Activity | null,
 *   device: DeviceReport | null, run: Run | null, problem: Problem | null,
 *   results: Result[], table1: Measurement[], jobs: Job[], away: Away | null,
 *   section: SectionId, pace: Pace, refusal: Problem | null, editing: number | null,
 *   offer: Kept | null, loss: Loss | null, unkept: string | null, before: Before | null,
 * }} State
 */
/**
 * `cleared` shows no stages: those of the chosen plan are not known before its data is here.
 * @typedef {{ type: "settings", patch: Partial<Settings> }
 *   | { type: "own", own: Own | null }
 *   | { type: "retrained", id: number, settings: Settings }
 *   | { type: "prints", id: number, prints: string[] }
 *   | { type: "pace", pace: Pace }
 *   | { type: "refused", problem: Problem }
 *   | { type: "editing", module: number | null }
 *   | { type: "asked", id: number, mode: Mode }
 *   | { type: "restored", id: number, mode: Mode, run: Run }
 *   | { type: "offer", offer: Kept | null }
 *   | { type: "lost", loss: Loss }
 *   | { type: "unkept", reason: string | null }
 *   | { type: "cleared" }
 *   | { type: "message", message: News, now?: number }
 *   | { type: "jobs", jobs: Job[] }
 *   | { type: "away", away: Away | null }
 *   | { type: "removed", number: number }
 *   | { type: "problem", problem: Problem }
 *   | { type: "section", section: SectionId }
 *   | { type: "dismissed" }} Action
 */

/**
 * @param {Settings} settings
 * @param {SectionId} section
 * @param {{ results: Result[], table1: Measurement[] }} kept from earlier visits
 * @returns {State}
 */
export function initialState(
  settings = DEFAULTS,
  section = "watch",
  { results, table1 } = { results: [], table1: [] },
) {
  return {
    catalogue: null,
    own: null,
    settings,
    phase: "idle",
    activity: { kind: "loading-trainer", bundle: "cpu", loaded: 0 },
    device: null,
    run: null,
    problem: null,
    results,
    table1,
    jobs: [],
    section,
    pace: null,
    away: null,
    refusal: null,
    editing: null,
    offer: null,
    loss: null,
    unkept: null,
    before: null,
  };
}

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function reduce(state, action) {
  switch (action.type) {
    case "settings": {
      const { patch } = action;
      const settings = { ...state.settings, ...patch };
      // A plan is chosen for the data in use, unless it comes with its own.
      if ("plan" in patch && !("own" in patch)) settings.own = state.own?.id ?? null;
      if (!usesOwn({ settings })) settings.own = null;
      // Changes are those of one plan; a link's are those of the data that are chosen for it.
      const before = { ...state.settings, own: state.settings.own ?? settings.own };
      const same = samePlan(settings, before);
      const other = !same && !("edits" in patch);
      const edits = other ? NO_EDITS : settings.edits;
      const editing = other ? null : state.editing;
      // What a preview was refused for may be mended by it.
      const problem = state.phase === "idle" && ofPlan(state.problem) ? null : state.problem;
      return { ...state, settings: { ...settings, edits }, editing, refusal: null, problem };
    }
    case "own":
      return { ...state, own: action.own };
    case "retrained": {
      const { run } = state;
      if (run === null || run.id !== action.id) return state;
      return { ...state, refusal: null, run: { ...run, settings: action.settings } };
    }
    case "prints": {
      const { run } = state;
      if (run === null || run.id !== action.id) return state;
      return { ...state, run: { ...run, prints: { ...run.prints, now: action.prints } } };
    }
    case "refused":
      return { ...state, refusal: action.problem };
    case "editing":
      return { ...state, editing: action.module };
    case "pace":
      return { ...state, pace: action.pace };
    case "asked":
      return asked(state, action.id, action.mode);
    case "restored": {
      const { id, mode } = action;
      const result = mode === "finished" ? action.run.result : null;
      const run = { ...action.run, id, mode, result };
      const calm = { problem: null, refusal: null, offer: null, before: null };
      return { ...state, ...calm, phase: "starting", run };
    }
    case "offer":
      return { ...state, offer: action.offer };
    case "lost":
      // Nothing of what the worker held is left to go back to.
      return { ...state, phase: "starting", loss: action.loss, before: null };
    case "unkept":
      return { ...state, unkept: action.reason };
    case "cleared":
      // What was being prepared is not waited for any more.
      return { ...state, phase: "idle", activity: null, run: null, device: null };
    case "message":
      return received(state, action.message, action.now ?? 0);
    case "away":
      return { ...state, away: action.away };
    case "jobs":
      return { ...state, jobs: action.jobs };
    case "removed": {
      const results = state.results.filter(({ number }) => number !== action.number);
      return { ...state, results };
    }
    case "problem":
      return failed(state, action.problem);
    case "section":
      return { ...state, section: action.section };
    case "dismissed":
      return { ...state, problem: null };
  }
}

/**
 * @param {State} state
 * @param {number} id
 * @param {Mode} mode
 * @returns {State}
 */
function asked(state, id, mode) {
  const { settings } = state;
  // The same plan has the same stages: they go back to waiting at once, and nothing jumps.
  const same = runOfPlan(state);
  const stages = same?.stages ?? [];
  return {
    ...state,
    phase: mode === "preview" ? "idle" : "starting",
    problem: null,
    refusal: null,
    away: null,
    // A preview leaves standing what is said of the runs before it.
    ...(mode === "preview" ? {} : { offer: null, loss: null, unkept: null }),
    device: mode === "preview" ? null : state.device,
    before: mode === "preview" ? null : leftBehind(state),
    run: {
      id,
      mode,
      settings,
      stages: stages.map(({ summary }) => waiting(summary)),
      seconds: 0,
      rewinds: 0,
      prints: { now: [], before: null },
      samples: same?.samples ?? null,
      result: null,
      own: usesOwn(state) ? state.own : null,
    },
  };
}

/**
 * @param {State} state
 * @returns {Before | null}
 */
function leftBehind({ run, phase, device, before }) {
  // Asked for anew before it has begun: what stood before it still stands.
  if (phase === "starting") return before;
  if (run === null || run.mode === "preview") return null;
  if (phase === "finished") return { run, phase, device };
  return phase === "training" || phase === "paused" ? { run, phase: "paused", device } : null;
}

/**
 * @param {State} state
 * @param {News} message
 * @param {number} now
 * @returns {State}
 */
function received(state, message, now) {
  if (message.type === "ready") {
    const loading = state.activity?.kind === "loading-trainer" && state.phase === "idle";
    return {
      ...state,
      catalogue: message.catalogue,
      activity: loading ? null : state.activity,
    };
  }
  // The recovery has dealt with these (recovery.js).
  if (message.type === "alive" || message.type === "checkpoint" || message.type === "unkept") {
    return state;
  }
  // Late words about a run that has been replaced are ignored, unless the worker died of it.
  // Before the first run the worker says 0.
  const fatal = message.type === "problem" && message.fatal;
  if (message.id !== (state.run?.id ?? 0) && !fatal) return state;

  const preview = state.run?.mode === "preview";
  switch (message.type) {
    case "activity":
      return { ...state, activity: message.activity };
    case "device":
      return { ...state, device: message.report };
    case "training":
      return { ...state, phase: "training", activity: null };
    case "paused":
      return { ...state, phase: preview ? "idle" : "paused", activity: null };
    case "problem":
      return failed(fatal ? { ...state, before: null } : state, message.problem);
    case "events": {
      // A preview shows what would be trained, and nothing of the training.
      const { events } = message;
      const shown = preview ? events.filter(({ type }) => type === "started") : events;
      // What gives events has been accepted.
      /** @type {State} */
      const accepted = { ...state, before: null };
      return shown.reduce((before, event) => happened(before, event, now), accepted);
    }
  }
}

/** @param {Problem | null} problem */
const ofPlan = (problem) => /^(plan|request)\/invalid$/.test(problem?.code ?? "");

/**
 * @param {State} state
 * @param {Problem} problem
 * @returns {State}
 */
function failed(state, problem) {
  // A plan that the visitor has changed is refused where it was changed.
  const inPlace = ofPlan(problem) && !sameEdits(state.settings.edits, NO_EDITS);
  const told = inPlace ? { refusal: problem } : { problem };
  const still = { ...state, activity: null, jobs: [], before: null, ...told };
  if (state.before !== null) return { ...still, ...state.before };
  // A number that is being typed is no problem of the run that it may once ask for.
  if (inPlace || (ofPlan(problem) && state.run?.mode === "preview")) return { ...still, phase: "idle" };
  const run = state.run && { ...state.run, stages: state.run.stages.map(stopped) };
  return { ...still, phase: "failed", run };
}

/**
 * @param {State} state
 * @param {RunEvent} event
 * @param {number} now
 * @returns {State}
 */
function happened(state, event, now) {
  const { run } = state;
  if (run === null) return state;
  switch (event.type) {
    case "started": {
      const { train, valid, test } = event;
      const stages = event.stages.map(waiting);
      return { ...state, run: { ...run, stages, samples: { train, valid, test } } };
    }
    case "resumed": {
      const { train, valid, test } = event;
      const resumed = { ...state, run: { ...run, samples: { train, valid, test } } };
      return run.mode === "finished" ? { ...resumed, phase: "finished", activity: null } : resumed;
    }
    case "rewound": {
      const stages = rewound(run.stages, event.stages, event.stage);
      const module = event.stages[event.stage]?.modules[0] ?? 0;
      const prints = { now: run.prints.now, before: { prints: run.prints.now, module } };
      const rewinds = run.rewinds + 1;
      return { ...state, run: { ...run, stages, prints, rewinds, result: null } };
    }
    case "finished":
      return finished(state, { ...run, stages: run.stages.map(stopped) }, event, now);
    default: {
      const stages = run.stages.map((stage, index) =>
        index === event.stage ? advanced(stage, event, run.seconds) : stage,
      );
      const seconds = event.type === "step" ? event.seconds : run.seconds;
      return { ...state, run: { ...run, stages, seconds } };
    }
  }
}

/**
 * @param {State} state
 * @param {Run} run
 * @param {import("../../src/web/types.js").Finished} event
 * @param {number} when
 * @returns {State}
 */
function finished(state, run, event, when) {
  const number = Math.max(0, ...state.results.map((result) => result.number)) + 1;
  const result = { ...resultOf(run, event), number, when };
  const { device, complete, seconds, train, test } = result;
  const [job, ...jobs] = state.jobs;
  const { plan, seed } = run.settings;
  // What was ended early, or trained in pieces, is not a measurement of the table's row.
  const table1 =
    job?.table && complete && run.rewinds === 0
      ? withMeasurement(state.table1, {
          plan,
          mode: job.table,
          seed,
          device,
          seconds,
          when,
          train,
          test,
        })
      : state.table1;
  return {
    ...state,
    phase: "finished",
    activity: null,
    run: { ...run, seconds, result },
    results: [result, ...state.results].slice(0, RESULTS_KEPT),
    table1,
    jobs,
  };
}

/** Holds the state and tells who listens. */
export class Store {
  /** @type {State} */
  #state;
  /** @type {((state: State) => void)[]} */
  #listeners = [];

  /** @param {State} state */
  constructor(state) {
    this.#state = state;
  }

  get state() {
    return this.#state;
  }

  /** @param {Action} action */
  dispatch(action) {
    this.#state = reduce(this.#state, action);
    for (const listener of this.#listeners) listener(this.#state);
  }

  /** @param {(state: State) => void} listener */
  listen(listener) {
    this.#listeners.push(listener);
  }
}
