// Light or dark: as the system says, or as the visitor has chosen here.

/** @typedef {"system" | "light" | "dark"} Theme */

export const THEMES = /** @type {const} */ (["system", "light", "dark"]);
const KEY = "mole-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const changes = new EventTarget();

system.addEventListener("change", () => changes.dispatchEvent(new Event("change")));

/** @returns {Theme} */
export function theme() {
  return THEMES.find((name) => name === document.documentElement.dataset["theme"]) ?? "system";
}

/** @param {Theme} chosen */
export function setTheme(chosen) {
  apply(chosen);
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Without storage the choice holds for this visit.
  }
  changes.dispatchEvent(new Event("change"));
}

/**
 * For what is painted and so does not follow the style sheet by itself.
 * @param {() => void} listener
 * @param {AbortSignal} signal ends the listening
 */
export function onTheme(listener, signal) {
  changes.addEventListener("change", listener, { signal });
}

/** Takes up the choice of an earlier visit. */
export function recallTheme() {
  try {
    const kept = localStorage.getItem(KEY);
    apply(THEMES.find((name) => name === kept) ?? "system");
  } catch {
    // Refused storage holds no choice.
  }
}

/** @param {Theme} chosen */
function apply(chosen) {
  const { dataset } = document.documentElement;
  if (chosen === "system") delete dataset["theme"];
  else dataset["theme"] = chosen;
}
