// A failure in words, with the next step as a button. What was there before stays on the page.

import { button, el, setText, show } from "../dom.js";
import { usesOwn } from "../plan.js";
import { PROBLEM, problemWords } from "../strings.js";

/** @typedef {import("../protocol.js").Problem} Problem */
/** @typedef {import("../protocol.js").Recovery} Recovery */
/** @typedef {import("../store.js").State} State */

/** Where another data set is a way out too. @type {Recovery[]} */
const OF_DATA = ["choose-another-file", "fetch-the-data", "choose-another-plan"];

/** @param {import("../actions.js").Actions} actions */
export function problemView({ recover, report, useBuiltIn, dismiss }) {
  // The live region is always there; only its content comes and goes, so that it is read aloud.
  const panel = el("div", { class: "problem" });
  const root = el("div", { role: "alert" }, panel);
  /** @type {Problem | null} */
  let shown = null;
  panel.hidden = true;

  /** @param {State} state */
  function render(state) {
    const { problem } = state;
    if (problem === shown) return;
    shown = problem;
    show(panel, problem !== null);
    if (problem === null) return;
    const { recovery } = problem;
    const buttons = el(
      "div",
      { class: "buttons" },
      recovery === "report" ? reportButton() : button(nextStep(state, problem), () => recover(recovery), "primary"),
      ...(OF_DATA.includes(recovery) ? [button(PROBLEM.builtIn, useBuiltIn)] : []),
      button(PROBLEM.dismiss, dismiss, "quiet"),
    );
    panel.replaceChildren(el("h2", {}, PROBLEM.heading), ...problemParts(problem), buttons);
  }

  /** The only step after which nothing else on the page moves. */
  function reportButton() {
    const copy = button(PROBLEM.recoveries.report, copyReport, "primary");
    async function copyReport() {
      const text = report();
      try {
        await navigator.clipboard.writeText(text);
        setText(copy, PROBLEM.copied);
      } catch {
        // Not allowed here: it can still be taken by hand.
        const lines = el("textarea", { readonly: true, rows: 8, "aria-label": PROBLEM.report }, text);
        panel.append(lines);
        lines.select();
      }
    }
    return copy;
  }
  return { root, render };
}

/** @param {State} state @param {Problem} problem */
function nextStep(state, { code, recovery, rate }) {
  if (rate !== undefined) return PROBLEM.lower(rate);
  // Files of the visitor's own cannot be fetched again.
  const own = recovery === "choose-another-file" && usesOwn(state);
  if (!own) return PROBLEM.recoveries[recovery];
  return code === "page/needs-files" ? PROBLEM.theFiles : PROBLEM.anotherFile;
}

/**
 * What it is, where, what was expected and what was found.
 * @param {Problem} problem
 */
export function problemParts(problem) {
  const { what, detail } = problemWords(problem);
  const known = [
    [PROBLEM.place, problem.place],
    [PROBLEM.expected, problem.expected],
    [PROBLEM.found, problem.found],
    [PROBLEM.code, problem.code],
  ];
  const facts = known.flatMap(([term, text]) =>
    term && text ? [el("dt", {}, term), el("dd", {}, text)] : [],
  );
  return [
    el("p", { class: "problem-message" }, what),
    ...(detail === "" ? [] : [el("p", { class: "problem-detail" }, detail)]),
    el("dl", {}, ...facts),
  ];
}
