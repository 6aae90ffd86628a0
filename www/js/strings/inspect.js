// The words of the views that look inside the network.

import { count, counted, decimal, measure } from "../format.js";

/** @typedef {import("../protocol.js").Sample} Sample */
/** @typedef {import("../protocol.js").Information} Information */

/** @param {number[]} shape */
const sides = (shape) => shape.map(count).join(" × ");

export const INSPECT = {
  nothing: "There is nothing to see before the data is here: press Run.",
  /** @param {string} message */
  refused: (message) => `This could not be shown: ${message}`,
  bits: "bits",
  input: "Input",
  moduleLabel: "Module",
  split: "Samples from",
  splitTip: "Training samples are learned from; test samples are not. All views here look at the same.",
  splits: { train: "training", valid: "validation", test: "test" },
  /** @param {number} index @param {string} name */
  module: (index, name) => `Module ${index + 1}${name === "" ? "" : `: ${name}`}`,

  information: {
    heading: "Information plane",
    about:
      "Where each module stands: how much its output T tells about the input X, and how much about " +
      "the label Y. While a module trains, it walks: encoders to the right, decoders upwards.",
    /** @param {Information} information */
    plane: ({ modules, samples, estimator, cap, labels }) =>
      `Information plane: I(T;X) against I(T;Y) of ${modules.length} modules, in bits, from ` +
      `${count(samples)} training samples; ${estimator}; its cap is ${measure(cap, "bits")}, ` +
      `H(Y) = ${measure(labels, "bits")}`,
    stairs: "Data-processing staircase",
    heads: ["Module", "I(T;X)", "I(T;Y)"],
    samples: "Estimated from",
    samplesTip: "More samples raise the cap and steady the estimate; the work grows with their cube.",
    axesLabel: "Axes",
    axesTip: "The whole plane up to the cap and H(Y), or the part of it in which the modules are.",
    whole: "whole",
    near: "around the modules",
    /** @param {number} n */
    size: (n) => `${count(n)} samples`,
    /** @param {Information} information */
    axes: ({ samples, cap, labels }) => ({
      input: "I(T;X), bits →",
      label: "↑ I(T;Y), bits",
      cap: `log₂ ${samples} = ${decimal(cap, 2)}, the estimator’s cap`,
      beyond: `the cap, log₂ ${samples} = ${decimal(cap, 2)}, lies further right →`,
      labels: `H(Y) = ${decimal(labels, 2)}`,
    }),
    /** @param {Information} information */
    source: ({ samples, estimator, labels }) =>
      `In bits, from ${count(samples)} training samples; ${estimator}. ` +
      `H(Y) = ${measure(labels, "bits")}.`,
    /** @param {number | "labels"} module */
    step: (module) => (module === "labels" ? "H(Y)" : `I(T${subscript(module + 1)};Y)`),
    /** @param {string[]} broken */
    verdict: (broken) =>
      broken.length === 0
        ? "● The staircase holds: no step knows more of Y than the one before it."
        : `▲ Broken at ${broken.join(", ")}: this estimate is above the one before it.`,
    caveat:
      "What is computed from something cannot know more of Y than that did: the order holds for " +
      "the true information. These are estimates from a few samples with a kernel width of their " +
      "own for every module; they may break it, and then say so in red. No estimate can pass " +
      "log₂ of the number of samples, so a module beside that line may know more than is shown.",
  },

  embedding: {
    heading: "What a module makes of the samples",
    about:
      "Each mark is a sample, placed by the module’s output: close together what the module takes " +
      "for alike.",
    plot: "Samples in two dimensions",
    /** @param {string} samples @param {number} module @param {string} method */
    label: (samples, module, method) =>
      `${INSPECT.embedding.plot}: ${samples}, ` +
      `${module < 0 ? "as they come in" : `as module ${module + 1} gives them out`}, ` +
      (method === "pca" ? INSPECT.embedding.pca : INSPECT.embedding.tsne),
    moduleTip: "Whose output places the samples; the input is what the first module reads.",
    keys:
      "Arrow keys go from sample to sample, Enter looks at one, Space sets the first corner of a " +
      "rectangle and then takes what lies in it, Escape lets go",
    hint:
      "Point at a mark to see the sample, drag around marks to take them, click beside them to let " +
      "go. By keyboard: arrows, Space for the corners of a rectangle, Enter, Escape.",
    samples: "How many",
    samplesTip: "Evenly spaced over the split, the same ones each time. t-SNE takes longer for more.",
    /** @param {number} n */
    size: (n) => count(n),
    method: "Projection",
    methodTip:
      "PCA shows the two directions of most variance, at once. t-SNE keeps neighbours together and " +
      "takes a while; distances between its groups mean nothing.",
    pca: "PCA",
    tsne: "t-SNE",
    components: "First two principal components.",
    key: "Classes",
    restart: "The module has changed: start again",
    touch: "Lasso by touch",
    /** @param {number} id @param {string} label */
    sample: (id, label) => `Sample ${count(id)}: ${label}`,
    /** @param {number} n */
    taken: (n) => (n === 0 ? "Nothing is selected." : `${counted(n, "sample")} selected.`),
    /** @param {number} n */
    spanned: (n) => `${counted(n, "sample")} in the rectangle.`,
    /** @param {number} iteration @param {boolean} done */
    iteration: (iteration, done) => `t-SNE, iteration ${count(iteration)}${done ? ", done" : ""}.`,
  },

  confusion: {
    heading: "Confusion matrix",
    about:
      "Rows are the true classes, columns what the network predicts. A cell chooses its samples, here " +
      "and in the embedding; with a lasso there, only what is in it is counted. Of more than 2,000 samples " +
      "so many are taken, evenly spaced.",
    corner: "true \\ predicted",
    all: "All cells",
    keys: "Arrow keys go from cell to cell. Shares are of the row.",
    /** @param {string} label @param {string} predicted */
    cell: (label, predicted) => `${label} taken for ${predicted}: `,
    /** @param {number} right @param {number} total @param {string} split @param {boolean} lasso */
    caption: (right, total, split, lasso) =>
      `${count(right)} of ${count(total)} ${split} samples ${lasso ? "in the lasso " : ""}right: ` +
      `${decimal(total > 0 ? (100 * right) / total : 0, 1)} %.`,
  },

  samples: {
    heading: "Samples",
    about:
      "What the network reads, with what is true and what it predicts. The numbers of a table are standard " +
      "deviations from the mean of the training samples.",
    filter: "Show",
    filterTip:
      "All samples of the split (of more than 2,000, so many evenly spaced ones), or those whose class the network gets wrong.",
    all: "All",
    wrong: "Wrong only",
    previous: "Previous",
    next: "Next",
    heads: ["Sample"],
    /** @param {number} page @param {number} pages */
    page: (page, pages) => `page ${count(page)} of ${count(pages)}`,
    /** @param {number} n @param {number} of */
    total: (n, of) => `${count(n)} of ${count(of)} samples`,
    /** @param {string} label @param {string} predicted */
    cell: (label, predicted) => `${label} taken for ${predicted} ✕`,
    /** @param {number} n */
    lasso: (n) => `${count(n)} in the lasso ✕`,
    /** @param {number} id */
    sample: (id) => `Sample ${count(id)}`,
    /** @param {number} confidence */
    right: (confidence) => `✓ right, ${confidence}\u00a0%`,
    /** @param {string} predicted @param {number} confidence */
    taken: (predicted, confidence) => `✗ predicted ${predicted}, ${confidence}\u00a0%`,
    /** @param {Sample} sample */
    note(sample) {
      if (sample.kind === "node") {
        const { degree, neighbours, features } = sample;
        const shown = neighbours.length < degree ? `, ${neighbours.length} shown` : "";
        return `${counted(degree, "neighbour")}${shown}; ${count(features)} words`;
      }
      return sample.kind === "graph" ? counted(sample.nodes.length, "atom") : "";
    },
    /** @param {number} id */
    inside: (id) => `Sample ${count(id)} in every module:`,
  },

  activations: {
    scores: "Class scores",
    keys: "Arrow keys go from value to value",
    /** @param {number} index */
    module: (index) => `Activation of module ${index + 1}`,
    shape: sides,
    table: "Values as a table",
    heads: ["Place", "Value"],
    /** @param {number[]} place @param {number} value */
    value: (place, value) => `${place.join(", ")}: ${decimal(value, 3)}`,
  },

  weights: {
    heading: "Weights",
    about:
      "What a module has learnt: a convolution’s filters as images, a dense layer as a matrix.",
    plot: "Weights of module",
    moduleTip: "Whose weights are shown.",
    parameterTip: "One of the module’s tensors, with its sides.",
    keys: "Arrow keys go from weight to weight",
    parameter: "Parameter",
    none: "This module has no weights.",
    table: "Weights as a table",
    heads: ["Place", "Weight"],
    /** @param {string} name @param {number[]} shape */
    name: (name, shape) => `${name}, ${sides(shape)}`,
    /** @param {number[]} place @param {number} value */
    value: (place, value) => `${place.join(", ")}: ${decimal(value, 4)}`,
    /** @param {{ low: number, high: number, mean: number, shape: number[], turned: boolean }} facts */
    facts({ low, high, mean, shape, turned }) {
      const range = `From ${decimal(low, 3)} to ${decimal(high, 3)}, mean ${decimal(mean, 4)}.`;
      if (shape.length === 4 && (shape[1] ?? 1) > 1) {
        return `${range} A line for each output channel, an image for each input channel.`;
      }
      if (shape.length !== 2) return range;
      const [right, down] = turned ? ["Inputs", "outputs"] : ["Outputs", "inputs"];
      return `${range} ${right} run to the right, ${down} downwards.`;
    },
  },

  draw: {
    heading: "Draw your own",
    about: "Draw, and see what every module makes of it.",
    pad: "Drawing field",
    keys: "Arrow keys move the pen, Space sets it down and lifts it, Backspace takes back a stroke",
    seen: "As the network sees it",
    centre: "Scale and centre as MNIST does, by the centre of mass",
    undo: "Undo",
    clear: "Clear",
    cleared: "The field is empty.",
    empty:
      "Draw with the pointer, a finger, or by keyboard: arrows move the pen, Space sets it down.",
    /** @param {boolean} down */
    pen: (down) => (down ? "Pen down." : "Pen up."),
    /** @param {number} column @param {number} row */
    at: (column, row) => `Column ${column}, row ${row}.`,
    /** @param {string} name */
    answer: (name) => `The network says: ${name}.`,
  },
};

/** @param {number} n @param {import("../protocol.js").Split} split */
export const samplesWords = (n, split) => `${count(n)} ${INSPECT.splits[split]} samples`;

/**
 * What a sample's picture shows, for those who do not see it.
 * @param {Sample} sample
 * @param {string} name of its class
 */
export function pictureWords(sample, name) {
  const what = `${INSPECT.samples.sample(sample.id)}, ${name}`;
  switch (sample.kind) {
    case "grid":
      return `${what}: image, ${sides([sample.height, sample.width])}`;
    case "graph":
      return `${what}: graph, ${counted(sample.nodes.length, "atom")}, ${counted(sample.edges.length, "edge")}`;
    case "node":
      return `${what}: node, ${INSPECT.samples.note(sample)}`;
    default:
      return what;
  }
}

/** @param {number} n */
const subscript = (n) =>
  String(n).replaceAll(/\d/g, (digit) => String.fromCodePoint(0x2080 + Number(digit)));
