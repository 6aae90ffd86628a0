// The sections under the network: one is shown at a time, chosen by tabs, and made when it is first
// shown.

import { el, setText, show } from "../dom.js";
import { SECTIONS } from "../strings.js";

/** @typedef {import("../store.js").State} State */
/** @typedef {{ root: HTMLElement, render: (state: State) => void }} View */
/** @typedef {keyof typeof SECTIONS.titles} SectionId */

/**
 * @param {{ id: SectionId, open: () => Promise<View[]> }[]} sections
 * @param {(id: SectionId) => void} choose
 */
export function sectionsView(sections, choose) {
  const tabs = sections.map(({ id }) => {
    const tab = el(
      "button",
      { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": id },
      SECTIONS.titles[id],
    );
    tab.addEventListener("click", () => choose(id));
    return tab;
  });
  const panels = sections.map(({ id, open }) => {
    const about = el("p", { class: "section-about" });
    setText(about, SECTIONS.about[id] ?? "");
    const root = el(
      "div",
      { role: "tabpanel", id, class: "panel", "aria-labelledby": `tab-${id}` },
      about,
    );
    /** @type {View[] | null} */
    let views = null;
    /** @type {"not" | "now" | "failed"} */
    let opening = "not";
    const failed = el("p", { class: "note", role: "alert" }, SECTIONS.failed);

    /**
     * @param {State} state
     * @param {boolean} opened whether it was hidden before
     */
    function render(state, opened) {
      if (views !== null) {
        for (const view of views) view.render(state);
      } else if (opening === "not" || (opening === "failed" && opened)) {
        opening = "now";
        failed.remove();
        open().then(made, () => {
          root.append(failed);
          opening = "failed";
        });
      }
    }

    /** @param {View[]} now */
    function made(now) {
      views = now;
      root.append(...now.map((view) => view.root));
      if (last !== null) render(last, false);
    }
    return { root, render };
  });
  /** @type {State | null} */
  let last = null;
  const list = el("div", { role: "tablist", class: "tabs", "aria-label": SECTIONS.label }, ...tabs);
  // One tab stop for all tabs; the arrows go between them and choose.
  list.addEventListener("keydown", (event) => {
    const at = tabs.findIndex((tab) => tab === document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const index = (to + tabs.length) % tabs.length;
    tabs[index]?.focus();
    tabs[index]?.click();
  });
  const root = el("div", { class: "sections" }, list, ...panels.map(({ root }) => root));

  /** @param {State} state */
  function render(state) {
    last = state;
    const known = sections.some(({ id }) => id === state.section);
    sections.forEach(({ id }, index) => {
      const chosen = known ? id === state.section : index === 0;
      const tab = tabs[index];
      const panel = panels[index];
      if (tab === undefined || panel === undefined) return;
      if (tab.getAttribute("aria-selected") !== String(chosen)) {
        tab.setAttribute("aria-selected", String(chosen));
        tab.tabIndex = chosen ? 0 : -1;
      }
      const opened = chosen && panel.root.hidden !== false;
      show(panel.root, chosen);
      // What is not shown is not drawn.
      if (chosen) panel.render(state, opened);
    });
  }
  return { root, render };
}

/**
 * @param {string} hash of an address: `#inspect`
 * @returns {SectionId}
 */
export function readSection(hash) {
  const id = hash.slice(1);
  return isSection(id) ? id : "watch";
}

/**
 * @param {string} id
 * @returns {id is SectionId}
 */
function isSection(id) {
  return Object.hasOwn(SECTIONS.titles, id);
}
