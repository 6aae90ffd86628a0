// What the page asks of a run or of files, answered in the worker between two slices of training.

/** @typedef {import("./protocol.js").AskCommand} AskCommand */
/** @typedef {import("./protocol.js").Embedding} Embedding */
/** @typedef {import("./protocol.js").EmbeddingProgress} EmbeddingProgress */
/** @typedef {import("./protocol.js").Files} Files */
/** @typedef {import("./protocol.js").Inspection} Inspection */
/** @typedef {import("./protocol.js").OwnFiles} OwnFiles */
/** @typedef {import("./protocol.js").Problem} Problem */
/** @typedef {import("./protocol.js").Projection} Projection */
/** @typedef {import("./protocol.js").Questions} Questions */
/** @typedef {import("./protocol.js").Session} Session */
/** @typedef {import("./protocol.js").Split} Split */
/** @typedef {import("./protocol.js").Trainer} Trainer */

/** @type {readonly (keyof Inspection)[]} */
const INSPECTION = [
  "fingerprints",
  "information",
  "outputs",
  "predictions",
  "samples",
  "activations",
  "classify",
  "weights",
  "safetensors",
  "dataset",
];

/** Iterations of t-SNE between two looks at the clock. */
const ITERATIONS = 1;

export class Answers {
  #trainer;
  /** @type {Embedding | null} */
  #embedding = null;

  /** @param {() => Promise<Trainer>} trainer the CPU bundle: embeddings and files need no device */
  constructor(trainer) {
    this.#trainer = trainer;
  }

  /**
   * @param {AskCommand} command
   * @param {Session | null} session of the present run
   * @returns {Promise<unknown>}
   */
  async answer({ method, args }, session) {
    const inspects = INSPECTION.find((name) => name === method);
    if (inspects !== undefined) {
      const question = /** @type {(...args: unknown[]) => unknown} */ (running(session)[inspects]);
      return question.apply(session, args);
    }
    switch (method) {
      case "preview": {
        const [files, data] = /** @type {Parameters<Questions["preview"]>} */ (args);
        return (await this.#trainer()).preview(await readAll(files), data);
      }
      case "embedding.open":
        return this.#open(
          running(session),
          .../** @type {Parameters<Questions["embedding.open"]>} */ (args),
        );
      case "embedding.step":
        return this.#step(.../** @type {Parameters<Questions["embedding.step"]>} */ (args));
      default:
        throw refusal("page/unknown-question", method);
    }
  }

  /**
   * @param {Session} session
   * @param {number} module
   * @param {Split} split
   * @param {number} most
   * @param {number} seed
   * @param {number} perplexity
   * @returns {Promise<Projection>}
   */
  async #open(session, module, split, most, seed, perplexity) {
    const { Embedding } = await this.#trainer();
    const { samples, labels, columns, values } = await session.outputs(module, split, most);
    this.#embedding?.free();
    this.#embedding = null;
    this.#embedding = new Embedding(values, columns, seed, perplexity);
    return { samples, labels, positions: this.#embedding.pca() };
  }

  /**
   * @param {number} milliseconds
   * @returns {EmbeddingProgress}
   */
  #step(milliseconds) {
    const embedding = this.#embedding;
    if (embedding === null) throw refusal("page/no-embedding", "embedding.open comes first");
    const began = performance.now();
    do embedding.step(ITERATIONS);
    while (!embedding.done && performance.now() - began < milliseconds);
    const { iteration, done } = embedding;
    return { positions: embedding.positions(), iteration, done };
  }
}

/**
 * The visitor's files as bytes.
 * @param {OwnFiles} files
 * @returns {Promise<Files>}
 * @throws {Problem} where one was moved, changed or locked since it was chosen
 */
export async function readAll(files) {
  const read = Object.entries(files).map(async ([name, blob]) => {
    try {
      return /** @type {const} */ ([name, new Uint8Array(await blob.arrayBuffer())]);
    } catch (error) {
      const unreadable = refusal("page/file-unreadable", String(error));
      throw { ...unreadable, place: name, recovery: "choose-another-file" };
    }
  });
  return Object.fromEntries(await Promise.all(read));
}

/**
 * The buffers in an answer, which need not be copied: the core has copied them out of its memory.
 * @param {unknown} value
 * @returns {ArrayBuffer[]}
 */
export function buffers(value) {
  /** @type {Set<ArrayBuffer>} */
  const found = new Set();
  const look = (/** @type {unknown} */ part) => {
    if (ArrayBuffer.isView(part)) {
      if (part.buffer instanceof ArrayBuffer) found.add(part.buffer);
    } else if (typeof part === "object" && part !== null) {
      Object.values(part).forEach(look);
    }
  };
  look(value);
  return [...found];
}

/** @param {Session | null} session */
function running(session) {
  if (session === null) throw refusal("page/no-run", "");
  return session;
}

/**
 * @param {string} code
 * @param {string} message
 * @returns {Problem}
 */
function refusal(code, message) {
  return { code, message, recovery: "report" };
}
