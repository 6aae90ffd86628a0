// The editor of one module: what it is, what it trains for, and how. It stands under the drawing
// and stays open while things go on.

import { button, el, enable, scroller, setText, show } from "../dom.js";
import { boundsOf } from "../bounds.js";
import { LIMITS } from "../link.js";
import { mathElement } from "../math.js";
import { hasFreeWidth, roleOf, runOfPlan, stageOf, width, widthName } from "../plan.js";
import { EDITOR, NETWORK } from "../strings/network.js";
import { OBJECTIVE, TIPS, objectiveWords } from "../strings/words.js";
import { estimatorsFor, kindOf, suggestion } from "../suggest.js";
import { choiceField, numberField, selectField } from "./fields.js";
import { replaced, settingsFields } from "./settings.js";
import { withTip } from "./tip.js";

/** @typedef {import("../actions.js").Actions} Actions */
/** @typedef {import("../chain.js").Chain} Chain */
/** @typedef {import("../protocol.js").Plan} Plan */
/** @typedef {import("../protocol.js").StagePlan} StagePlan */
/** @typedef {import("../store.js").State} State */

/** @param {Actions} actions */
export function editorView(actions) {
  const root = el("div", { id: "editor", class: "editor", role: "group" });
  root.hidden = true;
  /** @type {ReturnType<typeof moduleEditor> | null} */
  let open = null;
  let built = "";

  /**
   * @param {State} state
   * @param {Chain} chained
   */
  function render(state, { plan }) {
    const { editing, settings } = state;
    const module = editing !== null && editing < plan.modules.length ? editing : null;
    show(root, module !== null);
    // Made anew only for another module, or where other samples bound its batches: what is being typed, and
    // the focus, stay.
    const place = module === null ? "" : `${settings.plan} ${module}`;
    const key = `${place} ${trainedOn(state)}`;
    const opens = place !== "" && !built.startsWith(`${place} `);
    if (key !== built) {
      built = key;
      open = module === null ? null : moduleEditor(plan, module, state, actions);
      root.replaceChildren(...(open?.parts ?? []));
      if (module !== null) root.setAttribute("aria-label", EDITOR.heading(module));
    }
    open?.render(state, plan);
    // On a phone it stands below all modules, out of sight of the button that opens it.
    if (opens && root.getBoundingClientRect().top > innerHeight) root.scrollIntoView({ block: "nearest" });
  }
  return { root, render };
}

/**
 * @param {Plan} preset as it stands when the editor opens
 * @param {number} module
 * @param {State} opened
 * @param {Actions} actions
 */
function moduleEditor(preset, module, opened, actions) {
  const whole = roleOf(preset, module) === "whole network";
  // Under backpropagation one stage trains all modules: its settings are kept with the first.
  const owner = whole ? (preset.stages[stageOf(preset, module)]?.modules.start ?? module) : module;
  const last = module + 1 === preset.modules.length;

  const role = choiceField(EDITOR.role, `role-${module}`, (value) => {
    if (value === "none") return actions.edit(module, { objective: null });
    const target = value === "input" ? "input" : "label";
    actions.edit(module, (plan, state) => {
      const stage = plan.stages[stageOf(plan, module)];
      return suggestion(state, plan, module, target, stage ? kindOf(stage) : null);
    });
  });
  role.fill(["input", "label", "none"].map((value) => ({ value, label: EDITOR.roles[value] ?? "" })));
  const fixed = el("p", { class: "about" }, EDITOR.fixedRole);

  const estimator = selectField(EDITOR.estimator, (name) => {
    actions.edit(module, (plan, state) => {
      const target = informationOf(plan, module)?.target;
      return target === undefined ? null : suggestion(state, plan, module, target, name);
    });
  });
  withTip(estimator, EDITOR.estimator, TIPS.estimator);
  const about = el("p", { class: "about" });
  const formula = scroller("formulas", OBJECTIVE.formulas);
  let typeset = "";
  const settings = settingsFields((path, value) => {
    actions.edit(module, (plan) => {
      const information = informationOf(plan, module);
      if (information === null) return null;
      const estimator = replaced(information.estimator, path, value);
      return { objective: { information: { ...information, estimator } } };
    });
  });

  const fields = opened.catalogue?.fields ?? [];
  /**
   * @param {string} label
   * @param {string} path
   * @param {{ max?: number | null }} own
   * @param {(value: number) => void} change
   */
  function bounded(label, path, own, change) {
    const field = numberField(label, boundsOf(fields, path, own), change);
    explain(field, label, path);
    return field;
  }
  /** @param {{ root: HTMLElement }} field @param {string} label @param {string} path */
  function explain(field, label, path) {
    const info = fields.find((known) => known.path === path);
    if (info !== undefined) withTip(field, label, info.description);
  }
  explain(role, EDITOR.role, "stages.objective");

  const sized = widthName(preset, module);
  const unitsLabel = EDITOR[sized];
  const units = bounded(unitsLabel, `layers.${sized}`, LIMITS.width, (value) =>
    actions.edit(module, { width: value }),
  );
  const epochs = bounded(EDITOR.epochs, "stages.epochs", LIMITS.epochs, (value) =>
    actions.edit(owner, { epochs: value }),
  );
  const batch = bounded(EDITOR.batch, "stages.batch", { max: trainedOn(opened) }, (value) =>
    actions.edit(owner, { batch: value }),
  );
  const rate = bounded(EDITOR.rate, "stages.rate", {}, (value) =>
    actions.edit(owner, { rate: value }),
  );
  const back = button(EDITOR.back, () => actions.unedit(module), "small");
  const close = button(NETWORK.close, shut, "quiet small");
  function shut() {
    actions.openEditor(null);
    // The focus goes back to where it came from.
    /** @type {HTMLElement | null} */ (document.querySelector(`#module-${module} button`))?.focus();
  }

  const parts = [
    el(
      "div",
      { class: "editor-head" },
      el("h3", {}, EDITOR.heading(module)),
      el("div", { class: "buttons" }, back, close),
    ),
    el("div", { class: "fields" }, role.root, units.root, epochs.root, batch.root, rate.root),
    fixed,
    estimator.root,
    about,
    formula,
    settings.root,
    el("p", { class: "hint" }, EDITOR.hint),
  ];
  show(role.root, !last && !whole);
  show(fixed, last && !whole);
  show(units.root, hasFreeWidth(preset, module));

  /**
   * @param {State} state
   * @param {Plan} plan
   */
  function render(state, plan) {
    const stage = plan.stages[stageOf(plan, module)];
    const information = informationOf(plan, module);
    role.set(information?.target ?? "none");
    units.set(String(width(plan, module) ?? ""));
    show(epochs.root, stage !== undefined);
    show(rate.root, stage !== undefined);
    // One graph is one batch.
    show(batch.root, stage !== undefined && stage.batch !== null);
    // Of fewer samples, smaller batches are taken.
    batch.set(String(stage?.batch == null ? "" : Math.min(stage.batch, trainedOn(state) ?? Infinity)));
    // The limit of the whole run goes before.
    const limit = state.settings.epochs;
    enable(epochs.input, limit === null);
    epochs.set(String(limit ?? stage?.epochs ?? ""));
    rate.set(String(stage?.rate ?? ""));
    enable(back, state.settings.edits[module] !== undefined);

    for (const part of [estimator.root, about, formula, settings.root]) show(part, information !== null);
    if (information === null) return;
    const { estimator: chosen, target } = information;
    const offered = estimatorsFor(state, plan, target);
    estimator.fill([{ options: offered.map(({ example, title }) => ({ value: example.kind, label: title })) }]);
    estimator.set(chosen.kind);
    const info = offered.find(({ example }) => example.kind === chosen.kind);
    setText(about, info?.description ?? "");
    const { formulas } = objectiveWords({ information }, offered);
    if (formulas.join() !== typeset) {
      typeset = formulas.join();
      formula.replaceChildren(...formulas.map((one) => el("p", {}, mathElement(one))));
    }
    settings.render(chosen, state.catalogue?.fields ?? []);
  }
  return { parts, render };
}

/**
 * How many samples train a stage, as far as that is known: no batch is larger.
 * @param {State} state
 */
function trainedOn(state) {
  const { samples } = state.settings;
  const run = runOfPlan(state);
  const known = run !== null && run.settings.samples === samples ? run.samples?.train : undefined;
  const most = known ?? samples;
  return most === null ? null : Math.max(2, most);
}

/**
 * The information that a module maximises; `null` where it maximises none.
 * @param {Plan} plan
 * @param {number} module
 */
function informationOf(plan, module) {
  const objective = plan.stages[stageOf(plan, module)]?.objective;
  return objective === undefined || objective === "cross-entropy" ? null : objective.information;
}
