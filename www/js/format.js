// Numbers as people read them.

const LOCALE = "en-GB";
const whole = new Intl.NumberFormat(LOCALE);
const fixed = [0, 1, 2, 3, 4].map(
  (digits) =>
    new Intl.NumberFormat(LOCALE, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      // What is rounded to 0 has no sign.
      signDisplay: "negative",
    }),
);

/** @param {number} value */
export const count = (value) => whole.format(value);

/**
 * `1 step`, `2 steps`.
 * @param {number} n
 * @param {string} one
 */
export const counted = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/**
 * @param {number} value
 * @param {0 | 1 | 2 | 3 | 4} digits
 */
export const decimal = (value, digits) =>
  (fixed[digits]?.format(value) ?? String(value)).replace("-", "−");

/** @param {number} percent */
export const percent = (percent) => `${decimal(percent, 2)} %`;

/** @param {number} value @param {string} unit */
export const measure = (value, unit) => `${decimal(value, 3)} ${unit}`;

/** @param {number} bytes */
export const megabytes = (bytes) => decimal(bytes / 1e6, 1);

/** @param {number} ms */
export const milliseconds = (ms) => `${decimal(ms, ms < 100 ? 1 : 0)} ms`;

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 60) return `${decimal(seconds, seconds < 10 ? 1 : 0)} s`;
  const rounded = Math.round(seconds);
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60) return `${minutes} min ${rounded % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * A remaining time, no more exact than it can be known.
 * @param {number} seconds
 */
export function roughly(seconds) {
  if (seconds < 10) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90) return `${Math.round(seconds / 5) * 5} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${decimal(seconds / 3600, 1)} h`;
}
