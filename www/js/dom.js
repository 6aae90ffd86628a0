// Elements built with text and properties only: no markup is ever parsed from a string.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean | number>} [attributes] `class`, `id`, `aria-label`, …;
 * `false` leaves one out
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/**
 * Writes only what has changed: an untouched live region stays silent.
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * @param {HTMLElement} element
 * @param {boolean} visible
 */
export function show(element, visible) {
  if (element.hidden === visible) element.hidden = !visible;
}

/**
 * @param {HTMLButtonElement | HTMLInputElement | HTMLSelectElement} control
 * @param {boolean} enabled
 */
export function enable(control, enabled) {
  if (control.disabled === enabled) control.disabled = !enabled;
}

/**
 * @param {string} label
 * @param {() => void} action
 * @param {string} [kind]
 */
export function button(label, action, kind = "button") {
  const element = el("button", { type: "button", class: kind }, label);
  element.addEventListener("click", action);
  return element;
}

/**
 * A progress bar that can be named and styled in every browser.
 * @param {string} label
 */
export function progressBar(label) {
  const bar = el("progress", { max: 1, value: 0, "aria-label": label });
  return {
    bar,
    /** @param {number} fraction */
    set(fraction) {
      if (bar.value !== fraction) bar.value = fraction;
    },
  };
}

/**
 * The same for drawings.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}
