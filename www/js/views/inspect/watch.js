// When a view asks the trainer: while it is seen, at most once a second, and for at most a fifth of
// the time that training has.

/** @typedef {import("../../protocol.js").Problem} Problem */

const GAP_MS = 1000;
/** So many times as long as the last answer took is left to training. */
const SHARE = 4;

export class Watch {
  #ask;
  #refused;
  #visible = false;
  #busy = false;
  #hurry = false;
  /** @type {string | null} */
  #wanted = null;
  /** @type {string | null} */
  #shown = null;
  #due = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Element} element what has to be in sight
   * @param {() => Promise<void>} ask asks and shows
   * @param {(problem: Problem | null) => void} refused is told of each answer that is a refusal,
   * and of the next that is none
   */
  constructor(element, ask, refused) {
    this.#ask = ask;
    this.#refused = refused;
    new IntersectionObserver((entries) => {
      this.#visible = entries.at(-1)?.isIntersecting === true;
      this.#plan();
    }).observe(element);
  }

  /**
   * @param {string | null} key names what should be shown: another name asks again. Nothing is
   * asked for `null`.
   * @param {boolean} now whether it need not wait its turn: a person waits, or nothing trains
   */
  want(key, now) {
    if (key === this.#wanted) return;
    this.#wanted = key;
    if (key === null) this.#shown = null;
    if (now) this.#hurry = true;
    this.#plan();
  }

  get visible() {
    return this.#visible;
  }

  #plan() {
    if (this.#busy || !this.#visible) return;
    if (this.#wanted === null || this.#wanted === this.#shown) return;
    clearTimeout(this.#timer);
    const wait = this.#hurry ? 0 : Math.max(0, this.#due - performance.now());
    this.#timer = setTimeout(() => void this.#run(), wait);
  }

  async #run() {
    if (this.#busy || !this.#visible || this.#wanted === null) return;
    this.#busy = true;
    this.#hurry = false;
    this.#shown = this.#wanted;
    const began = performance.now();
    try {
      await this.#ask();
      this.#refused(null);
    } catch (error) {
      this.#refused(asProblem(error));
    }
    const ended = performance.now();
    this.#due = ended + Math.max(GAP_MS, SHARE * (ended - began));
    this.#busy = false;
    this.#plan();
  }
}

/**
 * @param {unknown} error
 * @returns {Problem}
 */
function asProblem(error) {
  if (typeof error === "object" && error !== null && "code" in error) {
    return /** @type {Problem} */ (error);
  }
  throw error;
}
