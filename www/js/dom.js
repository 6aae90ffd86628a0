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
 * A button that has the focus keeps it: it is said to be disabled, and does nothing.
 * @param {HTMLButtonElement | HTMLInputElement | HTMLSelectElement} control
 * @param {boolean} enabled
 */
export function enable(control, enabled) {
  const focused = !enabled && !control.disabled && control === document.activeElement;
  const keeps = focused && control instanceof HTMLButtonElement;
  const said = keeps ? "true" : null;
  if (control.ariaDisabled !== said) control.ariaDisabled = said;
  const disabled = !enabled && !keeps;
  if (control.disabled !== disabled) control.disabled = disabled;
}

/**
 * @param {string} label
 * @param {() => void} action
 * @param {string} [kind]
 */
export function button(label, action, kind = "button") {
  const element = el("button", { type: "button", class: kind }, label);
  element.addEventListener("click", () => {
    if (element.ariaDisabled !== "true") action();
  });
  return element;
}

/**
 * What may be wider than the page is scrolled by key too.
 * @param {string} kind
 * @param {string} label
 * @param {(Node | string)[]} children
 */
export function scroller(kind, label, ...children) {
  return el("div", { class: kind, tabindex: 0, role: "group", "aria-label": label }, ...children);
}

const CONTROLS = "a, button, input, select, textarea";
const OFF = ":disabled, [aria-disabled=true]";

/** @param {Element} control */
const nameOf = (control) => control.getAttribute("aria-label") ?? control.textContent;

/**
 * The rows of a list that is drawn again and again. One of which nothing has changed stays where it is, with
 * the focus and a press that are on it. Where one is made anew that had the focus, the control of the same
 * name gets it, or else what scrolls around the list.
 * @param {HTMLElement} list
 * @returns {(rows: { key: string, make: () => HTMLElement }[]) => void} a row's key is all that it says
 */
export function keptRows(list) {
  /** @type {Map<string, HTMLElement>} */
  let kept = new Map();
  return (rows) => {
    const { activeElement: active } = document;
    const name = active !== null && list.contains(active) ? nameOf(active) : null;
    const now = new Map(rows.map(({ key, make }) => [key, kept.get(key) ?? make()]));
    for (const [key, row] of kept) if (!now.has(key)) row.remove();
    [...now.values()].forEach((row, at) => {
      const there = list.children[at] ?? null;
      if (there !== row) list.insertBefore(row, there);
    });
    kept = now;
    if (name === null || list.contains(document.activeElement)) return;
    /** @type {NodeListOf<HTMLElement>} */
    const controls = list.querySelectorAll(CONTROLS);
    const same = [...controls].find((one) => nameOf(one) === name && !one.matches(OFF));
    const around = /** @type {HTMLElement | null} */ (list.closest("[tabindex]"));
    (same ?? around)?.focus({ preventScroll: true });
  };
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
