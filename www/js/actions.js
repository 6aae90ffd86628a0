// What a visitor can do: each action changes the state, the address, or asks the worker.

import { DEFAULTS, writeLink } from "./link.js";
import { edited, plans } from "./plan.js";
import { changed } from "./store.js";

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./link.js").Settings} Settings */
/** @typedef {import("./protocol.js").Mode} Mode */
/** @typedef {import("./protocol.js").Pace} Pace */
/** @typedef {import("./protocol.js").Problem} Problem */
/** @typedef {import("./protocol.js").Recovery} Recovery */
/** @typedef {import("./protocol.js").RunRequest} RunRequest */
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

  /** @param {Mode} mode */
  function begin(mode) {
    const { state } = store;
    const request = requestOf(state);
    if (request === null) return;
    lastId += 1;
    store.dispatch({ type: "asked", id: lastId, mode });
    const files = request.data && state.own ? { files: state.own.files } : {};
    client.send({ type: "run", id: lastId, request, device: state.settings.device, mode, ...files });
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
    if (store.state.phase === "paused") {
      client.send({ type: "resume" });
    } else {
      change({ run: true });
      begin("run");
    }
  }

  return {
    change,
    run,

    /** The trainer is here: the link's plan is known or not, and its run begins. */
    arrived() {
      const { catalogue, settings, phase, run } = store.state;
      if (catalogue === null || run !== null || phase !== "idle") return;
      if (!plans(store.state).some(({ name }) => name === settings.plan)) {
        change({ plan: DEFAULTS.plan, run: false });
        store.dispatch({ type: "problem", problem: unknownPlan(settings.plan) });
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
      if (store.state.phase !== "paused") begin("paused");
      client.send({ type: "step" });
    },

    reset() {
      change({ run: false });
      begin("paused");
    },

    finish() {
      client.send({ type: "finish" });
    },

    /** @param {SectionId} section */
    open(section) {
      store.dispatch({ type: "section", section });
      writeAddress(store.state);
    },

    /**
     * Takes the visitor's own data for what is trained next.
     * @param {Own} own
     */
    useOwn(own) {
      store.dispatch({ type: "own", own });
      const [plan] = own.plans;
      if (plan !== undefined) change({ plan: plan.name, run: false });
    },

    /** What to use where one's own cannot be had. */
    useBuiltIn() {
      change({ plan: DEFAULTS.plan, epochs: null, samples: null });
      run();
    },

    dismiss() {
      store.dispatch({ type: "dismissed" });
    },

    /**
     * The way out of a problem.
     * @param {Recovery} recovery
     */
    recover(recovery) {
      const { settings, problem } = store.state;
      switch (recovery) {
        case "choose-another-file":
        case "fetch-the-data": {
          const plan = plans(store.state).find(({ name }) => name === settings.plan);
          if (plan) client.send({ type: "refetch", dataset: plan.dataset });
          return run();
        }
        case "fall-back-to-cpu":
          change({ device: "cpu" });
          return run();
        case "lower-the-learning-rate":
          change({ seed: settings.seed + 1 });
          return run();
        case "restart":
          return run();
        case "choose-another-plan":
          store.dispatch({ type: "dismissed" });
          return document.querySelector("select")?.focus();
        case "report":
          void navigator.clipboard.writeText(JSON.stringify({ settings, problem }, null, 2));
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
  const owned = own?.plans.includes(info) ? own : null;
  const changed = Object.keys(edits).length > 0;
  return {
    plan: owned !== null || changed ? edited(info.plan, edits) : info.name,
    seed,
    ...(epochs === null ? {} : { epochs }),
    ...(samples === null ? {} : { samples }),
    ...(owned === null ? {} : { data: owned.options }),
  };
}

/** @param {State} state */
function writeAddress({ settings, section }) {
  const hash = section === "watch" ? "" : `#${section}`;
  history.replaceState(null, "", location.pathname + writeLink(settings) + hash);
}

/**
 * @param {string} place
 * @returns {Problem}
 */
function unknownPlan(place) {
  return { code: "page/unknown-plan", message: "", place, recovery: "choose-another-plan" };
}
