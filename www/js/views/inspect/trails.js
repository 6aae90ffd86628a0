// Where every module has been in the information plane: (trails, answer) -> trails.

/** @typedef {import("../../protocol.js").Information} Information */
/** @typedef {import("../../store.js").Run} Run */

/** @typedef {{ input: number, label: number }} Place Bits. */
/**
 * `counts` are the steps of each stage when the last place was taken.
 * @typedef {{ run: number, counts: number[], modules: Place[][] }} Trails
 */

/** A longer trail loses every second place. */
const LONGEST = 400;
/** Bits that a module must have moved to leave a trail: estimates of one state differ by less. */
const MOVED = 1e-3;

/** @type {Readonly<Trails>} */
export const NO_TRAILS = { run: -1, counts: [], modules: [] };

/**
 * Forgets what no longer leads to where the modules are: all of another run, and the modules of a
 * stage that was taken back to its beginning.
 * @param {Trails} trails
 * @param {Run} run
 * @returns {Trails}
 */
export function kept(trails, run) {
  const counts = run.stages.map(({ count }) => count);
  if (trails.run !== run.id) return { run: run.id, counts, modules: [] };
  let { modules } = trails;
  run.stages.forEach(({ summary, count }, stage) => {
    if (count >= (trails.counts[stage] ?? 0)) return;
    const first = summary.modules[0] ?? 0;
    modules = modules.map((trail, module) => (module >= first ? [] : trail));
  });
  return { ...trails, counts, modules };
}

/**
 * @param {Trails} trails
 * @param {Information} information
 * @returns {Trails}
 */
export function extended(trails, information) {
  const modules = information.modules.map((place, module) => {
    const trail = trails.modules[module] ?? [];
    const last = trail.at(-1);
    const moved =
      last === undefined || Math.hypot(last.input - place.input, last.label - place.label) > MOVED;
    if (!moved) return [...trail.slice(0, -1), place];
    const thinned = trail.length < LONGEST ? trail : trail.filter((_, i) => i % 2 === 0);
    return [...thinned, place];
  });
  return { ...trails, modules };
}

/** Steps are compared as they are shown, to a hundredth of a bit. */
const PER_BIT = 100;

/**
 * The data-processing staircase: what each step knows of Y, and whether it is at most what the step
 * before it knew.
 * @param {Information} information
 * @returns {{ module: number | "labels", bits: number, holds: boolean }[]}
 */
export function staircase({ labels, modules }) {
  const steps = [
    { module: /** @type {const} */ ("labels"), bits: labels },
    ...modules.map(({ label }, module) => ({ module, bits: label })),
  ];
  const shown = steps.map(({ bits }) => Math.round(bits * PER_BIT));
  return steps.map((step, i) => ({
    ...step,
    holds: i === 0 || (shown[i] ?? 0) <= (shown[i - 1] ?? 0),
  }));
}
