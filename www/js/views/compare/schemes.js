// Every scheme for the chosen data set from one seed, side by side.

import { queueOf } from "../../derived.js";
import { button, el, enable, keptRows, scroller, setText, show } from "../../dom.js";
import { plans } from "../../plan.js";
import { sameRun, sameSettings } from "../../runs.js";
import { RESULT, schemeTitle } from "../../strings.js";
import { SCHEMES, queueWords, timeWords } from "../../strings/compare.js";

/** @typedef {import("../../link.js").Settings} Settings */
/** @typedef {import("../../main.js").Page} Page */
/** @typedef {import("../../protocol.js").PlanInfo} PlanInfo */
/** @typedef {import("../../store.js").State} State */

/** @param {Page} page */
export function schemesView({ actions }) {
  const about = el("p", { class: "about" });
  const all = button(SCHEMES.runAll, () => run(missing), "primary");
  const stop = button(SCHEMES.stop, actions.forgetJobs);
  const queue = el("p", { class: "note", "aria-live": "polite" });
  const heads = [SCHEMES.scheme, SCHEMES.test, SCHEMES.train, SCHEMES.time, ""];
  const rows = el("tbody");
  const table = el(
    "table",
    { class: "schemes-table", "aria-label": SCHEMES.heading },
    el("thead", {}, el("tr", {}, ...heads.map((text) => el(text ? "th" : "td", text ? { scope: "col" } : {}, text)))),
    rows,
  );
  const root = el(
    "section",
    { class: "schemes", "aria-labelledby": "schemes-heading" },
    el("h2", { id: "schemes-heading" }, SCHEMES.heading),
    about,
    scroller("scroll", SCHEMES.heading, table),
    el("div", { class: "buttons" }, all, stop),
    queue,
  );
  /** @type {Settings[]} */
  let missing = [];
  const drawRows = keptRows(rows);

  /** @param {Settings[]} list */
  function run(list) {
    actions.enqueue(list.map((settings) => ({ settings, table: null })));
  }

  /** @param {State} state */
  function render(state) {
    const { settings, results, jobs, catalogue, own } = state;
    const info = plans(state).find(({ name }) => name === settings.plan);
    show(root, info !== undefined);
    if (info === undefined) return;
    const schemes = plans(state).filter(({ dataset }) => dataset === info.dataset);
    const queued = queueOf(state);
    const found = schemes.map((scheme) => {
      const wanted = settingsFor(settings, scheme);
      const job = queued.findIndex(({ settings }) => sameSettings(settings, wanted));
      return { scheme, wanted, standing: standingOf(job, state.phase), result: sameRun(results, wanted) };
    });
    missing = found.flatMap(({ result, wanted, standing }) =>
      result || standing !== SCHEMES.missing ? [] : [wanted],
    );
    enable(all, missing.length > 0);
    show(stop, jobs.length > 0);
    setText(queue, queueWords(jobs));
    const title = catalogue?.datasets.find(({ name }) => name === info.dataset)?.title;
    setText(about, SCHEMES.about(title ?? own?.preview.title ?? info.dataset, settings.seed));

    drawRows(
      found.map(({ scheme, wanted, standing, result }) => ({
        key: JSON.stringify([wanted, standing, result?.when]),
        make: () => row(scheme, wanted, standing, result),
      })),
    );
  }

  /**
   * @param {PlanInfo} scheme
   * @param {Settings} wanted
   * @param {string} standing where it has no result
   * @param {import("../../runs.js").Result | undefined} result
   */
  function row(scheme, wanted, standing, result) {
    const start = button(SCHEMES.run, () => run([wanted]), "small");
    start.setAttribute("aria-label", SCHEMES.runOne(scheme.scheme));
    enable(start, standing === SCHEMES.missing);
    const test = result === undefined ? [standing] : bar(result.test);
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, schemeTitle(scheme.scheme)),
      el("td", { class: "bar-cell" }, ...test),
      el("td", {}, result === undefined ? "–" : RESULT.accuracy(result.train)),
      el("td", {}, timeWords(result?.seconds ?? null)),
      el("td", {}, start),
    );
  }
  return { root, render };
}

/**
 * @param {Settings} settings
 * @param {PlanInfo} scheme
 * @returns {Settings}
 */
function settingsFor({ seed, device, epochs, samples, own }, scheme) {
  return { plan: scheme.name, seed, device, epochs, samples, edits: {}, own, run: true };
}

/**
 * @param {number} job the run's place among those that are under way
 * @param {import("../../store.js").Phase} phase of the first
 */
function standingOf(job, phase) {
  if (job < 0) return SCHEMES.missing;
  if (job > 0) return SCHEMES.waiting;
  return phase === "paused" ? SCHEMES.paused : SCHEMES.running;
}

/** @param {number | null} accuracy */
function bar(accuracy) {
  const line = el("i", { class: "bar", "aria-hidden": true });
  line.style.setProperty("--share", String((accuracy ?? 0) / 100));
  return [RESULT.accuracy(accuracy), line];
}
