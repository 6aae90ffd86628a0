// What the views of this folder share: the trainer's ear, the data set, and what is selected in all
// of them at once.

import { selected } from "./counts.js";

/** @typedef {import("../../protocol.js").Ask} Ask */
/** @typedef {import("../../protocol.js").Dataset} Dataset */
/** @typedef {import("../../protocol.js").Predictions} Predictions */
/** @typedef {import("../../protocol.js").Sample} Sample */
/** @typedef {import("../../protocol.js").Split} Split */
/** @typedef {import("../../store.js").State} State */

/**
 * `ids` are samples taken with the lasso, `cell` one of the confusion matrix, `focus` the sample
 * that is looked at.
 * @typedef {{
 *   split: Split, wrong: boolean, ids: Set<number> | null,
 *   cell: { label: number, predicted: number } | null, focus: number | null,
 * }} Selection
 */

/** @type {Readonly<Selection>} */
const NOTHING = { split: "test", wrong: false, ids: null, cell: null, focus: null };
/** As many as an embedding shows: what is taken there must be known here. */
const MOST_PREDICTIONS = 2000;
/** Samples kept, so that one that was seen is seen again at once. */
const MOST_SAMPLES = 2000;

export class Context {
  ask;
  /** @type {Dataset | null} */
  dataset = null;
  /** @type {Readonly<Selection>} */
  selection = NOTHING;
  #changed;
  #run = -1;
  /** @type {Map<number, Sample>} */
  #samples = new Map();
  /** @type {{ key: string, answer: Promise<Predictions> } | null} */
  #predictions = null;
  /** The newest that have come. @type {Predictions | null} */
  #known = null;

  /**
   * @param {Ask} ask
   * @param {() => void} changed is told when the data set or the selection is another
   */
  constructor(ask, changed) {
    this.ask = ask;
    this.#changed = changed;
  }

  /** @param {Partial<Selection>} patch */
  select(patch) {
    this.selection = { ...this.selection, ...patch };
    this.#changed();
  }

  /** Another split has other samples: what was selected of them is not. @param {Split} split */
  selectSplit(split) {
    this.#known = null;
    this.select({ ...NOTHING, wrong: this.selection.wrong, split });
  }

  /** Looks which data set is there. @param {State} state */
  async follow(state) {
    const id = state.run?.id ?? -1;
    if (id === this.#run || version(state) === null) return;
    this.#run = id;
    const dataset = await this.ask("dataset").catch(() => null);
    if (this.#run !== id) return;
    this.#samples.clear();
    this.#predictions = null;
    this.#known = null;
    this.dataset = dataset;
    const same = dataset !== null && dataset[this.selection.split] > 0;
    this.select({ ...NOTHING, split: same ? this.selection.split : "test" });
  }

  /**
   * What the network says of a split, asked once however many views show it.
   * @param {string} now the state of the network, see `version`
   */
  async predictions(now) {
    const { split } = this.selection;
    const key = `${split} ${now}`;
    if (this.#predictions?.key !== key) {
      const answer = this.ask("predictions", split, MOST_PREDICTIONS);
      this.#predictions = { key, answer };
    }
    const asked = this.#predictions;
    const found = await asked.answer;
    if (asked === this.#predictions) this.#known = found;
    return found;
  }

  /** The samples in the lasso and in the cell that is chosen; `null` where all are. */
  chosen() {
    const { ids, cell } = this.selection;
    const known = this.#known;
    if (cell === null || known === null) return ids;
    return new Set(selected(known, { wrong: false, ids, cell }).map((i) => known.samples[i] ?? -1));
  }

  /**
   * Samples as people see them, in the order asked for.
   * @param {number[]} ids
   */
  async samples(ids) {
    const missing = ids.filter((id) => !this.#samples.has(id));
    if (missing.length > 0) {
      const run = this.#run;
      const found = await this.ask("samples", Uint32Array.from(missing));
      if (run !== this.#run) return [];
      if (this.#samples.size > MOST_SAMPLES) this.#forget(ids);
      for (const sample of found) this.#samples.set(sample.id, sample);
    }
    return ids.flatMap((id) => this.#samples.get(id) ?? []);
  }

  /** All samples but some. @param {number[]} ids */
  #forget(ids) {
    const kept = new Set(ids);
    for (const id of this.#samples.keys()) if (!kept.has(id)) this.#samples.delete(id);
  }
}

/**
 * Names the state of the weights that decide what a module gives: a module's output depends on
 * those before it and its own. `null` where there is no network to ask.
 * @param {State} state
 * @param {number} [module] the last if left out; -1 is the input, which never changes
 * @returns {string | null}
 */
export function version({ run, phase }, module = Infinity) {
  if (run === null || run.stages.length === 0) return null;
  if (phase === "starting" || phase === "failed") return null;
  const stages = run.stages.filter(({ summary }) => (summary.modules[0] ?? 0) <= module);
  return [run.id, run.rewinds, ...stages.map(({ state, count }) => `${state} ${count}`)].join();
}

/** Whether a question takes time from training. @param {State} state */
export const trains = ({ phase }) => phase === "training";

/**
 * @typedef {{ index: number, name: string, role: string }} ModuleFacts `role` is empty where no
 * stage trains the module, `whole network` where one trains all.
 */

/**
 * The network's modules, as far as the stages tell: the last module is in every last stage.
 * @param {State} state
 * @returns {ModuleFacts[]}
 */
export function modulesOf({ run }) {
  /** @type {ModuleFacts[]} */
  const modules = [];
  for (const { summary } of run?.stages ?? []) {
    const names = summary.name.split(" → ");
    summary.modules.forEach((index, i) => {
      modules[index] = { index, name: names[i] ?? "", role: summary.role };
    });
  }
  return Array.from(modules, (module, index) => module ?? { index, name: "", role: "" });
}
