// Which classes the network takes for which, live: a table whose cells choose samples.

import { button, el, setText, show } from "../../dom.js";
import { count, decimal } from "../../format.js";
import { INSPECT } from "../../strings/inspect.js";
import { trains, version } from "./context.js";
import { confusion } from "./counts.js";
import { panel, splitPicker } from "./panel.js";
import { Watch } from "./watch.js";

/** @typedef {import("../../protocol.js").Predictions} Predictions */
/** @typedef {import("../../store.js").State} State */
/** @typedef {import("./context.js").Context} Context */

/** With more classes than this the columns' names stand upright. */
const MANY = 5;
const ARROWS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
});

/** @param {Context} context */
export function confusionView(context) {
  const words = INSPECT.confusion;
  const { root, body, instead, refused } = panel("confusion", words);
  const splits = splitPicker(context);
  const caption = el("caption");
  const head = el("thead");
  const rows = el("tbody");
  const table = el("table", { class: "confusion", role: "grid" }, caption, head, rows);
  const all = button(words.all, () => context.select({ cell: null }), "quiet");
  /** @type {HTMLButtonElement[][]} */
  let cells = [];
  let laidOut = "";
  /** The samples in the lasso that were counted. @type {Set<number> | null} */
  let lasso = null;
  /** @type {State | null} */
  let shown = null;
  /** @type {Predictions | null} */
  let latest = null;
  body.append(
    el("div", { class: "tools" }, splits.root, all),
    el("div", { class: "scroll" }, table),
    el("p", { class: "hint" }, words.keys),
  );
  const watch = new Watch(root, ask, refused);

  // One tab stop for the whole table; the arrows walk in it.
  table.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    const focused = cells.flat().indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (step === undefined || focused < 0) return;
    event.preventDefault();
    const [row, column] = [Math.floor(focused / cells.length), focused % cells.length];
    const next = cells[row + step[0]]?.[column + step[1]];
    if (next !== undefined) reach(next).focus();
  });

  /** @param {HTMLButtonElement} cell */
  function reach(cell) {
    for (const other of cells.flat()) other.tabIndex = other === cell ? 0 : -1;
    return cell;
  }

  async function ask() {
    const key = shown && version(shown);
    if (key === null) return;
    latest = await context.predictions(key);
    fill();
  }

  /** @param {string[]} classes */
  function layOut(classes) {
    if (laidOut === classes.join("\n")) return;
    laidOut = classes.join("\n");
    table.classList.toggle("many", classes.length > MANY);
    const corner = el("td", { class: "corner" }, words.corner);
    const names = classes.map((name) => el("th", { scope: "col" }, el("span", {}, name)));
    head.replaceChildren(el("tr", {}, corner, ...names));
    cells = classes.map((_, label) =>
      classes.map((_, predicted) => {
        const cell = button("", () => choose(label, predicted), "cell");
        if (label === predicted) cell.classList.add("right");
        return cell;
      }),
    );
    rows.replaceChildren(
      ...cells.map((row, label) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, classes[label] ?? ""),
          ...row.map((cell) => el("td", { role: "gridcell" }, cell)),
        ),
      ),
    );
    const [first] = cells.flat();
    if (first !== undefined) reach(first);
  }

  /** @param {number} label @param {number} predicted */
  function choose(label, predicted) {
    const { cell } = context.selection;
    const same = cell?.label === label && cell.predicted === predicted;
    const button = cells[label]?.[predicted];
    if (button !== undefined) reach(button);
    context.select({ cell: same ? null : { label, predicted } });
  }

  function fill() {
    const classes = context.dataset?.classes ?? [];
    if (latest === null || classes.length === 0) return;
    layOut(classes);
    const { ids, split } = context.selection;
    lasso = ids;
    const counts = confusion(latest, classes.length, ids);
    let [right, all] = [0, 0];
    counts.forEach((row, label) => {
      const total = row.reduce((sum, n) => sum + n, 0);
      right += row[label] ?? 0;
      all += total;
      row.forEach((n, predicted) => {
        const cell = cells[label]?.[predicted];
        if (cell === undefined) return;
        const share = total > 0 ? n / total : 0;
        const percent = `${decimal(100 * share, 0)} %`;
        const text = `${count(n)}|${percent}`;
        if (cell.dataset["shown"] === text) return;
        cell.dataset["shown"] = text;
        cell.style.setProperty("--share", String(share));
        cell.classList.toggle("none", n === 0);
        const of = words.cell(classes[label] ?? "", classes[predicted] ?? "");
        const about = el("span", { class: "unseen" }, of);
        cell.replaceChildren(about, `${count(n)} `, el("small", {}, percent));
      });
    });
    setText(caption, words.caption(right, all, INSPECT.splits[split], ids !== null));
    press();
  }

  function press() {
    const { cell } = context.selection;
    show(all, cell !== null);
    cells.forEach((row, label) =>
      row.forEach((button, predicted) => {
        const pressed = String(cell?.label === label && cell.predicted === predicted);
        if (button.getAttribute("aria-pressed") !== pressed) {
          button.setAttribute("aria-pressed", pressed);
        }
      }),
    );
  }

  /** @param {State} state */
  function render(state) {
    const split = context.selection.split;
    shown = state;
    splits.render();
    const key = version(state);
    instead(key === null && latest === null ? INSPECT.nothing : "");
    if (context.selection.ids === lasso) press();
    else fill();
    watch.want(key && `${key} ${split}`, split !== asked || !trains(state));
    asked = split;
  }
  let asked = context.selection.split;
  return { root, render };
}
