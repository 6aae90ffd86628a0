// The words of runs side by side and of the paper's table.

import { count, decimal, duration } from "../format.js";
import { schemeTitle } from "../strings.js";

/** @typedef {import("../runs.js").Change} Change */
/** @typedef {import("../runs.js").Curve} Curve */
/** @typedef {import("../table1.js").Spread} Spread */

export const RUNS = {
  heading: "Runs",
  empty: "A run that has ended is kept here, also over a reload, until you remove it or twenty newer ones are there.",
  table: "Kept runs, newest first",
  show: "Show",
  heads: { show: "Drawn", run: "Number and plan" },
  changes: "What changed since the one before",
  test: "Test",
  time: "Time",
  when: "When",
  take: "Take up its settings",
  remove: "Remove",
  first: "first",
  same: "the same again",
  otherData: "other data of your own",
  retrained: "modules retrained",
  early: "ended early",
  quantity: "Lay over each other",
  quantityTip: "The accuracy of each epoch, or a module’s objective over its stage, as far as it came.",
  /** @param {number} most */
  most: (most) => `No more than ${most} runs can be told apart: take one away to show another.`,
  accuracy: "Test accuracy",
  epoch: "epoch",
  share: "% of the stage",
  /** @param {number} number */
  title: (number) => `#${number}`,
  /** @param {string} quantity */
  overlay: (quantity) => `${quantity} of the chosen runs`,
  values: "Values as a table",
  pick: "Choose runs to lay their curves over each other.",
};

/** @param {Change[]} changes */
export const changesWords = (changes) =>
  changes
    .map(({ what, from, to }) => {
      if (what === "own") return RUNS.otherData;
      const name = what.replace(/^m(\d+)\./, "module $1 ");
      if (from === "" || from === "null") return `${name} ${short(to)}`;
      return to === "" || to === "null"
        ? `${name} plan’s default`
        : `${name} ${short(from)} → ${short(to)}`;
    })
    .join(", ");

/** An objective is long: its target and estimator are what matters. @param {string} text */
function short(text) {
  try {
    const { target, estimator } = JSON.parse(text).information;
    return `I(T;${target === "input" ? "X" : "Y"}) by ${estimator.kind}`;
  } catch {
    return text;
  }
}

/** @param {Curve} curve */
export function curveTitle({ modules, objective, unit, role }) {
  const [first = 0] = modules;
  const what = role === "whole network" ? "Whole network" : `Module ${first + 1}`;
  return `${what}: ${objective} (${unit})`;
}

export const SCHEMES = {
  heading: "Schemes side by side",
  /** @param {string} dataset @param {number} seed */
  about: (dataset, seed) =>
    `Every scheme for ${dataset} from seed ${count(seed)}: the same network, the same initial weights, the same order of samples for the same stages.`,
  runAll: "Run those that are missing",
  stop: "Stop after this run",
  run: "Run",
  /** @param {string} scheme */
  runOne: (scheme) => `Run ${schemeTitle(scheme)}`,
  scheme: "Scheme",
  train: "Training accuracy",
  test: "Test accuracy",
  time: "Time",
  missing: "not run yet",
  running: "running",
  paused: "paused",
  waiting: "waiting",
};

export const TABLE1 = {
  heading: "Table 1 in your browser",
  about:
    "The paper’s accuracies in percent beside what this browser measures. Nothing is filled in that was not run here.",
  mode: "Mode",
  modeTip: "Whether a row is run as the plan has it, or cut short. Each mode has its own figures.",
  modes: { quick: "Quick", full: "Full" },
  modeHints: {
    quick:
      "Fewer samples or epochs, to see that it works: 4,000 samples of Adult and MNIST, 1,000 of Mutagenicity, 20 epochs on Cora. Not the paper’s experiment.",
    full: "Every sample and epoch of the plan. MNIST takes minutes a row on a CPU.",
  },
  table: "Table 1: accuracy in percent, as printed and as measured here",
  dataset: "Data",
  scheme: "Scheme",
  paper: "Paper",
  here: "Here",
  train: "train",
  test: "test",
  seeds: "Seeds",
  time: "Time a run",
  device: "Device",
  action: "Measure",
  none: "–",
  /** @param {number} seed */
  run: (seed) => `Run seed ${seed}`,
  runRest: "Run every row that is missing",
  stop: "Stop after this run",
  running: "running",
  waiting: "waiting",
  /** @param {number} seed @param {string} device @param {string} plan */
  repeat: (seed, device, plan) => `Repeat seed ${seed} on ${device}, ${plan}`,
  json: "JSON",
  control: "our control, not in the paper",
  notes: [
    "The paper gives 66.55 % in the table and 66.66 % in its text for Mutagenicity by the matrix-based estimator.",
    "Its caption names CIFAR-10, which has no row.",
    "Widths, rates and kernel widths are not all printed there; this network’s are in each plan.",
  ],
  noted: "mutagenicity/matrix",
};

/** @param {import("../store.js").Job[]} jobs of which the first is being run */
export function queueWords({ length }) {
  if (length < 2) return "";
  return length === 2
    ? "One run waits for the present one to end."
    : `${count(length - 1)} runs wait for the present one to end.`;
}

/** @param {Spread | null} spread */
export function spreadWords(spread) {
  if (spread === null) return TABLE1.none;
  const mean = decimal(spread.mean, 2);
  return spread.sd === null ? mean : `${mean} ± ${decimal(spread.sd, 2)}`;
}

/** @param {number | null} seconds */
export const timeWords = (seconds) => (seconds === null ? TABLE1.none : duration(seconds));

const WHEN = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** @param {number} when */
export const whenWords = (when) => WHEN.format(new Date(when));
