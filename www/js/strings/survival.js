// The words about runs that go on after their worker, their device or the page was lost.

import { count, counted } from "../format.js";

/** @typedef {import("../store.js").Loss} Loss */

/** @param {number} seconds */
function ago(seconds) {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${counted(minutes, "minute")} ago`;
  const hours = Math.round(minutes / 60);
  return `${counted(hours, "hour")} ago`;
}

const FROM = {
  start: "began again from the start",
  checkpoint: "went on from its last checkpoint",
  end: "was brought back as it ended",
};

export const SURVIVAL = {
  accept: "Go on with it",
  refuse: "Forget it",
  /**
   * @param {import("../checkpoints.js").Kept} kept
   * @param {number} now
   */
  offer({ run, when }, now) {
    const at = run.stages.findIndex(({ state }) => state !== "done");
    const stage = run.stages[at];
    const step = stage === undefined ? "" : `, step ${count(stage.count)} of ${count(stage.summary.steps)}`;
    const place = at < 0 ? "" : ` in stage ${at + 1} of ${run.stages.length}${step}`;
    return `A run of ${run.settings.plan} was interrupted ${ago((now - when) / 1000)}${place}. It is kept until another run begins.`;
  },
  /** @param {Loss} loss */
  lost({ onCpu, from, problem }) {
    const cause = problem.code.startsWith("device/") ? "The GPU was lost" : "The trainer was lost";
    const device = onCpu ? " on the CPU, since the GPU was lost too often" : "";
    return `${cause}; the run ${FROM[from]}${device}.`;
  },
  /** @param {string} reason */
  unkept: (reason) =>
    `The browser keeps no copy of this run, which is gone when the page is closed. (${reason})`,
};
