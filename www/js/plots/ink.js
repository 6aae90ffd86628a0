// The few shapes that several plots draw.

/** @typedef {import("./canvas.js").Ink} Ink */
/** @typedef {import("./canvas.js").Pen} Pen */

/**
 * Begins a path along points.
 * @param {Ink} ink
 * @param {import("./geometry.js").Points} points
 */
export function trace(ink, points) {
  ink.beginPath();
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x = 0, y = 0] = [points[i], points[i + 1]];
    if (i === 0) ink.moveTo(x, y);
    else ink.lineTo(x, y);
  }
}

/**
 * A line along points.
 * @param {Pen} pen
 * @param {string} name of the colour
 * @param {number[]} points x, y, x, y, …
 */
export function line({ ink, colour }, name, points) {
  trace(ink, points);
  ink.strokeStyle = colour(name);
  ink.stroke();
}

/**
 * Begins a path around a circle.
 * @param {Ink} ink
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
export function circle(ink, x, y, radius) {
  ink.beginPath();
  ink.arc(x, y, radius, 0, 2 * Math.PI);
}
