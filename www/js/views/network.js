// The network as the control panel: module by module what it is, what it trains for, how far it
// is, and its own buttons.

import { button, el, setText, show } from "../dom.js";
import { chain } from "../chain.js";
import { runOfPlan } from "../plan.js";
import { NETWORK, refusalWords } from "../strings/network.js";
import { Arcs } from "./arcs.js";
import { editorView } from "./editor.js";
import { moduleBox, stagePanel, untrainedPanel } from "./module.js";

/** @typedef {import("../chain.js").Chain} Chain */
/** @typedef {import("../main.js").Page} Page */
/** @typedef {import("../store.js").State} State */

/** @param {Page} page */
export function networkView({ actions }) {
  const drawing = el("div", { class: "network-scroll" });
  const words = el("span");
  const caption = el("p", { class: "caption" }, words, " ", el("span", { class: "arcs-words" }, NETWORK.arcs));
  const restart = el("p", { class: "note" }, NETWORK.restart);
  const verdict = el("strong");
  const reason = el("span");
  const undo = button(NETWORK.undo, () => actions.change({ edits: trained }), "quiet small");
  const refusal = el(
    "p",
    { class: "refusal" },
    verdict,
    " ",
    reason,
    " ",
    undo,
  );
  const editor = editorView(actions);
  const root = el(
    "section",
    { class: "network", "aria-labelledby": "network-heading" },
    el("h2", { id: "network-heading" }, NETWORK.heading),
    drawing,
    caption,
    restart,
    el("div", { "aria-live": "assertive" }, refusal),
    editor.root,
  );
  /** @type {ReturnType<typeof draw> | null} */
  let drawn = null;
  let layout = "";
  /** What the run was trained with: what undoing goes back to. @type {State["settings"]["edits"]} */
  let trained = {};

  /** @param {State} state */
  function render(state) {
    const chained = chain(state);
    show(root, chained !== null);
    if (chained === null) return;
    const { phase, refusal: problem } = state;
    trained = (phase === "idle" ? null : runOfPlan(state))?.settings.edits ?? {};
    const key = JSON.stringify(chained.plan);
    if (key !== layout) {
      layout = key;
      drawn?.destroy();
      drawn = draw(chained, actions);
      drawing.replaceChildren(drawn.root);
      setText(words, captionOf(chained));
    }
    drawn?.render(chained, state);
    show(restart, chained.restart);
    show(refusal, problem !== null);
    if (problem !== null) {
      // Not every failure is the plan's. One that lacks a part is none to the core.
      const ofPlan = /^(plan\/|request\/invalid$)/.test(problem.code);
      setText(verdict, ofPlan ? NETWORK.refused : NETWORK.failed);
      setText(reason, refusalWords(problem, chained.plan));
      show(undo, ofPlan);
    }
    editor.render(state, chained);
  }
  return { root, render };
}

/**
 * @param {Chain} laidOut
 * @param {import("../actions.js").Actions} actions
 */
function draw({ modules, stages }, actions) {
  const input = el("div", { class: "end" }, el("b", {}, NETWORK.input), el("small", {}, NETWORK.inputWords));
  const label = el("div", { class: "end last" }, el("b", {}, NETWORK.label), el("small", {}, NETWORK.labelWords));
  const boxes = modules.map((module) => moduleBox(module, actions));
  const arcs = new Arcs({ input, label, modules: boxes.map(({ root }) => root) });
  const panels = stages.map((stage) => stagePanel(stage, actions));
  const items = modules.map((module, index) => {
    const box = boxes[index];
    // A stage stands under the last of its modules, and is as wide as all of them.
    const ends = stages.find(({ modules }) => modules.at(-1) === index);
    const panel = ends === undefined ? null : panels[ends.index];
    const part = module.stage < 0 ? untrainedPanel() : (panel?.root ?? null);
    const span = ends?.modules.length ?? 1;
    box?.root.style.setProperty("--column", String(index + 2));
    part?.style.setProperty("--column", `${index + 3 - span} / span ${span}`);
    const border = index > 0 && module.stage !== modules[index - 1]?.stage;
    box?.root.classList.toggle("bordered", border);
    const name = { "aria-label": NETWORK.module(index) };
    return el("li", name, ...(box ? [box.root] : []), ...(part ? [part] : []));
  });
  const list = el("ol", { class: "chain" }, ...items);
  list.style.setProperty("--modules", String(modules.length));
  const root = el("div", { class: "drawing" }, arcs.root, input, list, label);
  root.style.setProperty("--modules", String(modules.length));

  return {
    root,
    destroy: () => arcs.destroy(),
    /** @param {Chain} chained @param {State} state */
    render(chained, { phase, editing, pace }) {
      arcs.update(chained.stages);
      chained.modules.forEach((module, index) => {
        const stage = chained.stages[module.stage] ?? null;
        boxes[index]?.render(module, stage, editing === index);
      });
      chained.stages.forEach((stage, index) => {
        panels[index]?.render(stage, phase !== "training", pace);
      });
    },
  };
}

/** @param {Chain} chained */
function captionOf({ modules, stages }) {
  if (stages.some(({ role }) => role === "whole network")) return NETWORK.captions.bp;
  const some = modules.some(({ role }) => role === "untrained");
  return some ? NETWORK.captions.random : NETWORK.captions.local;
}
