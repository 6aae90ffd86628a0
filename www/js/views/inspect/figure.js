// A sample as a small figure.

import { el } from "../../dom.js";
import { Canvas } from "../../plots/canvas.js";
import { pictureOf } from "../../plots/sample.js";

/** @typedef {import("../../protocol.js").Sample} Sample */

/**
 * A drawing of a sample, or its values in words where it is a row of a table.
 * @param {Sample} sample
 * @param {string} label
 * @param {number} height
 */
export function sampleFigure(sample, label, height) {
  const draw = pictureOf(sample);
  if (draw !== null)
    return new Canvas({ label, height, draw, picture: true, vector: false }).root;
  const values = sample.kind === "vector" ? sample.values : [];
  const pairs = values.flatMap(({ name, value }) => [el("dt", {}, name), el("dd", {}, value)]);
  return el("dl", { class: "row" }, ...pairs);
}
