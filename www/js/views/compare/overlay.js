// Curves of several runs over each other: one colour and one dash pattern for each run.

import { el } from "../../dom.js";
import { count, decimal, percent } from "../../format.js";
import { LinePlot } from "../../plots/line.js";
import { POINTS } from "../../runs.js";
import { RUNS, curveTitle } from "../../strings/compare.js";
import { selectField } from "../fields.js";
import { withTip } from "../tip.js";
import { ValueTable } from "../table.js";

/** @typedef {import("../../runs.js").Result} Result */

/** As many runs as can be told apart. */
export const MOST = 6;
const DASHES = [[], [7, 3], [2, 3], [10, 3, 2, 3], [4, 2], [1, 2]];

export function overlayView() {
  const pick = el("p", { class: "empty" }, RUNS.pick);
  const quantity = selectField(RUNS.quantity, () => draw());
  withTip(quantity, RUNS.quantity, RUNS.quantityTip);
  const frame = el("div", { class: "overlay" });
  const root = el("div", { class: "overlay-part" }, quantity.root, pick, frame);
  /** @type {Result[]} */
  let shown = [];
  let drawn = "";
  /** @type {{ plot: LinePlot, of: string } | null} */
  let last = null;

  /** @param {Result[]} results newest first */
  function update(results) {
    shown = results.slice(0, MOST);
    const titles = new Set(shown.flatMap(({ curves }) => curves.map(curveTitle)));
    const names = [RUNS.accuracy, ...[...titles].sort()];
    const before = quantity.value;
    quantity.fill([{ options: names.map((label) => ({ value: label, label })) }]);
    quantity.set(names.includes(before) ? before : RUNS.accuracy);
    draw();
  }

  function draw() {
    const key = JSON.stringify([quantity.value, shown.map(({ number }) => number)]);
    if (key === drawn) return;
    drawn = key;
    pick.hidden = shown.length > 0;
    quantity.root.hidden = shown.length === 0;
    frame.replaceChildren();
    if (shown.length === 0) return;
    const accuracy = quantity.value === RUNS.accuracy;
    const columns = accuracy ? accuracies(shown) : objectives(shown, quantity.value);
    const plot = overlay(shown, quantity.value, accuracy);
    plot.update(columns);
    // Another run among them changes nothing of what the visitor looks at.
    if (last?.of === quantity.value) plot.zoom = last.plot.zoom;
    last = { plot, of: quantity.value };
    frame.append(plot.root, table(shown, columns, quantity.value, accuracy).root);
  }
  return { root, update };
}

/**
 * @param {Result[]} results
 * @param {string} title
 * @param {boolean} accuracy
 */
function overlay(results, title, accuracy) {
  const read = (/** @type {number | null | undefined} */ value) =>
    value == null ? "–" : accuracy ? percent(value) : decimal(value, 3);
  return new LinePlot({
    label: RUNS.overlay(title),
    xLabel: accuracy ? RUNS.epoch : RUNS.share,
    height: 260,
    series: results.map(({ number }, index) => ({
      label: RUNS.title(number),
      colour: `--run-${index + 1}`,
      dash: DASHES[index] ?? [],
      // The newest stands out.
      width: index === 0 ? 2.5 : 1.5,
      points: accuracy,
    })),
    range: (last) => (accuracy ? [0.5, Math.max(last, 5) + 0.5] : [0, 100]),
    read: (x, values) =>
      [
        accuracy ? `${RUNS.epoch} ${count(x)}` : `${decimal(x, 0)} %`,
        ...results.map(({ number }, index) => `${RUNS.title(number)} ${read(values[index])}`),
      ].join(", "),
  });
}

/**
 * @param {Result[]} results
 * @param {(number | null)[][]} columns
 * @param {string} title
 * @param {boolean} accuracy
 */
function table(results, columns, title, accuracy) {
  const [x = [], ...values] = columns;
  const heads = results.map(({ number }) => RUNS.title(number));
  const made = new ValueTable(RUNS.values, RUNS.overlay(title), [
    accuracy ? RUNS.epoch : RUNS.share,
    ...heads,
  ]);
  const cell = (/** @type {number | null | undefined} */ value) =>
    value == null ? "–" : decimal(value, accuracy ? 2 : 4);
  const row = (/** @type {number} */ index) => [
    decimal(x[index] ?? 0, accuracy ? 0 : 1),
    ...values.map((column) => cell(column[index])),
  ];
  made.update({ count: x.length, row }, true);
  return made;
}

/**
 * Test accuracy by epoch of the stage that classifies.
 * @param {Result[]} results
 * @returns {(number | null)[][]}
 */
export function accuracies(results) {
  const points = results.map(({ curves }) => curves.at(-1)?.accuracy ?? []);
  const last = Math.max(0, ...points.flatMap((run) => run.map(({ epoch }) => epoch)));
  const epochs = Array.from({ length: last }, (_, index) => index + 1);
  return [
    epochs,
    ...points.map((run) => {
      const known = new Map(run.map(({ epoch, test }) => [epoch, test]));
      return epochs.map((epoch) => known.get(epoch) ?? null);
    }),
  ];
}

/**
 * A module's objective over its stage.
 * @param {Result[]} results
 * @param {string} title of the curve
 * @returns {(number | null)[][]}
 */
export function objectives(results, title) {
  const x = Array.from({ length: POINTS }, (_, index) => (100 * (index + 0.5)) / POINTS);
  return [
    x,
    ...results.map(({ curves }) => {
      const values = curves.find((curve) => curveTitle(curve) === title)?.values ?? [];
      return x.map((_, index) => values[index] ?? null);
    }),
  ];
}
