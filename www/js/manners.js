// How the page behaves while it trains: the screen stays on, and what happened while the page was
// out of sight is said when it is looked at again.

import { runProgress } from "./progress.js";
import { isActive } from "./stages.js";

/** @typedef {import("./store.js").State} State */

/** A look away that is shorter is not worth a word. */
const AWAY_MS = 2000;

/**
 * Keeps the screen from going dark while something is trained in sight.
 * @param {import("./store.js").Store} store
 */
export function keepAwake(store) {
  /** @type {WakeLockSentinel | null} */
  let lock = null;
  let asked = false;
  /** By the browser, for as long as the training goes on in sight. */
  let refused = false;
  const wanted = () => store.state.phase === "training" && document.visibilityState === "visible";

  async function update() {
    if (!wanted()) refused = false;
    if (wanted() && lock === null && !asked && !refused && "wakeLock" in navigator) {
      asked = true;
      try {
        lock = await navigator.wakeLock.request("screen");
        // The browser takes it back whenever the page goes out of sight.
        lock.addEventListener("release", () => (lock = null));
      } catch {
        // Low on power, or not allowed: the screen then does as it likes.
        refused = true;
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
  /** @type {{ run: import("./store.js").Run, steps: number, at: number } | null} */
  let left = null;
  document.addEventListener("visibilitychange", () => {
    const { run, phase } = store.state;
    if (document.visibilityState === "hidden") {
      left =
        run !== null && phase === "training"
          ? { run, steps: runProgress(run).done, at: performance.now() }
          : null;
    } else if (left !== null && run !== null && run.id === left.run.id) {
      const steps = runProgress(run).done - left.steps;
      const passed = performance.now() - left.at;
      // Work without steps is the preparing of a stage's input, or the last evaluation.
      const held = steps === 0 && run === left.run && run.stages.some(isActive);
      if (passed >= AWAY_MS && (steps > 0 || held)) actions.tellAway({ steps, seconds: passed / 1000 });
      left = null;
    }
  });
}
