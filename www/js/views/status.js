// Where the run stands, in words and as one bar.

import { button, el, progressBar, setText, show } from "../dom.js";
import { runProgress } from "../progress.js";
import { AWAY, PROGRESS, status } from "../strings.js";

/** @typedef {import("../store.js").State} State */

/** @param {import("../actions.js").Actions} actions */
export function statusView(actions) {
  const words = el("p", { class: "status-words", role: "status" });
  const detail = el("span", { class: "status-detail" });
  const times = el("span", { class: "status-times" });
  const whole = progressBar(PROGRESS.whole);
  const told = el("span");
  const away = el(
    "p",
    { class: "note" },
    told,
    " ",
    button(AWAY.close, () => actions.tellAway(null), "quiet small"),
  );
  const root = el(
    "section",
    { class: "status", "aria-label": PROGRESS.heading },
    el("div", { class: "status-line" }, words, detail, times),
    whole.bar,
    el("div", { "aria-live": "polite" }, away),
  );

  /** @param {State} state */
  function render(state) {
    const said = status(state);
    setText(words, said.words);
    setText(detail, said.detail);
    const { run, activity, pace } = state;
    const progress = run === null ? null : runProgress(run, pace);
    setText(times, progress === null ? "" : PROGRESS.times(progress));
    whole.set(
      fraction(activity) ?? (progress === null ? 0 : progress.done / Math.max(1, progress.total)),
    );
    show(whole.bar, activity !== null || (run !== null && run.stages.length > 0));
    root.dataset.phase = state.phase;
    show(away, state.away !== null);
    if (state.away !== null) setText(told, AWAY.words(state.away));
  }
  return { root, render };
}

/**
 * How much of a download has come; `null` where there is none.
 * @param {import("../protocol.js").Activity | null} activity
 */
function fraction(activity) {
  if (activity === null || !("loaded" in activity)) return null;
  return activity.total ? activity.loaded / activity.total : 0;
}
