// An estimator's own settings as fields: every number in it, wherever it stands.

import { el } from "../dom.js";
import { capital } from "../strings.js";
import { numberField } from "./fields.js";
import { withTip } from "./tip.js";

/** @typedef {import("../protocol.js").Estimator} Estimator */
/** @typedef {import("../protocol.js").FieldInfo} FieldInfo */
/** @typedef {(string | number)[]} Path */

const ANY = /** @type {const} */ ({ min: -1e9, max: 1e9, step: "any" });

/** @param {(estimator: Estimator) => void} change */
export function settingsFields(change) {
  const root = el("div", { class: "fields" });
  /** @type {{ path: Path, field: ReturnType<typeof numberField> }[]} */
  let fields = [];
  let built = "";
  /** @type {Estimator} */
  let present = { kind: "" };

  /**
   * @param {Estimator} estimator
   * @param {FieldInfo[]} infos
   */
  function render(estimator, infos) {
    present = estimator;
    const paths = numbers(estimator);
    const key = JSON.stringify([estimator.kind, paths]);
    if (key !== built) {
      built = key;
      fields = paths.map((path) => {
        const info = infoOf(infos, path);
        const limits = { ...ANY, min: info?.min ?? ANY.min, max: info?.max ?? ANY.max };
        const label = capital(info?.label ?? path.join(" ").replaceAll("_", " "));
        const field = numberField(label, limits, null, (text) => {
          const value = Number(text);
          const valid = text.trim() !== "" && Number.isFinite(value);
          if (valid) change(replaced(present, path, value));
          return valid;
        });
        if (info !== undefined) withTip(field, label, info.description);
        return { path, field };
      });
      root.replaceChildren(...fields.map(({ field }) => field.root));
    }
    for (const { path, field } of fields) field.set(String(at(estimator, path)));
  }
  return { root, render };
}

/**
 * Where the numbers stand.
 * @param {unknown} value
 * @param {Path} path
 * @returns {Path[]}
 */
export function numbers(value, path = []) {
  if (typeof value === "number") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    numbers(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/**
 * @template T
 * @param {T} value
 * @param {Path} path
 * @param {number} number
 * @returns {T} a copy with the number there
 */
export function replaced(value, path, number) {
  const copy = structuredClone(value);
  const [last = "", ...before] = path.toReversed();
  /** @type {any} */ (at(copy, before.toReversed()))[last] = number;
  return copy;
}

/**
 * @param {unknown} value
 * @param {Path} path
 * @returns {unknown}
 */
function at(value, path) {
  return path.reduce((/** @type {any} */ inner, key) => inner?.[key], value);
}

/**
 * @param {FieldInfo[]} infos
 * @param {Path} path
 */
function infoOf(infos, path) {
  const name = path.findLast((key) => typeof key === "string");
  return infos.find((info) => info.path === `estimator.${name}`);
}
