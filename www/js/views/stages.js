// The stages of the run, in order: a chain of cards.

import { isUnderWay } from "../derived.js";
import { el, setText, show } from "../dom.js";
import { runOfPlan } from "../plan.js";
import { STAGES } from "../strings.js";
import { StageCard } from "./stage.js";

/** @typedef {import("../store.js").State} State */

export function stagesView() {
  const list = el("ol", { class: "stages" });
  const empty = el("p", { class: "empty" });
  const other = el("p", { class: "note" });
  const root = el(
    "section",
    { "aria-labelledby": "stages-heading" },
    el("h2", { id: "stages-heading" }, STAGES.heading),
    empty,
    other,
    list,
  );
  /** @type {StageCard[]} */
  let cards = [];
  let shown = "";

  /** @param {State} state */
  function render(state) {
    const { run, phase, pace } = state;
    const stages = run?.stages ?? [];
    const layout = JSON.stringify([run?.samples, stages.map(({ summary }) => summary)]);
    if (layout !== shown) {
      shown = layout;
      const validated = (run?.samples?.valid ?? 0) > 0;
      cards = stages.map(({ summary }, index) => new StageCard(summary, index, validated));
      list.replaceChildren(...cards.map((card) => card.root));
    }
    show(list, stages.length > 0);
    show(empty, stages.length === 0);
    setText(empty, STAGES.empty);
    const leftOver = run !== null && stages.length > 0 && runOfPlan(state) === null;
    setText(other, leftOver ? STAGES.other(run.settings.plan, isUnderWay(state)) : "");
    stages.forEach((stage, index) => cards[index]?.render(stage, phase !== "training", pace));
  }
  return { root, render };
}
