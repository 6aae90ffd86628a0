// The form that says what to train.

import { el, enable, setText, show } from "../dom.js";
import { LIMITS } from "../link.js";
import { plans } from "../plan.js";
import { CONTROLS, capital, schemeTitle } from "../strings.js";
import { TIPS } from "../strings/words.js";
import { choiceField, numberField, selectField } from "./fields.js";
import { withTip } from "./tip.js";

/** @typedef {import("../link.js").Settings} Settings */
/** @typedef {import("../protocol.js").Catalogue} Catalogue */
/** @typedef {import("../protocol.js").DatasetInfo} DatasetInfo */
/** @typedef {import("../store.js").Own} Own */
/** @typedef {import("../store.js").State} State */

/** As plans for the visitor's own data name their data set. */
const OWN_NAME = "own";

/** @param {{ change: (patch: Partial<Settings>) => void, run: () => void }} actions */
export function controlsView(actions) {
  /** With the visitor's own data, where there are some. @type {Catalogue | null} */
  let catalogue = null;
  /** What it was made of. @type {Catalogue | null} */
  let offered = null;
  /** @type {Own | null} */
  let own = null;

  const dataset = selectField(CONTROLS.dataset, (name) => {
    const plan =
      catalogue?.plans.find((plan) => plan.dataset === name && plan.scheme === scheme.value) ??
      catalogue?.plans.find((plan) => plan.dataset === name);
    if (plan) actions.change({ plan: plan.name });
  });
  const about = el("p", { class: "about" });
  const download = el("p", { class: "about" });
  const citation = el("p", { class: "about" });
  const source = el("details", {}, el("summary", {}, CONTROLS.source), citation);
  const scheme = choiceField(CONTROLS.scheme, "scheme", (value) => {
    const plan = catalogue?.plans.find(
      (plan) => plan.dataset === dataset.value && plan.scheme === value,
    );
    if (plan) actions.change({ plan: plan.name });
  });
  const aboutScheme = el("p", { class: "about" });
  const device = choiceField(CONTROLS.device, "device", (value) =>
    actions.change({ device: /** @type {Settings["device"]} */ (value) }),
  );
  const seed = numberField(CONTROLS.seed, LIMITS.seed, (value) => actions.change({ seed: value }));
  const epochs = limitField("epochs");
  const samples = limitField("samples");

  /** @param {"epochs" | "samples"} key */
  function limitField(key) {
    const change = (/** @type {number | null} */ value) => actions.change({ [key]: value });
    return numberField(CONTROLS[key], LIMITS[key], change, () => change(null));
  }
  epochs.input.placeholder = CONTROLS.planDefault;
  samples.input.placeholder = CONTROLS.planDefault;

  withTip(dataset, CONTROLS.dataset, TIPS.dataset);
  withTip(scheme, CONTROLS.scheme, TIPS.scheme);
  withTip(device, CONTROLS.device, TIPS.device);
  withTip(seed, CONTROLS.seed, TIPS.seed);
  withTip(epochs, CONTROLS.epochs, TIPS.epochs);
  withTip(samples, CONTROLS.samples, TIPS.samples);

  const form = el(
    "form",
    { class: "controls", "aria-label": CONTROLS.heading },
    el("div", { class: "control" }, dataset.root, about, download, source),
    el("div", { class: "control" }, scheme.root, aboutScheme),
    el("div", { class: "fields" }, seed.root, device.root, epochs.root, samples.root),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    actions.run();
  });

  /** @param {State} state */
  function render(state) {
    const { settings } = state;
    if (state.catalogue !== null && (state.catalogue !== offered || state.own !== own)) {
      offered = state.catalogue;
      own = state.own;
      catalogue = withOwn(state.catalogue, own, plans(state));
      dataset.fill(groups(catalogue));
      device.fill(devices(catalogue));
    }
    const plan = catalogue?.plans.find(({ name }) => name === settings.plan);
    const info = catalogue?.datasets.find(({ name }) => name === plan?.dataset);
    if (catalogue !== null && plan !== undefined && info !== undefined) {
      dataset.set(info.name);
      setText(about, info.description);
      renderSource(info);
      scheme.fill(
        catalogue.plans
          .filter((other) => other.dataset === info.name)
          .map((other) => ({ value: other.scheme, label: schemeTitle(other.scheme) })),
      );
      scheme.set(plan.scheme);
      setText(aboutScheme, capital(plan.description));
    }
    // The first one in the list is not what a link to data that are not here asks for.
    if (plan === undefined) dataset.set("");
    device.set(settings.device);
    seed.set(String(settings.seed));
    epochs.set(settings.epochs === null ? "" : String(settings.epochs));
    samples.set(settings.samples === null ? "" : String(settings.samples));
    enable(dataset.input, catalogue !== null);
  }

  /** @param {DatasetInfo} info */
  function renderSource({ files, citation: cited, terms }) {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    setText(download, files.length > 0 ? CONTROLS.download(bytes, files.length) : "");
    setText(citation, [cited, terms].filter(Boolean).join(" "));
    show(download, files.length > 0);
    show(source, files.length > 0);
  }
  return { root: form, render };
}

/**
 * @param {Catalogue} catalogue
 * @param {Own | null} own
 * @param {Catalogue["plans"]} plans of both
 * @returns {Catalogue}
 */
function withOwn(catalogue, own, plans) {
  if (own === null) return catalogue;
  const { title, summary, kind } = own.preview;
  const words = { title, description: summary, kind, citation: "", terms: "", files: [] };
  return { ...catalogue, plans, datasets: [{ name: OWN_NAME, ...words }, ...catalogue.datasets] };
}

/** @param {Catalogue} catalogue */
function groups({ datasets, plans }) {
  const usable = datasets.filter(({ name }) => plans.some(({ dataset }) => dataset === name));
  const option = (/** @type {DatasetInfo} */ { name, title }) => ({ value: name, label: title });
  const generated = usable.filter(({ files }) => files.length === 0);
  return [
    {
      label: CONTROLS.own,
      options: generated.filter(({ name }) => name === OWN_NAME).map(option),
    },
    {
      label: CONTROLS.builtIn,
      options: generated.filter(({ name }) => name !== OWN_NAME).map(option),
    },
    {
      label: CONTROLS.published,
      options: usable.filter(({ files }) => files.length > 0).map(option),
    },
  ];
}

/**
 * The GPU stands there always: whether there is one is found out when it is asked for.
 * @param {Catalogue} catalogue
 */
function devices(catalogue) {
  const kinds = /** @type {const} */ (["auto", "cpu", "gpu", "ndarray"]);
  return kinds
    .filter((kind) => kind !== "ndarray" || catalogue.devices.includes(kind))
    .map((kind) => ({ value: kind, label: CONTROLS.devices[kind] }));
}
