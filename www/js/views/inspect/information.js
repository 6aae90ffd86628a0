// The information plane, live: every module walks while it trains, and under it the staircase that
// the data-processing inequality demands.

import { el, setText } from "../../dom.js";
import { measure } from "../../format.js";
import { Canvas } from "../../plots/canvas.js";
import { drawPlane, drawStaircase, roleColour } from "../../plots/plane.js";
import { INSPECT } from "../../strings/inspect.js";
import { choiceField } from "../fields.js";
import { withTip } from "../tip.js";
import { modulesOf, trains, version } from "./context.js";
import { offerSizes, panel, picker } from "./panel.js";
import { NO_TRAILS, extended, kept, staircase } from "./trails.js";
import { Watch } from "./watch.js";

/** @typedef {import("../../protocol.js").Information} Information */
/** @typedef {import("../../store.js").State} State */
/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./context.js").ModuleFacts} ModuleFacts */

/** Samples to estimate from: the work grows with their cube. */
const SIZES = [100, 200, 400, 800];

/** @param {Context} context */
export function informationView(context) {
  const words = INSPECT.information;
  const { root, body, instead, refused } = panel("information", words);
  let size = 200;
  let near = false;
  let trails = NO_TRAILS;
  /** @type {Information | null} */
  let latest = null;
  /** @type {ModuleFacts[]} */
  let modules = [];
  /** @type {State | null} */
  let shown = null;

  const plane = new Canvas({
    label: words.heading,
    height: { share: 0.62, least: 260, most: 440 },
    draw: (pen) => {
      if (latest === null) return;
      const places = trails.modules.map((places, i) => ({ role: modules[i]?.role ?? "", places }));
      drawPlane(pen, { ...latest, trails: places, near, words: words.axes(latest) });
    },
  });
  const stairs = new Canvas({
    label: words.stairs,
    height: 190,
    draw: (pen) => {
      const steps = latest === null ? [] : staircase(latest);
      drawStaircase(
        pen,
        steps.map((step) => ({
          ...step,
          name: words.step(step.module),
          role: typeof step.module === "number" ? (modules[step.module]?.role ?? "") : "",
        })),
      );
    },
  });
  const rows = el("tbody");
  const caption = el("caption");
  const table = el(
    "table",
    { class: "numbers" },
    caption,
    el("thead", {}, el("tr", {}, ...words.heads.map((text) => el("th", { scope: "col" }, text)))),
    rows,
  );
  const sizes = picker(
    words.samples,
    (value) => {
      size = Number(value);
      // Estimates from other samples have another cap: they are another walk.
      trails = NO_TRAILS;
      if (shown !== null) render(shown, true);
    },
    words.samplesTip,
  );
  const axes = choiceField(words.axesLabel, "information-axes", (value) => {
    near = value === "near";
    plane.redraw();
  });
  axes.fill([
    { value: "whole", label: words.whole },
    { value: "near", label: words.near },
  ]);
  axes.set("whole");
  withTip(axes, words.axesLabel, words.axesTip);
  const verdict = el("p", { class: "verdict" });
  body.append(
    el(
      "div",
      { class: "columns" },
      el("div", {}, plane.root),
      el("div", {}, table, el("div", { class: "tools" }, sizes.root, axes.root)),
    ),
    el("h3", {}, words.stairs),
    stairs.root,
    verdict,
    el("p", { class: "hint" }, words.caveat),
  );

  async function ask() {
    if (shown?.run == null) return;
    const [asked, { id, rewinds }] = [size, shown.run];
    const information = await context.ask("information", asked);
    const { run } = shown;
    // Of a run that has been replaced, it would be a part of another's way.
    if (run === null || run.id !== id || run.rewinds !== rewinds || asked !== size) return;
    latest = information;
    trails = extended(kept(trails, run), information);
    modules = modulesOf(shown);
    fill(information);
    plane.redraw();
    stairs.redraw();
  }
  const watch = new Watch(root, ask, refused);

  /** @param {Information} information */
  function fill(information) {
    setText(caption, words.source(information));
    plane.label = words.plane(information);
    const steps = staircase(information);
    rows.replaceChildren(
      ...information.modules.map(({ input, label }, index) => {
        const { name = "", role = "" } = modules[index] ?? {};
        const mark = el("span", { class: "module-mark", "aria-hidden": true }, String(index + 1));
        mark.style.setProperty("--mark", `var(${roleColour(role)})`);
        const title = el("span", {}, INSPECT.module(index, name), el("small", {}, role));
        return el(
          "tr",
          {},
          el("th", { scope: "row" }, el("div", { class: "module-name" }, mark, title)),
          el("td", {}, measure(input, "")),
          el("td", {}, measure(label, "")),
        );
      }),
    );
    const broken = steps.filter(({ holds }) => !holds);
    setText(verdict, words.verdict(broken.map(({ module }) => words.step(module))));
    verdict.classList.toggle("broken", broken.length > 0);
    stairs.label = `${words.stairs}: ${steps
      .map(({ module, bits }) => `${words.step(module)} ${measure(bits, INSPECT.bits)}`)
      .join(", ")}`;
  }

  /** @param {State} state @param {boolean} [now] */
  function render(state, now = false) {
    shown = state;
    if (state.run !== null) trails = kept(trails, state.run);
    offerSizes(sizes, SIZES, words, state.run?.samples?.train ?? Infinity, size);
    const key = version(state);
    instead(key === null && latest === null ? INSPECT.nothing : "");
    watch.want(key && `${key} ${size}`, now || !trains(state));
  }
  return { root, render };
}
