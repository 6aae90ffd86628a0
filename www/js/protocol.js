// What crosses between the page, its worker and the wasm module: types only.

// The wasm module (src/web) ------------------------------------------------------------------
//
// What it takes and gives stands in the core's own types, which its package carries too.

/** @typedef {import("../../src/web/types.js").Activation} Activation */
/** @typedef {import("../../src/web/types.js").Catalogue} Catalogue */
/** @typedef {import("../../src/web/types.js").Comparison} Comparison */
/** @typedef {import("../../src/web/types.js").DataFile} DataFile */
/** @typedef {import("../../src/web/types.js").Dataset} Dataset */
/** @typedef {import("../../src/web/types.js").DatasetInfo} DatasetInfo */
/** @typedef {import("../../src/web/types.js").Device} Device */
/** @typedef {import("../../src/web/types.js").DeviceKind} DeviceKind */
/** @typedef {import("../../src/web/types.js").EstimatorInfo} EstimatorInfo */
/** @typedef {import("../../src/web/types.js").FieldInfo} FieldInfo */
/** @typedef {import("../../src/web/types.js").Files} Files */
/** @typedef {import("../../src/web/types.js").Information} Information */
/** @typedef {import("../../src/web/types.js").Kind} Kind */
/** @typedef {import("../../src/web/types.js").Outputs} Outputs */
/** @typedef {import("../../src/web/types.js").OwnData} OwnData */
/** @typedef {import("../../src/web/types.js").OwnPreview} OwnPreview */
/** @typedef {import("../../src/web/types.js").OwnRefusal} OwnRefusal */
/** @typedef {import("../../src/web/types.js").PlanInfo} PlanInfo */
/** @typedef {import("../../src/web/types.js").Predictions} Predictions */
/** @typedef {import("../../src/web/types.js").RunEvent} RunEvent */
/** @typedef {import("../../src/web/types.js").Sample} Sample */
/** @typedef {import("../../src/web/types.js").Split} Split */
/** @typedef {import("../../src/web/types.js").StageSummary} StageSummary */
/** @typedef {import("../../src/web/types.js").Target} Target */
/** @typedef {import("../../src/web/types.js").Weights} Weights */

// A plan as the editor has it: of layers and estimators it knows no more than that they have
// settings, so that a new one needs nothing here. Whether they fit is the core's to say.

/** @typedef {{ kind: string, [setting: string]: unknown }} Estimator */
/** @typedef {{ kind: string, [setting: string]: unknown }} Layer */
/** @typedef {"cross-entropy" | { information: { target: Target, estimator: Estimator } }} Objective */
/**
 * @typedef {Omit<import("../../src/web/types.js").StagePlan, "objective">
 *   & { objective: Objective }} StagePlan
 */
/**
 * @typedef {Omit<import("../../src/web/types.js").Plan, "modules" | "stages">
 *   & { modules: { layers: Layer[] }[], stages: StagePlan[] }} Plan
 */
/**
 * @typedef {Omit<import("../../src/web/types.js").RunRequest, "plan">
 *   & { plan: string | Plan }} RunRequest
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
 *   default(options: { module_or_path: WebAssembly.Module }): Promise<{ memory: WebAssembly.Memory }>,
 *   catalogue(): Catalogue,
 *   preview(files: Files, data?: OwnData): OwnPreview | OwnRefusal,
 *   Session: { open(kind: DeviceKind): Promise<Session> },
 *   Embedding: new (values: Float32Array, columns: number, seed: number, perplexity: number)
 *     => Embedding,
 * }} Trainer
 */

// Failures -----------------------------------------------------------------------------------

/**
 * What the visitor can do next. The page offers each as a button.
 * @typedef {import("../../src/web/types.js").Recovery | "restart"} Recovery
 */
/**
 * Thrown by the core, which says in `text` what the code is; the worker and the page add codes that
 * begin with `page/`, whose words stand in strings.js.
 * @typedef {Omit<import("../../src/web/types.js").Problem, "text" | "recovery">
 *   & { text?: string, recovery: Recovery }} Problem
 */

// Page to worker -----------------------------------------------------------------------------

/** @typedef {"auto" | DeviceKind} DeviceChoice */

/**
 * How a run begins: training, standing before its first step, only to show its stages, or, with the
 * checkpoint of its end, standing there.
 * @typedef {"run" | "paused" | "preview" | "finished"} Mode
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
 *   preview(files: OwnFiles, data?: OwnData): OwnPreview | OwnRefusal,
 *   "embedding.open"(module: number, split: Split, most: number, seed: number,
 *     perplexity: number): Promise<Projection>,
 *   "embedding.step"(milliseconds: number): EmbeddingProgress,
 * }} Questions
 */
/** @typedef {{ type: "ask", ticket: number, method: keyof Questions, args: unknown[] }} AskCommand */
/**
 * Asks the worker. Rejects with a `Problem`; `page/abandoned` where the worker was replaced.
 * @typedef {<M extends keyof Questions>(method: M, ...args: Parameters<Questions[M]>)
 *   => Promise<Awaited<ReturnType<Questions[M]>>>} Ask
 */
/**
 * What the page's workers have compiled, with which each of them begins.
 * @typedef {Partial<Record<Bundle, WebAssembly.Module>>} Modules
 */
/**
 * `refetch` forgets the kept copies of a data set's files: one of them was refused.
 * @typedef {RunCommand | RetrainCommand | AskCommand
 *   | { type: "pause" } | { type: "resume", extent: Extent } | { type: "step" } | { type: "finish" }
 *   | { type: "pace", pace: Pace } | { type: "checkpoint" } | RateCommand
 *   | { type: "refetch", dataset: string } | { type: "begin", modules: Modules }} Command
 */

// Worker to page -----------------------------------------------------------------------------

/**
 * What the worker is busy with before there is a step to show. `total` is absent where the
 * server does not say. Of a data set's files one comes after the other; `kept` ones are in this
 * browser already.
 * @typedef {{ kind: "loading-trainer", bundle: Bundle, loaded: number, total?: number }
 *   | ({ kind: "downloading", dataset: string } & FileProgress)
 *   | { kind: "preparing", dataset: string }
 *   | { kind: "opening", device: DeviceKind }
 *   | { kind: "measuring" }
 *   | { kind: "evaluating" }} Activity
 */
/**
 * Bytes of the file that comes now, and of all files together.
 * @typedef {{
 *   file: { name: string, loaded: number, total: number }, kept: boolean,
 *   loaded: number, total: number,
 * }} FileProgress
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
 * What the state is made of. `alive` comes every second while the worker trains; `done` counts its slices.
 * @typedef {{ type: "ready", catalogue: Catalogue } | { type: "alive", done: number } | RunMessage} News
 */
/**
 * For the workers after this one, which then have it at once, optimised as far as it was.
 * @typedef {{ type: "compiled", bundle: Bundle, module: WebAssembly.Module }} Compiled
 */
/** @typedef {News | Reply | Compiled} Message */

export {};
