// What the page does when a run is lost: with its worker, its wasm instance or its GPU. Each leads
// back to training from the last checkpoint, on the GPU at most three times in ten minutes and then
// on the CPU; and where the same steps fail again and again, to a plain statement. A run that has ended
// stands at its end again, also after a reload.

import { Checkpoints } from "./checkpoints.js";
import { requestOf } from "./actions.js";
import { isUnderWay } from "./derived.js";
import { DEFAULTS } from "./link.js";
import { sameEdits } from "./plan.js";

/** @typedef {import("./checkpoints.js").Kept} Kept */
/** @typedef {import("./protocol.js").News} News */
/** @typedef {import("./store.js").State} State */

/** A worker that trains in sight says every second that it is there; dead after so long. */
const SILENT_MS = 15_000;
/** A clock that stood for so long: the machine slept, or the browser froze the page. */
const ASLEEP_MS = 5000;
/** A device that gives nothing for so long will give nothing any more. */
const HUNG_MS = 180_000;
/** Losses of the GPU within so long, after which the CPU takes over. */
const WINDOW_MS = 600_000;
const LOSSES = 3;

/**
 * @param {import("./store.js").Store} store
 * @param {import("./client.js").Client} client
 * @param {import("./actions.js").Actions} actions
 */
export function createRecovery(store, client, actions) {
  const checkpoints = new Checkpoints();
  /** @type {Kept | null} Of the present run. */
  let last = null;
  /** @type {number[]} When the GPU was lost. */
  let lost = [];
  /** Losses since a checkpoint that is newer than the one gone on from. */
  let stuck = 0;
  /** Whether the CPU has taken the run over from the GPU. */
  let moved = false;
  /** Whether the browser was asked not to clear away what the page keeps. */
  let asked = false;
  /** Whether the run that is about to begin is the present one again. */
  let resuming = false;
  let heard = performance.now();
  let worked = heard;
  /** Slices that the worker had done when it was heard. */
  let slices = 0;
  let ticked = heard;

  /** How the present run is to stand again. @param {State} state @returns {Kept["mode"]} */
  function standing({ phase, run }) {
    // Also where what came after it has failed.
    if (phase === "finished" || run?.result != null) return "finished";
    // Held when it was lost, and lost again before it stood.
    const held = phase === "paused" || (phase === "starting" && run?.mode === "paused");
    return held ? "paused" : "run";
  }

  /** @param {Uint8Array} bytes */
  async function keep(bytes) {
    const { run, device } = store.state;
    const request = run && requestOf({ ...store.state, settings: run.settings, own: run.own });
    if (run === null || request === null) return;
    stuck = 0;
    const mode = standing(store.state);
    last = { bytes, run, request, mode, device, when: Date.now() };
    try {
      await checkpoints.save(last);
    } catch (error) {
      // Of a run that has ended, a copy from before its end would be offered as interrupted.
      if (mode === "finished") checkpoints.forget().catch(() => {});
      return unkept(String(error));
    }
    // A storage that takes copies again.
    if (store.state.unkept !== null) store.dispatch({ type: "unkept", reason: null });
    if (asked) return;
    asked = true;
    // Whatever the answer: what a browser may clear away is kept as long as it stays.
    navigator.storage?.persist?.().catch(() => {});
  }

  /** Said once a run; the run goes on. @param {string} reason */
  function unkept(reason) {
    if (store.state.unkept === null) store.dispatch({ type: "unkept", reason });
  }

  /**
   * Takes what comes from the worker before the state does.
   * @param {News} message
   * @returns {boolean} whether it is dealt with
   */
  function takes(message) {
    heard = performance.now();
    switch (message.type) {
      case "alive":
        // An evaluation has no events until it ends.
        if (message.done !== slices) worked = heard;
        slices = message.done;
        return true;
      case "checkpoint":
        if (message.id === store.state.run?.id) void keep(message.bytes);
        return true;
      case "unkept":
        unkept(message.problem.message);
        return true;
      case "problem":
        return (message.fatal && goOn(message.problem)) || letsGo(message);
      default:
        worked = heard;
        return false;
    }
  }

  /**
   * @param {import("./protocol.js").Problem} problem
   * @returns {boolean} whether the run goes on
   */
  function goOn(problem) {
    const { state } = store;
    const { run, device } = state;
    const ended = last?.mode === "finished";
    const lives = isUnderWay(state) || (ended && state.phase === "finished");
    if (run === null || !lives) return false;
    // What cannot even begin is not to be begun again. Memory that is new may have room for what follows.
    if (problem.code === "page/worker-failed") return false;
    if (problem.code === "page/out-of-memory" && last === null) return false;
    stuck += 1;
    const now = Date.now();
    const onGpu = !moved && device?.device.kind === "gpu";
    lost = [...lost.filter((when) => now - when < WINDOW_MS), ...(onGpu ? [now] : [])];
    const leaves = onGpu && (lost.length > LOSSES || stuck > LOSSES);
    if (leaves) {
      // With the CPU nothing has been tried yet.
      moved = true;
      stuck = 0;
    }
    if (stuck > LOSSES) return false;
    const from = ended ? "end" : last === null ? "start" : "checkpoint";
    store.dispatch({ type: "lost", loss: { problem, onCpu: leaves, from } });
    const kind = onGpu && !leaves ? "gpu" : "cpu";
    const kept = last && { ...last, mode: ended ? last.mode : standing(state) };
    // Where nothing of it is kept yet, from its beginning, which gives the same.
    resume(() => (kept === null ? actions.again(kind, state.phase) : actions.goOn(kept, kind)));
    return true;
  }

  /**
   * An ended run whose copy or plan is refused, of an older version as it may be, is let go in silence:
   * its result is in the list of runs.
   * @param {Extract<News, { type: "problem" }>} message
   */
  function letsGo({ problem }) {
    const { run, phase } = store.state;
    const returning = run?.mode === "finished" && phase === "starting";
    const refused = /^(checkpoint\/|page\/unknown-plan$)/.test(problem.code);
    if (!returning || !refused) return false;
    forget();
    store.dispatch({ type: "cleared" });
    const gone = problem.code === "page/unknown-plan";
    actions.change({ ...(gone && { plan: DEFAULTS.plan }), run: false });
    return true;
  }

  // A run whose place another has taken is not kept.
  let watched = 0;
  store.listen(({ run }) => {
    if (run === null || run.mode === "preview") return;
    const other = run.id !== watched && !resuming;
    watched = run.id;
    if (other) forget();
  });

  /** Takes the offer. */
  function accept() {
    const { offer } = store.state;
    if (offer === null) return;
    last = offer;
    const { own } = offer.run;
    if (own !== null) store.dispatch({ type: "own", own });
    actions.change({ ...offer.run.settings, run: true });
    const kept = { ...offer, mode: going(offer) };
    resume(() => actions.goOn(kept, offer.device?.device.kind ?? "cpu"));
  }

  function forget() {
    last = null;
    stuck = 0;
    moved = false;
    // What cannot be forgotten is offered again, and can be refused again.
    checkpoints.forget().catch(() => {});
  }

  /** @param {() => void} begin */
  function resume(begin) {
    resuming = true;
    begin();
    resuming = false;
  }

  setInterval(() => {
    const now = performance.now();
    const slept = now - ticked > ASLEEP_MS;
    ticked = now;
    if (slept || document.visibilityState !== "visible" || store.state.phase !== "training") {
      heard = worked = now;
    } else if (now - heard > SILENT_MS || now - worked > HUNG_MS) {
      heard = worked = now;
      client.replace("page/silent");
    }
  }, 1000);

  for (const [target, event] of /** @type {const} */ ([
    [document, "visibilitychange"],
    [document, "freeze"],
    [window, "pagehide"],
  ])) {
    target.addEventListener(event, () => {
      const leaving = event !== "visibilitychange" || document.visibilityState === "hidden";
      if (leaving && isUnderWay(store.state)) client.send({ type: "checkpoint" });
    });
  }

  return {
    takes,

    /**
     * Offers to go on with what an earlier visit left, and holds back the link's own run then. A run
     * that has ended is no offer: it comes back as it was with a reload.
     */
    async recall() {
      const kept = await checkpoints.newest().catch(() => null);
      if (kept === null) return;
      const { settings } = store.state;
      const { settings: before } = kept.run;
      const keys = /** @type {const} */ (["plan", "seed", "epochs", "samples"]);
      const same =
        keys.every((key) => settings[key] === before[key]) &&
        sameEdits(settings.edits, before.edits);
      const ended = kept.mode === "finished";
      if ((settings.run || ended) && !same) return;
      // A link that is followed asks for a run of its own.
      if (settings.run && ended && isFollowed()) return;
      if (!(await checkpoints.adopt(kept))) return;
      last = null;
      store.dispatch({ type: "settings", patch: { run: false } });
      store.dispatch({ type: "offer", offer: kept });
    },

    /** The trainer is here. */
    arrived() {
      if (store.state.offer?.mode === "finished") accept();
      else actions.arrived();
    },

    accept,

    /**
     * The way out of a problem. To the CPU it leads with what is kept of the run.
     * @type {typeof actions.recover}
     */
    recover(recovery) {
      if (recovery !== "fall-back-to-cpu" || last === null) return actions.recover(recovery);
      const { run } = last;
      const settings = { ...run.settings, device: /** @type {const} */ ("cpu") };
      moved = true;
      stuck = 0;
      const kept = { ...last, run: { ...run, settings }, mode: going(last) };
      resume(() => {
        if (run.own !== null) store.dispatch({ type: "own", own: run.own });
        actions.change({ ...settings, run: true });
        actions.goOn(kept, "cpu");
      });
    },

    /** Refuses it. */
    refuse() {
      store.dispatch({ type: "offer", offer: null });
      forget();
      // Nor does the link begin it anew with the next visit.
      actions.change({ run: false });
    },
  };
}

/** Goes on also where it was held. @param {Kept} kept @returns {Kept["mode"]} */
function going({ mode }) {
  return mode === "finished" ? mode : "run";
}

/** Whether the page was come to by a link, not by a reload or from the browser's history. */
function isFollowed() {
  const [entry] = performance.getEntriesByType("navigation");
  return entry instanceof PerformanceNavigationTiming && entry.type === "navigate";
}
