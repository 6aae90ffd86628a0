// A drawing brought to the form of MNIST's digits: fitted into a box, its centre of mass in the
// middle of the image.

/** MNIST's digits fill a box of 20 pixels in an image of 28. */
const BOX = 20 / 28;

/**
 * Averages an image down to another size.
 * @param {Float32Array} ink
 * @param {number} side of the square drawing
 * @param {number} height
 * @param {number} width
 * @returns {Float32Array}
 */
export function shrunk(ink, side, height, width) {
  return resampled(ink, side, height, width, (row, column) => ({
    left: (column * side) / width,
    top: (row * side) / height,
    right: ((column + 1) * side) / width,
    bottom: ((row + 1) * side) / height,
  }));
}

/**
 * The drawing as MNIST would have it: scaled, with its proportions, until its longer side is that
 * of the box, and moved until its centre of mass lies in the middle of the image.
 *
 * LeCun, Cortes, Burges: The MNIST database of handwritten digits.
 *
 * @param {Float32Array} ink values 0 to 1, row by row
 * @param {number} side of the square drawing
 * @param {number} height of the image
 * @param {number} width
 * @returns {Float32Array}
 */
export function centred(ink, side, height, width) {
  let [left, right, top, bottom, mass, x, y] = [side, -1, side, -1, 0, 0, 0];
  ink.forEach((value, i) => {
    if (value <= 0) return;
    const [row, column] = [Math.floor(i / side), i % side];
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    mass += value;
    x += value * (column + 0.5);
    y += value * (row + 0.5);
  });
  if (mass === 0) return new Float32Array(height * width);
  // Pixels of the drawing for one of the image.
  const scale = Math.max(right - left + 1, bottom - top + 1) / (BOX * Math.min(height, width));
  const [startX, startY] = [x / mass - (scale * width) / 2, y / mass - (scale * height) / 2];
  return resampled(ink, side, height, width, (row, column) => ({
    left: startX + scale * column,
    top: startY + scale * row,
    right: startX + scale * (column + 1),
    bottom: startY + scale * (row + 1),
  }));
}

/**
 * Each pixel is the mean of the drawing over its area; outside the drawing there is no ink.
 * @param {Float32Array} ink
 * @param {number} side
 * @param {number} height
 * @param {number} width
 * @param {(row: number, column: number) =>
 *   { left: number, top: number, right: number, bottom: number }} area
 */
function resampled(ink, side, height, width, area) {
  const image = new Float32Array(height * width);
  for (let i = 0; i < image.length; i += 1) {
    const { left, top, right, bottom } = area(Math.floor(i / width), i % width);
    let sum = 0;
    for (let row = Math.max(0, Math.floor(top)); row < Math.min(side, bottom); row += 1) {
      const tall = Math.min(row + 1, bottom) - Math.max(row, top);
      for (
        let column = Math.max(0, Math.floor(left));
        column < Math.min(side, right);
        column += 1
      ) {
        const wide = Math.min(column + 1, right) - Math.max(column, left);
        sum += (ink[row * side + column] ?? 0) * tall * wide;
      }
    }
    image[i] = sum / ((right - left) * (bottom - top));
  }
  return image;
}
