// What crosses between the page, its worker and the wasm module: types only.

/** @typedef {import("./events.js").RunEvent} RunEvent */

// The wasm module (src/web) ------------------------------------------------------------------

/** @typedef {"cpu" | "gpu" | "ndarray"} DeviceKind */
/** @typedef {{ kind: DeviceKind, name: string }} Device */
/** @typedef {{ name: string, bytes: number, sha256: string }} DataFile */
/**
 * `files` is empty for a synthetic set, which the core draws itself.
 * @typedef {{
 *   name: string, title: string, description: string,
 *   kind: "vectors" | "grids" | "nodes" | "graphs",
 *   citation: string, terms: string, files: DataFile[],
 * }} DatasetInfo
 */
/**
 * @typedef {{
 *   name: string, dataset: string, scheme: string, description: string, plan: unknown,
 * }} PlanInfo
 */
/** @typedef {{ devices: DeviceKind[], datasets: DatasetInfo[], plans: PlanInfo[] }} Catalogue */

/**
 * What to train. A limit left out is the plan's own.
 * @typedef {{ plan: string, seed: number, epochs?: number, samples?: number }} RunRequest
 */
/** @typedef {Record<string, Uint8Array>} Files By file name. */
/** @typedef {{ cpu_ms: number, gpu_ms: number, difference: number, agree: boolean }} Comparison */

/**
 * One call at a time: a second call during an awaited one throws.
 * @typedef {{
 *   readonly device: Device,
 *   start(request: RunRequest, files: Files): Promise<RunEvent[]>,
 *   advance(budgetMs: number): Promise<RunEvent[]>,
 *   finish(): Promise<RunEvent[]>,
 *   compare(request: RunRequest, files: Files): Promise<Comparison>,
 *   free(): void,
 * }} Session
 */
/**
 * @typedef {{
 *   default(options: { module_or_path: Response }): Promise<unknown>,
 *   catalogue(): Catalogue,
 *   Session: { open(kind: DeviceKind): Promise<Session> },
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
 *   place?: string, expected?: string, found?: string,
 * }} Problem
 */

// Page to worker -----------------------------------------------------------------------------

/** @typedef {"auto" | DeviceKind} DeviceChoice */

/**
 * How a run begins: training, standing before its first step, or only to show its stages.
 * @typedef {"run" | "paused" | "preview"} Mode
 */
/**
 * Begins a new run, whatever was there. `id` comes back with every message about that run, so
 * that late ones can be told apart.
 * @typedef {{
 *   type: "run", id: number, request: RunRequest, device: DeviceChoice, mode: Mode,
 * }} RunCommand
 */
/**
 * `refetch` forgets the kept copies of a data set's files: one of them was refused.
 * @typedef {RunCommand
 *   | { type: "pause" } | { type: "resume" } | { type: "step" } | { type: "finish" }
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
 *   | { code: "gpu-failed", message: string }} Reason
 */
/** @typedef {{ device: Device, asked: DeviceChoice, reason: Reason }} DeviceReport */

/**
 * @typedef {{ type: "ready", catalogue: Catalogue }
 *   | { type: "activity", id: number, activity: Activity }
 *   | { type: "device", id: number, report: DeviceReport }
 *   | { type: "events", id: number, events: RunEvent[] }
 *   | { type: "training", id: number } | { type: "paused", id: number }
 *   | { type: "problem", id: number, problem: Problem, fatal: boolean }} Message
 */

export {};
