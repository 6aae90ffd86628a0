// The page's end of the worker: starts it, passes messages, replaces it when it has died.

import { workerUrl } from "./trusted.js";

/** @typedef {import("./protocol.js").Ask} Ask */
/** @typedef {import("./protocol.js").AskCommand} AskCommand */
/** @typedef {import("./protocol.js").Command} Command */
/** @typedef {import("./protocol.js").Message} Message */
/** @typedef {import("./protocol.js").News} News */
/** @typedef {import("./protocol.js").Problem} Problem */
/** @typedef {import("./protocol.js").RateCommand} RateCommand */
/** @typedef {import("./protocol.js").RetrainCommand} RetrainCommand */
/** @typedef {{ resolve: (value: any) => void, reject: (problem: Problem) => void }} Asker */

/** The name is the lock that the worker holds as long as it lives. @param {string} name */
function startWorker(name) {
  return new Worker(workerUrl, { type: "module", name });
}

export class Client {
  #receive;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Map<number, Asker>} */
  #waiting = new Map();
  #lastTicket = 0;
  /** Outlive the workers. @type {import("./protocol.js").Modules} */
  #modules = {};

  /** @param {(news: News) => void} receive */
  constructor(receive) {
    this.#receive = receive;
    this.restart();
  }

  /** @param {Command} command */
  send(command) {
    if (this.#worker === null) this.restart();
    this.#worker?.postMessage(command);
  }

  /** @type {Ask} */
  ask = (method, ...args) => this.#request({ type: "ask", ticket: 0, method, args });

  /**
   * Takes the present run back to before a stage, and on from there.
   * @param {Pick<RetrainCommand, "stage" | "plan" | "extent">} how
   * @returns {Promise<void>} rejected with a `Problem`: the run is then as it was
   */
  retrain(how) {
    return this.#request({ type: "retrain", ticket: 0, ...how });
  }

  /**
   * Goes on at another rate with the stage whose numbers went wrong.
   * @param {number} rate
   * @returns {Promise<void>}
   */
  setRate(rate) {
    return this.#request({ type: "set-rate", ticket: 0, rate });
  }

  /**
   * Ends a worker that does not answer, as if it had failed of itself.
   * @param {string} code
   */
  replace(code) {
    if (this.#worker !== null) this.#bury(this.#worker);
    const problem = { code, message: "", recovery: /** @type {const} */ ("restart") };
    this.#receive({ type: "problem", id: 0, problem, fatal: true });
  }

  /** A fresh worker: a wasm instance that has failed cannot be mended. */
  restart() {
    if (this.#worker !== null) this.#bury(this.#worker);
    const name = `mole-${crypto.randomUUID()}`;
    const worker = startWorker(name);
    this.#worker = worker;
    this.#watch(worker, name);
    this.send({ type: "begin", modules: this.#modules });
    // One that is gone may have said more: none of it is of the run that goes on without it.
    const isGone = () => this.#worker !== worker;
    worker.addEventListener("message", (/** @type {MessageEvent<Message>} */ { data }) => {
      if (isGone()) return;
      if (data.type === "compiled") return void (this.#modules[data.bundle] = data.module);
      if (data.type === "answer") return this.#asker(data.ticket)?.resolve(data.value);
      if (data.type === "refused") return this.#asker(data.ticket)?.reject(data.problem);
      if (data.type === "problem" && data.fatal) this.#bury(worker);
      this.#receive(data);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (isGone()) return;
      this.#bury(worker);
      const code = event.message ? "page/trapped" : "page/worker-failed";
      const problem = /** @type {const} */ ({ recovery: "restart" });
      this.#receive({
        type: "problem",
        id: 0,
        problem: { code, message: event.message ?? "", ...problem },
        fatal: true,
      });
    });
  }

  /**
   * A worker that the browser ends says nothing; but it lets go of its lock.
   * @param {Worker} worker
   * @param {string} name
   */
  #watch(worker, name) {
    // Once it has spoken, it holds the lock.
    const watch = () => {
      worker.removeEventListener("message", watch);
      const released = navigator.locks?.request(name, () => {
        if (this.#worker === worker) this.replace("page/vanished");
      });
      // Refused, as where storage is blocked: then its silence tells.
      released?.catch(() => {});
    };
    worker.addEventListener("message", watch);
  }

  /**
   * @param {AskCommand | RetrainCommand | RateCommand} command
   * @returns {Promise<any>}
   */
  #request(command) {
    const ticket = (this.#lastTicket += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(ticket, { resolve, reject });
      this.send({ ...command, ticket });
    });
  }

  /** @param {number} ticket */
  #asker(ticket) {
    const asker = this.#waiting.get(ticket);
    this.#waiting.delete(ticket);
    return asker;
  }

  /** @param {Worker} worker */
  #bury(worker) {
    worker.terminate();
    if (this.#worker === worker) this.#worker = null;
    for (const { reject } of this.#waiting.values()) {
      reject({ code: "page/abandoned", message: "", recovery: "restart" });
    }
    this.#waiting.clear();
  }
}
