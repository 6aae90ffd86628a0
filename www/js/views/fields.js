// Labelled form fields that are written only when they differ, so that nobody's typing or choosing
// is disturbed by a redraw.

import { el, setText } from "../dom.js";

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
 * A number, told to `changed` as it is typed: a whole one, or, with a step of "any", any.
 * @param {string} label
 * @param {{ min: number, max: number, step?: "any" }} limits
 * @param {string | null} hint
 * @param {(text: string) => boolean} changed says whether it could be read
 */
export function numberField(label, { min, max, step }, hint, changed) {
  const id = newId();
  const inputmode = step === undefined ? "numeric" : "decimal";
  const input = el("input", { id, type: "number", inputmode, step: step ?? 1, min, max });
  const note = el("small", { class: "hint", id: `${id}-hint` });
  setText(note, hint ?? "");
  if (hint !== null) input.setAttribute("aria-describedby", note.id);
  input.addEventListener("input", () => {
    const valid = changed(input.value);
    input.setAttribute("aria-invalid", String(!valid));
  });
  return {
    root: el(
      "div",
      { class: "field" },
      el("label", { for: id }, label),
      input,
      ...(hint ? [note] : []),
    ),
    input,
    /** @param {string} value */
    set(value) {
      // Half-typed text stays until it can be read or the field is left.
      if (document.activeElement !== input && input.value !== value) input.value = value;
    },
  };
}
