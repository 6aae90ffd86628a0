// The paper's Table 1 beside what this browser has measured, row by row.

import { button, el, enable, keptRows, scroller, setText, show } from "../../dom.js";
import { writeLink } from "../../link.js";
import { DEVICE, schemeTitle } from "../../strings.js";
import { TABLE1, queueWords, spreadWords, timeWords } from "../../strings/compare.js";
import { nextSeed, limits, rowSettings, rows } from "../../table1.js";
import { choiceField } from "../fields.js";
import { copyButton } from "../take/copy.js";
import { withTip } from "../tip.js";

/** @typedef {import("../../main.js").Page} Page */
/** @typedef {import("../../store.js").Job} Job */
/** @typedef {import("../../store.js").State} State */
/** @typedef {import("../../table1.js").Measurement} Measurement */
/** @typedef {import("../../table1.js").Row} Row */
/** @typedef {import("../../table1.js").TableMode} TableMode */

/** @param {Page} page */
export function table1View({ actions, store }) {
  /** @type {TableMode} */
  let mode = "quick";
  const modes = choiceField(TABLE1.mode, "table-mode", (value) => {
    mode = value === "full" ? "full" : "quick";
    render(store.state);
  });
  modes.fill([
    { value: "quick", label: TABLE1.modes.quick },
    { value: "full", label: TABLE1.modes.full },
  ]);
  modes.set(mode);
  withTip(modes, TABLE1.mode, TABLE1.modeTip);
  const hint = el("p", { class: "about" });
  const body = el("tbody");
  const rest = button(TABLE1.runRest, () => {
    const { jobs, settings, table1 } = store.state;
    const missing = rows(table1, mode).filter(
      (row) => row.seeds.length === 0 && jobOf(jobs, row, mode) < 0,
    );
    actions.enqueue(missing.map((row) => job(row, mode, settings.device)));
  });
  const stop = button(TABLE1.stop, actions.forgetJobs);
  const queue = el("p", { class: "note", "aria-live": "polite" });
  const root = el(
    "section",
    { class: "table1", "aria-labelledby": "table1-heading" },
    el("h2", { id: "table1-heading" }, TABLE1.heading),
    el("p", { class: "about" }, TABLE1.about),
    modes.root,
    hint,
    scroller("scroll", TABLE1.heading, el("table", { "aria-label": TABLE1.table }, head(), body)),
    el("div", { class: "buttons" }, rest, stop),
    queue,
    el("ol", { class: "notes" }, ...TABLE1.notes.map((note) => el("li", {}, note))),
  );
  const drawRows = keptRows(body);
  let drawn = "";

  /** @param {State} state */
  function render({ table1, jobs, settings, catalogue }) {
    const key = JSON.stringify([mode, table1.length, table1.at(-1)?.when, jobs, settings.device]);
    show(root, catalogue !== null);
    if (key === drawn || catalogue === null) return;
    drawn = key;
    hint.textContent = TABLE1.modeHints[mode];
    show(stop, jobs.length > 0);
    setText(queue, queueWords(jobs));
    const known = rows(table1, mode).filter(({ plan }) => catalogue.plans.some(({ name }) => name === plan));
    drawRows(
      known.map((row, index) => {
        const [dataset = ""] = row.plan.split("/");
        const first = !known[index - 1]?.plan.startsWith(`${dataset}/`);
        const title = catalogue.datasets.find(({ name }) => name === dataset)?.title ?? dataset;
        const measured = table1
          .filter((one) => one.plan === row.plan && one.mode === mode)
          .sort((a, b) => a.seed - b.seed);
        const next = job(row, mode, settings.device);
        const at = jobOf(jobs, row, mode);
        const count = known.filter(({ plan }) => plan.startsWith(`${dataset}/`)).length;
        return {
          key: JSON.stringify([row, first, next, Math.sign(at), measured]),
          make: () =>
            el(
              "tr",
              first ? { class: "first" } : {},
              ...(first ? [el("th", { scope: "rowgroup", rowspan: count }, title)] : []),
              ...cells(row, measured),
              el("td", { class: "row-actions" }, ...rowActions(row, next, at, measured)),
            ),
        };
      }),
    );
  }

  /**
   * @param {Row} row
   * @param {Job} next
   * @param {number} at its place among the waiting runs
   * @param {Measurement[]} measured
   */
  function rowActions(row, next, at, measured) {
    const { seed } = next.settings;
    const words = at === 0 ? TABLE1.running : at > 0 ? TABLE1.waiting : TABLE1.run(seed);
    const start = button(words, () => actions.enqueue([next]), "small");
    start.setAttribute("aria-label", `${words}, ${row.plan}`);
    enable(start, at < 0);
    if (measured.length === 0) return [start];
    const address = location.origin + location.pathname;
    const json = () => {
      const measurements = measured.map((one) => ({ ...one, link: address + linkOf(one) }));
      return JSON.stringify({ ...row, mode, limits: limits(row.plan, mode), measurements }, null, 2);
    };
    return [start, copyButton(`${TABLE1.json}, ${row.plan}`, json, TABLE1.json)];
  }
  return { root, render };
}

function head() {
  const group = (/** @type {string} */ text) => el("th", { scope: "colgroup", colspan: 2 }, text);
  const single = (/** @type {string} */ text) => el("th", { scope: "col", rowspan: 2 }, text);
  const half = (/** @type {string} */ text) => el("th", { scope: "col" }, text);
  return el(
    "thead",
    {},
    el(
      "tr",
      {},
      single(TABLE1.dataset),
      single(TABLE1.scheme),
      group(TABLE1.paper),
      group(TABLE1.here),
      ...[TABLE1.seeds, TABLE1.time, TABLE1.device, TABLE1.action].map(single),
    ),
    el("tr", {}, ...[TABLE1.train, TABLE1.test, TABLE1.train, TABLE1.test].map(half)),
  );
}

/** What repeats a measurement. @param {Measurement} measurement */
function linkOf({ plan, mode, seed, device }) {
  const choice = /** @type {import("../../protocol.js").DeviceChoice} */ (device);
  return writeLink(rowSettings(plan, mode, seed, choice));
}

/**
 * @param {Row} row
 * @param {Measurement[]} measured
 */
function cells({ plan, paper, devices, seconds, train, test }, measured) {
  const scheme = plan.split("/")[1] ?? plan;
  const own = paper === null ? [" ", el("small", {}, TABLE1.control)] : [];
  const printed = (/** @type {number | undefined} */ value) =>
    value === undefined ? TABLE1.none : value.toFixed(2);
  const name = (/** @type {string} */ device) => DEVICE.names[device] ?? device;
  const links = measured.flatMap((one, index) => {
    const words = TABLE1.repeat(one.seed, name(one.device), plan);
    const link = el("a", { href: linkOf(one), "aria-label": words }, String(one.seed));
    return index > 0 ? [", ", link] : [link];
  });
  const slip = plan === TABLE1.noted ? el("sup", {}, "1") : "";
  return [
    el("th", { scope: "row" }, schemeTitle(scheme), ...own),
    el("td", {}, printed(paper?.train)),
    el("td", {}, printed(paper?.test), slip),
    el("td", { class: "here" }, spreadWords(train)),
    el("td", { class: "here" }, spreadWords(test)),
    el("td", {}, ...(links.length > 0 ? links : [TABLE1.none])),
    el("td", {}, timeWords(seconds)),
    el("td", {}, devices.map(name).join(", ") || TABLE1.none),
  ];
}

/**
 * @param {Row} row
 * @param {TableMode} mode
 * @param {import("../../protocol.js").DeviceChoice} device
 * @returns {Job}
 */
function job(row, mode, device) {
  return { settings: rowSettings(row.plan, mode, nextSeed(row), device), table: mode };
}

/**
 * @param {Job[]} jobs
 * @param {Row} row
 * @param {TableMode} mode
 */
function jobOf(jobs, { plan }, mode) {
  return jobs.findIndex((job) => job.table === mode && job.settings.plan === plan);
}
