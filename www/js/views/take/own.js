// Data of the visitor's own: dropped or chosen, read in the worker, looked at, and trained on.

import { button, el, scroller, setText, show } from "../../dom.js";
import { foldersOf, gather, identity } from "../../own.js";
import { OWN } from "../../strings/take.js";
import { TIPS } from "../../strings/words.js";
import { PROBLEM } from "../../strings.js";
import { checkField, numberField, selectField } from "../fields.js";
import { problemParts } from "../problem.js";
import { withTip } from "../tip.js";

/** @typedef {import("../../protocol.js").OwnData} OwnData */
/** @typedef {import("../../protocol.js").OwnFiles} OwnFiles */
/** @typedef {import("../../protocol.js").OwnPreview} OwnPreview */
/** @typedef {import("../../protocol.js").Problem} Problem */
/** @typedef {import("../../store.js").Own} Own */
/** @typedef {import("../../store.js").State} State */

/** Percent of the samples. */
const TEST_SHARE = { min: 1, max: 90, whole: true };

/** @param {import("../../main.js").Page} page */
export function ownView({ ask, actions }) {
  /** What was read last, where it can be used. @type {Own | null} */
  let read = null;
  /** What there is to choose from in it. @type {(Pick<OwnPreview, "columns" | "rows" | "data"> & { files: OwnFiles }) | null} */
  let offered = null;
  /** The name of the data in use. @type {string | null} */
  let usedId = null;
  /** Counts attempts: only the last one is shown. */
  let attempt = 0;
  /** How the files are being read, while they are: what is changed meanwhile is changed of this. @type {OwnData | null} */
  let asked = null;

  const input = el("input", { type: "file", multiple: true, id: "own-files" });
  const drop = el("div", { class: "drop" }, el("label", { for: "own-files" }, OWN.drop), input);
  const formats = OWN.formats.map(([name = "", words = ""]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, words)),
  );
  const status = el("p", { class: "note", "aria-live": "polite" });
  const alert = el("div", { role: "alert" });
  const found = el("h3", {});
  const classes = el("dd");
  const leftOut = el("dd");
  const leftOutTerm = el("dt", {}, OWN.leftOutTerm);
  const label = selectField(OWN.label, (column) => {
    const without = withoutNow();
    change({ label: column, ...(without && { without: without.filter((name) => name !== column) }) });
  });
  const share = numberField(OWN.test, TEST_SHARE, (percent) => change({ test: percent / 100 }));
  // The columns' names change with it: the label is found anew.
  const header = checkField(OWN.header, (header) => change({ header, label: "", without: undefined }));
  withTip(label, OWN.label, TIPS.ownLabel);
  withTip(share, OWN.test, TIPS.ownTest);
  withTip(header, OWN.header, TIPS.ownHeader);
  const heads = el("tr");
  const body = el("tbody");
  const table = el("table", { "aria-label": OWN.first }, el("thead", {}, heads), body);
  /** By column of a table, in order. @type {Map<string, ReturnType<typeof columnHead>>} */
  let columns = new Map();
  const columnsHint = el("p", { class: "hint" }, OWN.columns);
  const inUse = el("p", { class: "note" }, OWN.inUse);
  const useIt = button(OWN.use, use, "primary");
  const facts = el("dl", {}, el("dt", {}, OWN.classesTerm), classes, leftOutTerm, leftOut);
  const preview = el(
    "section",
    { class: "own-preview", "aria-label": OWN.first },
    found,
    facts,
    el("div", { class: "fields" }, label.root, share.root, header.root),
    columnsHint,
    scroller("scroll", OWN.first, table),
    el("div", { class: "buttons" }, useIt),
    inUse,
  );
  const root = el(
    "section",
    { class: "own", "aria-labelledby": "own-heading" },
    el("h2", { id: "own-heading" }, OWN.heading),
    el("p", { class: "hint" }, OWN.lead),
    drop,
    el("details", {}, el("summary", {}, OWN.choose), el("dl", { class: "formats" }, ...formats)),
    status,
    alert,
    preview,
  );
  show(preview, false);

  // Or the same files, mended, would be no change.
  input.addEventListener("click", () => (input.value = ""));
  input.addEventListener("change", () => void take(() => gather([...(input.files ?? [])])));
  for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", type === "dragenter" || type === "dragover");
    });
  }
  drop.addEventListener("drop", ({ dataTransfer }) => {
    if (dataTransfer === null) return;
    // Both lists are gone as soon as this returns.
    const [files, folders] = [[...dataTransfer.files], foldersOf(dataTransfer)];
    void take(() => gather(files, folders));
  });

  /**
   * @param {() => OwnFiles} files
   * @param {OwnData} [data] how they are to be read; as they look, where it is left out
   */
  async function take(files, data) {
    attempt += 1;
    const mine = attempt;
    asked = data ?? null;
    // What other files were is not to be changed any more.
    if (data === undefined) [read, offered] = [null, null];
    useIt.disabled = true;
    show(preview, offered !== null);
    setText(status, OWN.reading);
    alert.replaceChildren();
    try {
      const gathered = files();
      const answer = await ask("preview", gathered, data);
      if (mine !== attempt) return;
      offered = { ...answer, files: gathered };
      const refused = "problem" in answer;
      read = refused ? null : { id: identity(gathered, answer.data), files: gathered, preview: answer };
      if (refused) tell(answer.problem);
    } catch (thrown) {
      if (mine !== attempt) return;
      // A setting that cannot be leaves what was read before it, to choose another.
      tell(/** @type {Problem} */ (thrown));
    }
    asked = null;
    setText(status, "");
    draw();
  }

  /** @param {Problem} problem */
  function tell(problem) {
    const another = button(PROBLEM.anotherFile, () => input.click(), "primary");
    alert.replaceChildren(el("div", { class: "problem" }, ...problemParts(problem), another));
  }

  /** The columns that are left out, where that was said or found. */
  function withoutNow() {
    const data = asked ?? offered?.data;
    return data?.format === "csv" ? data.without : undefined;
  }

  /** @param {string} column @param {boolean} used */
  function choose(column, used) {
    const others = (withoutNow() ?? []).filter((name) => name !== column);
    change({ without: used ? others : [...others, column] });
  }

  /** @param {{ label?: string, test?: number, header?: boolean, without?: string[] | undefined }} patch */
  function change(patch) {
    if (offered === null) return;
    const { files, data } = offered;
    void take(() => files, /** @type {OwnData} */ ({ ...(asked ?? data), ...patch }));
  }

  function draw() {
    show(preview, offered !== null);
    if (offered === null) return;
    const { columns: names, rows, data } = offered;
    const without = new Set(withoutNow());
    useIt.disabled = read === null;
    for (const part of [found, facts]) show(part, read !== null);
    if (read !== null) {
      const { gaps } = read.preview;
      setText(found, OWN.found(read.preview));
      setText(classes, OWN.classes(read.preview.classes));
      setText(leftOut, OWN.leftOut([...without], gaps));
      for (const part of [leftOut, leftOutTerm]) show(part, without.size > 0 || gaps > 0);
    }
    show(inUse, read !== null && read.id === usedId);
    show(columnsHint, data.format === "csv");
    show(label.root, data.format === "csv");
    show(header.root, data.format === "csv");
    show(share.root, "test" in data);
    if (data.format === "csv") {
      label.fill([{ options: names.map((name) => ({ value: name, label: name })) }]);
      label.set(data.label);
      header.set(data.header);
    }
    if ("test" in data) share.set(String(Math.round(data.test * 100)));
    // The same columns keep their heads, and a box that was ticked its focus.
    if (names.join("\n") !== [...columns.keys()].join("\n")) {
      columns = new Map(names.map((name) => [name, columnHead(name, (used) => choose(name, used))]));
      heads.replaceChildren(...[...columns.values()].map(({ root }) => root));
    }
    for (const [name, head] of columns) {
      head.set(!without.has(name), data.format === "csv" && name === data.label);
    }
    const out = names.map((name) => (without.has(name) ? { class: "left-out" } : {}));
    const cells = (/** @type {string[]} */ row) => row.map((cell, at) => el("td", out[at] ?? {}, cell));
    body.replaceChildren(...rows.map((row) => el("tr", {}, ...cells(row))));
  }

  function use() {
    if (read !== null) actions.useOwn(read);
  }

  /** @param {State} state */
  function render({ own }) {
    usedId = own?.id ?? null;
    show(inUse, read !== null && read.id === usedId);
  }
  return { root, render };
}

/**
 * A column's name, and whether it is learned from.
 * @param {string} name
 * @param {(used: boolean) => void} changed
 */
function columnHead(name, changed) {
  const input = el("input", { type: "checkbox", "aria-label": OWN.learnFrom(name) });
  input.addEventListener("change", () => changed(input.checked));
  const root = el("th", { scope: "col" }, el("label", { class: "check" }, input, name));
  return {
    root,
    /** @param {boolean} used @param {boolean} label whether it is the label, which is always used */
    set(used, label) {
      input.checked = used;
      input.disabled = label;
      root.classList.toggle("left-out", !used);
    },
  };
}
