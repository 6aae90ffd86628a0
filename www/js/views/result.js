// What the runs of this visit came to, newest first.

import { el, show } from "../dom.js";
import { count } from "../format.js";
import { DEVICE, RESULT } from "../strings.js";

/** @typedef {import("../store.js").Result} Result */

export function resultView() {
  const facts = el("dl", { class: "result-facts" });
  const rows = el("tbody");
  const heads = [RESULT.plan, RESULT.seed, RESULT.device, RESULT.test, RESULT.seconds];
  const earlier = el(
    "table",
    {},
    el("caption", {}, RESULT.earlier),
    el("thead", {}, el("tr", {}, ...heads.map((text) => el("th", { scope: "col" }, text)))),
    rows,
  );
  const scroller = el(
    "div",
    { class: "scroll", tabindex: 0, role: "group", "aria-label": RESULT.earlier },
    earlier,
  );
  const root = el(
    "section",
    { class: "result", "aria-labelledby": "result-heading" },
    el("h2", { id: "result-heading" }, RESULT.heading),
    facts,
    scroller,
  );
  /** @type {Result[] | null} */
  let shown = null;

  /** @param {import("../store.js").State} state */
  function render({ results }) {
    if (results === shown) return;
    shown = results;
    const [newest] = results;
    show(root, newest !== undefined);
    if (newest === undefined) return;
    facts.replaceChildren(
      ...fact(RESULT.test, RESULT.accuracy(newest.test), "headline"),
      ...fact(RESULT.valid, newest.valid === null ? null : RESULT.accuracy(newest.valid)),
      ...fact(RESULT.train, RESULT.accuracy(newest.train)),
      ...fact(RESULT.seconds, RESULT.time(newest)),
      ...fact(RESULT.device, DEVICE.names[newest.device] ?? newest.device),
    );
    show(scroller, results.length > 1);
    rows.replaceChildren(...results.map(row));
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

/** @param {Result} result */
function row(result) {
  const { settings, device, test } = result;
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, settings.plan, limits(settings)),
    el("td", {}, count(settings.seed)),
    el("td", {}, DEVICE.names[device] ?? device),
    el("td", {}, RESULT.accuracy(test)),
    el("td", {}, RESULT.time(result)),
  );
}

/** @param {import("../link.js").Settings} settings */
function limits({ epochs, samples }) {
  return el("small", {}, RESULT.limits(epochs, samples));
}
