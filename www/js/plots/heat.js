// Numbers as colours: images, filters, matrices, activations.

/** @typedef {import("./canvas.js").Pen} Pen */
/**
 * Names of colours for -1, 0 and 1.
 * @typedef {{ low: string, zero: string, high: string }} Ramp
 */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

/** @type {Ramp} */
const INK = { low: "--ink", zero: "--raised", high: "--ink" };
/** @type {Ramp} Told apart by every kind of sight, and on grey paper by lightness. */
export const SIGNED = { low: "--below", zero: "--raised", high: "--above" };

/**
 * Paints a table of cells.
 * @param {Pen} pen
 * @param {number} columns
 * @param {number} rows
 * @param {Box} box
 * @param {(index: number) => number | number[]} shade from -1 to 1 on the ramp, or red, green, blue
 * @param {Ramp} [ramp]
 */
export function paint({ bitmap, colour }, columns, rows, box, shade, ramp = INK) {
  if (bitmap === null || columns * rows === 0) return;
  const zero = channelsOf(colour(ramp.zero));
  const ends = { low: channelsOf(colour(ramp.low)), high: channelsOf(colour(ramp.high)) };
  const image = new ImageData(columns, rows);
  for (let i = 0; i < columns * rows; i += 1) {
    const value = shade(i);
    for (let channel = 0; channel < 3; channel += 1) {
      let strength = 0;
      if (typeof value === "number") {
        const from = zero[channel] ?? 0;
        const to = (value < 0 ? ends.low : ends.high)[channel] ?? 0;
        strength = from + Math.min(1, Math.abs(value)) * (to - from);
      } else {
        strength = value[channel] ?? 0;
      }
      image.data[4 * i + channel] = strength;
    }
    image.data[4 * i + 3] = 255;
  }
  const cells = document.createElement("canvas");
  cells.width = columns;
  cells.height = rows;
  cells.getContext("2d")?.putImageData(image, 0, 0);
  bitmap.imageSmoothingEnabled = false;
  bitmap.drawImage(cells, box.x, box.y, box.width, box.height);
}

/** Red, green and blue of a computed colour. @param {string} text `rgb(29, 28, 26)` */
const channelsOf = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);

/**
 * A table with at most so many columns: of neighbours that share one, the strongest stands for all.
 * @param {ArrayLike<number>} values
 * @param {number} rows
 * @param {number} columns
 * @param {number} most
 * @returns {{ values: Float32Array, columns: number, pooled: number }}
 */
export function pooled(values, rows, columns, most) {
  const share = Math.max(1, Math.ceil(columns / Math.max(1, most)));
  const width = Math.ceil(columns / share);
  const out = new Float32Array(rows * width);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = values[row * columns + column] ?? 0;
      const at = row * width + Math.floor(column / share);
      if (Math.abs(value) > Math.abs(out[at] ?? 0)) out[at] = value;
    }
  }
  return { values: out, columns: width, pooled: share };
}
