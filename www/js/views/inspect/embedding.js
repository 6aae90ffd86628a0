// What a module makes of the samples, in two dimensions: principal components at once, t-SNE step
// by step before one's eyes.

import { button, el, setText, show } from "../../dom.js";
import { markElement } from "../../plots/marks.js";
import { Scatter } from "../../plots/scatter.js";
import { turnedAs } from "../../plots/geometry.js";
import { INSPECT, pictureWords, samplesWords } from "../../strings/inspect.js";
import { choiceField } from "../fields.js";
import { withTip } from "../tip.js";
import { modulesOf, trains, version } from "./context.js";
import { announcer, moduleOptions, offerSizes, panel, picker, splitPicker } from "./panel.js";
import { sampleFigure } from "./figure.js";
import { Watch } from "./watch.js";

/** @typedef {import("../../protocol.js").Problem} Problem */
/** @typedef {import("../../protocol.js").Projection} Projection */
/** @typedef {import("../../store.js").State} State */
/** @typedef {import("./context.js").Context} Context */

const SIZES = [250, 500, 1000, 2000];
/** Milliseconds of t-SNE in one answer, and between two while the network trains. */
const STEP_MS = 60;
const REST_MS = 400;

/** @param {Context} context */
export function embeddingView(context) {
  const words = INSPECT.embedding;
  const { root, body, instead, refused } = panel("embedding", words);
  let module = -2;
  let size = 500;
  let method = "pca";
  /** @type {Projection | null} */
  let projection = null;
  /** The state of the module when t-SNE began; later ones do not move it. */
  let pinned = "";
  let again = 0;
  let walk = 0;
  /** @type {State | null} */
  let shown = null;
  /** @type {Set<number>} */
  const hidden = new Set();

  const announce = announcer();
  const readout = el("p", { class: "readout" });
  const progress = el("p", { class: "readout" });
  const thumb = el("div", { class: "thumb", "aria-hidden": true });
  let looking = -1;
  const scatter = new Scatter(
    { label: words.plot, keys: words.keys },
    {
      looked: (index) => void look(index),
      chosen: (index) => context.select({ focus: projection?.samples[index] ?? null }),
      taken(indices) {
        const ids = indices?.flatMap((index) => projection?.samples[index] ?? []);
        context.select({ ids: ids ? new Set(ids) : null });
        announce.say(words.taken(ids?.length ?? 0));
      },
      spanned: (count) => announce.say(words.spanned(count)),
    },
  );
  scatter.root.append(thumb);

  const modules = picker(
    INSPECT.moduleLabel,
    (value) => {
      module = Number(value);
      redo();
    },
    words.moduleTip,
  );
  const splits = splitPicker(context);
  const sizes = picker(
    words.samples,
    (value) => {
      size = Number(value);
      redo();
    },
    words.samplesTip,
  );
  const methods = choiceField(words.method, "embedding-method", (value) => {
    method = value;
    redo();
  });
  methods.fill([
    { value: "pca", label: words.pca },
    { value: "tsne", label: words.tsne },
  ]);
  methods.set(method);
  withTip(methods, words.method, words.methodTip);
  const restart = button(words.restart, () => redo(), "quiet");
  const lasso = button(words.touch, () => {
    const on = lasso.getAttribute("aria-pressed") !== "true";
    lasso.setAttribute("aria-pressed", String(on));
    scatter.touch = on;
  });
  lasso.classList.add("touch-only");
  lasso.setAttribute("aria-pressed", "false");
  const key = el("div", { class: "key", role: "group", "aria-label": words.key });
  body.append(
    el("div", { class: "tools" }, modules.root, methods.root, splits.root, sizes.root),
    key,
    el("div", { class: "readouts" }, progress, readout, restart, lasso),
    scatter.root,
    announce.root,
    el("p", { class: "hint" }, words.hint),
  );
  const watch = new Watch(root, ask, refused);

  async function ask() {
    if (shown === null) return;
    const mine = (walk += 1);
    const [split, began] = [context.selection.split, version(shown, module)];
    const seed = shown.run?.settings.seed ?? 0;
    const opened = await context.ask("embedding.open", module, split, size, seed % 2 ** 32, 0);
    if (mine !== walk) return;
    const same = sameSamples(projection, opened);
    const before = projection?.positions;
    const positions = same && before ? turnedAs(before, opened.positions) : opened.positions;
    projection = { ...opened, positions };
    place(same);
    setText(progress, method === "pca" ? words.components : "");
    if (method === "tsne") {
      pinned = began ?? "";
      void stream(mine);
    }
  }

  /** Steps of t-SNE until it is done or something else is wanted. @param {number} mine */
  async function stream(mine) {
    try {
      for (;;) {
        const next = await context.ask("embedding.step", STEP_MS);
        if (mine !== walk || projection === null) return;
        projection = { ...projection, positions: next.positions };
        place(true);
        setText(progress, words.iteration(next.iteration, next.done));
        if (next.done) return;
        // Training comes first, and what nobody sees need not move.
        do await pause(watch.visible && shown?.phase !== "training" ? 0 : REST_MS);
        while (!watch.visible && mine === walk);
      }
    } catch (error) {
      if (mine === walk) refused(/** @type {Problem} */ (error));
    }
  }

  /** @param {boolean} same whether the points are those of before */
  function place(same) {
    if (projection === null) return;
    scatter.update(projection, same);
    const { split } = context.selection;
    scatter.plot.label = words.label(samplesWords(projection.samples.length, split), module, method);
    if (!same) legend();
    mark();
  }

  /** @param {number} label */
  const className = (label) => context.dataset?.classes[label] ?? String(label);

  /** A key of classes that hides and shows them. */
  function legend() {
    const present = [...new Set(projection?.labels)].sort((a, b) => a - b);
    key.replaceChildren(
      ...present.map((label) => {
        const toggle = button(className(label), () => {
          if (!hidden.delete(label)) hidden.add(label);
          toggle.setAttribute("aria-pressed", String(!hidden.has(label)));
          scatter.hide(hidden);
        });
        toggle.className = "key-entry";
        toggle.setAttribute("aria-pressed", String(!hidden.has(label)));
        toggle.prepend(markElement(label));
        return toggle;
      }),
    );
  }

  function mark() {
    const { focus } = context.selection;
    const ids = context.chosen();
    const samples = projection === null ? [] : Array.from(projection.samples);
    const marked = ids && new Set(samples.flatMap((id, i) => (ids.has(id) ? i : [])));
    scatter.mark(marked);
    if (looking < 0) scatter.point(focus === null ? -1 : samples.indexOf(focus));
  }

  /** Shows the sample under the pointer or the cursor. @param {number} index */
  async function look(index) {
    looking = index;
    const id = projection?.samples[index];
    if (id === undefined) {
      thumb.replaceChildren();
      setText(readout, "");
      mark();
      return;
    }
    const label = projection?.labels[index] ?? 0;
    const text = words.sample(id, className(label));
    setText(readout, text);
    announce.say(text);
    const [sample] = await context.samples([id]).catch(() => []);
    if (looking !== index || sample === undefined) return;
    thumb.replaceChildren(sampleFigure(sample, pictureWords(sample, className(label)), 72));
  }

  function redo() {
    again += 1;
    if (shown !== null) render(shown, true);
  }

  /** @param {State} state @param {boolean} [now] */
  function render(state, now = false) {
    shown = state;
    const present = modulesOf(state);
    // The last module's output is the scores: what comes before it is more to look at.
    if (present.length > 0 && (module >= present.length || module === -2)) {
      module = Math.max(0, present.length - 2);
    }
    modules.offer(
      [{ value: "-1", label: INSPECT.input }, ...moduleOptions(present)],
      String(module),
    );
    splits.render();
    const at = version(state, module);
    const { split } = context.selection;
    offerSizes(sizes, SIZES, words, context.dataset?.[split] ?? Infinity, size);
    instead(at === null && projection === null ? INSPECT.nothing : "");
    const frozen = method === "tsne";
    show(restart, frozen && at !== null && pinned !== "" && pinned !== at);
    const what = [module, split, size, method, again, state.run?.id];
    watch.want(at && [...what, frozen ? "" : at].join(), now || !trains(state));
    mark();
  }
  return { root, render };
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {Projection | null} before
 * @param {Projection} after
 */
function sameSamples(before, after) {
  return (
    before !== null &&
    before.samples.length === after.samples.length &&
    before.samples.every((id, i) => id === after.samples[i])
  );
}
