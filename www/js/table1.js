// The paper's Table 1 and what this browser has measured of it.

import { DEFAULTS } from "./link.js";

/** @typedef {import("./link.js").Settings} Settings */
/** @typedef {import("./protocol.js").DeviceChoice} DeviceChoice */
/** @typedef {"quick" | "full"} TableMode */
/**
 * One finished run of a row. Accuracies are in percent.
 * @typedef {{
 *   plan: string, mode: TableMode, seed: number, device: string, seconds: number, when: number,
 *   train: number | null, test: number | null,
 * }} Measurement
 */
/** @typedef {{ mean: number, sd: number | null }} Spread `sd`: sample deviation, from two on. */
/**
 * @typedef {{
 *   plan: string, paper: { train: number, test: number } | null, seeds: number[],
 *   devices: string[], seconds: number | null, train: Spread | null, test: Spread | null,
 * }} Row
 */

/** As printed: accuracies in percent, training and test; the control is not in the paper. */
const PAPER = /** @type {const} */ ([
  ["adult/bp", 91.08, 83.94],
  ["adult/matrix", 84.74, 84.79],
  ["adult/mine", 83.58, 83.69],
  ["adult/random", null, null],
  ["mnist/bp", 99.94, 99.28],
  ["mnist/matrix", 96.65, 94.71],
  ["mnist/mine", 95.05, 94.49],
  ["mnist/dim+mine", 98.6, 96.85],
  ["mnist/random", null, null],
  ["mutagenicity/bp", 76.82, 77.63],
  ["mutagenicity/matrix", 67.9, 66.55],
  ["mutagenicity/mine", 70.63, 69.55],
  ["mutagenicity/gmi+mine", 75.56, 76.01],
  ["mutagenicity/random", null, null],
  ["cora/bp", 99.29, 70.6],
  ["cora/gmi+mine", 82.86, 68.4],
  ["cora/random", null, null],
]);

/** What the quick mode leaves out, by data set; `null` is the plan's own. */
const QUICK = /** @type {Record<string, { epochs: number | null, samples: number | null }>} */ ({
  adult: { epochs: null, samples: 4000 },
  mnist: { epochs: null, samples: 4000 },
  mutagenicity: { epochs: null, samples: 1000 },
  cora: { epochs: 20, samples: null },
});

/**
 * @param {Measurement[]} measured
 * @param {TableMode} mode
 * @returns {Row[]}
 */
export function rows(measured, mode) {
  return PAPER.map(([plan, train, test]) => {
    const runs = measured.filter((one) => one.plan === plan && one.mode === mode);
    return {
      plan,
      paper: train === null ? null : { train, test },
      seeds: [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b),
      devices: [...new Set(runs.map(({ device }) => device))],
      seconds: spread(runs.map(({ seconds }) => seconds))?.mean ?? null,
      train: spread(runs.map(({ train }) => train)),
      test: spread(runs.map(({ test }) => test)),
    };
  });
}

/**
 * Mean and sample standard deviation; `null` where nothing was measured.
 * @param {(number | null)[]} values
 * @returns {Spread | null}
 */
export function spread(values) {
  const known = values.filter((value) => value !== null);
  const n = known.length;
  if (n === 0) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / n;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : null };
}

/** The first seed from 0 on that the row does not have. @param {Row} row */
export function nextSeed({ seeds }) {
  let seed = 0;
  while (seeds.includes(seed)) seed += 1;
  return seed;
}

/**
 * The settings with which a row is run.
 * @param {string} plan
 * @param {TableMode} mode
 * @param {number} seed
 * @param {DeviceChoice} device
 * @returns {Settings}
 */
export function rowSettings(plan, mode, seed, device) {
  return { ...DEFAULTS, ...limits(plan, mode), plan, seed, device, run: true };
}

/**
 * @param {string} plan
 * @param {TableMode} mode
 */
export function limits(plan, mode) {
  const quick = QUICK[plan.split("/")[0] ?? ""];
  return (mode === "quick" && quick) || { epochs: null, samples: null };
}

/**
 * A measurement replaces an earlier one of the same seed, on whichever device: the newest is what this
 * browser says, and a seed counts once.
 * @param {Measurement[]} measured
 * @param {Measurement} one
 */
export function withMeasurement(measured, one) {
  const key = (/** @type {Measurement} */ { plan, mode, seed }) => `${plan} ${mode} ${seed}`;
  return [...measured.filter((other) => key(other) !== key(one)), one];
}
