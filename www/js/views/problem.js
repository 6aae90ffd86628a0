// A failure in words, with the next step as a button. What was there before stays on the page.

import { button, el, setText, show } from "../dom.js";
import { PROBLEM, problemMessage } from "../strings.js";

/** @typedef {import("../protocol.js").Problem} Problem */

/** @param {import("../actions.js").Actions} actions */
export function problemView({ recover, useBuiltIn, dismiss }) {
  const message = el("p", { class: "problem-message" });
  const facts = el("dl");
  const buttons = el("div", { class: "buttons" });
  const panel = el(
    "div",
    { class: "problem" },
    el("h2", {}, PROBLEM.heading),
    message,
    facts,
    buttons,
  );
  // The live region is always there; only its content comes and goes, so that it is read aloud.
  const root = el("div", { role: "alert" }, panel);
  /** @type {Problem | null} */
  let shown = null;
  panel.hidden = true;

  /** @param {import("../store.js").State} state */
  function render({ problem }) {
    if (problem === shown) return;
    shown = problem;
    show(panel, problem !== null);
    if (problem === null) return;
    setText(message, problemMessage(problem));
    const known = [
      [PROBLEM.place, problem.place],
      [PROBLEM.expected, problem.expected],
      [PROBLEM.found, problem.found],
      [PROBLEM.code, problem.code],
    ];
    facts.replaceChildren(
      ...known.flatMap(([term, text]) =>
        term && text ? [el("dt", {}, term), el("dd", {}, text)] : [],
      ),
    );
    const { recovery } = problem;
    const { rate } = problem;
    const words = rate === undefined ? PROBLEM.recoveries[recovery] : PROBLEM.lower(rate);
    const next = button(words, () => act(), "primary");
    const act = () => {
      recover(recovery);
      // The only step after which nothing else on the page moves.
      if (recovery === "report") setText(next, PROBLEM.copied);
    };
    buttons.replaceChildren(
      next,
      button(PROBLEM.builtIn, useBuiltIn),
      button(PROBLEM.dismiss, dismiss, "quiet"),
    );
  }
  return { root, render };
}
