// What a visitor can do: each action changes the state, the address, or asks the worker.

import { readEmbed, withEmbed } from "./embed.js";
import { DEFAULTS, linkNewer, linkTooMuch, newerVersion, oversized, writeLink } from "./link.js";
import { chain } from "./chain.js";
import { changed, queueOf } from "./derived.js";
import { edited, limited, plans, reduced, sameEdits, samePlan, usesOwn } from "./plan.js";
import { NEEDS_FILES, unknownPlan } from "./refusals.js";

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./link.js").Settings} Settings */
/** @typedef {import("./plan.js").ModuleEdit} ModuleEdit */
/** @typedef {import("./protocol.js").DeviceChoice} DeviceChoice */
/** @typedef {import("./protocol.js").Extent} Extent */
/** @typedef {import("./protocol.js").Mode} Mode */
/** @typedef {import("./protocol.js").Pace} Pace */
/** @typedef {import("./protocol.js").Plan} Plan */
/** @typedef {import("./protocol.js").Problem} Problem */
/** @typedef {import("./protocol.js").Recovery} Recovery */
/** @typedef {import("./protocol.js").RunRequest} RunRequest */
/** @typedef {import("./store.js").Job} Job */
/** @typedef {import("./store.js").Own} Own */
/** @typedef {import("./store.js").State} State */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./views/sections.js").SectionId} SectionId */
/** @typedef {ReturnType<typeof createActions>} Actions */

/**
 * @param {Store} store
 * @param {Client} client
 */
export function createActions(store, client) {
  let lastId = 0;
  /** Whether the run is to stop at the end of the present stage. */
  let single = false;

  /** @param {Mode} mode @param {DeviceChoice} device */
  function begin(mode, device = store.state.settings.device) {
    const { state } = store;
    const request = requestOf(state);
    if (request === null) {
      if (usesOwn(state)) store.dispatch({ type: "problem", problem: NEEDS_FILES });
      return;
    }
    lastId += 1;
    single = false;
    store.dispatch({ type: "asked", id: lastId, mode });
    send({ request, device, mode }, state.own);
  }

  /**
   * @param {Omit<import("./protocol.js").RunCommand, "type" | "id" | "files">} command
   * @param {import("./store.js").Own | null} own
   */
  function send(command, own) {
    const files = command.request.data && own ? { files: own.files } : {};
    // A worker that was replaced knows nothing of the pace.
    client.send({ type: "pace", pace: store.state.pace });
    client.send({ type: "run", id: lastId, ...command, ...files });
  }

  /** Shows the stages of what is chosen, where that costs no download. */
  function preview() {
    const { catalogue, settings } = store.state;
    const plan = plans(store.state).find(({ name }) => name === settings.plan);
    const dataset = catalogue?.datasets.find(({ name }) => name === plan?.dataset);
    if (dataset === undefined || dataset.files.length === 0) begin("preview");
    else store.dispatch({ type: "cleared" });
  }

  /** @param {Partial<Settings>} patch */
  function change(patch) {
    store.dispatch({ type: "settings", patch });
    writeAddress(store.state);
    const { phase, run } = store.state;
    const choosing = phase === "idle" && (run === null || changed(store.state));
    if (choosing && !patch.run) preview();
  }

  function run() {
    // A run that was held goes on, and so does what waits behind it.
    if (store.state.phase !== "paused") return anew();
    store.dispatch({ type: "dismissed" });
    resume("run");
  }

  /** @param {"run" | "stage"} extent */
  function resume(extent) {
    single = extent === "stage";
    client.send({ type: "resume", extent });
  }

  /** What is chosen, also where another run is held. */
  function anew() {
    forgetJobs();
    change({ run: true });
    begin("run");
  }

  /** What the visitor does by hand ends what was to happen by itself. */
  function forgetJobs() {
    if (store.state.jobs.length > 0) store.dispatch({ type: "jobs", jobs: [] });
  }

  function beginJob() {
    const [job] = store.state.jobs;
    if (job === undefined) return;
    change({ ...job.settings, run: true });
    begin("run");
  }

  /** @param {SectionId} section */
  function open(section) {
    store.dispatch({ type: "section", section });
    writeAddress(store.state);
  }

  /**
   * Takes the run back to before a stage, with what has been changed since.
   * @param {number} stage
   * @param {Extent} extent
   */
  async function retrain(stage, extent) {
    const { settings, run } = store.state;
    if (run === null) return;
    forgetJobs();
    const preset = plans({ ...store.state, own: run.own }).find(({ name }) => name === run.settings.plan);
    const differs = preset !== undefined && !sameEdits(settings.edits, run.settings.edits);
    // The preset too, where every change was taken back: the run's plan is another.
    const plan = differs ? limited(edited(preset.plan, settings.edits), run.settings.epochs) : null;
    const changes = plan === null ? {} : { plan };
    try {
      await client.retrain({ stage, extent, ...changes });
      single = extent === "stage";
      const trained = { ...run.settings, edits: settings.edits };
      store.dispatch({ type: "retrained", id: run.id, settings: trained });
    } catch (problem) {
      store.dispatch({ type: "refused", problem: /** @type {Problem} */ (problem) });
    }
  }

  /**
   * Goes on with the stage whose numbers went wrong, at a lower rate, which the plan then has.
   * @param {number} rate
   */
  async function lowerRate(rate) {
    const { run } = store.state;
    const at = run?.stages.find(({ state }) => state === "stopped" || state === "training");
    const module = at?.summary.modules[0];
    if (run === null || module === undefined) return;
    try {
      await client.setRate(rate);
      // Another run may have been asked for since.
      if (store.state.run?.id !== run.id) return;
      const lowered = (/** @type {Settings["edits"]} */ edits) => ({
        ...edits,
        [module]: { ...edits[module], rate },
      });
      // What was changed since, but is not trained yet, stays so.
      const { settings } = store.state;
      if (samePlan(run.settings, settings)) change({ edits: lowered(settings.edits) });
      const trained = { ...run.settings, edits: lowered(run.settings.edits) };
      store.dispatch({ type: "retrained", id: run.id, settings: trained });
      store.dispatch({ type: "dismissed" });
    } catch (problem) {
      store.dispatch({ type: "problem", problem: /** @type {Problem} */ (problem) });
    }
  }

  return {
    change,
    run,

    /**
     * Goes on from a checkpoint of the present run, or of one of an earlier visit. One that has ended
     * stands at its end again.
     * @param {import("./checkpoints.js").Kept} kept
     * @param {DeviceChoice} device
     */
    goOn({ run, request, bytes, mode }, device) {
      lastId += 1;
      store.dispatch({ type: "restored", id: lastId, mode, run });
      const one = single && mode === "run";
      send({ request, device, mode: one ? "paused" : mode, checkpoint: bytes }, run.own);
      if (one) resume("stage");
    },

    /**
     * The present run from its beginning.
     * @param {DeviceChoice} device
     * @param {import("./store.js").Phase} phase that it was lost in
     */
    again(device, phase) {
      const { mode, settings, own } = store.state.run ?? { mode: "run", settings: {}, own: null };
      const { loss } = store.state;
      const one = single && phase !== "paused";
      if (own !== null) store.dispatch({ type: "own", own });
      change({ ...settings, run: true });
      if (phase === "paused" || one) begin("paused", device);
      else begin(phase === "training" ? "run" : mode, device);
      if (one) resume("stage");
      if (loss !== null) store.dispatch({ type: "lost", loss });
    },

    /**
     * Trains one stage and stops there, where it can be trained now.
     * @param {number} index
     */
    trainStage(index) {
      const stage = chain(store.state)?.stages[index];
      if (stage?.train === "again") return void retrain(index, "stage");
      if (stage?.train !== "run") return;
      if (store.state.phase === "idle") begin("paused");
      resume("stage");
    },

    /**
     * Takes the run back to before a stage.
     * @param {number} index
     */
    resetStage(index) {
      void retrain(index, "pause");
    },

    /**
     * Changes a module. What follows from what it is now is a function of that: the page draws
     * later than it is told, and what a view drew last may have been changed since.
     * @param {number} module
     * @param {ModuleEdit | ((plan: Plan, state: State) => ModuleEdit | null)} edit
     */
    edit(module, edit) {
      const { edits, plan } = store.state.settings;
      const preset = plans(store.state).find(({ name }) => name === plan)?.plan;
      if (preset === undefined) return;
      const more = typeof edit === "function" ? edit(edited(preset, edits), store.state) : edit;
      if (more === null) return;
      const { [module]: before, ...others } = edits;
      const after = reduced(preset, module, { ...before, ...more });
      change({ edits: Object.keys(after).length > 0 ? { ...others, [module]: after } : others });
    },

    /**
     * Puts a module back to what the plan says.
     * @param {number} module
     */
    unedit(module) {
      const { [module]: _, ...others } = store.state.settings.edits;
      change({ edits: others });
    },

    /** @param {number | null} module whose editor is opened */
    openEditor(module) {
      store.dispatch({ type: "editing", module });
    },

    /** @param {Pace} pace */
    setPace(pace) {
      store.dispatch({ type: "pace", pace });
      client.send({ type: "pace", pace });
    },

    /** The trainer is here: the link's plan is known or not, and its run begins. */
    arrived() {
      const { catalogue, settings, phase, run, offer } = store.state;
      if (catalogue === null || run !== null || phase !== "idle") return;
      const known = plans(store.state).some(({ name }) => name === settings.plan);
      const link = offer === null ? location.search : "";
      const [newer, tooMuch] = [newerVersion(link), oversized(link)];
      if (newer !== null) {
        // The address stays as it is, for a newer page to read.
        store.dispatch({ type: "settings", patch: DEFAULTS });
        store.dispatch({ type: "problem", problem: linkNewer(newer) });
      } else if (!known && !usesOwn(store.state)) {
        change({ plan: DEFAULTS.plan, run: false });
        store.dispatch({ type: "problem", problem: unknownPlan(settings.plan) });
      } else if (tooMuch !== null) {
        change({ run: false });
        store.dispatch({ type: "problem", problem: linkTooMuch(tooMuch) });
      } else if (settings.run) {
        begin("run");
      } else {
        preview();
      }
    },

    pause() {
      client.send({ type: "pause" });
    },

    step() {
      if (store.state.phase !== "paused") {
        forgetJobs();
        begin("paused");
      }
      client.send({ type: "step" });
    },

    reset() {
      forgetJobs();
      change({ run: false });
      begin("paused");
    },

    finish() {
      client.send({ type: "finish" });
    },

    /**
     * Runs one after another; they wait behind those that wait already, and behind the present run.
     * @param {Job[]} jobs
     */
    enqueue(jobs) {
      const before = queueOf(store.state);
      store.dispatch({ type: "jobs", jobs: [...before, ...jobs] });
      if (before.length === 0) beginJob();
    },

    /** The next of the waiting runs, after one has ended. */
    beginJob,

    forgetJobs,

    /** @param {number} number of a finished run */
    forgetRun(number) {
      store.dispatch({ type: "removed", number });
    },

    open,

    /**
     * Takes the visitor's own data for what is trained next.
     * @param {Own} own
     */
    useOwn(own) {
      // What waits for the data before waits in vain; the first is under way.
      const goesOn = (/** @type {Job} */ { settings }) => !usesOwn({ settings }) || settings.own === own.id;
      const jobs = store.state.jobs.filter((job, index) => index === 0 || goesOn(job));
      store.dispatch({ type: "jobs", jobs });
      store.dispatch({ type: "own", own });
      // What could not begin without them can now.
      if (store.state.phase === "failed") {
        store.dispatch({ type: "dismissed" });
        store.dispatch({ type: "cleared" });
      }
      // The scheme that was chosen, where these data have it.
      const scheme = store.state.settings.plan.split("/")[1];
      const { plans } = own.preview;
      const plan = plans.find((known) => known.scheme === scheme) ?? plans[0];
      if (plan !== undefined) change({ plan: plan.name, own: own.id, run: false });
    },

    /** What to use where one's own cannot be had. */
    useBuiltIn() {
      change({ plan: DEFAULTS.plan, epochs: null, samples: null });
      anew();
    },

    /** @param {import("./store.js").Away | null} away */
    tellAway(away) {
      store.dispatch({ type: "away", away });
    },

    dismiss() {
      store.dispatch({ type: "dismissed" });
    },

    /** What there is to know of the present problem, for whoever is to mend it. */
    report() {
      const { problem, device } = store.state;
      // The names of the visitor's files are nobody's business.
      const { own: _, ...settings } = store.state.settings;
      const { userAgent: browser } = navigator;
      return JSON.stringify({ problem, settings, device, browser }, null, 2);
    },

    /**
     * The way out of a problem.
     * @param {Exclude<Recovery, "report">} recovery
     */
    recover(recovery) {
      const { settings, catalogue, problem } = store.state;
      const plan = plans(store.state).find(({ name }) => name === settings.plan);
      switch (recovery) {
        case "choose-another-file":
        case "fetch-the-data":
          if (usesOwn(store.state)) {
            store.dispatch({ type: "dismissed" });
            open("data");
            return document.getElementById("tab-data")?.focus();
          }
          if (plan !== undefined) client.send({ type: "refetch", dataset: plan.dataset });
          return anew();
        case "fall-back-to-cpu":
          change({ device: "cpu" });
          return anew();
        case "lower-the-learning-rate":
          return problem?.rate === undefined ? anew() : void lowerRate(problem.rate);
        case "restart":
          // Where the trainer did not even come, there is nothing to run yet.
          if (catalogue !== null) return anew();
          store.dispatch({ type: "dismissed" });
          store.dispatch({ type: "cleared" });
          return client.restart();
        case "choose-another-plan":
          store.dispatch({ type: "dismissed" });
          return document.querySelector("select")?.focus();
      }
    },
  };
}

/**
 * What the worker is asked to train; `null` where there is no such plan.
 * @param {State} state
 * @returns {RunRequest | null}
 */
export function requestOf(state) {
  const { settings, own } = state;
  const { seed, epochs, samples, edits } = settings;
  const info = plans(state).find(({ name }) => name === settings.plan);
  if (info === undefined) return null;
  const owned = own?.preview.plans.includes(info) ? own : null;
  // Those that are asked for are not here, but others that have such a plan too.
  if (owned !== null && owned.id !== settings.own) return null;
  const changed = Object.keys(edits).length > 0;
  return {
    plan: owned !== null || changed ? edited(info.plan, edits) : info.name,
    seed,
    ...(epochs === null ? {} : { epochs }),
    ...(samples === null ? {} : { samples }),
    ...(owned === null ? {} : { data: owned.preview.data }),
  };
}

/** @param {State} state */
function writeAddress({ settings, section }) {
  const hash = section === "watch" ? "" : `#${section}`;
  const query = withEmbed(readEmbed(location.search), writeLink(settings));
  history.replaceState(null, "", location.pathname + query + hash);
}
