// The words that explain: five steps, the objectives in formulas, the glossary. In one place with
// the other strings, since they are what a translation takes most time for.

import { decimal } from "../format.js";

/** @typedef {import("../protocol.js").EstimatorInfo} EstimatorInfo */
/** @typedef {import("../protocol.js").Objective} Objective */
/** @typedef {import("../stages.js").Stage} Stage */
/** What of the page a step speaks of. @typedef {"network" | "stages" | "result"} Subject */

export const INTRO = {
  label: "MOLE in five steps",
  /** @param {number} step @param {number} steps */
  place: (step, steps) => `Step ${step + 1} of ${steps}`,
  back: "Back",
  next: "Next",
  show: "Show me where",
  skip: "Skip",
  done: "Done",
  again: "MOLE in five steps",
};

/**
 * The five steps, about the network that is on the page.
 * @param {Stage[]} stages
 * @returns {{ title: string, words: string, stands?: string, subject: Subject }[]} `stands`: how far the one
 * that is spoken of has come
 */
export function introSteps(stages) {
  // The last one is trained by every plan; some of the others may not be.
  const modules = Math.max(0, ...stages.flatMap(({ summary }) => summary.modules.map((index) => index + 1)));
  const encoder = stages.find(({ summary }) => summary.role === "encoder");
  const decoder = stages.find(({ summary }) => summary.role === "decoder");
  return [
    {
      title: "A network is a chain of modules",
      words:
        "A module is a few layers. It takes in what the module before it gives out, and gives out " +
        `T, its representation of the input X.${modules > 1 ? ` The network here has ${modules}.` : ""}`,
      subject: "network",
    },
    {
      title: "Each module learns alone",
      words:
        "Backpropagation sends one error back through all layers. MOLE does not: a stage trains " +
        "one module by an objective of its own, then leaves it as it is. No gradient crosses from " +
        "one module to another.",
      subject: "stages",
    },
    {
      title: "Encoders keep what the input says",
      words:
        "An encoder raises I(T;X), the information that its output holds about the input, in bits. " +
        "It needs no labels." +
        here(encoder),
      stands: reached(encoder),
      subject: "stages",
    },
    {
      title: "Decoders keep what the label needs",
      words:
        "A decoder raises I(T;Y), the information about the label. The output module, the last, " +
        "lowers cross-entropy, as in any classifier." +
        here(decoder),
      stands: reached(decoder),
      subject: "stages",
    },
    {
      title: "Judge it by its accuracy",
      words:
        "Run it, then take the same seed with another scheme: backpropagation, the baseline, and " +
        "the random control, whose hidden modules learn nothing. A scheme has learned something " +
        "where its test accuracy is above the control’s.",
      subject: "result",
    },
  ];
}

/** @param {Stage | undefined} stage */
function here(stage) {
  if (stage === undefined) return "";
  const { summary } = stage;
  const estimator = summary.estimator === "" ? "" : `, estimated by ${summary.estimator}`;
  return ` Here that is ${summary.name}${estimator}.`;
}

/** @param {Stage | undefined} stage */
function reached(stage) {
  const value = stage?.objective[stage.count - 1];
  return value === undefined ? "" : `It stands at ${decimal(value, 2)} ${stage?.summary.unit}.`;
}

export const OBJECTIVE = {
  heading: "What a stage trains for",
  stage: "Stage",
  code: "This stage, in Rust",
  codeHint:
    "Written from the plan above with the public API of the crate mole: it compiles as it stands, " +
    "and with the same seed it trains the same weights. Files of your own, and a plan that was changed, are " +
    "read from the present folder.",
  none: "The stages appear here as soon as their data is read.",
  formulas: "The objective in formulas",
};

const X_OR_Y = { input: "X", label: "Y" };

/**
 * An objective in formulas, of the running form and with its settings, and in words.
 * @param {Objective} objective
 * @param {EstimatorInfo[]} estimators of the core, for those that have no formula here
 * @returns {{ formulas: string[], words: string }}
 */
export function objectiveWords(objective, estimators) {
  if (objective === "cross-entropy") {
    return {
      formulas: ["H = - frac{1}{N} sum_i log_2 p(y_i | x_i)"],
      words:
        "Lowered: the surprise, in bits, of the right class y under the scores p of the module.",
    };
  }
  const { target, estimator } = objective.information;
  const z = X_OR_Y[target];
  // A link's estimator is shown before the core has refused it: it may lack anything.
  const form = /** @type {any} */ (estimator);
  switch (estimator.kind) {
    case "matrix-renyi":
      return matrixWords(form, z);
    case "mine":
      return {
        // SMILE clips on one side only: it is an estimate, and no bound.
        formulas: [`I(T;${z}) ${form.bound?.form === "smile" ? "≈" : "≥"} ${BOUNDS[form.bound?.form] ?? ""}`],
        words:
          `Raised by the module and by the critic F together. F, a small network, tells pairs of t ` +
          `and ${z.toLowerCase()} of one sample (joint, p) from shuffled ones (product, q); what it ` +
          `can tell ${form.bound?.form === "smile" ? "estimates" : "is a bound on"} their information. ${MORE[form.bound?.form] ?? ""}`.trimEnd(),
      };
    case "dim":
      return {
        formulas: [LOCAL[form.form?.name] ?? "", "U_{ijl} = frac{g_i · l_{jl}}{sqrt{d}}"],
        words:
          "Raised: how well the module’s output for image i, projected to g, tells the patches l of " +
          "its own image from those of other images j in the batch." +
          (form.prior > 0 ? ` The outputs are held to a prior at a weight of ${form.prior}.` : ""),
      };
    case "gmi":
      return {
        formulas: [
          `- (${(form.weights ?? []).map((/** @type {number} */ w, /** @type {number} */ n) => `${w} L_${n + 1}`).join(" + ")})`,
          "L_1 = mean sp(-D(h_i, x_i)) + mean sp(D(h_i, x_k))",
          "L_2 = mean sp(-D'(h_i, n_i)) + mean sp(D'(h_k, n_i))",
          "L_3 = 2 mean sp(-h_i · h_j) + c mean sp(h_i · h_k)",
        ],
        words:
          "Raised: a node’s output h tells its own features x and its neighbours’ mean n from those of " +
          `${form.negatives} other nodes k, and in L_3 its edges to nodes j from as many pairs without ` +
          "an edge, which c weighs by how many such pairs there are. D is a trained bilinear critic, " +
          `sp(x) = ln(1 + eˣ).${form.squash ? " In L_1 and L_2 the scores go through a sigmoid first." : ""}`,
      };
    default: {
      const info = estimators.find(({ example }) => example.kind === estimator.kind);
      return { formulas: info ? [info.formula] : [], words: info?.description ?? "" };
    }
  }
}

/**
 * @param {{ order: number, width: number, normalisation: string, samples: number }} settings
 * @param {string} z
 */
function matrixWords({ order, width, normalisation, samples }, z) {
  const share = {
    min: `min(S_α(T), S_α(${z}))`,
    max: `max(S_α(T), S_α(${z}))`,
    joint: `S_α(T, ${z})`,
  }[normalisation];
  const own = `S_α(K_T / N) + S_α(K_${z} / N) - S_α(K_T ∘ K_${z} / N)`;
  const kernel = z === "Y" ? "whether the labels are equal" : "a Gaussian of their distance";
  return {
    formulas: [
      ...(share === undefined ? [] : [`frac{I_α(T;${z})}{${share}}`]),
      `I_α(T;${z}) = ${own}`,
      "S_α(A) = frac{1}{1 - α} log_2 tr(A^α)",
    ],
    words:
      `Raised, with α = ${order}, S in bits. K compares each of N samples with every other one: for T by a ` +
      `Gaussian of their distance, ${width} of the root mean squared distance wide, for ${z} by ` +
      `${kernel}. At most ${samples} samples a step. No critic is trained.`,
  };
}

/** @type {Record<string, string>} */
const BOUNDS = {
  "donsker-varadhan": "E_p[F] - ln E_q[e^F]",
  nwj: "E_p[F] - E_q[e^{F - 1}]",
  "jensen-shannon": "2 ln 2 - E_p[sp(-F)] - E_q[sp(F)]",
  smile: "E_p[F] - ln E_q[e^{clip(F, -τ, τ)}]",
};
/** @type {Record<string, string>} */
const MORE = {
  "donsker-varadhan": "Donsker and Varadhan’s bound: tight, noisy on small batches.",
  nwj: "Nguyen, Wainwright and Jordan’s bound: looser, its gradient unbiased.",
  "jensen-shannon": "Jensen and Shannon’s form, sp(x) = ln(1 + eˣ): steady, but no value of I.",
  smile: "Clipped by τ, which trades noise for bias.",
};
/** @type {Record<string, string>} */
const LOCAL = {
  "info-nce": "mean_{i,l} ln frac{e^{U_{iil}}}{e^{U_{iil}} + sum_{j≠i,l'} e^{U_{ijl'}}}",
  "jensen-shannon": "mean_{i,l}[ln 2 - sp(-U_{iil})] - mean_{j≠i,l}[sp(U_{ijl}) - ln 2]",
  "donsker-varadhan": "mean_{i,l} U_{iil} - ln mean_{j≠i,l} e^{U_{ijl}}",
};

export const GLOSSARY = {
  heading: "Glossary",
  /** @type {[string, string][]} */
  terms: [
    ["Module", "Layers that are trained together and give others nothing but their outputs."],
    ["Stage", "The training of one module while all others stand still."],
    ["X, Y, T", "The network’s input, the label, and what a module makes of the input."],
    [
      "Information, I(T;X)",
      "How many bits the output T tells about X on average. It is never above the entropy of either.",
    ],
    [
      "Encoder, decoder, output",
      "The roles of modules: an encoder raises I(T;X), a decoder I(T;Y), the output module lowers cross-entropy.",
    ],
    [
      "Estimator",
      "A way to get at information from samples. Different ones give different numbers for the same data.",
    ],
    [
      "Critic",
      "A small network that a neural estimator trains beside the module, and throws away with the stage.",
    ],
    [
      "Cap",
      "log₂ N bits: no estimate from N samples by Gram matrices or InfoNCE is above it, and none by another critic is to be trusted there.",
    ],
    ["Baseline", "The same network trained by backpropagation, all modules at once."],
    [
      "Random control",
      "The hidden modules keep their initial weights; only the output module learns.",
    ],
    ["Fingerprint", "SHA-256 of a module’s weights. It stays the same where nothing has moved."],
    ["Stale", "Trained on what an earlier module gave before that one was trained again."],
    ["Seed", "The number that everything random follows from: initial weights, batches, draws."],
  ],
};

export const TIPS = {
  /** @param {string} label */
  about: (label) => `About: ${label}`,
  dataset:
    "What the network learns from. Built-in sets are drawn from the seed; published ones are fetched once and checked byte for byte.",
  scheme:
    "How the network is trained: module by module with an estimator, all at once by backpropagation, or the output module alone (the control).",
  seed: "Initial weights, batches and all draws follow from it. On the CPU the same seed gives the same numbers to the last bit.",
  device:
    "Auto times a few steps on CPU and GPU, checks that both agree, and takes the faster one. Small networks are often faster on the CPU.",
  epochs: "Passes over the training samples in each stage, in place of the plan’s own number.",
  estimator:
    "How the information is measured from samples. Each has settings of its own; different ones give different numbers.",
  speed:
    "How many training steps are shown a second. Slower lets you watch them; nothing else changes. Training " +
    "goes on while this tab is hidden, as fast as the browser lets it.",
  ownLabel: "The column whose values the network learns to tell; all others that are ticked are what it reads.",
  ownHeader: "Whether the first line is names, or a row like the others.",
  ownTest: "Rows kept apart, drawn from the seed: the network never learns from them, only its test accuracy does.",
  samples:
    "Trains on at most so many samples, classes in the same proportions. Less is faster, and less accurate.",
};
