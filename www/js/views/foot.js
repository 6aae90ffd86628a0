// The foot of the page: the paper, light or dark, and the keys.

import { el } from "../dom.js";
import { FOOT, PAGE } from "../strings.js";
import { areKeysOn, setKeys } from "../shortcuts.js";
import { PAPER } from "../take/citation.js";
import { THEMES, setTheme, theme } from "../theme.js";
import { choiceField } from "./fields.js";

/** @typedef {import("../shortcuts.js").Shortcut} Shortcut */
/** @typedef {import("../theme.js").Theme} Theme */

/**
 * @param {Shortcut[]} shortcuts
 * @param {HTMLElement} app how the page can be kept
 */
export function footView(shortcuts, app) {
  const appearance = choiceField(FOOT.appearance, "theme", (value) => {
    setTheme(THEMES.find((name) => name === value) ?? "system");
  });
  appearance.fill(THEMES.map((name) => ({ value: name, label: FOOT.themes[name] })));
  appearance.set(theme());

  const toggle = el("input", { type: "checkbox" });
  toggle.checked = areKeysOn();
  toggle.addEventListener("change", () => setKeys(toggle.checked));
  const summary = el("summary", {}, FOOT.keys);
  const keys = el(
    "details",
    { class: "keys" },
    summary,
    el("p", {}, el("label", {}, toggle, " ", FOOT.keysOn)),
    el(
      "dl",
      {},
      ...shortcuts.flatMap(({ key, listed = key, words }) =>
        listed === null ? [] : [el("dt", {}, el("kbd", {}, listed)), el("dd", {}, words)],
      ),
    ),
  );
  const [before, after] = PAGE.paper;
  const root = el(
    "footer",
    {},
    el("p", {}, before, el("a", { href: PAPER.url, rel: "noopener" }, el("cite", {}, PAPER.title)), after),
    app,
    el("div", { class: "foot-settings" }, appearance.root, keys),
  );
  return {
    root,
    showKeys() {
      keys.open = !keys.open;
      if (keys.open) summary.focus();
    },
  };
}
