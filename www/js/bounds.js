// What numbers a field takes.

/** @typedef {import("./protocol.js").FieldInfo} FieldInfo */
/**
 * From `min` to `max`, both included; `above`: but `min` itself; `whole`: nothing between two counts.
 * @typedef {{ min: number | null, max: number | null, above?: boolean, whole?: boolean }} Bounds
 */

/**
 * The number in a text, or `null` where there is none within the bounds.
 * @param {string} text
 * @param {Bounds} bounds
 */
export function withinBounds(text, { min, max, above = false, whole = false }) {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return null;
  if (whole && !Number.isSafeInteger(value)) return null;
  const low = min !== null && (above ? value <= min : value < min);
  return low || (max !== null && value > max) ? null : value;
}

/**
 * The bounds that the core gives a field, with those that the page has besides.
 * @param {FieldInfo[]} fields
 * @param {string} path
 * @param {{ max?: number | null }} [own]
 * @returns {Bounds}
 */
export function boundsOf(fields, path, own = {}) {
  const info = fields.find((field) => field.path === path);
  if (info === undefined) return { min: null, max: null, ...own };
  const { min, max, above, whole } = info;
  return { min, max, above, whole, ...own };
}
