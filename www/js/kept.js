// What the page keeps of earlier visits: finished runs and the table's measurements. Storage that
// is full or refused costs the next visit its memory, nothing else.

import { RESULTS_KEPT } from "./runs.js";
import { withMeasurement } from "./table1.js";

/** @typedef {import("./runs.js").Result} Result */
/** @typedef {import("./table1.js").Measurement} Measurement */

/** Another version's memory is not read. */
const KEY = "mole-kept-1";

/** @typedef {{ results: Result[], table1: Measurement[] }} Kept */

/** @returns {Kept} */
export function recall() {
  try {
    const { results, table1 } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return {
      results: Array.isArray(results) ? results : [],
      table1: Array.isArray(table1) ? table1 : [],
    };
  } catch {
    return { results: [], table1: [] };
  }
}

/** @param {import("./store.js").Store} store */
export function keep(store) {
  let { results, table1 } = store.state;
  let written = new Set(results.map(({ when }) => when));
  store.listen((state) => {
    if (state.results === results && state.table1 === table1) return;
    ({ results, table1 } = state);
    const both = merged({ results, table1 }, recall(), written);
    try {
      localStorage.setItem(KEY, JSON.stringify(both));
      written = new Set(both.results.map(({ when }) => when));
    } catch {
      // Nothing that is on the page depends on it.
    }
  });
}

/**
 * What this tab has with what others have kept since: a run that this one has seen stored is gone
 * where either has removed it. Runs are known by when they ended, since every tab counts for itself.
 * @param {Kept} own
 * @param {Kept} stored
 * @param {Set<number>} written ends of the runs that this tab has seen stored
 * @returns {Kept}
 */
export function merged(own, stored, written) {
  const there = new Set(stored.results.map(({ when }) => when));
  const mine = own.results.filter(({ when }) => !written.has(when) || there.has(when));
  const known = new Set([...own.results.map(({ when }) => when), ...written]);
  const others = stored.results.filter(({ when }) => !known.has(when));
  let number = Math.max(0, ...mine.map((one) => one.number));
  const taken = new Set(mine.map((one) => one.number));
  const counted = others.map((one) => (taken.has(one.number) ? { ...one, number: (number += 1) } : one));
  const table1 = [...stored.table1, ...own.table1].sort((a, b) => a.when - b.when);
  return {
    results: [...mine, ...counted].sort((a, b) => b.when - a.when).slice(0, RESULTS_KEPT),
    table1: table1.reduce(withMeasurement, /** @type {Measurement[]} */ ([])),
  };
}
