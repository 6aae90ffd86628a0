// Labelled form fields that are written only when they differ, so that nobody's typing or choosing
// is disturbed by a redraw.

import { withinBounds } from "../bounds.js";
import { el } from "../dom.js";
import { boundsWords } from "../strings.js";

/** @typedef {import("../bounds.js").Bounds} Bounds */
/** @typedef {{ value: string, label: string }} Option */

let made = 0;
const newId = () => `field-${(made += 1)}`;

/**
 * @param {string} label
 * @param {(value: string) => void} changed
 */
export function selectField(label, changed) {
  const id = newId();
  const input = el("select", { id });
  let filled = "";
  input.addEventListener("change", () => changed(input.value));
  return {
    root: el("div", { class: "field" }, el("label", { for: id }, label), input),
    input,
    get value() {
      return input.value;
    },
    /** @param {string} value */
    set(value) {
      if (input.value !== value) input.value = value;
    },
    /** @param {{ label?: string, options: Option[] }[]} groups without a label: not a group */
    fill(groups) {
      const key = JSON.stringify(groups);
      if (key === filled) return;
      filled = key;
      const option = (/** @type {Option} */ { value, label }) => el("option", { value }, label);
      input.replaceChildren(
        ...groups.flatMap(({ label, options }) => {
          if (label === undefined) return options.map(option);
          return options.length > 0 ? el("optgroup", { label }, ...options.map(option)) : [];
        }),
      );
    },
  };
}

/**
 * A row of radio buttons.
 * @param {string} label
 * @param {string} name
 * @param {(value: string) => void} changed
 */
export function choiceField(label, name, changed) {
  const row = el("div", { class: "choices" });
  /** @type {HTMLInputElement[]} */
  let inputs = [];
  let filled = "";
  return {
    root: el("fieldset", { class: "field" }, el("legend", {}, label), row),
    get value() {
      return inputs.find(({ checked }) => checked)?.value ?? "";
    },
    /** @param {string} value */
    set(value) {
      for (const input of inputs) {
        const checked = input.value === value;
        if (input.checked !== checked) input.checked = checked;
      }
    },
    /** @param {Option[]} options */
    fill(options) {
      const key = JSON.stringify(options);
      if (key === filled) return;
      filled = key;
      inputs = options.map(({ value }) => el("input", { type: "radio", name, value }));
      for (const input of inputs) input.addEventListener("change", () => changed(input.value));
      row.replaceChildren(
        ...options.map(({ label: text }, index) =>
          el(
            "label",
            { class: "choice" },
            /** @type {Node} */ (inputs[index]),
            el("span", {}, text),
          ),
        ),
      );
    },
  };
}

/**
 * A number, told to `changed` as it is typed, while it keeps to its bounds. These are shown where
 * something else stands in the field, and in the editor always.
 * @param {string} label
 * @param {Bounds} bounds
 * @param {(value: number) => void} changed
 * @param {() => void} [emptied] where the field may be left empty
 */
export function numberField(label, bounds, changed, emptied) {
  const id = newId();
  const { min, max, above = false, whole = false } = bounds;
  const input = el("input", {
    id,
    type: "number",
    inputmode: whole ? "numeric" : "decimal",
    // Whole numbers are stepped through one by one, whatever they count from.
    step: whole ? 1 : "any",
    min: min !== null && !above && min,
    max: max !== null && max,
    "aria-describedby": `${id}-bounds`,
  });
  const note = el("small", { class: "bounds", id: `${id}-bounds` }, boundsWords(bounds));
  input.addEventListener("input", () => {
    const value = withinBounds(input.value, bounds);
    const left = input.value.trim() === "" && !input.validity.badInput && emptied !== undefined;
    input.setAttribute("aria-invalid", String(value === null && !left));
    if (value !== null) changed(value);
    else if (left) emptied();
  });
  return {
    root: el("div", { class: "field" }, el("label", { for: id }, label), input, note),
    input,
    /** @param {string} value */
    set(value) {
      // Half-typed text stays until it can be read or the field is left.
      if (document.activeElement === input || input.value === value) return;
      input.value = value;
      input.removeAttribute("aria-invalid");
    },
  };
}

/**
 * A yes or no.
 * @param {string} label
 * @param {(value: boolean) => void} changed
 */
export function checkField(label, changed) {
  const input = el("input", { type: "checkbox" });
  input.addEventListener("change", () => changed(input.checked));
  return {
    root: el("div", { class: "field" }, el("label", { class: "check" }, input, label)),
    /** @param {boolean} value */
    set(value) {
      if (input.checked !== value) input.checked = value;
    },
  };
}
