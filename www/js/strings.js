// Every word that the page itself says. What a data set, a plan or a stage is called comes from
// the core's catalogue and events.

import { isActive } from "./stages.js";
import { PAPER } from "./take/citation.js";
import { count, counted, decimal, duration, megabytes, milliseconds, percent, roughly } from "./format.js";

/** @typedef {import("./protocol.js").DeviceKind} DeviceKind */
/** @typedef {import("./protocol.js").DeviceReport} DeviceReport */
/** @typedef {import("./protocol.js").Problem} Problem */
/** @typedef {import("./protocol.js").Recovery} Recovery */
/** @typedef {import("./stages.js").Stage} Stage */
/** @typedef {import("./store.js").State} State */
/** @typedef {import("./progress.js").Progress} Progress */

export const PAGE = {
  name: "MOLE",
  kicker: "Interactive companion to the paper",
  title: "Learning one module at a time",
  documentTitle: "MOLE: learning one module at a time",
  lead:
    "MOLE, the Modular Learning Framework, trains a neural network without sending an error " +
    "back through it: the network is a chain of modules, and each learns alone, from its own " +
    "information objective, and is then left as it is. " +
    "Press Run and watch it happen here, in your browser, stage by stage.",
  /** Around the paper's title. @type {[string, string]} */
  paper: [
    `${PAPER.authors.map(([family]) => family).join(" and ")}, “`,
    `”, ${PAPER.venue}, ${PAPER.year}.`,
  ],
};

export const FOOT = {
  appearance: "Appearance",
  themes: { system: "As the system", light: "Light", dark: "Dark" },
  keys: "Keyboard shortcuts",
  keysOn: "Single-key shortcuts, unless something is being typed.",
  shortcuts: {
    run: "Run or continue",
    pause: "Pause",
    step: "One step",
    reset: "Reset",
    slower: "Slower",
    faster: "Faster",
    edit: "Open or close that module’s editor",
    help: "This list",
  },
};

export const AWAY = {
  close: "Close",
  /** @param {{ steps: number, seconds: number }} away */
  words: ({ steps, seconds }) =>
    steps > 0
      ? `While this tab was hidden training went on: ${counted(steps, "step")} in ${duration(seconds)}. ` +
        "A browser may give a hidden tab less time to compute."
      : "While this tab was hidden the browser held the training; it goes on now.",
};

export const SECTIONS = {
  label: "Sections",
  failed: "This part of the page could not be loaded. Open it again to try once more.",
  titles: {
    watch: "Watch",
    inspect: "Inspect",
    compare: "Compare",
    data: "Data",
    take: "Take away",
    about: "About the method",
  },
  /** @type {Record<string, string>} */
  about: {
    watch: "Every stage’s objective while it trains. Drag over a curve to look closer.",
    inspect: "What each module has made of the data, at this moment of the run.",
    compare: "Runs side by side, and the paper’s table measured again in this browser.",
    data: "Data of your own to learn from; those built in and those published are chosen above.",
    take: "The run as files, figures, a command and a link.",
    about: "What each stage trains for, in formulas and in Rust, and what the words here mean.",
  },
};

export const CONTROLS = {
  heading: "Experiment",
  dataset: "Data set",
  own: "Your own",
  builtIn: "Built in, no download",
  published: "From their publishers",
  scheme: "Training scheme",
  seed: "Seed",
  device: "Device",
  devices: { auto: "Auto", cpu: "CPU", gpu: "GPU", ndarray: "ndarray" },
  epochs: "Epochs per stage",
  samples: "At most … samples",
  planDefault: "default",
  runHeading: "Run",
  speed: "Speed",
  speeds: ["Full speed", "5 steps a frame", "1 step a frame", "Slow motion: 2 steps a second"],
  run: "Run",
  again: "Run again",
  resume: "Continue",
  pause: "Pause",
  step: "Step",
  reset: "Reset",
  finish: "Finish now",
  changed: "The settings have changed: Run starts a new run.",
  changedPaused: "The settings have changed: Reset applies them.",
  /** @param {number} bytes @param {number} files */
  download: (bytes, files) =>
    `${megabytes(bytes)} MB in ${counted(files, "file")}, fetched when you press Run and kept by your browser.`,
  source: "Source and terms",
};

/**
 * A scheme as people know it: `gmi+mine` is MOLE with those estimators.
 * @param {string} scheme the second half of a plan's name
 */
export function schemeTitle(scheme) {
  const known = SCHEMES[scheme];
  return known ?? `MOLE, ${scheme.toUpperCase().split("+").join(" and ")}`;
}

/** @type {Record<string, string>} */
const SCHEMES = {
  bp: "Backpropagation",
  matrix: "MOLE, matrix-based",
  random: "Random control",
  infonce: "MOLE, InfoNCE",
};

export const STAGES = {
  heading: "Stages",
  /** @param {string} run its plan @param {boolean} underWay */
  other: (run, underWay) =>
    `These are the stages of ${underWay ? "the present" : "the last"} run, of ${run}. The network above is the one that is chosen now.`,
  empty: "Press Run: the data is fetched, and the stages of the network appear here.",
  states: {
    waiting: "waiting",
    training: "training",
    paused: "paused",
    caching: "preparing its input",
    done: "done",
    stale: "stale",
    stopped: "stopped",
  },
  /** @param {number} index */
  title: (index) => `Stage ${index + 1}`,
  /** @param {number} parameters */
  parameters: (parameters) =>
    counted(parameters, "parameter"),
  /** @param {Stage["summary"]} summary */
  objective({ objective, maximise, estimator }) {
    if (objective === "") return "left at its initial weights";
    const goal = `${maximise ? "raises" : "lowers"} ${objective}`;
    return estimator === "" ? goal : `${goal}, ${estimator}`;
  },
  /** @param {Stage["summary"]} summary */
  direction: ({ maximise }) => (maximise ? "↑ rising is better" : "↓ falling is better"),
  each: "each step",
  smooth: "running mean",
  accuracy: "Accuracy",
  accuracyAxis: "%",
  step: "step",
  epoch: "epoch",
  train: "training, during the epoch",
  valid: "validation",
  test: "test",
  now: "now",
  mean: "last epoch’s mean",
  fingerprint: "weights",
  table: "Values as a table",
  accuracyTable: "Accuracy as a table",
  resetZoom: "Reset zoom",
  plotKeys: "Arrow keys read the values, plus and minus zoom, Escape shows all.",
  progress: "progress",
  /** @param {Progress} progress @param {Stage} stage */
  steps: ({ done, total }, { epoch, summary, state }) =>
    `step ${count(done)} of ${count(total)}` +
    (epoch > 0 && state !== "stale" ? `, epoch ${count(epoch)} of ${count(summary.epochs)}` : ""),
  /** @param {{ done: number, total: number }} cached */
  caching: ({ done, total }) => `${count(done)} of ${count(total)} samples prepared`,
  /** @param {number} seconds */
  took: (seconds) => `took ${duration(seconds)}`,
  /** @param {number} seconds */
  left: (seconds) => `about ${roughly(seconds)} left`,
};

export const PROGRESS = {
  heading: "Progress",
  whole: "Whole run",
  /** @param {Progress} progress */
  times({ elapsed, left, done, total }) {
    if (done === 0) return "";
    const passed = duration(elapsed);
    return left === null || done >= total ? passed : `${passed}, about ${roughly(left)} left`;
  },
};

export const RESULT = {
  heading: "Result",
  last: "Last result",
  test: "Test accuracy",
  valid: "Validation accuracy",
  train: "Training accuracy",
  seconds: "Time",
  device: "Device",
  run: "Run",
  /** @param {import("./link.js").Settings} settings */
  named: ({ plan, seed }) => `${plan}, seed ${count(seed)}`,
  /** @param {number | null} value */
  accuracy: (value) => (value === null ? "–" : percent(value)),
  /** @param {{ seconds: number, complete: boolean }} result */
  time: ({ seconds, complete }) => `${duration(seconds)}${complete ? "" : ", ended early"}`,
};

export const DEVICE = {
  heading: "Device",
  undecided: "Chosen when a run starts.",
  /** @type {Record<string, string>} */
  names: { cpu: "CPU", gpu: "GPU", ndarray: "CPU (ndarray)" },
  /** What is known beyond the kind. @param {import("./protocol.js").Device} device */
  named: ({ kind, name }) => (name === "" || name === kind ? ": " : ` (${name}): `),
  /**
   * @param {DeviceReport} report
   * @param {import("./protocol.js").DeviceChoice} [chosen] by the visitor
   */
  reason({ reason, asked, device }, chosen = asked) {
    const wanted = asked === "gpu" ? "You asked for the GPU, but " : "";
    switch (reason.code) {
      case "asked":
        return chosen === asked ? "Your choice." : "Taken in place of the GPU, which was lost.";
      case "no-webgpu":
        return capital(`${wanted}this browser has no WebGPU.`);
      case "no-adapter":
        return capital(`${wanted}this browser offers no WebGPU adapter.`);
      case "goes-on":
        return "The run goes on there from a checkpoint.";
      case "gpu-failed":
        return capital(`${wanted}the GPU could not be used: ${reason.message}`);
      case "disagrees":
        return `The GPU was left out: in the first steps it disagreed with the CPU by ${decimal(reason.comparison.difference * 100, 2)} %.`;
      case "measured":
        return times(reason.comparison, device.kind);
      case "asked-measured": {
        const { agree, difference } = reason.comparison;
        const speed = `Your choice: ${times(reason.comparison, device.kind)}`;
        return agree
          ? speed
          : `${speed} Beware: in the first steps it disagreed with the CPU by ${decimal(difference * 100, 2)} %.`;
      }
    }
  },
};

/**
 * What a step takes on the device that was taken and on the other, over all stages and in each.
 * @param {import("./protocol.js").Comparison} comparison
 * @param {DeviceKind} taken
 */
function times({ stages, ...all }, taken) {
  /** @param {{ cpu_ms: number, gpu_ms: number }} of */
  const pair = ({ cpu_ms: cpu, gpu_ms: gpu }) =>
    (taken === "gpu" ? [gpu, cpu] : [cpu, gpu]).map(milliseconds);
  const [own, others] = pair(all);
  const whole = `${own} a step against ${others} on the ${taken === "gpu" ? "CPU" : "GPU"}`;
  if (stages.length === 1) return `${whole}.`;
  return `${whole}; by stage ${stages.map((stage) => pair(stage).join(" against ")).join(", ")}.`;
}

/**
 * The page's state in words; `detail` changes many times a second and is not read aloud.
 * @param {State} state
 * @returns {{ words: string, detail: string }}
 */
export function status(state) {
  const { phase, activity, run } = state;
  if (phase === "failed") return { words: "Stopped by a problem.", detail: "" };
  if (activity !== null) return describe(activity);
  if (run === null) return { words: "Ready.", detail: "" };
  const working = run.stages.findIndex(isActive);
  const active = working >= 0 ? working : run.stages.findIndex(({ state }) => state !== "done");
  const of = `stage ${active + 1} of ${run.stages.length}`;
  const stage = run.stages[active];
  switch (phase) {
    case "idle":
      return { words: `Ready: ${stagesOf(run)}.`, detail: "" };
    case "starting":
      return { words: "Starting…", detail: "" };
    case "training":
      return {
        words: stage === undefined ? evaluatingWords(run) : trainingWords(of, stage),
        detail: "",
      };
    case "paused":
      return {
        words: pausedWords(run, of, stage),
        detail: "",
      };
    case "finished": {
      const ending = run.result?.complete === false ? "Ended early." : "Finished.";
      const test = run.result?.test ?? null;
      return {
        words: test === null ? ending : `${ending} Test accuracy ${percent(test)}.`,
        detail: "",
      };
    }
  }
}

/**
 * @param {import("./store.js").Run} run
 * @param {string} of
 * @param {Stage | undefined} stage
 */
function pausedWords({ stages }, of, stage) {
  if (stages.length > 0 && stage === undefined) return "Paused before the last evaluation.";
  if (!stages.some(({ count, cached }) => count > 0 || cached !== null)) {
    return "Paused before the first step.";
  }
  const begun = stage !== undefined && stage.state !== "stale" && (stage.count > 0 || stage.cached);
  return begun ? `Paused in ${of}.` : `Paused before ${of}.`;
}

const EVALUATING = "Evaluating the network";

/** After the last stage, or before any is known. @param {import("./store.js").Run} run */
const evaluatingWords = ({ stages }) => (stages.length > 0 ? EVALUATING : "Training…");

/**
 * @param {string} of
 * @param {Stage} stage
 */
function trainingWords(of, { state, summary }) {
  return state === "caching" ? `Computing the input of ${of}` : `Training ${of}: ${summary.name}`;
}

/** @param {import("./protocol.js").Activity} activity */
function describe(activity) {
  switch (activity.kind) {
    case "loading-trainer": {
      const { bundle, loaded, total } = activity;
      const words = bundle === "gpu" ? "Loading the GPU trainer" : "Loading the trainer";
      const of = total === undefined ? "" : ` of ${megabytes(total)}`;
      return { words, detail: loaded > 0 ? `${megabytes(loaded)}${of} MB` : "" };
    }
    case "downloading": {
      const { dataset, file, kept } = activity;
      return {
        words: kept ? `Reading ${dataset}, kept by this browser` : `Downloading ${dataset}`,
        detail: `${file.name}: ${megabytes(file.loaded)} of ${megabytes(file.total)} MB`,
      };
    }
    case "preparing":
      return { words: `Preparing ${activity.dataset}`, detail: "" };
    case "opening":
      return {
        words: `Opening the ${DEVICE.names[activity.device] ?? activity.device}`,
        detail: "",
      };
    case "evaluating":
      return { words: EVALUATING, detail: "" };
    case "measuring":
      return { words: "Compiling GPU kernels and measuring both devices", detail: "" };
  }
}

/** @param {import("./store.js").Run} run */
function stagesOf({ stages, samples }) {
  const parts = [counted(stages.length, "stage")];
  if (samples !== null) parts.push(`${count(samples.train)} training samples`);
  return parts.join(", ");
}

/** The document's title while a run is on. @param {number} fraction @param {boolean} paused */
export const documentTitle = (fraction, paused) =>
  `${paused ? "Paused, " : ""}${Math.floor(fraction * 100)} % · ${PAGE.name}`;

export const PROBLEM = {
  heading: "Something went wrong",
  expected: "Expected",
  found: "Found",
  place: "Where",
  code: "Code",
  dismiss: "Dismiss",
  copied: "Copied",
  report: "The report, to be copied from here",
  /** Words for the problems that the page itself finds; the core's bring their own. */
  messages: /** @type {Record<string, string>} */ ({
    "page/data-unreachable": "A data file could not be fetched.",
    "page/file-unreadable": "A file cannot be read any more: it may have been moved or changed.",
    "page/data-oversized": "A data file is longer than the one its publisher offers.",
    "page/unknown-plan": "This link names a plan that this version does not have.",
    "page/link-newer": "This link is for a newer version of this page: reload it, or choose a plan here.",
    "page/link-too-much": "This link describes an objective at greater length than any there is.",
    "page/needs-files": "This link is for someone’s own data, which a link cannot hold: choose those files.",
    "page/worker-failed": "The trainer could not be started.",
    "page/silent": "The trainer stopped answering, again and again.",
    "page/vanished": "The browser ended the trainer, again and again.",
    "page/trapped": "The trainer stopped unexpectedly.",
    "page/out-of-memory": "The browser has no more memory for this run: train on fewer samples, or on another plan.",
    "page/abandoned": "The trainer was started anew before it had answered.",
    "page/no-run": "There is no run to ask about: start one first.",
    "page/no-embedding": "The embedding has been closed.",
    "page/unknown-question": "The trainer was asked something that it does not know.",
  }),
  /** @type {Record<Recovery, string>} */
  recoveries: {
    "choose-another-file": "Fetch the files again",
    "fall-back-to-cpu": "Run on the CPU",
    "lower-the-learning-rate": "Start again",
    restart: "Start again",
    "choose-another-plan": "Choose another plan",
    "fetch-the-data": "Try again",
    report: "Copy a report",
  },
  /** @param {number} rate */
  lower: (rate) => `Go on at a rate of ${Number(rate.toPrecision(2))}`,
  anotherFile: "Choose another file",
  theFiles: "Choose the files",
  builtIn: "Use a built-in data set",
};

/**
 * What a problem is, in a sentence, and what there is to say besides where its parts do not say it.
 * @param {Problem} problem
 */
export function problemWords({ code, text, message, place }) {
  const what = PROBLEM.messages[code] ?? (text || message);
  return { what, detail: place === undefined && message !== what ? message : "" };
}

/** The same in one line. @param {Problem} problem */
export function problemLine({ code, text, message }) {
  const what = PROBLEM.messages[code] ?? text;
  return [what, message].filter(Boolean).join(" ");
}

/** What a number may be. @param {import("./bounds.js").Bounds} bounds */
export function boundsWords({ min, max, above, whole }) {
  const kind = whole ? ["whole number"] : [];
  if (min === null) return [...kind, ...(max === null ? [] : [`at most ${count(max)}`])].join(", ");
  if (above) kind.push(`above ${count(min)}`);
  if (max === null) return (above ? kind : [...kind, `${count(min)} or more`]).join(", ");
  return [...kind, above ? `at most ${count(max)}` : `${count(min)} to ${count(max)}`].join(", ");
}

/** @param {string} text */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
