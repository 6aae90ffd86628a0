// What the page keeps of earlier visits: finished runs and the table's measurements. Storage that
// is full or refused costs the next visit its memory, nothing else.

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
  store.listen((state) => {
    if (state.results === results && state.table1 === table1) return;
    ({ results, table1 } = state);
    try {
      localStorage.setItem(KEY, JSON.stringify({ results, table1 }));
    } catch {
      // Nothing that is on the page depends on it.
    }
  });
}
