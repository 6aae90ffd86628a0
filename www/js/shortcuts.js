// Single keys for what is done often. They can be switched off, since speech input and slips of
// the hand type letters too, and they keep still while something is being typed.

/**
 * `listed` is how the list names the key, or one of several keys for all of them.
 * @typedef {{ key: string, listed?: string | null, words: string, run: () => void }} Shortcut
 */

import { canStep } from "./derived.js";
import { FOOT } from "./strings.js";
import { PACES } from "./views/runbar.js";

const STORED = "mole-shortcuts";

/** Whether keys are heard. */
let on = recall();

/**
 * @param {import("./main.js").Page} page
 * @param {() => void} help shows the list of keys
 * @returns {Shortcut[]}
 */
export function pageShortcuts({ actions, store }, help) {
  const words = FOOT.shortcuts;
  const phase = () => store.state.phase;
  const still = () => phase() !== "training" && phase() !== "starting";
  const pace = (/** @type {number} */ by) => {
    const present = JSON.stringify(store.state.pace);
    const index = PACES.findIndex((known) => JSON.stringify(known) === present) + by;
    const next = PACES[index];
    if (next !== undefined) actions.setPace(next);
  };
  const modules = [0, 1, 2, 3, 4, 5].map((module) => ({
    key: String(module + 1),
    listed: module === 0 ? "1 – 6" : null,
    words: words.edit,
    run: () => actions.openEditor(store.state.editing === module ? null : module),
  }));
  return [
    { key: "r", words: words.run, run: () => still() && actions.run() },
    { key: "p", words: words.pause, run: () => phase() === "training" && actions.pause() },
    { key: "s", words: words.step, run: () => canStep(store.state) && actions.step() },
    { key: "0", words: words.reset, run: () => phase() !== "idle" && actions.reset() },
    { key: "-", words: words.slower, run: () => pace(1) },
    { key: "+", words: words.faster, run: () => pace(-1) },
    ...modules,
    { key: "?", words: words.help, run: help },
  ];
}

/** @param {Shortcut[]} shortcuts */
export function listenForKeys(shortcuts) {
  document.addEventListener("keydown", (event) => {
    const { key, target, altKey, ctrlKey, metaKey, defaultPrevented } = event;
    if (!on || altKey || ctrlKey || metaKey || defaultPrevented) return;
    if (target instanceof Element && target.closest("input, select, textarea")) return;
    const shortcut = shortcuts.find((known) => known.key === key);
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.run();
  });
}

export const areKeysOn = () => on;

/** @param {boolean} wanted */
export function setKeys(wanted) {
  on = wanted;
  try {
    localStorage.setItem(STORED, on ? "on" : "off");
  } catch {
    // Without storage the choice holds for this visit.
  }
}

function recall() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}
