// The samples themselves, with what the network says of each: all, the wrong ones, those of a cell
// of the confusion matrix, or those in the lasso.

import { button, el, scroller, setText, show } from "../../dom.js";
import { count } from "../../format.js";
import { markElement } from "../../plots/marks.js";
import { INSPECT, pictureWords } from "../../strings/inspect.js";
import { choiceField } from "../fields.js";
import { withTip } from "../tip.js";
import { activationsPart } from "./activations.js";
import { modulesOf, trains, version } from "./context.js";
import { selected } from "./counts.js";
import { sampleFigure } from "./figure.js";
import { panel, splitPicker } from "./panel.js";
import { Watch } from "./watch.js";

/** @typedef {import("../../protocol.js").Predictions} Predictions */
/** @typedef {import("../../protocol.js").Sample} Sample */
/** @typedef {import("../../store.js").State} State */
/** @typedef {import("./context.js").Context} Context */

/** Samples on one page, by what they are: drawings need more room and time than rows. */
const PAGE = { vectors: 20, grids: 24, nodes: 12, graphs: 12 };

/** @param {Context} context */
export function samplesView(context) {
  const words = INSPECT.samples;
  const { root, body, instead, refused } = panel("samples", words);
  const splits = splitPicker(context);
  const filter = choiceField(words.filter, "samples-filter", (value) => {
    context.select({ wrong: value === "wrong" });
  });
  filter.fill([
    { value: "all", label: words.all },
    { value: "wrong", label: words.wrong },
  ]);
  withTip(filter, words.filter, words.filterTip);
  const cell = button("", () => context.select({ cell: null }), "chip");
  const lasso = button("", () => context.select({ ids: null }), "chip");
  const total = el("p", { class: "readout", "aria-live": "polite" });
  const list = el("div", { class: "samples" });
  const before = button(words.previous, () => turn(-1));
  const after = button(words.next, () => turn(1));
  const where = el("span", { class: "readout" });
  const detail = el("div", { class: "detail" });
  const activations = activationsPart();
  body.append(
    el("div", { class: "tools" }, splits.root, filter.root),
    el("div", { class: "chips" }, cell, lasso, total),
    list,
    el("div", { class: "pager" }, before, where, after),
    detail,
    activations.root,
  );
  let page = 0;
  /** Counts what was asked for: only the last is listed. */
  let filling = 0;
  /** @type {Place[]} */
  let listed = [];
  /** @type {State | null} */
  let shown = null;
  /** @type {Predictions | null} */
  let latest = null;
  let asked = "";
  const watch = new Watch(root, ask, refused);

  async function ask() {
    const key = shown && version(shown);
    if (key === null || shown === null) return;
    latest = await context.predictions(key);
    await fill();
    const { focus } = context.selection;
    if (focus === null) return;
    const found = await context.ask("activations", focus);
    const classes = context.dataset?.classes ?? [];
    if (focus === context.selection.focus) activations.update(found, modulesOf(shown), classes);
  }

  async function fill() {
    const { dataset, selection } = context;
    if (latest === null || dataset === null) return;
    filling += 1;
    const mine = filling;
    const found = selected(latest, selection);
    const size = PAGE[dataset.kind];
    const pages = Math.max(1, Math.ceil(found.length / size));
    page = Math.min(page, pages - 1);
    setText(total, words.total(found.length, latest.samples.length));
    setText(where, words.page(page + 1, pages));
    before.disabled = page === 0;
    after.disabled = page === pages - 1;
    const part = found.slice(page * size, (page + 1) * size);
    const entries = part.map((i) => entry(/** @type {Predictions} */ (latest), i));
    const samples = await context.samples(entries.map(({ id }) => id));
    if (mine !== filling || samples.length !== entries.length) return;
    const focused = list.contains(document.activeElement);
    list.dataset["kind"] = dataset.kind;
    update(samples, entries);
    if (focused && !list.contains(document.activeElement)) list.querySelector("button")?.focus();
  }

  /**
   * What is listed already stays, and only its words change: a press on what is being replaced is lost,
   * and drawing a figure again would cost most.
   * @param {Sample[]} samples
   * @param {Entry[]} entries
   */
  function update(samples, entries) {
    const known = new Map(listed.map((place) => [place.sample, place]));
    const places = samples.map((sample, i) => {
      const told = /** @type {Entry} */ (entries[i]);
      const place = known.get(sample) ?? made(sample, told.label);
      const now = JSON.stringify([told, context.selection.focus === sample.id]);
      if (place.told !== now) tell(place, told);
      place.told = now;
      return place;
    });
    const same = places.length === listed.length && places.every((place, i) => place === listed[i]);
    listed = places;
    if (same) return;
    const items = places.map(({ item }) => item);
    list.replaceChildren(samples[0]?.kind === "vector" ? table(samples[0], items) : el("ul", {}, ...items));
  }

  /** @param {number} label */
  const className = (label) => context.dataset?.classes[label] ?? String(label);

  /**
   * @param {Sample} sample
   * @param {number} label
   * @returns {Place}
   */
  function made(sample, label) {
    const look = button("", () => focus(sample.id), "look");
    if (sample.kind === "vector") {
      const values = sample.values.map(({ value }) => el("td", {}, value));
      const item = el("tr", {}, el("th", { scope: "row" }, look), ...values);
      return { sample, item, look, told: "" };
    }
    const figure = sampleFigure(sample, pictureWords(sample, className(label)), height(sample));
    return { sample, item: el("li", {}, figure, look), look, told: "" };
  }

  /** @param {Place} place @param {Entry} told */
  function tell({ sample, item, look }, told) {
    const right = told.label === told.predicted;
    item.classList.toggle("wrong", !right);
    look.setAttribute("aria-pressed", String(context.selection.focus === sample.id));
    look.replaceChildren(
      el("span", { class: "truth" }, markElement(told.label), className(told.label)),
      el(
        "span",
        { class: "guess" },
        right ? words.right(told.confidence) : words.taken(className(told.predicted), told.confidence),
      ),
    );
    const note = words.note(sample);
    if (note !== "") look.append(el("small", {}, note));
  }

  /**
   * @param {Extract<Sample, { kind: "vector" }>} first
   * @param {HTMLElement[]} rows
   */
  function table(first, rows) {
    const heads = [...words.heads, ...first.values.map(({ name }) => name)];
    const head = el("tr", {}, ...heads.map((text) => el("th", { scope: "col" }, text)));
    const table = el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows));
    return scroller("scroll", words.heading, table);
  }

  /** @param {number} id */
  function focus(id) {
    const { focus } = context.selection;
    context.select({ focus: focus === id ? null : id });
  }

  /** @param {number} by */
  function turn(by) {
    page += by;
    void fill();
  }

  /** @param {State} state */
  function render(state) {
    shown = state;
    const { selection } = context;
    splits.render();
    filter.set(selection.wrong ? "wrong" : "all");
    show(cell, selection.cell !== null);
    show(lasso, selection.ids !== null);
    if (selection.cell !== null) {
      const { label, predicted } = selection.cell;
      setText(cell, words.cell(className(label), className(predicted)));
    }
    setText(lasso, words.lasso(selection.ids?.size ?? 0));
    // A number that changes by itself would be spoken on and on.
    total.ariaLive = trains(state) ? "off" : "polite";
    const key = version(state);
    instead(key === null && latest === null ? INSPECT.nothing : "");
    const { split, wrong, focus } = selection;
    const about = [
      split,
      wrong,
      focus,
      count(selection.ids?.size ?? -1),
      ...Object.values(selection.cell ?? {}),
    ];
    const chosen = about.join();
    if (chosen !== asked) page = 0;
    show(activations.root, focus !== null);
    setText(detail, focus === null ? "" : words.inside(focus));
    watch.want(key && `${key} ${chosen}`, chosen !== asked || !trains(state));
    asked = chosen;
  }
  return { root, render };
}

/** @typedef {{ id: number, label: number, predicted: number, confidence: number }} Entry */
/**
 * Where a sample is listed, and what was told of it last.
 * @typedef {{ sample: Sample, item: HTMLElement, look: HTMLButtonElement, told: string }} Place
 */

/**
 * @param {Predictions} predictions
 * @param {number} i
 * @returns {Entry}
 */
function entry({ samples, labels, predicted, confidence }, i) {
  return {
    id: samples[i] ?? 0,
    label: labels[i] ?? 0,
    predicted: predicted[i] ?? 0,
    confidence: Math.round(100 * (confidence[i] ?? 0)),
  };
}

/** @param {Sample} sample */
const height = ({ kind }) => (kind === "grid" ? 84 : 170);
