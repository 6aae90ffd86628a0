// What every module makes of one sample: images of a convolution's channels, rows of a dense layer,
// a table of a graph's nodes, and at the end the classes' shares.

import { el, setText } from "../../dom.js";
import { decimal } from "../../format.js";
import { HeatMap } from "../../plots/heatmap.js";
import { INSPECT } from "../../strings/inspect.js";
import { ValueTable } from "../table.js";
import { softmax } from "./counts.js";
import { indices, ofActivation } from "./sheets.js";

/** @typedef {import("../../protocol.js").Activation} Activation */
/** @typedef {import("./context.js").ModuleFacts} ModuleFacts */

export function activationsPart() {
  const words = INSPECT.activations;
  const scores = el("ol", { class: "scores", "aria-label": words.scores });
  const maps = el("div", { class: "maps" });
  const root = el("div", { class: "activations" }, maps, el("h3", {}, words.scores), scores);
  /** @type {ReturnType<typeof moduleMap>[]} */
  let shown = [];

  /**
   * @param {Activation[]} activations
   * @param {ModuleFacts[]} modules
   * @param {string[]} classes
   */
  function update(activations, modules, classes) {
    if (shown.length !== activations.length) {
      shown = activations.map((_, index) => moduleMap(index));
      maps.replaceChildren(...shown.map((map) => map.root));
    }
    activations.forEach((activation, index) => {
      shown[index]?.update(activation, INSPECT.module(index, modules[index]?.name ?? ""));
    });
    const shares = softmax(activations.at(-1)?.values ?? []);
    const best = shares.indexOf(Math.max(...shares));
    // A list that is there is written over: its bars move.
    while (scores.children.length > shares.length) scores.lastElementChild?.remove();
    shares.forEach((share, label) => {
      const item = /** @type {HTMLElement} */ (
        scores.children[label] ??
          scores.appendChild(el("li", {}, el("span"), el("i", { "aria-hidden": true }), el("b")))
      );
      const [name, , value] = item.children;
      if (name !== undefined) setText(name, classes[label] ?? String(label));
      if (value !== undefined) setText(value, `${decimal(100 * share, 1)} %`);
      item.style.setProperty("--share", String(share));
      item.classList.toggle("best", label === best);
    });
    return best;
  }
  return { root, update };
}

/** @param {number} index */
function moduleMap(index) {
  const words = INSPECT.activations;
  const title = el("h3");
  const shape = el("small");
  /** @type {Activation | null} */
  let latest = null;
  const map = new HeatMap({ label: words.module(index), keys: words.keys }, (at) => {
    const value = latest?.values[at];
    return value === undefined ? "" : words.value(indices(at, latest?.shape ?? []), value);
  });
  const table = new ValueTable(words.table, words.module(index), words.heads);
  const root = el("div", { class: "map" }, title, map.plot.root, map.readout, table.root);
  return {
    root,
    /** @param {Activation} activation @param {string} name */
    update(activation, name) {
      latest = activation;
      setText(title, `${name} `);
      setText(shape, words.shape(activation.shape));
      title.append(shape);
      const { shape: sides, values } = activation;
      map.plot.label = `${words.module(index)}: ${words.shape(sides)}`;
      map.update(ofActivation(activation));
      const row = (/** @type {number} */ at) => [
        indices(at, sides).join(", "),
        decimal(values[at] ?? 0, 3),
      ];
      table.update({ count: values.length, row }, true);
    },
  };
}
