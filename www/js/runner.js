// Obeys the page's commands with the wasm module: opens devices, starts runs, trains.

import { Answers, buffers, readAll } from "./answers.js";
import { fetchFiles, forgetFiles, keepFiles } from "./data.js";
import { Devices } from "./devices.js";
import { asProblem } from "./problem.js";
import { unknownPlan } from "./refusals.js";
import { Slices } from "./slices.js";

/** @typedef {import("./protocol.js").Command} Command */
/** @typedef {import("./protocol.js").Files} Files */
/** @typedef {import("./protocol.js").Modules} Modules */
/** @typedef {import("./protocol.js").RetrainCommand} RetrainCommand */
/** @typedef {import("./protocol.js").RunCommand} RunCommand */
/** @typedef {import("./protocol.js").Message} Message */
/** @typedef {import("./protocol.js").RunEvent} RunEvent */
/** @typedef {import("./protocol.js").Session} Session */
/** @typedef {import("./protocol.js").Activity} Activity */
/** @typedef {import("./protocol.js").DatasetInfo} DatasetInfo */
/**
 * A run's data: published files, which the browser may keep, or the visitor's own.
 * @typedef {import("./devices.js").Data & { title: string, published: DatasetInfo | null }} RunData
 */

/** The page takes a worker for dead that is silent for much longer. */
const ALIVE_MS = 1000;
/** How often a run is written down, beside the ends of its stages. */
const KEEP_MS = 5000;
const FIRST_MS = 1000;
/** Problems that lie with the files. */
const OF_DATA = /^(parse\/|data\/|page\/data-)/;

export class Runner {
  #post;
  #superseded;
  #devices;
  #answers;
  #slices = new Slices();
  /** @type {import("./protocol.js").Catalogue | null} */
  #catalogue = null;
  /** @type {Session | null} Of the present run, also when it has finished. */
  #session = null;
  #id = 0;
  #downloads = new AbortController();
  /** Whether the run only shows its stages. */
  #preview = false;
  /** Whether the run goes on by itself. */
  #training = false;
  /** Whether the run is written down from time to time, and when it was for the last time. */
  #keeps = false;
  #kept = 0;
  /** Whether the run has no more steps to do. */
  #over = false;
  /** Slices done so far: some of them, of an evaluation, have no events. */
  #done = 0;

  /**
   * @param {{
   *   post: (message: Message, owned?: Transferable[]) => void, superseded: () => boolean,
   *   modules: Promise<Modules>,
   * }} page `superseded` says whether a newer run is already waiting
   */
  constructor({ post, superseded, modules }) {
    this.#post = post;
    this.#superseded = superseded;
    this.#devices = new Devices({
      report: (activity) => this.#report(activity),
      modules,
      share: (bundle, module) => post({ type: "compiled", bundle, module }),
    });
    // Also while a device is waited for; not while wasm computes for too long.
    setInterval(() => this.#training && post({ type: "alive", done: this.#done }), ALIVE_MS);
    this.#answers = new Answers(() => this.#devices.trainer("cpu"));
  }

  /** Brings up the CPU bundle, with which the page is usable. */
  async load() {
    // Not as other work: a run that waits already has let go of what came before it.
    try {
      this.#catalogue = (await this.#devices.trainer("cpu")).catalogue();
      this.#post({ type: "ready", catalogue: this.#catalogue });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param {Command} command */
  async obey(command) {
    switch (command.type) {
      case "run":
        if (!this.#superseded()) await this.#guard(() => this.#run(command));
        break;
      case "retrain":
        await this.#reply(command.ticket, () => this.#retrain(command));
        // What is kept is still of the run that is gone. Not before the page knows what this one is.
        await this.#guard(() => this.#keep());
        break;
      case "ask":
        await this.#reply(command.ticket, () => this.#answers.answer(command, this.#session));
        break;
      case "set-rate":
        await this.#reply(command.ticket, () => this.#setRate(command.rate));
        break;
      case "checkpoint":
        await this.#guard(() => this.#keep());
        break;
      case "pause":
        this.#training = false;
        if (this.#session !== null && !this.#over) this.#post({ type: "paused", id: this.#id });
        break;
      case "resume":
        this.#goOn(command.extent);
        break;
      case "step":
        this.#training = false;
        await this.#guard(() => this.#step());
        break;
      case "finish":
        this.#training = false;
        await this.#guard(async () => {
          if (this.#session === null || this.#over) return;
          // It may take long, in one piece: held until then, it is not missed.
          this.#post({ type: "paused", id: this.#id });
          this.#report({ kind: "evaluating" });
          this.#pass(await this.#session.finish());
          await this.#keep();
        });
        break;
      case "pace":
        this.#slices.pace = command.pace;
        break;
      case "refetch":
        await forgetFiles(this.#dataset(command.dataset));
        break;
    }
  }

  /** Milliseconds until the run's next slice is due; for ever where it does not go on by itself. */
  rest() {
    return this.#training ? this.#slices.rest() : Infinity;
  }

  /** One slice of a running run. */
  async advance() {
    await this.#guard(async () => {
      if (this.#session === null) return;
      const { events, stop, error } = await this.#slices.next(this.#session);
      this.#done += 1;
      this.#pass(events);
      if (error !== undefined) throw error;
      const due = performance.now() - this.#kept >= KEEP_MS;
      const ends = events.some(({ type }) => type === "stage-finished" || type === "finished");
      if (due || ends) await this.#keep();
      if (stop && !this.#over) {
        this.#training = false;
        this.#post({ type: "paused", id: this.#id });
      }
    });
  }

  /** Stops the download of a run that nobody waits for any more. */
  abandonDownload() {
    this.#downloads.abort();
  }

  /** @param {RunCommand} command */
  async #run({ id, request, device, mode, files, checkpoint }) {
    // The trainer did not come, which has been said.
    if (this.#catalogue === null) return;
    this.#downloads = new AbortController();
    const data = this.#data(request, files ?? {});
    // The page offers what the catalogue has; what it kept may be of another version.
    if (data === null) {
      const { plan } = request;
      const problem = unknownPlan(typeof plan === "string" ? plan : plan.name);
      return this.#post({ type: "problem", id, problem, fatal: false });
    }
    const before = this.#id;
    this.#id = id;
    this.#training = false;
    try {
      // A preview shows the stages before anything is chosen: no reason to wake the GPU.
      const choice = mode === "preview" ? "cpu" : device;
      const { session, report } =
        checkpoint === undefined
          ? await this.#devices.choose(choice, request, data)
          : await this.#devices.again(choice);
      if (mode !== "preview") this.#post({ type: "device", id, report });
      const events = await this.#start(session, request, data, checkpoint);
      this.#session = session;
      this.#over = mode === "finished";
      this.#preview = mode === "preview";
      this.#keeps = !this.#preview;
      this.#pass(events);
      // The first copy comes soon: until then there is nothing to go on from.
      this.#kept = performance.now() - KEEP_MS + FIRST_MS;
    } catch (error) {
      // Where data were refused, a kept copy must not be what the next try reads.
      const refused = OF_DATA.test(asProblem(error).problem.code);
      if (data.published !== null && data.fetched() && refused) await forgetFiles(data.published);
      return this.#refuse(error, before);
    }
    if (data.published !== null && data.fetched()) {
      await keepFiles(data.published, await data.files());
    }
    this.#goOn(mode === "run" ? "run" : "pause");
  }

  /**
   * Says why a run does not begin. The one before it stands where it stood, and can go on.
   * @param {unknown} error
   * @param {number} before the id of that one
   */
  async #refuse(error, before) {
    const { problem, fatal } = asProblem(error);
    // Of a preview nothing is asked any more.
    if (fatal || this.#preview) this.#session = null;
    const abandoned = this.#downloads.signal.aborted;
    if (!abandoned) this.#post({ type: "problem", id: this.#id, problem, fatal });
    this.#id = before;
    // The page has let go of its copies of the run that was to be replaced.
    if (!abandoned) await this.#keep();
  }

  /**
   * What a run reads; `null` where its plan or its data set is not in the catalogue.
   * @param {import("./protocol.js").RunRequest} request
   * @param {import("./protocol.js").OwnFiles} own
   * @returns {RunData & { fetched: () => boolean } | null}
   */
  #data(request, own) {
    const { plan } = request;
    const name =
      typeof plan === "string"
        ? this.#catalogue?.plans.find((known) => known.name === plan)?.dataset
        : plan.dataset;
    if (name === undefined) return null;
    const datasets = this.#catalogue?.datasets ?? [];
    const published =
      request.data === undefined ? datasets.find((known) => known.name === name) : null;
    if (published === undefined) return null;
    /** @type {Promise<Files> | undefined} */
    let files;
    return {
      // Own files are read each time: the same name may stand for other bytes.
      name: published === null ? null : name,
      title: published?.title ?? name,
      published,
      files: () => (files ??= published === null ? readAll(own) : this.#fetch(published)),
      fetched: () => files !== undefined,
    };
  }

  /**
   * @param {Session} session
   * @param {import("./protocol.js").RunRequest} request
   * @param {RunData} data
   * @param {Uint8Array} [checkpoint]
   */
  async #start(session, request, data, checkpoint) {
    const files = await this.#devices.missingFiles(session, data);
    this.#report({ kind: "preparing", dataset: data.title });
    this.#devices.setLoaded(session, null);
    const events = await (checkpoint === undefined
      ? session.start(request, files)
      : session.resume(request, files, checkpoint));
    this.#devices.setLoaded(session, data.name);
    return events;
  }

  /** @param {RetrainCommand} command */
  async #retrain({ stage, plan, extent }) {
    if (this.#session === null) throw noRun();
    const events = await this.#session.retrain(stage, plan);
    this.#over = false;
    this.#pass(events);
    this.#goOn(extent);
  }

  /** @param {number} rate */
  async #setRate(rate) {
    if (this.#session === null) throw noRun();
    this.#pass(await this.#session.setRate(rate));
    this.#goOn(this.#slices.single ? "stage" : "run");
  }

  /** Gives the page a copy of the run to keep. What cannot be kept is said once; the run goes on. */
  async #keep() {
    if (!this.#keeps || this.#session === null) return;
    try {
      const bytes = await this.#session.checkpoint();
      this.#post({ type: "checkpoint", id: this.#id, bytes }, [bytes.buffer]);
    } catch (error) {
      const { problem } = asProblem(error);
      if (!problem.code.startsWith("checkpoint/")) throw error;
      this.#keeps = false;
      this.#post({ type: "unkept", id: this.#id, problem });
    }
    this.#kept = performance.now();
  }

  /** @param {import("./protocol.js").Extent} extent */
  #goOn(extent) {
    if (this.#session === null || this.#over) return;
    this.#training = extent !== "pause";
    this.#slices.single = extent === "stage";
    this.#post({ type: this.#training ? "training" : "paused", id: this.#id });
  }

  /** At least one update, which may take some caching first. */
  async #step() {
    while (this.#session !== null && !this.#over) {
      const events = await this.#session.advance(0);
      this.#pass(events);
      if (events.some(({ type }) => type === "step")) break;
    }
    if (this.#session !== null && !this.#over) this.#post({ type: "paused", id: this.#id });
  }

  /** @param {RunEvent[]} events */
  #pass(events) {
    if (events.length === 0) return;
    this.#slices.read(events);
    this.#post({ type: "events", id: this.#id, events });
    if (events.at(-1)?.type === "finished") {
      this.#training = false;
      this.#over = true;
    }
  }

  /** @param {DatasetInfo} dataset */
  #fetch(dataset) {
    return fetchFiles(
      dataset,
      (progress) => this.#report({ kind: "downloading", dataset: dataset.title, ...progress }),
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
   * Answers under a ticket. What is refused leaves the run as it was, unless the instance died.
   * @param {number} ticket
   * @param {() => Promise<unknown>} work
   */
  async #reply(ticket, work) {
    try {
      const value = await work();
      this.#post({ type: "answer", ticket, value }, buffers(value));
    } catch (error) {
      const { problem, fatal } = asProblem(error);
      this.#post({ type: "refused", ticket, problem });
      if (fatal) this.#fail(error);
    }
  }

  /**
   * Turns whatever is thrown into one problem for the page.
   * @param {() => Promise<void>} work
   */
  async #guard(work) {
    try {
      await work();
    } catch (error) {
      if (!this.#downloads.signal.aborted) this.#fail(error);
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#training = false;
    const { problem, fatal } = asProblem(error);
    // Where numbers went wrong the run stands at its last good weights, and can go on from them.
    if (problem.recovery !== "lower-the-learning-rate") this.#session = null;
    this.#post({ type: "problem", id: this.#id, problem, fatal });
  }
}

/** @returns {import("./protocol.js").Problem} */
function noRun() {
  return { code: "page/no-run", message: "", recovery: "restart" };
}
