// What crosses between the page, its worker and the wasm module: types only.

/** @typedef {import("./events.js").RunEvent} RunEvent */

// The wasm module (src/web) ------------------------------------------------------------------

/** @typedef {"cpu" | "gpu" | "ndarray"} DeviceKind */
/** @typedef {{ kind: DeviceKind, name: string }} Device */
/** @typedef {{ name: string, bytes: number, sha256: string }} DataFile */
/** @typedef {"vectors" | "grids" | "nodes" | "graphs"} Kind */
/**
 * `files` is empty for a synthetic set, which the core draws itself.
 * @typedef {{
 *   name: string, title: string, description: string, kind: Kind,
 *   citation: string, terms: string, files: DataFile[],
 * }} DatasetInfo
 */
/**
 * @typedef {{
 *   name: string, dataset: string, scheme: string, description: string, plan: Plan,
 * }} PlanInfo
 */
/**
 * Words about a plan's field: `layers.width`, `stages.rate`, `estimator.order`.
 * @typedef {{
 *   path: string, label: string, description: string, min: number | null, max: number | null,
 * }} FieldInfo
 */
/**
 * `example` is the estimator as it stands in a plan, at its defaults.
 * @typedef {{
 *   title: string, description: string, formula: string, source: string,
 *   targets: Target[], kinds: Kind[], example: Estimator,
 * }} EstimatorInfo
 */
/**
 * @typedef {{
 *   devices: DeviceKind[], datasets: DatasetInfo[], plans: PlanInfo[],
 *   estimators: EstimatorInfo[], fields: FieldInfo[],
 * }} Catalogue
 */

/** @typedef {"input" | "label"} Target */
/** @typedef {{ kind: string, [setting: string]: unknown }} Estimator */
/** @typedef {{ kind: string, [setting: string]: unknown }} Layer */
/** @typedef {"cross-entropy" | { information: { target: Target, estimator: Estimator } }} Objective */
/**
 * `modules` counts from 0, the end not included.
 * @typedef {{
 *   modules: { start: number, end: number }, objective: Objective, epochs: number,
 *   batch: number | null, rate: number, weight_decay?: number, clip?: number | null,
 * }} StagePlan
 */
/**
 * As src/plan serialises it.
 * @typedef {{
 *   name: string, description: string, dataset: string,
 *   modules: { layers: Layer[] }[], stages: StagePlan[],
 * }} Plan
 */

/**
 * How files of the visitor's own are read; `test` is the share that tests.
 * @typedef {{ format: "csv", label: string, header: boolean, test: number }
 *   | { format: "idx", test: number } | { format: "planetoid" }
 *   | { format: "tu", test: number }} OwnData
 */
/**
 * Such files before they are used, as `data` says that they were read, with the plans that fit.
 * @typedef {{
 *   title: string, kind: Kind, columns: string[], rows: string[][], samples: number, train: number,
 *   classes: string[], summary: string, data: OwnData, plans: PlanInfo[],
 * }} OwnPreview
 */

/**
 * What to train: a preset by its name, or a whole plan. A limit left out is the plan's own; `data`
 * stands where the plan is for the visitor's own files.
 * @typedef {{
 *   plan: string | Plan, seed: number, epochs?: number, samples?: number, data?: OwnData,
 * }} RunRequest
 */
/** @typedef {Record<string, Uint8Array>} Files By file name. */
/** @typedef {{ cpu_ms: number, gpu_ms: number, difference: number, agree: boolean }} Comparison */

/** @typedef {"train" | "valid" | "test"} Split */
/**
 * Bits, by the estimator that `estimator` names, from `samples` samples: no information can be
 * above `cap`. `labels` is H(Y); `source` is I(X;Y), which no module can exceed.
 * @typedef {{
 *   samples: number, cap: number, labels: number, source?: number, estimator: string,
 *   modules: { input: number, label: number }[],
 * }} Information
 */
/**
 * `values` is samples x columns, row by row.
 * @typedef {{
 *   samples: Uint32Array, labels: Uint32Array, columns: number, values: Float32Array,
 * }} Outputs
 */
/**
 * @typedef {{
 *   samples: Uint32Array, labels: Uint32Array, predicted: Uint32Array, confidence: Float32Array,
 * }} Predictions
 */
/**
 * What people see of a sample; `label` is `null` where it has none. A vector's values are names and
 * words; a grid's lie in 0..1; of a node's `degree` neighbours the first are shown, with the edges
 * between them.
 * @typedef {{ id: number, label: number | null } & (
 *   | { kind: "vector", values: { name: string, value: string }[] }
 *   | { kind: "grid", height: number, width: number, channels: number, values: ArrayLike<number> }
 *   | { kind: "node", features: number, degree: number,
 *       neighbours: { id: number, label: number | null }[], edges: [number, number][] }
 *   | { kind: "graph", nodes: string[], edges: [number, number][] })} Sample
 */
/** @typedef {{ module: number, shape: number[], values: Float32Array }} Activation */
/** @typedef {{ name: string, shape: number[], values: Float32Array }} Weights */
/**
 * @typedef {{
 *   name: string, title: string, kind: Kind, classes: string[],
 *   train: number, valid: number, test: number, input: string,
 * }} Dataset
 */

/**
 * What can be asked of a run, training or finished. Module -1 is the input itself.
 * @typedef {{
 *   fingerprints(): Promise<string[]>,
 *   information(samples: number): Promise<Information>,
 *   outputs(module: number, split: Split, most: number): Promise<Outputs>,
 *   predictions(split: Split, most: number): Promise<Predictions>,
 *   samples(ids: Uint32Array): Sample[],
 *   activations(sample: number): Promise<Activation[]>,
 *   classify(values: Float32Array): Promise<Activation[]>,
 *   weights(module: number): Promise<Weights[]>,
 *   safetensors(): Promise<Uint8Array>,
 *   dataset(): Dataset,
 * }} Inspection
 */
/**
 * One call at a time: a second call during an awaited one throws. `retrain` takes the run back to
 * before a stage, which may be changed by `plan` with what follows it.
 * @typedef {Inspection & {
 *   readonly device: Device,
 *   start(request: RunRequest, files: Files): Promise<RunEvent[]>,
 *   retrain(stage: number, plan?: Plan): Promise<RunEvent[]>,
 *   checkpoint(): Promise<Uint8Array>,
 *   resume(request: RunRequest, files: Files, checkpoint: Uint8Array): Promise<RunEvent[]>,
 *   setRate(rate: number): Promise<RunEvent[]>,
 *   advance(budgetMs: number): Promise<RunEvent[]>,
 *   finish(): Promise<RunEvent[]>,
 *   compare(request: RunRequest, files: Files): Promise<Comparison>,
 *   free(): void,
 * }} Session
 */
/**
 * A perplexity of 0 is chosen by the number of rows. The first step takes longer: it calibrates.
 * @typedef {{
 *   pca(): Float32Array, step(iterations: number): void, positions(): Float32Array,
 *   readonly iteration: number, readonly done: boolean, readonly divergence?: number, free(): void,
 * }} Embedding
 */
/**
 * @typedef {{
 *   default(options: { module_or_path: Response }): Promise<unknown>,
 *   catalogue(): Catalogue,
 *   preview(files: Files, data?: OwnData): OwnPreview,
 *   Session: { open(kind: DeviceKind): Promise<Session> },
 *   Embedding: new (values: Float32Array, columns: number, seed: number, perplexity: number)
 *     => Embedding,
 * }} Trainer
 */

// Failures -----------------------------------------------------------------------------------

/**
 * What the visitor can do next. The page offers each as a button.
 * @typedef {"choose-another-file" | "fall-back-to-cpu" | "lower-the-learning-rate" | "restart"
 *   | "choose-another-plan" | "fetch-the-data" | "report"} Recovery
 */
/**
 * Thrown by the core as it stands here; the worker and the page add codes that begin with
 * `page/`. `code` is stable, `message` is words.
 * @typedef {{
 *   code: string, message: string, recovery: Recovery,
 *   place?: string, expected?: string, found?: string, rate?: number,
 * }} Problem
 */

// Page to worker -----------------------------------------------------------------------------

/** @typedef {"auto" | DeviceKind} DeviceChoice */

/**
 * How a run begins: training, standing before its first step, or only to show its stages.
 * @typedef {"run" | "paused" | "preview"} Mode
 */
/** @typedef {Record<string, Blob>} OwnFiles The visitor's own files by name; read by the worker. */
/**
 * Begins a new run, whatever was there. `id` comes back with every message about that run, so
 * that late ones can be told apart. `files` come with `request.data`. With a checkpoint it goes on
 * from there, on that device if it can be had.
 * @typedef {{
 *   type: "run", id: number, request: RunRequest, device: DeviceChoice, mode: Mode,
 *   files?: OwnFiles, checkpoint?: Uint8Array,
 * }} RunCommand
 */
/**
 * How far to go on: to the end of the run, to the end of the present stage, or not at all.
 * @typedef {"run" | "stage" | "pause"} Extent
 */
/**
 * Takes the run back to before a stage and trains on from there. Answered under its ticket once
 * the core has accepted it; what is refused leaves the run as it was.
 * @typedef {{
 *   type: "retrain", ticket: number, stage: number, plan?: Plan, extent: Extent,
 * }} RetrainCommand
 */
/**
 * Goes on with the present stage at another rate, after its numbers went wrong. Answered as above.
 * @typedef {{ type: "set-rate", ticket: number, rate: number }} RateCommand
 */
/**
 * `steps` updates every `ms` milliseconds; `null` is as fast as the device goes.
 * @typedef {{ steps: number, ms: number } | null} Pace
 */
/**
 * What the worker can be asked between two slices of training: the methods of `Inspection` about
 * the present run, `preview` about files, and an embedding, of which there is one.
 * `embedding.open` answers with the principal components of a module's outputs, at once;
 * `embedding.step` works for some milliseconds on t-SNE.
 * @typedef {{ samples: Uint32Array, labels: Uint32Array, positions: Float32Array }} Projection
 * @typedef {{ positions: Float32Array, iteration: number, done: boolean }} EmbeddingProgress
 * @typedef {Inspection & {
 *   preview(files: OwnFiles, data?: OwnData): OwnPreview,
 *   "embedding.open"(module: number, split: Split, most: number, seed: number,
 *     perplexity: number): Promise<Projection>,
 *   "embedding.step"(milliseconds: number): EmbeddingProgress,
 *   "embedding.close"(): void,
 * }} Questions
 */
/** @typedef {{ type: "ask", ticket: number, method: keyof Questions, args: unknown[] }} AskCommand */
/**
 * Asks the worker. Rejects with a `Problem`; `page/abandoned` where the worker was replaced.
 * @typedef {<M extends keyof Questions>(method: M, ...args: Parameters<Questions[M]>)
 *   => Promise<Awaited<ReturnType<Questions[M]>>>} Ask
 */
/**
 * `refetch` forgets the kept copies of a data set's files: one of them was refused.
 * @typedef {RunCommand | RetrainCommand | AskCommand
 *   | { type: "pause" } | { type: "resume", extent: Extent } | { type: "step" } | { type: "finish" }
 *   | { type: "pace", pace: Pace } | { type: "checkpoint" } | RateCommand
 *   | { type: "refetch", dataset: string }} Command
 */

// Worker to page -----------------------------------------------------------------------------

/**
 * What the worker is busy with before there is a step to show. `total` is absent where the
 * server does not say.
 * @typedef {{ kind: "loading-trainer", bundle: Bundle, loaded: number, total?: number }
 *   | { kind: "downloading", dataset: string, loaded: number, total: number }
 *   | { kind: "preparing", dataset: string }
 *   | { kind: "opening", device: DeviceKind }
 *   | { kind: "measuring" }} Activity
 */
/** @typedef {"cpu" | "gpu"} Bundle */

/**
 * Why a run is on its device.
 * @typedef {{ code: "asked" }
 *   | { code: "measured", comparison: Comparison }
 *   | { code: "asked-measured", comparison: Comparison }
 *   | { code: "disagrees", comparison: Comparison }
 *   | { code: "no-webgpu" } | { code: "no-adapter" }
 *   | { code: "gpu-failed", message: string } | { code: "goes-on" }} Reason
 */
/** @typedef {{ device: Device, asked: DeviceChoice, reason: Reason }} DeviceReport */

/**
 * About the run of that id.
 * @typedef {{ type: "activity", id: number, activity: Activity }
 *   | { type: "device", id: number, report: DeviceReport }
 *   | { type: "events", id: number, events: RunEvent[] }
 *   | { type: "training", id: number } | { type: "paused", id: number }
 *   | { type: "checkpoint", id: number, bytes: Uint8Array }
 *   | { type: "unkept", id: number, problem: Problem }
 *   | { type: "problem", id: number, problem: Problem, fatal: boolean }} RunMessage
 */
/**
 * @typedef {{ type: "answer", ticket: number, value: unknown }
 *   | { type: "refused", ticket: number, problem: Problem }} Reply
 */
/**
 * What the state is made of. `alive` comes every second while the worker trains.
 * @typedef {{ type: "ready", catalogue: Catalogue } | { type: "alive" } | RunMessage} News
 */
/** @typedef {News | Reply} Message */

export {};
