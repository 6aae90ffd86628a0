// The buttons that run, hold and repeat what the form says.

import { button, el, enable, setText, show } from "../dom.js";
import { changed } from "../store.js";
import { CONTROLS } from "../strings.js";

/** @typedef {import("../store.js").State} State */
/**
 * @typedef {{
 *   run: () => void, pause: () => void, step: () => void, reset: () => void, finish: () => void,
 * }} Actions
 */

/** @param {Actions} actions */
export function runbarView(actions) {
  const run = button(CONTROLS.run, actions.run, "primary");
  const pause = button(CONTROLS.pause, actions.pause);
  const step = button(CONTROLS.step, actions.step);
  const reset = button(CONTROLS.reset, actions.reset);
  const finish = button(CONTROLS.finish, actions.finish, "quiet");
  const note = el("p", { class: "note", "aria-live": "polite" });
  const root = el(
    "section",
    { class: "runbar", "aria-label": CONTROLS.runHeading },
    el("div", { class: "buttons" }, run, pause, step, reset, finish),
    note,
  );

  /** @param {State} state */
  function render(state) {
    const { phase } = state;
    const differs = changed(state);
    const busy = phase === "starting" || phase === "training";
    setText(run, runLabel(phase, differs));
    enable(run, !busy);
    enable(pause, phase === "training");
    enable(step, !busy);
    enable(reset, phase !== "idle");
    show(finish, phase === "training" || phase === "paused");
    const held = phase === "paused" || phase === "training";
    const hint = held ? CONTROLS.changedPaused : CONTROLS.changed;
    setText(note, differs && phase !== "idle" && phase !== "starting" ? hint : "");
  }
  return { root, render };
}

/**
 * @param {import("../store.js").Phase} phase
 * @param {boolean} differs whether the form has been changed since
 */
function runLabel(phase, differs) {
  if (phase === "paused") return CONTROLS.resume;
  return phase === "finished" && !differs ? CONTROLS.again : CONTROLS.run;
}
