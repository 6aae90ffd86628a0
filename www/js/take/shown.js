// The run that is taken away: the one on the page, or, before there is one, the one that is chosen.

import { writeLink } from "../link.js";
import { edited, plans } from "../plan.js";

/** @typedef {import("./record.js").RunShown} RunShown */
/** @typedef {import("../store.js").State} State */
/**
 * @typedef {RunShown & {
 *   plan: import("../protocol.js").Plan | null, preset: import("../protocol.js").Plan | null,
 *   own: { names: string[], data: import("../protocol.js").OwnData } | null, changed: boolean,
 *   trained: boolean, files: boolean,
 * }} Shown `own`: the visitor's own files, where it is on those. `changed`: the plan is other than the preset.
 * `trained`: there are values. `files`: the data set is read from published files.
 */

/**
 * @param {State} state
 * @param {string} address of the page, without a query
 * @returns {Shown}
 */
export function shownRun(state, address) {
  const { run, device, catalogue } = state;
  const real = run !== null && run.mode !== "preview";
  const settings = real ? run.settings : state.settings;
  const own = real ? run.own : state.own;
  const info = plans({ catalogue, own }).find(({ name }) => name === settings.plan);
  const stages = run?.stages ?? [];
  const dataset = catalogue?.datasets.find(({ name }) => name === info?.dataset);
  const isOwn = info !== undefined && own?.preview.plans.includes(info) === true;
  return {
    settings,
    plan: info === undefined ? null : edited(info.plan, settings.edits),
    preset: isOwn ? null : (info?.plan ?? null),
    link: address + writeLink({ ...settings, run: true }),
    device: real ? (device?.device ?? null) : null,
    stages,
    samples: run?.samples ?? null,
    result: run?.result ?? null,
    own: isOwn ? { names: Object.keys(own.files), data: own.preview.data } : null,
    changed: Object.keys(settings.edits).length > 0,
    trained: stages.some(({ count }) => count > 0),
    files: (dataset?.files.length ?? 0) > 0,
  };
}
