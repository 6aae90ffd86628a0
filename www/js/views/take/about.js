// What a stage trains for, in formulas and as code, and the words of the field.

import { el, scroller, setText, show } from "../../dom.js";
import { mathElement } from "../../math.js";
import { GLOSSARY, OBJECTIVE, objectiveWords } from "../../strings/words.js";
import { rustCode } from "../../take/rust.js";
import { shownRun } from "../../take/shown.js";
import { selectField } from "../fields.js";
import { codeBlock } from "./copy.js";

/** @typedef {import("../../store.js").State} State */

/** @param {import("../../main.js").Page} page */
export function aboutView({ store }) {
  /** The stage that was chosen; `null` follows the run. @type {number | null} */
  let chosen = null;
  const stage = selectField(OBJECTIVE.stage, (value) => {
    chosen = Number(value);
    render(store.state);
  });
  const formulas = scroller("formulas", OBJECTIVE.formulas);
  const words = el("p", { class: "objective-words" });
  const code = codeBlock(OBJECTIVE.code);
  const none = el("p", { class: "note" }, OBJECTIVE.none);
  const parts = el(
    "div",
    { class: "objective-parts" },
    stage.root,
    el("div", { class: "objective-text" }, formulas, words),
    el(
      "details",
      {},
      el("summary", {}, OBJECTIVE.code),
      el("p", { class: "hint" }, OBJECTIVE.codeHint),
      code.root,
    ),
  );
  const terms = GLOSSARY.terms.map(([term, meaning]) =>
    el("div", {}, el("dt", {}, term), el("dd", {}, meaning)),
  );
  const root = el(
    "div",
    { class: "about-view" },
    el("section", { class: "objective" }, el("h2", {}, OBJECTIVE.heading), none, parts),
    el("section", {}, el("h2", {}, GLOSSARY.heading), el("dl", { class: "glossary" }, ...terms)),
  );
  let filled = "";
  let drawn = "";

  /** @param {State} state */
  function render(state) {
    const shown = shownRun(state, "");
    const { plan, stages, settings, files, preset, own } = shown;
    const usable = plan !== null && stages.length > 0 && stages.length === plan.stages.length;
    show(none, !usable);
    show(parts, usable);
    if (!usable) return;

    const options = stages.map(({ summary }, index) => ({
      value: String(index),
      label: `${index + 1}: ${summary.name}, ${summary.objective}`,
    }));
    const key = JSON.stringify(options);
    if (key !== filled) {
      filled = key;
      chosen = null;
      stage.fill([{ label: OBJECTIVE.stage, options }]);
    }
    const active = stages.findIndex((one) => one.state === "training" || one.state === "caching");
    const index = Math.min(chosen ?? Math.max(active, 0), stages.length - 1);
    stage.set(String(index));

    const present = plan.stages[index];
    const { seed, epochs, samples } = settings;
    const text = rustCode({ plan, stage: index, seed, epochs, samples, files, preset, own });
    if (present === undefined || text === drawn) return;
    drawn = text;
    const said = objectiveWords(present.objective, state.catalogue?.estimators ?? []);
    formulas.replaceChildren(...said.formulas.map((one) => el("p", {}, mathElement(one))));
    setText(words, said.words);
    code.set(text);
  }
  return { root, render };
}
