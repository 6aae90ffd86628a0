// The arcs over the network: what each module trains for, from its output to the input X or to the
// label Y; or, under backpropagation, the error that goes back through all of them.

import { svg } from "../dom.js";
import { NETWORK, objectiveWords } from "../strings/network.js";

/** @typedef {import("../chain.js").ChainStage} ChainStage */
/** @typedef {{ input: Element, label: Element, modules: Element[] }} Ends */

const HEIGHT = 92;
const GROUND = HEIGHT - 2;

export class Arcs {
  root = svg("svg", { class: "arcs", height: HEIGHT, "aria-hidden": "true" });
  #ends;
  /** @type {ChainStage[]} */
  #stages = [];
  #observer;

  /** @param {Ends} ends what the arcs join */
  constructor(ends) {
    this.#ends = ends;
    // The arcs follow the boxes, wherever the browser puts them.
    this.#observer = new ResizeObserver(() => this.#draw());
    this.#observer.observe(this.root);
  }

  /** To be called when the drawing leaves the page. */
  destroy() {
    this.#observer.disconnect();
  }

  /** @param {ChainStage[]} stages */
  update(stages) {
    const key = (/** @type {ChainStage[]} */ list) =>
      list.map(({ plan, active, stage }) => [plan.objective, active, stage?.state]);
    if (JSON.stringify(key(stages)) === JSON.stringify(key(this.#stages))) return;
    this.#stages = stages;
    this.#draw();
  }

  #draw() {
    const { left, width } = this.root.getBoundingClientRect();
    if (width === 0) return;
    const middle = (/** @type {Element | undefined} */ element) => {
      const box = element?.getBoundingClientRect();
      return box === undefined ? 0 : box.left + box.width / 2 - left;
    };
    const x = middle(this.#ends.input);
    const y = middle(this.#ends.label);
    const drawn = this.#stages.map((stage) => {
      const { modules, role, plan } = stage;
      const first = middle(this.#ends.modules[modules[0] ?? 0]);
      const last = modules.at(-1) ?? 0;
      const from = middle(this.#ends.modules[last]);
      const classes = `arc${stage.active ? " active" : ""}${stage.stage?.state === "done" ? " done" : ""}`;
      const parts =
        role === "whole network"
          ? arc(y, first, NETWORK.bpArc, width)
          : arc(from, role === "encoder" ? x : y, objectiveWords(plan, last), width);
      return svg("g", { class: classes, "data-role": role }, ...parts);
    });
    this.root.replaceChildren(...drawn);
  }
}

/**
 * @param {number} from
 * @param {number} to
 * @param {string} words
 * @param {number} width of the drawing
 */
function arc(from, to, words, width) {
  // Long arcs go over short ones; a cubic reaches three quarters of its handles' height.
  const rise = (GROUND - 16) * Math.min(1, Math.max(0.28, (2.2 * Math.abs(to - from)) / width));
  const handle = GROUND - rise / 0.75;
  const bend = (to - from) * 0.1;
  const curve = `M${from} ${GROUND} C${from + bend} ${handle} ${to - bend} ${handle} ${to} ${GROUND - 5}`;
  const head = `M${to - 4} ${GROUND - 9} L${to} ${GROUND - 2} L${to + 4} ${GROUND - 9}`;
  // Nearer to where it comes from: where they go to, arcs meet.
  const place = { x: from + (to - from) * 0.4, y: GROUND - rise + 5, "text-anchor": "middle" };
  return [svg("path", { d: curve }), svg("path", { d: head }), svg("text", place, words)];
}
