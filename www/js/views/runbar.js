// The buttons that run, hold and repeat what the form says.

import { button, el, enable, setText, show } from "../dom.js";
import { canStep, changed } from "../derived.js";
import { CONTROLS } from "../strings.js";
import { TIPS } from "../strings/words.js";
import { selectField } from "./fields.js";
import { withTip } from "./tip.js";

/** @typedef {import("../store.js").State} State */

/**
 * How fast a run goes on; a frame is a redraw, of which there are twenty a second.
 * @type {import("../protocol.js").Pace[]}
 */
export const PACES = [null, { steps: 5, ms: 50 }, { steps: 1, ms: 50 }, { steps: 1, ms: 500 }];

/** @param {import("../actions.js").Actions} actions */
export function runbarView(actions) {
  const run = button(CONTROLS.run, actions.run, "primary");
  // A key that is held down is one press: a short run may be over before it is let go.
  run.addEventListener("keydown", (event) => {
    if (event.repeat && event.key === "Enter") event.preventDefault();
  });
  const pause = button(CONTROLS.pause, actions.pause);
  const step = button(CONTROLS.step, actions.step);
  const reset = button(CONTROLS.reset, actions.reset);
  const finish = button(CONTROLS.finish, actions.finish, "quiet");
  const speed = selectField(CONTROLS.speed, (value) => actions.setPace(PACES[Number(value)] ?? null));
  speed.fill([
    { options: CONTROLS.speeds.map((label, index) => ({ value: String(index), label })) },
  ]);
  withTip(speed, CONTROLS.speed, TIPS.speed);
  const note = el("p", { class: "note", "aria-live": "polite" });
  const root = el(
    "section",
    { class: "runbar", "aria-label": CONTROLS.runHeading },
    el("div", { class: "buttons" }, run, pause, step, reset, finish, speed.root),
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
    enable(step, canStep(state));
    enable(reset, phase !== "idle");
    const pace = JSON.stringify(state.pace);
    speed.set(String(PACES.findIndex((known) => JSON.stringify(known) === pace)));
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
