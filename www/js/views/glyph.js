// What a module is made of, as a small drawing: dense layers, convolutions, graphs.

import { svg } from "../dom.js";

/** @typedef {import("../protocol.js").Layer} Layer */

/**
 * @param {Layer[]} layers
 * @returns {SVGSVGElement}
 */
export function glyph(layers) {
  const kind = layers.find(({ kind }) => kind in DRAWINGS)?.kind ?? "linear";
  const draw = DRAWINGS[kind] ?? dense;
  return svg("svg", { class: "glyph", viewBox: "0 0 44 32", "aria-hidden": "true" }, ...draw());
}

/** @type {Record<string, () => SVGElement[]>} */
const DRAWINGS = { linear: dense, conv: planes, gcn: graph, "message-passing": graph };

function dense() {
  const left = [6, 16, 26];
  const right = [9, 23];
  const lines = left.flatMap((a) => right.map((b) => line(8, a, 36, b)));
  return [...lines, ...left.map((y) => dot(8, y)), ...right.map((y) => dot(36, y))];
}

function planes() {
  return [0, 1, 2].map((n) =>
    svg("rect", { x: 6 + 8 * n, y: 2 + 4 * n, width: 18, height: 18, rx: 2 }),
  );
}

function graph() {
  /** @type {[number, number][]} */
  const nodes = [
    [8, 8],
    [22, 16],
    [10, 27],
    [37, 6],
    [36, 26],
  ];
  const edges = svg("path", { d: "M8 8L22 16L10 27M22 16L37 6L36 26Z" });
  return [edges, ...nodes.map(([x, y]) => dot(x, y))];
}

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
const line = (x1, y1, x2, y2) => svg("line", { x1, y1, x2, y2 });

/** @param {number} cx @param {number} cy */
const dot = (cx, cy) => svg("circle", { cx, cy, r: 3.2 });
