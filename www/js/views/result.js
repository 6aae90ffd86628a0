// What the last run came to.

import { el, setText, show } from "../dom.js";
import { DEVICE, RESULT } from "../strings.js";

/** @typedef {import("../runs.js").Result} Result */

export function resultView() {
  const heading = el("h2", { id: "result-heading" }, RESULT.heading);
  const facts = el("dl", { class: "result-facts" });
  const root = el(
    "section",
    { class: "result", "aria-labelledby": "result-heading" },
    heading,
    facts,
  );
  /** @type {Result | undefined} */
  let shown;

  /** @param {import("../store.js").State} state */
  function render({ run, results }) {
    // While a run is on, that of the one before it.
    const newest = run?.result ?? results[0];
    show(root, newest !== undefined);
    setText(heading, run?.result == null ? RESULT.last : RESULT.heading);
    if (newest === shown || newest === undefined) return;
    shown = newest;
    facts.replaceChildren(
      ...fact(RESULT.test, RESULT.accuracy(newest.test), "headline"),
      ...fact(RESULT.valid, newest.valid === null ? null : RESULT.accuracy(newest.valid)),
      ...fact(RESULT.train, RESULT.accuracy(newest.train)),
      ...fact(RESULT.seconds, RESULT.time(newest)),
      ...fact(RESULT.device, DEVICE.names[newest.device] ?? newest.device),
      ...fact(RESULT.run, RESULT.named(newest.settings)),
    );
  }
  return { root, render };
}

/**
 * @param {string} term
 * @param {string | null} text nothing is shown where it is `null`
 * @param {string} [kind]
 */
function fact(term, text, kind = "") {
  return text === null ? [] : [el("div", { class: kind }, el("dt", {}, term), el("dd", {}, text))];
}
