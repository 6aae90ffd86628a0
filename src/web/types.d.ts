// What crosses between JavaScript and the core: plain objects, and typed arrays of numbers.

/** By file name. */
export type Files = Record<string, Uint8Array>;

export type DeviceKind = "cpu" | "gpu" | "ndarray";
export type Device = { kind: DeviceKind; name: string };
export type Kind = "vectors" | "grids" | "nodes" | "graphs";
export type Split = "train" | "valid" | "test";
/** What information is about: the network's input (an encoder) or the label (a decoder). */
export type Target = "input" | "label";

// Plans ----------------------------------------------------------------------------------------

export type Layer =
  | { kind: "linear"; width: number }
  | { kind: "relu" }
  | { kind: "conv"; channels: number; kernel: number; padding: number }
  | { kind: "max-pool"; size: number }
  | { kind: "gcn"; width: number }
  | { kind: "message-passing"; width: number }
  | { kind: "readout" };

export type Normalisation = "none" | "min" | "max" | "joint";
export type Bound =
  | { form: "donsker-varadhan"; average: number | null }
  | { form: "nwj" }
  | { form: "jensen-shannon" }
  | { form: "smile"; tau: number };
export type LocalForm =
  | { name: "jensen-shannon" }
  | { name: "donsker-varadhan" }
  | { name: "info-nce"; own?: number | null };

/** How information is estimated. What each setting means stands in `catalogue().fields`. */
export type Estimator =
  | {
      kind: "matrix-renyi";
      order: number;
      width: number;
      normalisation: Normalisation;
      samples: number;
    }
  | { kind: "mine"; critic: { hidden: number[]; activation: "relu" | "elu" }; bound: Bound }
  | {
      kind: "dim";
      form: LocalForm;
      units: number;
      hidden: number;
      patch: number;
      stride: number;
      prior?: number;
    }
  | { kind: "gmi"; weights: [number, number, number]; negatives: number; squash?: boolean }
  | {
      kind: "info-nce";
      temperature: number;
      symmetric: boolean;
      units: number;
      hidden: number;
      samples: number;
    }
  | { kind: "dgi" };

/** Minimised cross-entropy, or maximised information about a target. */
export type Objective = "cross-entropy" | { information: { target: Target; estimator: Estimator } };

/** The training of some neighbouring modules, counted from 0, the end not included. */
export type StagePlan = {
  modules: { start: number; end: number };
  objective: Objective;
  epochs: number;
  /** Samples a step; `null`: all in one. */
  batch: number | null;
  rate: number;
  weight_decay?: number;
  clip?: number | null;
};

/** A network, cut into modules, and how it is trained. */
export type Plan = {
  name: string;
  description: string;
  dataset: string;
  modules: { layers: Layer[] }[];
  stages: StagePlan[];
};

/**
 * How files of one's own are read; `test` is the share that tests. A table's label may be left empty for
 * `preview`, which then finds it.
 */
export type OwnData =
  | {
      format: "csv";
      /** Empty: the last column that can be one. */
      label: string;
      header: boolean;
      test: number;
      /** Columns that are left out. Without it empty ones and those of more than 256 words, such as names. */
      without?: string[];
    }
  | { format: "idx"; test: number }
  | { format: "planetoid" }
  | { format: "tu"; test: number };

/** What to train: a preset by its name, or a whole plan. A limit left out is the plan's own. */
export type RunRequest = {
  plan: string | Plan;
  seed: number;
  epochs?: number;
  /** At most so many training samples. */
  samples?: number;
  /** What the files are, where they are one's own. */
  data?: OwnData;
};

// What there is to choose from -----------------------------------------------------------------

export type DataFile = { name: string; bytes: number; sha256: string };
/** `files` is empty for a set that is made from the seed. */
export type DatasetInfo = {
  name: string;
  title: string;
  description: string;
  kind: Kind;
  citation: string;
  terms: string;
  files: DataFile[];
};
export type PlanInfo = {
  name: string;
  dataset: string;
  scheme: string;
  description: string;
  plan: Plan;
};
/** `example` is the estimator at its defaults. */
export type EstimatorInfo = {
  title: string;
  description: string;
  formula: string;
  source: string;
  targets: Target[];
  kinds: Kind[];
  example: Estimator;
};
/** A field of a plan, by where it stands: `layers.width`, `stages.rate`, `estimator.order`. */
export type FieldInfo = {
  path: string;
  label: string;
  description: string;
  min: number | null;
  /** Whether `min` itself is too small. */
  above: boolean;
  max: number | null;
  whole: boolean;
  /** Where a field is one of some words: each, what it says to people, and the numbers that belong to it. */
  choices: { value: string; label: string; numbers: [name: string, start: number][] }[];
  /** Where each word stands in an object, with its numbers: the word's name there. */
  tag: string | null;
};
export type Catalogue = {
  devices: DeviceKind[];
  datasets: DatasetInfo[];
  plans: PlanInfo[];
  estimators: EstimatorInfo[];
  fields: FieldInfo[];
};
/** Files of one's own before they are used, as `data` says that they were read. */
export type OwnPreview = {
  title: string;
  kind: Kind;
  columns: string[];
  rows: string[][];
  samples: number;
  train: number;
  /** Rows of a table that are left out for a missing value. */
  gaps: number;
  classes: string[];
  summary: string;
  data: OwnData;
  plans: PlanInfo[];
};

/** A table that cannot be used as `data` says, and what there is to choose from in it. */
export type OwnRefusal = { columns: string[]; rows: string[][]; data: OwnData; problem: Problem };

// Events of a run ------------------------------------------------------------------------------

/** A stage before it runs. `unit` is what its objective is in. */
export type StageSummary = {
  modules: number[];
  name: string;
  role: string;
  objective: string;
  estimator: string;
  unit: string;
  maximise: boolean;
  epochs: number;
  steps: number;
  parameters: number;
};

export type Started = {
  type: "started";
  plan: string;
  dataset: string;
  seed: number;
  device: string;
  train: number;
  valid: number;
  test: number;
  stages: StageSummary[];
};
/**
 * The run goes on from a checkpoint, made after `step` steps of `stage`; its log then had `events`
 * events.
 */
export type Resumed = Omit<Started, "type"> & {
  type: "resumed";
  stage: number;
  step: number;
  events: number;
};
/** The run has been taken back to before `stage`; `stages` are all of the plan from now on. */
export type Rewound = { type: "rewound"; stage: number; stages: StageSummary[] };
export type StageStarted = { type: "stage-started"; stage: number };
/** One update; `step` and `epoch` count from 1. */
export type Step = {
  type: "step";
  stage: number;
  step: number;
  epoch: number;
  objective: number;
  seconds: number;
};
/** Percent, after an epoch of a stage that ends in class scores. */
export type Accuracy = {
  type: "accuracy";
  stage: number;
  epoch: number;
  train_accuracy: number;
  valid_accuracy: number | null;
  test_accuracy: number | null;
};
/** `objective` is the last epoch's mean, `fingerprint` SHA-256 of the stage's weights. */
export type StageFinished = {
  type: "stage-finished";
  stage: number;
  seconds: number;
  objective: number;
  fingerprint: string;
};
/** The stage goes on after `step` of its steps, which may be fewer than were told of, at another rate. */
export type RateSet = { type: "rate-set"; stage: number; step: number; rate: number };
/** The input of `stage`, which comes next, is being computed. */
export type Caching = { type: "caching"; stage: number; done: number; total: number };
/** The last event of a run, also of one that is ended early. */
export type Finished = {
  type: "finished";
  plan: string;
  dataset: string;
  seed: number;
  device: string;
  train_accuracy: number | null;
  valid_accuracy: number | null;
  test_accuracy: number | null;
  seconds: number;
  complete: boolean;
};
export type RunEvent =
  | Started
  | Resumed
  | Rewound
  | StageStarted
  | Step
  | Accuracy
  | StageFinished
  | RateSet
  | Caching
  | Finished;

// Looking into a run ---------------------------------------------------------------------------

/**
 * Milliseconds a step on both devices, over all steps and of each stage; `difference` is the largest
 * relative one of objectives.
 */
export type Comparison = {
  cpu_ms: number;
  gpu_ms: number;
  stages: { cpu_ms: number; gpu_ms: number }[];
  difference: number;
  agree: boolean;
};
/** Bits, by the estimator that is named: none can be above `cap`. `labels` is H(Y). */
export type Information = {
  samples: number;
  cap: number;
  labels: number;
  estimator: string;
  modules: { input: number; label: number }[];
};
/** `values` is samples x columns, row by row. */
export type Outputs = {
  samples: Uint32Array;
  labels: Uint32Array;
  columns: number;
  values: Float32Array;
};
export type Predictions = {
  samples: Uint32Array;
  labels: Uint32Array;
  predicted: Uint32Array;
  confidence: Float32Array;
};
/**
 * What people see of a sample. A grid's values lie in 0..1; of a node's `degree` neighbours the first
 * are shown, with the edges between them.
 */
export type Sample = { id: number; label: number | null } & (
  | { kind: "vector"; values: { name: string; value: string }[] }
  | {
      kind: "grid";
      height: number;
      width: number;
      channels: number;
      values: ArrayLike<number>;
    }
  | {
      kind: "node";
      features: number;
      degree: number;
      neighbours: { id: number; label: number | null }[];
      edges: [number, number][];
    }
  | { kind: "graph"; nodes: string[]; edges: [number, number][] }
);
export type Activation = { module: number; shape: number[]; values: Float32Array };
export type Weights = { name: string; shape: number[]; values: Float32Array };
export type Dataset = {
  name: string;
  kind: Kind;
  classes: string[];
  train: number;
  valid: number;
  test: number;
  input: string;
};

// Failures -------------------------------------------------------------------------------------

export type Recovery =
  | "choose-another-file"
  | "fetch-the-data"
  | "choose-another-plan"
  | "fall-back-to-cpu"
  | "lower-the-learning-rate"
  | "report";
/**
 * What is thrown. `code` is stable, `text` says what it is, `message` where and what was found; `rate`
 * is the one to go on with, where numbers went wrong.
 */
export type Problem = {
  code: string;
  text: string;
  message: string;
  recovery: Recovery;
  place?: string;
  expected?: string;
  found?: string;
  rate?: number;
};
