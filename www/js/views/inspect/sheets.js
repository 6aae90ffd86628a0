// How weights and activations are cut into tables to be painted.

/** @typedef {import("../../plots/heatmap.js").Sheet} Sheet */
/** @typedef {import("../../protocol.js").Activation} Activation */
/** @typedef {import("../../protocol.js").Weights} Weights */

/**
 * How a module's output is cut into tables: channels are images of their own.
 * @param {Activation} activation
 * @returns {Sheet}
 */
export function ofActivation({ shape, values }) {
  const [columns = 1, rows = 1, tables = 1] = [...shape].reverse();
  return { values, tables, rows, columns, limit: strongest(values), across: 0 };
}

/**
 * How weights are cut into tables. A convolution's filters are images, a line of them for each
 * output channel where it reads several; a matrix lies on its longer side.
 * @param {Weights} weights
 * @returns {Sheet & { turned: boolean }} `turned`: columns of the matrix are rows of the table
 */
export function ofWeights({ shape, values }) {
  const limit = strongest(values);
  if (shape.length === 4) {
    const [outputs = 1, inputs = 1, rows = 1, columns = 1] = shape;
    const across = inputs > 1 ? inputs : 0;
    return { values, tables: outputs * inputs, rows, columns, limit, across, turned: false };
  }
  const columns = shape.at(-1) ?? 1;
  const rows = values.length / columns;
  const one = { tables: 1, limit, across: 1 };
  if (rows <= columns) return { ...one, values, rows, columns, turned: false };
  const lying = new Float32Array(values.length);
  values.forEach((value, i) => {
    lying[(i % columns) * rows + Math.floor(i / columns)] = value;
  });
  return { ...one, values: lying, rows: columns, columns: rows, turned: true };
}

/**
 * The index of a value in each of the dimensions, from 1.
 * @param {number} index
 * @param {number[]} shape
 * @returns {number[]}
 */
export function indices(index, shape) {
  let rest = index;
  const found = [...shape].reverse().map((size) => {
    const at = rest % size;
    rest = Math.floor(rest / size);
    return at + 1;
  });
  return found.reverse();
}

/** @param {Float32Array} values */
function strongest(values) {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
