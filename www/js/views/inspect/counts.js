// What is counted and chosen from the network's answers: numbers in, numbers out.

/** @typedef {import("../../protocol.js").Predictions} Predictions */
/** @typedef {import("./context.js").Selection} Selection */

/**
 * How many samples of each class (rows) were taken for each class (columns).
 * @param {Pick<Predictions, "samples" | "labels" | "predicted">} predictions
 * @param {number} classes
 * @param {Set<number> | null} ids of the samples that count; `null`: all of them
 * @returns {number[][]}
 */
export function confusion({ samples, labels, predicted }, classes, ids) {
  const counts = Array.from({ length: classes }, () => new Array(classes).fill(0));
  labels.forEach((label, i) => {
    if (ids !== null && !ids.has(samples[i] ?? -1)) return;
    const row = counts[label];
    const column = predicted[i] ?? -1;
    if (row !== undefined && column in row) row[column] += 1;
  });
  return counts;
}

/**
 * Which of the predictions are shown, by their positions.
 * @param {Predictions} predictions
 * @param {Pick<Selection, "wrong" | "ids" | "cell">} selection
 * @returns {number[]}
 */
export function selected({ samples, labels, predicted }, { wrong, ids, cell }) {
  return Array.from(samples.keys()).filter(
    (i) =>
      (!wrong || labels[i] !== predicted[i]) &&
      (ids === null || ids.has(samples[i] ?? -1)) &&
      (cell === null || (labels[i] === cell.label && predicted[i] === cell.predicted)),
  );
}

/**
 * Scores as shares of one.
 * @param {ArrayLike<number>} scores
 * @returns {number[]}
 */
export function softmax(scores) {
  const list = Array.from(scores);
  const most = Math.max(...list);
  const powers = list.map((score) => Math.exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
