// What every view of this folder is built from: a section with its words, its fields and a place
// for what could not be shown.

import { el, setText, show } from "../../dom.js";
import { INSPECT } from "../../strings/inspect.js";
import { problemLine } from "../../strings.js";
import { selectField } from "../fields.js";
import { withTip } from "../tip.js";

/** @typedef {import("../../protocol.js").Problem} Problem */
/** @typedef {import("../../protocol.js").Split} Split */
/** @typedef {import("../fields.js").Option} Option */
/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./context.js").ModuleFacts} ModuleFacts */

/**
 * @param {string} id
 * @param {{ heading: string, about: string }} words
 */
export function panel(id, { heading, about }) {
  const note = el("p", { class: "note", role: "note" });
  const body = el("div", { class: "inspect-body" });
  const root = el(
    "section",
    { class: `inspect inspect-${id}`, id: `view-${id}`, "aria-labelledby": `view-${id}-heading` },
    el("h2", { id: `view-${id}-heading` }, heading),
    el("p", { class: "about" }, about),
    note,
    body,
  );
  return {
    root,
    body,
    /** Words in place of the figures, or none. @param {string} words */
    instead(words) {
      setText(note, words);
      show(body, words === "");
    },
    /** Words beside the figures, which are then older. @param {Problem | null} problem */
    refused(problem) {
      setText(note, problem === null ? "" : INSPECT.refused(problemLine(problem)));
    },
  };
}

/**
 * A choice of one from a list that may change.
 * @param {string} label
 * @param {(value: string) => void} changed
 * @param {string} words of its tip
 */
export function picker(label, changed, words) {
  const field = selectField(label, changed);
  withTip(field, label, words);
  return {
    ...field,
    get value() {
      return field.value;
    },
    /** @param {Option[]} options @param {string} value the one that is chosen */
    offer(options, value) {
      field.fill([{ options }]);
      field.set(value);
    },
  };
}

/**
 * Offers numbers of samples, up to as many as there are.
 * @param {ReturnType<typeof picker>} field
 * @param {number[]} sizes ascending
 * @param {{ size: (samples: number) => string }} words
 * @param {number} total
 * @param {number} chosen of the sizes, also where it is not offered
 */
export function offerSizes(field, sizes, words, total, chosen) {
  const offered = sizes.filter((_, i) => (sizes[i - 1] ?? 0) < total);
  field.offer(
    offered.map((size) => ({ value: String(size), label: words.size(Math.min(size, total)) })),
    String(Math.min(chosen, offered.at(-1) ?? chosen)),
  );
}

/** The split that all views look at. @param {Context} context */
export function splitPicker(context) {
  const choose = (/** @type {string} */ value) => context.selectSplit(/** @type {Split} */ (value));
  const field = picker(INSPECT.split, choose, INSPECT.splitTip);
  return {
    root: field.root,
    render() {
      const { dataset, selection } = context;
      const splits = /** @type {const} */ (["train", "valid", "test"]);
      const options = splits
        .filter((split) => (dataset?.[split] ?? 0) > 0)
        .map((split) => ({ value: split, label: INSPECT.splits[split] }));
      field.offer(options, selection.split);
    },
  };
}

/**
 * @param {ModuleFacts[]} modules
 * @returns {Option[]}
 */
export function moduleOptions(modules) {
  return modules.map(({ index, name }) => ({
    value: String(index),
    label: INSPECT.module(index, name),
  }));
}

/**
 * A text that is read aloud once it has stood still for a moment.
 */
export function announcer() {
  const root = el("p", { class: "unseen", "aria-live": "polite" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return {
    root,
    /** @param {string} words */
    say(words) {
      clearTimeout(timer);
      timer = setTimeout(() => setText(root, words), 250);
    },
  };
}
