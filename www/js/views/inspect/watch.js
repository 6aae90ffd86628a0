// When views ask the trainer: while they are seen, one question at a time, each view at most once a
// second, and all together for at most a quarter of the time that training has.

import { asProblem } from "../../problem.js";

/** @typedef {import("../../protocol.js").Problem} Problem */

const GAP_MS = 1000;
/** So many times as long as the last answer took is left to training. */
const SHARE = 3;

/** Views that wait for an answer. @type {Set<Watch>} */
const waiting = new Set();
let busy = false;
/** When training has had its share since the last answer. */
let free = -Infinity;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Lets the next view ask, when its time has come. */
function plan() {
  clearTimeout(timer);
  if (busy) return;
  /** @type {Watch | null} */
  let next = null;
  for (const watch of waiting) {
    if (next === null || sooner(watch, next)) next = watch;
  }
  if (next === null) return;
  const chosen = next;
  const when = chosen.hurry ? 0 : Math.max(free, chosen.due);
  timer = setTimeout(() => void ask(chosen), Math.max(0, when - performance.now()));
}

/** @param {Watch} one @param {Watch} other */
const sooner = (one, other) => (one.hurry === other.hurry ? one.due < other.due : one.hurry);

/** @param {Watch} watch */
async function ask(watch) {
  busy = true;
  waiting.delete(watch);
  const began = performance.now();
  await watch.ask();
  const ended = performance.now();
  free = ended + SHARE * (ended - began);
  watch.due = ended + GAP_MS;
  busy = false;
  plan();
}

export class Watch {
  #ask;
  #refused;
  #visible = false;
  /** @type {string | null} */
  #wanted = null;
  /** @type {string | null} */
  #shown = null;
  /** Whether a person waits for the answer, or no training has to. */
  hurry = false;
  /** The time before which this view does not ask again, unless in a hurry. */
  due = -Infinity;

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
      this.#queue();
    }).observe(element);
  }

  get visible() {
    return this.#visible;
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
    if (now) this.hurry = true;
    this.#queue();
  }

  /** To be called when the view's turn has come. */
  async ask() {
    this.#shown = this.#wanted;
    this.hurry = false;
    try {
      await this.#ask();
      this.#refused(null);
    } catch (error) {
      this.#refused(asProblem(error).problem);
    }
    this.#queue();
  }

  #queue() {
    const due = this.#visible && this.#wanted !== null && this.#wanted !== this.#shown;
    if (due) waiting.add(this);
    else waiting.delete(this);
    plan();
  }
}
