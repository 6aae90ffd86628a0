// A few words about a field behind a question mark: by pointer, by key, and by touch.

import { el } from "../dom.js";
import { TIPS } from "../strings/words.js";

/** Pixels between the mark and the words, and between the words and the window's edge. */
const GAP = 8;

let made = 0;

/**
 * @param {string} label of the field
 * @param {string} words
 */
export function tip(label, words) {
  const id = `tip-${(made += 1)}`;
  const text = el("span", { class: "tip-words", role: "tooltip", id, popover: "manual" }, words);
  const mark = el(
    "button",
    { type: "button", class: "tip", "aria-describedby": id },
    el("span", { class: "unseen" }, TIPS.about(label)),
    el("span", { "aria-hidden": true }, "?"),
  );
  const root = el("span", { class: "tip-root", id: `${id}-root` }, mark, text);
  const open = () => text.matches(":popover-open");

  /** Beside the mark, wherever that is scrolled to: a focus may bring it into sight. */
  function place() {
    // Closed, or gone with its field.
    if (!open()) return removeEventListener("scroll", place, { capture: true });
    const { left, bottom, top } = mark.getBoundingClientRect();
    const { width, height } = text.getBoundingClientRect();
    const fits = bottom + GAP + height <= innerHeight;
    text.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
    text.style.top = `${fits ? bottom + GAP : Math.max(GAP, top - GAP - height)}px`;
  }
  function show() {
    if (open()) return;
    text.showPopover();
    addEventListener("scroll", place, { capture: true, passive: true });
    place();
  }
  function hide() {
    if (open()) text.hidePopover();
  }
  // The words stay while the pointer is on them, so that they can be read enlarged.
  root.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show());
  root.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hide());
  mark.addEventListener("focus", show);
  mark.addEventListener("blur", hide);
  // A touch gives the focus first, where the browser gives it at all, and then clicks.
  mark.addEventListener("click", show);
  root.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  return root;
}

/**
 * Puts the mark behind a field's label.
 * @param {{ root: HTMLElement }} field
 * @param {string} label
 * @param {string} words
 */
export function withTip(field, label, words) {
  const line = field.root.querySelector("label, legend");
  const mark = tip(label, words);
  if (line?.tagName === "LEGEND") {
    // A legend names its group by all that stands in it: the name must not become the mark's too.
    const name = el("span", { id: `${mark.id}-name` }, ...line.childNodes);
    field.root.setAttribute("aria-labelledby", name.id);
    line.append(name, mark);
  } else {
    // Beside the label, not in it: a click on the mark must not reach the field.
    line?.after(mark);
  }
}
