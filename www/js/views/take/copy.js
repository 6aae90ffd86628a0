// Text to take along: shown as it is, with a button that copies it.

import { button, el, setText } from "../../dom.js";
import { TAKE } from "../../strings/take.js";

const SAID_MS = 2000;

/**
 * @param {string} label
 * @param {() => string} text
 * @param {string} [words] on the button
 */
export function copyButton(label, text, words = TAKE.copy) {
  const said = el("span", { class: "said", "aria-live": "polite" });
  const copy = button(words, async () => {
    try {
      await navigator.clipboard.writeText(text());
      setText(said, TAKE.copied);
    } catch (error) {
      setText(said, TAKE.failed(String(error)));
    }
    setTimeout(() => setText(said, ""), SAID_MS);
  });
  copy.setAttribute("aria-label", `${TAKE.copy}: ${label}`);
  return el("span", { class: "copy" }, copy, said);
}

/**
 * @param {string} label
 * @param {Node[]} beside stand beside the button
 */
export function codeBlock(label, ...beside) {
  const code = el("code");
  const root = el(
    "div",
    { class: "code" },
    el("pre", { tabindex: 0, role: "group", "aria-label": label }, code),
    el(
      "div",
      { class: "buttons" },
      copyButton(label, () => code.textContent ?? ""),
      ...beside,
    ),
  );
  return {
    root,
    /** @param {string} text */
    set: (text) => setText(code, text),
  };
}
