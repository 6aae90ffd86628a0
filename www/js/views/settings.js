// An estimator's own settings as fields: every number, yes or no, and choice of words in it, wherever
// it stands. What each may be is the core's to say.

import { boundsOf } from "../bounds.js";
import { el } from "../dom.js";
import { capital } from "../strings.js";
import { checkField, numberField, selectField } from "./fields.js";
import { withTip } from "./tip.js";

/** @typedef {import("../protocol.js").Estimator} Estimator */
/** @typedef {import("../protocol.js").FieldInfo} FieldInfo */
/** @typedef {(string | number)[]} Path */
/** @typedef {{ root: HTMLElement, show: (value: unknown) => void }} Setting */

/** @param {(path: Path, value: unknown) => void} change */
export function settingsFields(change) {
  const root = el("div", { class: "fields" });
  /** @type {{ path: Path, setting: Setting }[]} */
  let settings = [];
  let built = "";

  /**
   * @param {Path} path
   * @param {unknown} value
   * @param {FieldInfo[]} infos
   * @returns {Setting | null} `null` where the form has nothing for it
   */
  function settingOf(path, value, infos) {
    const name = path.findLast((key) => typeof key === "string");
    const at = path.at(-1);
    const info = infos.find((known) => known.path === `estimator.${name}`);
    // Of several in a list each has its number.
    const label = `${capital(info?.label ?? String(name))}${typeof at === "number" ? ` ${at + 1}` : ""}`;
    const setting = ofKind(value, info, label, (changed) => change(path, changed));
    if (setting !== null && info !== undefined) withTip(setting, label, info.description);
    return setting;
  }

  /**
   * @param {Estimator} estimator
   * @param {FieldInfo[]} infos
   */
  function render(estimator, infos) {
    const paths = leaves(estimator);
    const key = JSON.stringify([estimator.kind, paths]);
    if (key !== built) {
      built = key;
      settings = paths.flatMap((path) => {
        const setting = settingOf(path, valueAt(estimator, path), infos);
        return setting === null ? [] : [{ path, setting }];
      });
      root.replaceChildren(...settings.map(({ setting }) => setting.root));
    }
    for (const { path, setting } of settings) setting.show(valueAt(estimator, path));
  }
  return { root, render };
}

/**
 * @param {unknown} value
 * @param {FieldInfo | undefined} info
 * @param {string} label
 * @param {(value: unknown) => void} set
 * @returns {Setting | null}
 */
function ofKind(value, info, label, set) {
  if (typeof value === "number") {
    const field = numberField(label, boundsOf(info ? [info] : [], info?.path ?? ""), set);
    return { root: field.root, show: (value) => field.set(String(value)) };
  }
  if (typeof value === "boolean") {
    const field = checkField(label, set);
    return { root: field.root, show: (value) => field.set(value === true) };
  }
  if (typeof value === "string" && info !== undefined && info.choices.length > 0) {
    const field = selectField(label, set);
    field.fill([{ options: info.choices }]);
    return { root: field.root, show: (value) => field.set(String(value)) };
  }
  return null;
}

/**
 * Where the single values of an estimator stand.
 * @param {unknown} value
 * @param {Path} path
 * @returns {Path[]}
 */
export function leaves(value, path = []) {
  if (value === null) return [];
  if (typeof value !== "object") return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/**
 * @template T
 * @param {T} value
 * @param {Path} path
 * @param {unknown} leaf
 * @returns {T} a copy with the leaf there
 */
export function replaced(value, path, leaf) {
  const copy = structuredClone(value);
  const [last = "", ...before] = path.toReversed();
  /** @type {any} */ (valueAt(copy, before.toReversed()))[last] = leaf;
  return copy;
}

/**
 * @param {unknown} value
 * @param {Path} path
 * @returns {unknown}
 */
function valueAt(value, path) {
  return path.reduce((/** @type {any} */ inner, key) => inner?.[key], value);
}
