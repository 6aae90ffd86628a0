// How the page behaves while it trains: the screen stays on, and what happened while the page was
// out of sight is said when it is looked at again.

import { runProgress } from "./progress.js";

/** @typedef {import("./store.js").State} State */

/**
 * Keeps the screen from going dark while something is trained in sight.
 * @param {import("./store.js").Store} store
 */
export function keepAwake(store) {
  /** @type {WakeLockSentinel | null} */
  let lock = null;
  let asked = false;
  const wanted = () => store.state.phase === "training" && document.visibilityState === "visible";

  async function update() {
    if (wanted() && lock === null && !asked && "wakeLock" in navigator) {
      asked = true;
      try {
        lock = await navigator.wakeLock.request("screen");
        // The browser takes it back whenever the page goes out of sight.
        lock.addEventListener("release", () => (lock = null));
      } catch {
        // Low on power, or not allowed: the screen then does as it likes.
      }
      asked = false;
    }
    // Also where the training has ended while the lock was asked for.
    if (!wanted()) await lock?.release();
  }
  store.listen(() => void update());
  document.addEventListener("visibilitychange", () => void update());
}

/**
 * Notes what a run did while the page was hidden. The worker needs no frames and no timers to go
 * on, but a browser may still hold it.
 * @param {import("./main.js").Page} page
 */
export function watchHiding({ store, actions }) {
  /** @type {{ id: number, steps: number, at: number } | null} */
  let left = null;
  document.addEventListener("visibilitychange", () => {
    const { run, phase } = store.state;
    if (document.visibilityState === "hidden") {
      left =
        run !== null && phase === "training"
          ? { id: run.id, steps: runProgress(run).done, at: performance.now() }
          : null;
    } else if (left !== null && run !== null && run.id === left.id) {
      const steps = runProgress(run).done - left.steps;
      const seconds = (performance.now() - left.at) / 1000;
      actions.tellAway({ steps, seconds });
      left = null;
    }
  });
}
