// The page's end of the worker: starts it, passes messages, replaces it when it has died.

/** @typedef {import("./protocol.js").Command} Command */
/** @typedef {import("./protocol.js").Message} Message */

// Where the browser demands trusted script addresses, this page has one, and it is fixed.
const trusted = /** @type {{ trustedTypes?: TrustedTypes }} */ (
  /** @type {unknown} */ (globalThis)
).trustedTypes?.createPolicy("mole", { createScriptURL: (url) => url });

/**
 * The part of Trusted Types that is used here; the DOM library has no types for it.
 * @typedef {{
 *   createPolicy(name: string, rules: { createScriptURL: (url: string) => string }):
 *     { createScriptURL(url: string): string },
 * }} TrustedTypes
 */

function startWorker() {
  const { href } = new URL("./worker.js", import.meta.url);
  return new Worker(trusted?.createScriptURL(href) ?? href, { type: "module" });
}

export class Client {
  #receive;
  /** @type {Worker | null} */
  #worker = null;

  /** @param {(message: Message) => void} receive */
  constructor(receive) {
    this.#receive = receive;
    this.restart();
  }

  /** @param {Command} command */
  send(command) {
    if (this.#worker === null) this.restart();
    this.#worker?.postMessage(command);
  }

  /** A fresh worker: a wasm instance that has failed cannot be mended. */
  restart() {
    this.#worker?.terminate();
    const worker = startWorker();
    this.#worker = worker;
    worker.addEventListener("message", (/** @type {MessageEvent<Message>} */ { data }) => {
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

  /** @param {Worker} worker */
  #bury(worker) {
    worker.terminate();
    if (this.#worker === worker) this.#worker = null;
  }
}
