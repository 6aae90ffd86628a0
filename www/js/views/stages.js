// The stages of the run, in order: a chain of cards.

import { el, setText, show } from "../dom.js";
import { STAGES } from "../strings.js";
import { StageCard } from "./stage.js";

/** @typedef {import("../store.js").State} State */

export function stagesView() {
  const list = el("ol", { class: "stages" });
  const empty = el("p", { class: "empty" });
  const root = el(
    "section",
    { "aria-labelledby": "stages-heading" },
    el("h2", { id: "stages-heading" }, STAGES.heading),
    empty,
    list,
  );
  /** @type {StageCard[]} */
  let cards = [];
  let shown = "";

  /** @param {State} state */
  function render({ run, phase, pace }) {
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
    stages.forEach((stage, index) => cards[index]?.render(stage, phase !== "training", pace));
  }
  return { root, render };
}
