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
  /** @type {Map<string, Setting | null>} by estimator and path; `null`: the form has nothing for it */
  let made = new Map();
  let built = "";

  /**
   * @param {Path} path
   * @param {unknown} value
   * @param {FieldInfo[]} infos
   */
  function settingOf(path, value, infos) {
    const at = path.at(-1);
    const info = infoOf(path, infos);
    // Of several in a list each has its number.
    const label = `${capital(info?.label ?? nameOf(path))}${typeof at === "number" ? ` ${at + 1}` : ""}`;
    const setting = ofKind(value, info, label, (changed) => change(path, changed));
    if (setting !== null && info !== undefined) withTip(setting, label, info.description);
    return setting;
  }

  /**
   * @param {Estimator} estimator
   * @param {FieldInfo[]} infos
   */
  function render(estimator, infos) {
    const places = new Map(
      leaves(estimator, infos).map((path) => [JSON.stringify([estimator.kind, path]), path]),
    );
    const key = [...places.keys()].join();
    if (key !== built) {
      built = key;
      const before = made;
      made = new Map(
        [...places].map(([name, path]) => [
          name,
          before.get(name) ?? settingOf(path, valueAt(estimator, path), infos),
        ]),
      );
      // What was chosen in one field may have brought others: it keeps the focus.
      const focused = document.activeElement;
      root.replaceChildren(...[...made.values()].flatMap((setting) => setting?.root ?? []));
      if (focused instanceof HTMLElement && root.contains(focused)) focused.focus();
    }
    for (const [name, path] of places) made.get(name)?.show(valueAt(estimator, path));
  }
  return { root, render };
}

/** @param {Path} path */
const nameOf = (path) => String(path.findLast((key) => typeof key === "string"));

/**
 * @param {Path} path
 * @param {FieldInfo[]} infos
 */
const infoOf = (path, infos) => infos.find((known) => known.path === `estimator.${nameOf(path)}`);

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
  if (info === undefined || info.choices.length === 0) return null;
  const { tag, choices } = info;
  const field = selectField(label, (word) => {
    const numbers = choices.find(({ value }) => value === word)?.numbers ?? [];
    set(tag === null ? word : { [tag]: word, ...Object.fromEntries(numbers) });
  });
  field.fill([{ options: choices }]);
  return {
    root: field.root,
    show: (value) => field.set(String(tag === null ? value : valueAt(value, [tag]))),
  };
}

/**
 * Where the single values of an estimator stand, and the objects that are chosen by a word.
 * @param {unknown} value
 * @param {FieldInfo[]} infos
 * @param {Path} path
 * @returns {Path[]}
 */
function leaves(value, infos, path = []) {
  if (value === null) return [];
  if (typeof value !== "object") return [path];
  const tag = path.length > 0 ? infoOf(path, infos)?.tag : null;
  const inner = Object.entries(value)
    .filter(([key]) => key !== tag)
    .flatMap(([key, inner]) => leaves(inner, infos, [...path, Array.isArray(value) ? Number(key) : key]));
  return tag ? [path, ...inner] : inner;
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
