// The runs that have ended: what changed between them, and their curves over each other.

import { button, el, enable, keptRows, scroller, setText, show } from "../../dom.js";
import { count } from "../../format.js";
import { plans, usesOwn } from "../../plan.js";
import { changes } from "../../runs.js";
import { RESULT } from "../../strings.js";
import { RUNS, changesWords, timeWords, whenWords } from "../../strings/compare.js";
import { MOST, overlayView } from "./overlay.js";

/** @typedef {import("../../main.js").Page} Page */
/** @typedef {import("../../runs.js").Result} Result */

/** Newest runs that are laid over each other unless the visitor chooses. */
const SHOWN = 5;

/** @param {Page} page */
export function runsView({ actions }) {
  const rows = el("tbody");
  const heads = [RUNS.heads.show, RUNS.heads.run, RUNS.changes, RUNS.test, RUNS.time, RUNS.when, ""];
  const table = el(
    "table",
    { "aria-label": RUNS.table },
    el("thead", {}, el("tr", {}, ...heads.map((text) => el(text ? "th" : "td", text ? { scope: "col" } : {}, text)))),
    rows,
  );
  const scrolled = scroller("scroll", RUNS.table, table);
  const empty = el("p", { class: "empty" }, RUNS.empty);
  const overlay = overlayView();
  const full = el("p", { class: "note", "aria-live": "polite" });
  const root = el(
    "section",
    { class: "runs", "aria-labelledby": "runs-heading" },
    el("h2", { id: "runs-heading" }, RUNS.heading),
    empty,
    overlay.root,
    full,
    scrolled,
  );
  const drawRows = keptRows(rows);
  /** @type {Result[]} */
  let shown = [];
  /** Of the state that was drawn last. @type {unknown[]} */
  let drawn = [];
  /** Those that choose the runs, by number. @type {Map<number, HTMLInputElement>} */
  const boxes = new Map();
  /**
   * What the visitor has chosen to see or not, by when it ended: the number of one that was removed is
   * given again. Others follow their age.
   * @type {Map<number, boolean>}
   */
  const chosen = new Map();

  /** @param {import("../../store.js").State} state */
  function render(state) {
    const { results, catalogue, own } = state;
    // Before the catalogue is here no plan is known.
    if (catalogue === null) return;
    if (drawn[0] === results && drawn[1] === own) return;
    drawn = [results, own];
    shown = results;
    show(empty, results.length === 0);
    show(scrolled, results.length > 0);
    show(overlay.root, results.length > 0);
    const known = new Set(plans(state).map(({ name }) => name));
    drawRows(
      results.map((result, index) => {
        const { settings } = result;
        // A plan for data of one's own is gone with the data.
        const here = !usesOwn({ settings }) || settings.own === own?.id;
        const takes = here && known.has(settings.plan);
        const { when, number } = result;
        return {
          key: JSON.stringify([when, number, shown[index + 1]?.settings, takes]),
          make: () => row(result, index, takes),
        };
      }),
    );
    lay();
  }

  /** Lays the chosen runs over each other; where they are as many as there can be, no other is chosen. */
  function lay() {
    const now = picked();
    overlay.update(now);
    const most = now.length === MOST;
    setText(full, most && shown.length > MOST ? RUNS.most(MOST) : "");
    for (const { number } of shown) {
      const box = boxes.get(number);
      if (box === undefined) continue;
      box.checked = now.some((one) => one.number === number);
      enable(box, box.checked || !most);
    }
  }

  function picked() {
    return shown
      .filter(({ when }, index) => chosen.get(when) ?? index < SHOWN)
      .slice(0, MOST);
  }

  /**
   * @param {Result} result
   * @param {number} index
   * @param {boolean} takes whether its settings can be taken up
   */
  function row(result, index, takes) {
    const { number, settings, test, complete, seconds, when, retrained } = result;
    const before = shown[index + 1];
    const title = RUNS.title(number);
    const box = el("input", { type: "checkbox", "aria-label": `${RUNS.show} ${title}` });
    boxes.set(number, box);
    box.addEventListener("change", () => {
      chosen.set(when, box.checked);
      lay();
    });
    const changed = before && changesWords(changes(before.settings, settings));
    const words = changed ?? RUNS.first;
    const marks = [retrained ? RUNS.retrained : "", complete ? "" : RUNS.early].filter(Boolean);
    const take = button(RUNS.take, () => actions.change({ ...settings, run: false }), "quiet small");
    const remove = button(RUNS.remove, () => actions.forgetRun(number), "quiet small");
    enable(take, takes);
    take.setAttribute("aria-label", `${RUNS.take}, ${title}`);
    remove.setAttribute("aria-label", `${RUNS.remove} ${title}`);
    return el(
      "tr",
      {},
      el("td", {}, box),
      el("th", { scope: "row" }, title, " ", el("small", {}, `${settings.plan}, seed ${count(settings.seed)}`)),
      el("td", {}, words || RUNS.same, " ", el("small", {}, marks.join(", "))),
      el("td", {}, RESULT.accuracy(test)),
      el("td", {}, timeWords(seconds)),
      el("td", {}, whenWords(when)),
      el("td", {}, take, remove),
    );
  }
  return { root, render };
}
