// The weights of a module: filters as images, matrices as heat maps.

import { el, setText } from "../../dom.js";
import { decimal } from "../../format.js";
import { HeatMap } from "../../plots/heatmap.js";
import { INSPECT } from "../../strings/inspect.js";
import { ValueTable } from "../table.js";
import { modulesOf, trains, version } from "./context.js";
import { moduleOptions, panel, picker } from "./panel.js";
import { indices, ofWeights } from "./sheets.js";
import { Watch } from "./watch.js";

/** @typedef {import("../../protocol.js").Weights} Weights */
/** @typedef {import("../../store.js").State} State */
/** @typedef {import("./context.js").Context} Context */

/** @param {Context} context */
export function weightsView(context) {
  const words = INSPECT.weights;
  const { root, body, instead, refused } = panel("weights", words);
  let module = 0;
  let name = "";
  /** @type {Weights[]} */
  let latest = [];
  let sheet = ofWeights({ name: "", shape: [1, 0], values: new Float32Array() });
  /** @type {State | null} */
  let shown = null;
  const modules = picker(
    INSPECT.moduleLabel,
    (value) => {
      module = Number(value);
      if (shown !== null) render(shown, true);
    },
    words.moduleTip,
  );
  const names = picker(
    words.parameter,
    (value) => {
      name = value;
      fill();
    },
    words.parameterTip,
  );
  const facts = el("p", { class: "readout" });
  const map = new HeatMap({ label: words.plot, keys: words.keys }, (index) => {
    const present = chosen();
    return present === undefined ? "" : say(present, place(index));
  });
  const table = new ValueTable(words.table, words.plot, words.heads);
  const none = el("p", { class: "hint" }, words.none);
  const figure = el("div", {}, facts, map.plot.root, map.readout, table.root);
  body.append(el("div", { class: "tools" }, modules.root, names.root), figure, none);
  const watch = new Watch(root, ask, refused);

  async function ask() {
    const asked = module;
    const answer = await context.ask("weights", asked);
    if (asked !== module) return;
    latest = answer;
    fill();
  }

  const chosen = () => latest.find((weights) => weights.name === name);

  /** Where a cell of the picture stands among the weights. @param {number} index */
  function place(index) {
    const { rows, columns, turned } = sheet;
    return turned ? (index % columns) * rows + Math.floor(index / columns) : index;
  }

  /** @param {Weights} weights @param {number} index */
  const say = ({ shape, values }, index) => words.value(indices(index, shape), values[index] ?? 0);

  function fill() {
    if (chosen() === undefined) name = latest[0]?.name ?? "";
    names.offer(
      latest.map(({ name, shape }) => ({ value: name, label: words.name(name, shape) })),
      name,
    );
    const present = chosen();
    figure.hidden = present === undefined;
    none.hidden = present !== undefined;
    names.input.disabled = present === undefined;
    if (present === undefined) return;
    sheet = ofWeights(present);
    const { values, shape } = present;
    let [low, high, sum] = [Infinity, -Infinity, 0];
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
    }
    setText(
      facts,
      words.facts({ low, high, mean: sum / values.length, shape, turned: sheet.turned }),
    );
    map.plot.label = `${words.plot} ${module + 1}: ${words.name(name, shape)}`;
    map.update(sheet);
    const row = (/** @type {number} */ i) => [
      indices(i, shape).join(", "),
      decimal(values[i] ?? 0, 4),
    ];
    table.update({ count: values.length, row }, shown?.phase !== "training");
  }

  /** @param {State} state @param {boolean} [now] */
  function render(state, now = false) {
    shown = state;
    const present = modulesOf(state);
    module = Math.min(module, Math.max(0, present.length - 1));
    modules.offer(moduleOptions(present), String(module));
    const key = ownVersion(state, module);
    instead(key === null && latest.length === 0 ? INSPECT.nothing : "");
    watch.want(key && `${module} ${key}`, now || !trains(state));
  }
  return { root, render };
}

/**
 * Weights change in the stages that train the module alone.
 * @param {State} state
 * @param {number} module
 */
function ownVersion(state, module) {
  if (version(state) === null || state.run === null) return null;
  const own = state.run.stages.filter(({ summary }) => summary.modules.includes(module));
  return [
    state.run.id,
    state.run.rewinds,
    ...own.map(({ state, count }) => `${state} ${count}`),
  ].join();
}
