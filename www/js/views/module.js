// A module of the network drawing, and the stage that trains it.

import { button, el, enable, progressBar, setText, show } from "../dom.js";
import { measure } from "../format.js";
import { Spark } from "../plots/spark.js";
import { stageProgress } from "../progress.js";
import { STAGES } from "../strings.js";
import { NETWORK, goalWords, layerWords } from "../strings/network.js";
import { glyph } from "./glyph.js";

/** @typedef {import("../actions.js").Actions} Actions */
/** @typedef {import("../chain.js").ChainModule} ChainModule */
/** @typedef {import("../chain.js").ChainStage} ChainStage */

/** The running mean of the newest values that the number beside a curve is. */
const RECENT = 20;

/**
 * @param {ChainModule} module as it is laid out
 * @param {Actions} actions
 */
export function moduleBox(module, actions) {
  const { index } = module;
  const name = NETWORK.module(index);
  const changed = el("span", { class: "mark-changed" });
  const print = el("code");
  const kept = el("span", { class: "kept" });
  const prints = el("p", { class: "print" }, `${NETWORK.print} `, print, " ", kept);
  const edit = button(NETWORK.edit, () => actions.openEditor(open ? null : index), "quiet small");
  edit.setAttribute("aria-label", NETWORK.named(NETWORK.edit, name));
  edit.setAttribute("aria-controls", "editor");
  let open = false;
  const root = el(
    "div",
    { class: "module", id: `module-${index}` },
    el("div", { class: "module-head" }, el("h3", {}, name), changed, edit),
    el(
      "div",
      { class: "module-body" },
      glyph(module.layers),
      el("ul", {}, ...module.layers.map((layer) => el("li", {}, layerWords(layer)))),
    ),
    prints,
  );

  /**
   * @param {ChainModule} module
   * @param {ChainStage | null} stage
   * @param {boolean} editing
   */
  function render({ role, changed: isChanged, pending, print: hash, kept: isKept }, stage, editing) {
    root.dataset["role"] = role;
    root.dataset["state"] = stage?.stage?.state ?? "waiting";
    root.classList.toggle("active", stage?.active === true);
    setText(changed, pending ? NETWORK.pending : isChanged ? NETWORK.changed : "");
    show(prints, hash !== null);
    setText(print, hash?.slice(0, 10) ?? "");
    setText(kept, isKept === null ? "" : isKept ? NETWORK.kept : NETWORK.moved);
    kept.dataset["kept"] = String(isKept);
    if (open !== editing || edit.ariaExpanded === null) {
      open = editing;
      edit.ariaExpanded = String(editing);
    }
  }
  return { root, render };
}

/**
 * @param {ChainStage} laidOut
 * @param {Actions} actions
 */
export function stagePanel({ index, modules, plan, role }, actions) {
  const name = NETWORK.modules(modules);
  const state = el("span", { class: "state" });
  const value = el("span", { class: "value" });
  const words = el("span");
  const bar = progressBar(`${name}, ${NETWORK.progress}`);
  const spark = new Spark();
  let training = false;
  const train = button(
    NETWORK.run,
    () => (training ? actions.pause() : actions.trainStage(index)),
    "small",
  );
  const step = button(NETWORK.step, actions.step, "small");
  step.setAttribute("aria-label", NETWORK.named(NETWORK.step, name));
  const reset = button(NETWORK.reset, () => actions.resetStage(index), "small");
  reset.setAttribute("aria-label", NETWORK.named(NETWORK.reset, name));
  const root = el(
    "div",
    { class: "training", "data-role": role },
    el("p", { class: "tags" }, el("span", { class: "role" }, NETWORK.roles[role]), state),
    el("p", { class: "goal" }, goalWords(plan, modules.at(-1) ?? 0)),
    el("div", { class: "buttons" }, train, step, reset),
    el("div", { class: "spark-frame" }, spark.root),
    bar.bar,
    el("p", { class: "training-foot" }, words, value),
  );

  /**
   * @param {ChainStage} chained
   * @param {boolean} still whether nothing is being trained
   * @param {import("../protocol.js").Pace} pace
   */
  function render({ stage, active, train: can, reset: canReset }, still, pace) {
    const seen = stage?.state ?? "waiting";
    const held = still && seen === "training";
    root.dataset["state"] = seen;
    root.classList.toggle("held", held);
    setText(state, STAGES.states[held && stage?.count === 0 ? "waiting" : held ? "paused" : seen]);
    training = active && !still;
    enable(train, training || can !== null);
    enable(step, can === "run");
    const action = training ? NETWORK.pause : can === "again" ? NETWORK.again : NETWORK.run;
    setText(train, action);
    const label = NETWORK.named(action, name);
    if (train.ariaLabel !== label) train.ariaLabel = label;
    enable(reset, canReset);
    if (stage === null) {
      spark.update([], 0, 1);
      setText(value, "");
      setText(words, "");
      return bar.set(0);
    }
    const progress = stageProgress(stage, pace);
    bar.set(progress.total > 0 ? progress.done / progress.total : 0);
    setText(words, NETWORK.progressWords(progress, active));
    spark.update(stage.objective, stage.count, stage.summary.steps);
    setText(value, stage.count > 0 ? measure(latest(stage), stage.summary.unit) : "");
  }
  return { root, render };
}

/** A module that no stage trains. */
export function untrainedPanel() {
  return el(
    "div",
    { class: "training", "data-role": "untrained" },
    el("p", { class: "tags" }, el("span", { class: "role" }, NETWORK.roles.untrained)),
    el("p", { class: "goal" }, NETWORK.untrained),
  );
}

/** @param {import("../stages.js").Stage} stage */
function latest({ mean, objective, count }) {
  if (mean !== null) return mean;
  const recent = objective.slice(Math.max(0, count - RECENT), count);
  return recent.reduce((sum, value) => sum + value, 0) / recent.length;
}
