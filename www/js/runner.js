// Obeys the page's commands with the wasm module: opens devices, starts runs, trains.

import { fetchFiles, forgetFiles, keepFiles } from "./data.js";
import { Devices } from "./devices.js";
import { asProblem } from "./problem.js";

/** @typedef {import("./protocol.js").Command} Command */
/** @typedef {import("./protocol.js").RunCommand} RunCommand */
/** @typedef {import("./protocol.js").Message} Message */
/** @typedef {import("./protocol.js").RunEvent} RunEvent */
/** @typedef {import("./protocol.js").Session} Session */
/** @typedef {import("./protocol.js").Activity} Activity */
/** @typedef {import("./protocol.js").DatasetInfo} DatasetInfo */

/** Milliseconds of training between two looks at the inbox; also the rate of event batches. */
const BUDGET_MS = 100;

export class Runner {
  #post;
  #superseded;
  #devices;
  /** @type {import("./protocol.js").Catalogue | null} */
  #catalogue = null;
  /** @type {Session | null} */
  #session = null;
  #id = 0;
  #downloads = new AbortController();
  /** Whether the run goes on by itself. */
  training = false;

  /**
   * @param {{ post: (message: Message) => void, superseded: () => boolean }} page `superseded`
   * says whether a newer run is already waiting
   */
  constructor({ post, superseded }) {
    this.#post = post;
    this.#superseded = superseded;
    this.#devices = new Devices((activity) => this.#report(activity));
  }

  /** Brings up the CPU bundle, with which the page is usable. */
  async load() {
    await this.#guard(async () => {
      this.#catalogue = (await this.#devices.trainer("cpu")).catalogue();
      this.#post({ type: "ready", catalogue: this.#catalogue });
    });
  }

  /** @param {Command} command */
  async obey(command) {
    switch (command.type) {
      case "run":
        if (!this.#superseded()) await this.#guard(() => this.#run(command));
        break;
      case "pause":
        this.training = false;
        if (this.#session !== null) this.#post({ type: "paused", id: this.#id });
        break;
      case "resume":
        this.training = this.#session !== null;
        if (this.training) this.#post({ type: "training", id: this.#id });
        break;
      case "step":
        this.training = false;
        await this.#guard(() => this.#step());
        break;
      case "finish":
        this.training = false;
        await this.#guard(async () => this.#pass(await this.#session?.finish()));
        break;
      case "refetch":
        await forgetFiles(this.#dataset(command.dataset));
        break;
    }
  }

  /** One slice of a running run. */
  async advance() {
    await this.#guard(async () => this.#pass(await this.#session?.advance(BUDGET_MS)));
  }

  /** Stops the download of a run that nobody waits for any more. */
  abandonDownload() {
    this.#downloads.abort();
  }

  /** @param {RunCommand} command */
  async #run({ id, request, device, mode }) {
    this.#id = id;
    this.#session = null;
    this.training = false;
    this.#downloads = new AbortController();
    const plan = this.#catalogue?.plans.find(({ name }) => name === request.plan);
    if (plan === undefined) return; // the page offers only what the catalogue has
    const dataset = this.#dataset(plan.dataset);
    /** @type {Promise<import("./protocol.js").Files> | undefined} */
    let fetched;
    const data = { name: dataset.name, files: () => (fetched ??= this.#files(dataset)) };

    try {
      // A preview shows the stages before anything is chosen: no reason to wake the GPU.
      const choice = mode === "preview" ? "cpu" : device;
      const { session, report } = await this.#devices.choose(choice, request, data);
      if (mode !== "preview") this.#post({ type: "device", id, report });
      this.#pass(await this.#start(session, request, dataset, data));
      this.#session = session;
    } catch (error) {
      // Whatever was refused, a kept copy must not be what the next try reads.
      if (fetched !== undefined) await forgetFiles(dataset);
      throw error;
    }
    if (fetched !== undefined) await keepFiles(dataset, await fetched);
    this.training = mode === "run";
    this.#post({ type: this.training ? "training" : "paused", id });
  }

  /**
   * @param {Session} session
   * @param {import("./protocol.js").RunRequest} request
   * @param {DatasetInfo} dataset
   * @param {import("./devices.js").Data} data
   */
  async #start(session, request, dataset, data) {
    const files = await this.#devices.missingFiles(session, data);
    this.#report({ kind: "preparing", dataset: dataset.title });
    this.#devices.setLoaded(session, null);
    const events = await session.start(request, files);
    this.#devices.setLoaded(session, dataset.name);
    return events;
  }

  /** At least one update, which may take some caching first. */
  async #step() {
    while (this.#session !== null) {
      const events = await this.#session.advance(0);
      this.#pass(events);
      if (events.some(({ type }) => type === "step")) break;
    }
    if (this.#session !== null) this.#post({ type: "paused", id: this.#id });
  }

  /** @param {RunEvent[] | undefined} events */
  #pass(events) {
    if (events === undefined || events.length === 0) return;
    this.#post({ type: "events", id: this.#id, events });
    if (events.at(-1)?.type === "finished") {
      this.training = false;
      this.#session = null;
    }
  }

  /** @param {DatasetInfo} dataset */
  #files(dataset) {
    return fetchFiles(
      dataset,
      (loaded, total) =>
        this.#report({ kind: "downloading", dataset: dataset.title, loaded, total }),
      this.#downloads.signal,
    );
  }

  /** @param {string} name */
  #dataset(name) {
    const dataset = this.#catalogue?.datasets.find((candidate) => candidate.name === name);
    if (dataset === undefined) throw new Error(`no data set ${name} in the catalogue`);
    return dataset;
  }

  /** @param {Activity} activity */
  #report(activity) {
    this.#post({ type: "activity", id: this.#id, activity });
  }

  /**
   * Turns whatever is thrown into one problem for the page.
   * @param {() => Promise<void>} work
   */
  async #guard(work) {
    try {
      await work();
    } catch (error) {
      if (this.#downloads.signal.aborted) return;
      this.training = false;
      this.#session = null;
      this.#post({ type: "problem", id: this.#id, ...asProblem(error) });
    }
  }
}
