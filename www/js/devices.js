// Which device a run gets, and why: measured, not guessed. Small networks are often faster on the
// CPU, and a GPU that computes something else than the CPU is not to be trusted.

import { asProblem } from "./problem.js";
import { loadTrainer } from "./trainer.js";

/** @typedef {import("./protocol.js").Activity} Activity */
/** @typedef {import("./protocol.js").Bundle} Bundle */
/** @typedef {import("./protocol.js").Comparison} Comparison */
/** @typedef {import("./protocol.js").DeviceChoice} DeviceChoice */
/** @typedef {import("./protocol.js").DeviceKind} DeviceKind */
/** @typedef {import("./protocol.js").DeviceReport} DeviceReport */
/** @typedef {import("./protocol.js").Files} Files */
/** @typedef {import("./protocol.js").Modules} Modules */
/** @typedef {import("./protocol.js").Reason} Reason */
/** @typedef {import("./protocol.js").RunRequest} RunRequest */
/** @typedef {import("./protocol.js").Session} Session */
/** @typedef {import("./protocol.js").Trainer} Trainer */
/**
 * A data set, fetched when asked for. Without a name a session never counts as holding it.
 * @typedef {{ name: string | null, files: () => Promise<Files> }} Data
 */

export class Devices {
  #report;
  #share;
  #modules;
  /** @type {Map<Bundle, Promise<Trainer>>} */
  #trainers = new Map();
  /** @type {Map<DeviceKind, Session>} */
  #sessions = new Map();
  /** @type {Map<string, Comparison>} */
  #comparisons = new Map();
  /** @type {Reason | null} Set once the GPU has turned out not to be there, or not to work. */
  #withoutGpu = null;
  /** @type {Map<Session, string | null>} The data set that a session holds, parsed. */
  #loaded = new Map();

  /**
   * @param {{
   *   report: (activity: Activity) => void, modules: Promise<Modules>,
   *   share: (bundle: Bundle, module: WebAssembly.Module) => void,
   * }} page `modules` were compiled by the workers before; `share` is given what is compiled here
   */
  constructor({ report, modules, share }) {
    this.#report = report;
    this.#modules = modules;
    this.#share = share;
  }

  /**
   * @param {Bundle} bundle
   * @returns {Promise<Trainer>}
   */
  trainer(bundle) {
    const known = this.#trainers.get(bundle);
    if (known !== undefined) return known;
    const trainer = this.#load(bundle);
    this.#trainers.set(bundle, trainer);
    return trainer;
  }

  /** @param {Bundle} bundle */
  async #load(bundle) {
    const compiled = (await this.#modules)[bundle];
    const { trainer, module } = await loadTrainer(bundle, compiled, (loaded, total) =>
      this.#report({
        kind: "loading-trainer",
        bundle,
        loaded,
        ...(total === undefined ? {} : { total }),
      }),
    );
    if (module !== compiled) this.#share(bundle, module);
    return trainer;
  }

  /**
   * @param {DeviceChoice} asked
   * @param {RunRequest} request what is about to be trained
   * @param {Data} data
   * @returns {Promise<{ session: Session, report: DeviceReport }>}
   */
  async choose(asked, request, data) {
    if (asked === "cpu" || asked === "ndarray") return this.#on(asked, asked, { code: "asked" });

    this.#withoutGpu ??= await missingGpu();
    if (this.#withoutGpu !== null) return this.#on("cpu", asked, this.#withoutGpu);
    /** @type {Comparison} */
    let comparison;
    try {
      comparison = await this.#compare(request, data);
    } catch (error) {
      const { problem } = asProblem(error);
      // Data that cannot be had, or is refused, is not the GPU's fault.
      if (!/^(device\/|page\/trapped)/.test(problem.code)) throw error;
      this.#dropGpu();
      this.#withoutGpu = { code: "gpu-failed", message: problem.message };
      return this.#on("cpu", asked, this.#withoutGpu);
    }

    if (asked === "gpu") return this.#on("gpu", asked, { code: "asked-measured", comparison });
    if (!comparison.agree) return this.#on("cpu", asked, { code: "disagrees", comparison });
    const faster = comparison.gpu_ms < comparison.cpu_ms ? "gpu" : "cpu";
    return this.#on(faster, asked, { code: "measured", comparison });
  }

  /**
   * The device that a run was on before, where there still is one: it was measured then.
   * @param {DeviceChoice} kind
   */
  async again(kind) {
    if (kind !== "gpu") return this.#on("cpu", kind, { code: "goes-on" });
    this.#withoutGpu ??= await missingGpu();
    if (this.#withoutGpu !== null) return this.#on("cpu", kind, this.#withoutGpu);
    return this.#on("gpu", kind, { code: "goes-on" });
  }

  /**
   * The data set's files, as far as the session does not hold them already.
   * @param {Session} session
   * @param {Data} data
   * @returns {Promise<Files>}
   */
  async missingFiles(session, data) {
    const held = data.name !== null && this.#loaded.get(session) === data.name;
    return held ? {} : data.files();
  }

  /**
   * Notes that a session has accepted a data set, or, with `null`, that it holds none for sure.
   * @param {Session} session
   * @param {string | null} name
   */
  setLoaded(session, name) {
    this.#loaded.set(session, name);
  }

  /**
   * One fixed training step on both devices, once per plan.
   * @param {RunRequest} request
   * @param {Data} data
   */
  async #compare(request, data) {
    const key = JSON.stringify([request.plan, request.samples, request.data]);
    const known = data.name === null ? undefined : this.#comparisons.get(key);
    if (known !== undefined) return known;
    const session = await this.#session("gpu");
    const files = await this.missingFiles(session, data);
    this.#report({ kind: "measuring" });
    const comparison = await session.compare(request, files);
    this.setLoaded(session, data.name);
    this.#comparisons.set(key, comparison);
    return comparison;
  }

  /**
   * @param {DeviceKind} kind
   * @param {DeviceChoice} asked
   * @param {Reason} reason
   */
  async #on(kind, asked, reason) {
    const session = await this.#session(kind);
    return { session, report: { device: session.device, asked, reason } };
  }

  /** @param {DeviceKind} kind */
  async #session(kind) {
    const known = this.#sessions.get(kind);
    if (known !== undefined) return known;
    const trainer = await this.trainer(kind === "gpu" ? "gpu" : "cpu");
    this.#report({ kind: "opening", device: kind });
    const session = await trainer.Session.open(kind);
    this.#sessions.set(kind, session);
    return session;
  }

  /** Not freed: an instance that has failed is left alone. */
  #dropGpu() {
    this.#sessions.delete("gpu");
    this.#trainers.delete("gpu");
  }
}

/** @returns {Promise<Reason | null>} why there is no GPU, or `null` where one answers */
async function missingGpu() {
  if (!("gpu" in navigator)) return { code: "no-webgpu" };
  try {
    return (await navigator.gpu.requestAdapter()) === null ? { code: "no-adapter" } : null;
  } catch {
    return { code: "no-adapter" };
  }
}
