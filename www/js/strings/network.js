// The words of the network drawing and its editor.

import { count, duration, percent, roughly } from "../format.js";
import { problemLine } from "../strings.js";

/** @typedef {import("../plan.js").Role} Role */
/** @typedef {import("../protocol.js").Estimator} Estimator */
/** @typedef {import("../protocol.js").Layer} Layer */
/** @typedef {import("../protocol.js").Plan} Plan */
/** @typedef {import("../protocol.js").Problem} Problem */
/** @typedef {import("../protocol.js").StagePlan} StagePlan */
/** @typedef {import("../progress.js").Progress} Progress */

export const NETWORK = {
  heading: "Network",
  input: "X",
  inputWords: "input",
  label: "Y",
  labelWords: "label",
  /** @param {number} index */
  module: (index) => `Module ${index + 1}`,
  /** @param {number[]} modules */
  modules: ([first = 0, ...others]) =>
    others.length > 0 ? `Modules ${first + 1} to ${first + 1 + others.length}` : `Module ${first + 1}`,
  /** @type {Record<Role, string>} */
  roles: {
    encoder: "encoder",
    decoder: "decoder",
    output: "output",
    "whole network": "whole network",
    untrained: "not trained",
  },
  untrained: "Stays at its initial weights.",
  changed: "changed",
  pending: "needs retraining",
  print: "weights",
  kept: "unchanged",
  moved: "moved",
  run: "Train",
  again: "Retrain",
  pause: "Pause",
  step: "Step",
  reset: "Reset",
  edit: "Edit",
  close: "Close",
  progress: "progress",
  /** @param {string} action @param {string} what */
  named: (action, what) => `${action} ${what.charAt(0).toLowerCase()}${what.slice(1)}`,
  arcs: "An arc is what a module trains for.",
  captions: {
    local: "Each module trains alone. At a dashed border activations pass, gradients do not.",
    bp: "No borders: one error signal goes back from the label through every module.",
    random: "Dotted modules stay at their initial weights; only the output module learns.",
  },
  bpArc: "error, back through every module",
  restart: "This change reaches modules that no stage trains: Run starts anew with it.",
  refused: "The network cannot be trained like this.",
  failed: "The module could not be retrained.",
  undo: "Undo the change",
  /** @param {Progress} progress @param {boolean} active */
  progressWords({ done, total, elapsed, left }, active) {
    if (total === 0 || done === 0) return "";
    if (done >= total) return `took ${duration(elapsed)}`;
    const share = percent((100 * done) / total).replace(/\.\d+/, "");
    return active && left !== null ? `${share}, about ${roughly(left)} left` : share;
  },
};

/** What an objective is, as it stands on its arc. @param {StagePlan} stage @param {number} module */
export function objectiveWords({ objective }, module) {
  if (objective === "cross-entropy") return "cross-entropy";
  const target = objective.information.target === "input" ? "X" : "Y";
  return `I(T${subscript(module + 1)};${target})`;
}

/** @param {StagePlan} stage @param {number} module */
export function goalWords(stage, module) {
  const { objective } = stage;
  const verb = objective === "cross-entropy" ? "lowers" : "raises";
  const words = `${verb} ${objectiveWords(stage, module)}`;
  return objective === "cross-entropy"
    ? words
    : `${words} by ${estimatorTitle(objective.information.estimator.kind)}`;
}

/** @type {Record<string, string>} */
const ESTIMATORS = {
  "matrix-renyi": "matrix-based Rényi",
  mine: "MINE",
  dim: "Deep InfoMax",
  gmi: "graphical MI",
  "info-nce": "InfoNCE",
  dgi: "Deep Graph Infomax",
};

/** @param {string} kind as it stands in a plan */
export const estimatorTitle = (kind) => ESTIMATORS[kind] ?? kind;

/** As the core names its layers. @param {Layer} layer */
export function layerWords(layer) {
  const number = (/** @type {string} */ key) => count(Number(layer[key]));
  switch (layer.kind) {
    case "conv":
      return `conv ${number("channels")}, ${number("kernel")} × ${number("kernel")}`;
    case "max-pool":
      return `max-pool ${number("size")} × ${number("size")}`;
    case "relu":
      return "ReLU";
    case "gcn":
      return `GCN ${number("width")}`;
    case "message-passing":
      return `message passing ${number("width")}`;
    case "readout":
      return "mean readout";
    default:
      return "width" in layer ? `${layer.kind} ${number("width")}` : layer.kind;
  }
}

/**
 * Where the core found what it refuses, and why.
 * @param {Problem} problem
 * @param {Plan} plan the refused one
 */
export function refusalWords(problem, plan) {
  const { code, place: at = "", expected, found } = problem;
  const [, list, index, field] = /^(modules|stages)\[(\d+)\](\S*)$/.exec(at) ?? [];
  if (code === "plan/invalid" && index !== undefined) {
    const stage = list === "stages" ? plan.stages[Number(index)] : undefined;
    const name = NETWORK.module(stage?.modules.start ?? Number(index));
    const place = field === "" ? "" : `, ${field?.replace(/^\./, "").split(".").at(-1)}`;
    return `${name}${place}: expected ${expected}, found ${found}.`;
  }
  return problemLine(problem);
}

export const EDITOR = {
  /** @param {number} module */
  heading: (module) => `${NETWORK.module(module)}: what it is and how it learns`,
  role: "Role",
  /** @type {Record<string, string>} */
  roles: {
    input: "Encoder: raises I(T;X)",
    label: "Decoder: raises I(T;Y)",
    none: "Not trained",
  },
  fixedRole: "Lowers the cross-entropy with the label: the network ends with it.",
  estimator: "Estimator",
  width: "Width",
  channels: "Channels",
  epochs: "Epochs",
  rate: "Learning rate",
  batch: "Batch size",
  back: "Back to the plan",
  hint: "A change is taken up when the module is trained again; what lies before it stays as it is.",
};

const DIGITS = "₀₁₂₃₄₅₆₇₈₉";

/** @param {number} value */
function subscript(value) {
  return [...String(value)].map((digit) => DIGITS[Number(digit)]).join("");
}
