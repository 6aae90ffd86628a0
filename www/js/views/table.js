// A plot's values as a table, for those who do not see the plot. Filled only while it is open.

import { el, scroller } from "../dom.js";

/** More rows than this say nothing more; the table then shows every second, third, … row. */
const ROWS = 60;
const REFRESH_MS = 1000;

/** @typedef {{ count: number, row: (index: number) => string[] }} Source */

export class ValueTable {
  #body = el("tbody");
  /** @type {Source} */
  #source = { count: 0, row: () => [] };
  #filled = -Infinity;

  /**
   * @param {string} summary what opens it
   * @param {string} label what it is called
   * @param {string[]} heads
   */
  constructor(summary, label, heads) {
    const head = el("tr", {}, ...heads.map((text) => el("th", { scope: "col" }, text)));
    const table = el("table", { "aria-label": label }, el("thead", {}, head), this.#body);
    this.root = el(
      "details",
      { class: "values" },
      el("summary", {}, summary),
      scroller("scroll", label, table),
    );
    this.root.addEventListener("toggle", () => this.#fill());
  }

  /**
   * @param {Source} source
   * @param {boolean} still whether no more rows are coming soon
   */
  update(source, still) {
    this.#source = source;
    if (still || performance.now() - this.#filled > REFRESH_MS) this.#fill();
  }

  #fill() {
    if (!this.root.open) return;
    this.#filled = performance.now();
    const { count, row } = this.#source;
    const stride = Math.max(1, Math.ceil(count / ROWS));
    const rows = [];
    for (let index = 0; index < count; index += stride) rows.push(row(index));
    if (count > 0 && (count - 1) % stride !== 0) rows.push(row(count - 1));
    this.#body.replaceChildren(
      ...rows.map((cells) => el("tr", {}, ...cells.map((text) => el("td", {}, text)))),
    );
  }
}
