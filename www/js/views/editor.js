// The editor of one module: what it is, what it trains for, and how. It stands under the drawing
// and stays open while things go on.

import { button, el, enable, setText, show } from "../dom.js";
import { LIMITS, wholeNumber } from "../link.js";
import { mathElement } from "../math.js";
import { hasFreeWidth, roleOf, stageOf, width } from "../plan.js";
import { EDITOR, NETWORK } from "../strings/network.js";
import { objectiveWords } from "../strings/words.js";
import { estimatorsFor, kindOf, suggestion } from "../suggest.js";
import { choiceField, numberField, selectField } from "./fields.js";
import { settingsFields } from "./settings.js";
import { catalogueTips } from "./tip.js";

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
    // Made anew only for another module: what is being typed, and the focus, stay.
    const key = module === null ? "" : `${settings.plan} ${module}`;
    if (key !== built) {
      built = key;
      open = module === null ? null : moduleEditor(plan, module, actions);
      root.replaceChildren(...(open?.parts ?? []));
      if (module !== null) root.setAttribute("aria-label", EDITOR.heading(module));
    }
    open?.render(state, plan);
  }
  return { root, render };
}

/**
 * @param {Plan} preset as it stands when the editor opens
 * @param {number} module
 * @param {Actions} actions
 */
function moduleEditor(preset, module, actions) {
  /** @type {{ state: State, plan: Plan } | null} */
  let now = null;
  const whole = roleOf(preset, module) === "whole network";
  // Under backpropagation one stage trains all modules: its settings are kept with the first.
  const owner = whole ? (preset.stages[stageOf(preset, module)]?.modules.start ?? module) : module;
  const last = module + 1 === preset.modules.length;

  const role = choiceField(EDITOR.role, `role-${module}`, (value) => {
    if (now === null) return;
    const { state, plan } = now;
    if (value === "none") return actions.edit(module, { objective: null });
    const target = value === "input" ? "input" : "label";
    const stage = plan.stages[stageOf(plan, module)];
    const edit = suggestion(state, plan, module, target, stage ? kindOf(stage) : null);
    if (edit !== null) actions.edit(module, edit);
  });
  role.fill(["input", "label", "none"].map((value) => ({ value, label: EDITOR.roles[value] ?? "" })));
  const fixed = el("p", { class: "about" }, EDITOR.fixedRole);

  const estimator = selectField(EDITOR.estimator, (name) => {
    const target = now && targetOf(now.plan, module);
    if (now === null || target === null) return;
    const edit = suggestion(now.state, now.plan, module, target, name);
    if (edit !== null) actions.edit(module, edit);
  });
  const about = el("p", { class: "about" });
  const formula = el("div", { class: "formulas" });
  let typeset = "";
  const settings = settingsFields((changed) => {
    const target = now && targetOf(now.plan, module);
    if (target === null) return;
    actions.edit(module, { objective: { information: { target, estimator: changed } } });
  });

  const units = numberField(EDITOR.width, LIMITS.width, null, (text) => {
    const value = wholeNumber(text, LIMITS.width);
    if (value !== null) actions.edit(module, { width: value });
    return value !== null;
  });
  const epochs = numberField(EDITOR.epochs, LIMITS.epochs, null, (text) => {
    const value = wholeNumber(text, LIMITS.epochs);
    if (value !== null) actions.edit(owner, { epochs: value });
    return value !== null;
  });
  const rate = numberField(EDITOR.rate, { min: 0, max: 10, step: "any" }, null, (text) => {
    const value = Number(text);
    const valid = text.trim() !== "" && value > 0;
    if (valid) actions.edit(owner, { rate: value });
    return valid;
  });
  const back = button(EDITOR.back, () => actions.edit(module, null), "small");
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
    el("div", { class: "fields" }, role.root, units.root, epochs.root, rate.root),
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

  const tips = catalogueTips([
    [role, EDITOR.role, "stages.objective"],
    [units, EDITOR.width, "layers.width"],
    [epochs, EDITOR.epochs, "stages.epochs"],
    [rate, EDITOR.rate, "stages.rate"],
  ]);

  /**
   * @param {State} state
   * @param {Plan} plan
   */
  function render(state, plan) {
    now = { state, plan };
    tips(state.catalogue);
    const stage = plan.stages[stageOf(plan, module)];
    const target = targetOf(plan, module);
    role.set(target ?? "none");
    units.set(String(width(plan, module) ?? ""));
    show(epochs.root, stage !== undefined);
    show(rate.root, stage !== undefined);
    // The limit of the whole run goes before.
    const limit = state.settings.epochs;
    enable(epochs.input, limit === null);
    epochs.set(String(limit ?? stage?.epochs ?? ""));
    rate.set(String(stage?.rate ?? ""));
    enable(back, state.settings.edits[module] !== undefined);

    const informed = stage !== undefined && target !== null && stage.objective !== "cross-entropy";
    for (const part of [estimator.root, about, formula, settings.root]) show(part, informed);
    if (!informed || stage.objective === "cross-entropy") return;
    const { estimator: chosen } = stage.objective.information;
    const offered = estimatorsFor(state, plan, target);
    estimator.fill([{ options: offered.map(({ example, title }) => ({ value: example.kind, label: title })) }]);
    estimator.set(chosen.kind);
    const info = offered.find(({ example }) => example.kind === chosen.kind);
    setText(about, info?.description ?? "");
    const { formulas } = objectiveWords(stage.objective, offered);
    if (formulas.join() !== typeset) {
      typeset = formulas.join();
      formula.replaceChildren(...formulas.map((one) => el("p", {}, mathElement(one))));
    }
    settings.render(chosen, state.catalogue?.fields ?? []);
  }
  return { parts, render };
}

/**
 * What a module's information is about; `null` where it maximises none.
 * @param {Plan} plan
 * @param {number} module
 */
function targetOf(plan, module) {
  const objective = plan.stages[stageOf(plan, module)]?.objective;
  return objective === undefined || objective === "cross-entropy" ? null : objective.information.target;
}
