// The page's end of the worker: starts it, passes messages, replaces it when it has died.

import { scriptUrl } from "./trusted.js";

/** @typedef {import("./protocol.js").Ask} Ask */
/** @typedef {import("./protocol.js").AskCommand} AskCommand */
/** @typedef {import("./protocol.js").Command} Command */
/** @typedef {import("./protocol.js").Message} Message */
/** @typedef {import("./protocol.js").News} News */
/** @typedef {import("./protocol.js").Problem} Problem */
/** @typedef {import("./protocol.js").RetrainCommand} RetrainCommand */
/** @typedef {{ resolve: (value: any) => void, reject: (problem: Problem) => void }} Asker */

function startWorker() {
  return new Worker(scriptUrl("./worker.js"), { type: "module" });
}

export class Client {
  #receive;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Map<number, Asker>} */
  #waiting = new Map();
  #lastTicket = 0;

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

  /** A fresh worker: a wasm instance that has failed cannot be mended. */
  restart() {
    if (this.#worker !== null) this.#bury(this.#worker);
    const worker = startWorker();
    this.#worker = worker;
    worker.addEventListener("message", (/** @type {MessageEvent<Message>} */ { data }) => {
      if (data.type === "answer") return this.#asker(data.ticket)?.resolve(data.value);
      if (data.type === "refused") return this.#asker(data.ticket)?.reject(data.problem);
      if (data.type === "problem" && data.fatal) this.#bury(worker);
      this.#receive(data);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
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
   * @param {AskCommand | RetrainCommand} command
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
