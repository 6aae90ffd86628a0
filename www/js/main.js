// Joins the parts: the address bar and the worker write the state, the views draw it.

import { Client } from "./client.js";
import { el } from "./dom.js";
import { DEFAULTS, readLink, writeLink } from "./link.js";
import { onFrame } from "./plots/frame.js";
import { runProgress } from "./progress.js";
import { Store, changed, initialState } from "./store.js";
import { PAGE, documentTitle } from "./strings.js";
import { controlsView } from "./views/controls.js";
import { deviceView } from "./views/device.js";
import { problemView } from "./views/problem.js";
import { resultView } from "./views/result.js";
import { runbarView } from "./views/runbar.js";
import { stagesView } from "./views/stages.js";
import { statusView } from "./views/status.js";

/** @typedef {import("./protocol.js").Mode} Mode */
/** @typedef {import("./protocol.js").Problem} Problem */
/** @typedef {import("./protocol.js").Recovery} Recovery */
/** @typedef {import("./link.js").Settings} Settings */
/** @typedef {import("./store.js").State} State */

const store = new Store(initialState(readLink(location.search)));
const client = new Client((message) => {
  store.dispatch({ type: "message", message });
  if (message.type === "ready") arrived();
});
let lastId = 0;

/** @param {Mode} mode */
function begin(mode) {
  const { plan, seed, device, epochs, samples } = store.state.settings;
  lastId += 1;
  store.dispatch({ type: "asked", id: lastId, mode });
  const limits = { ...(epochs && { epochs }), ...(samples && { samples }) };
  client.send({ type: "run", id: lastId, request: { plan, seed, ...limits }, device, mode });
}

/** Shows the stages of what is chosen, where that costs no download. */
function preview() {
  const { catalogue, settings } = store.state;
  const plan = catalogue?.plans.find(({ name }) => name === settings.plan);
  const dataset = catalogue?.datasets.find(({ name }) => name === plan?.dataset);
  if (dataset?.files.length === 0) begin("preview");
  else store.dispatch({ type: "cleared" });
}

/** The trainer is here: the link's plan is known or not, and its run begins. */
function arrived() {
  const { catalogue, settings, phase, run } = store.state;
  if (catalogue === null || run !== null || phase !== "idle") return;
  if (!catalogue.plans.some(({ name }) => name === settings.plan)) {
    const place = settings.plan;
    change({ plan: DEFAULTS.plan, run: false });
    /** @type {Problem} */
    const problem = {
      code: "page/unknown-plan",
      message: "",
      place,
      recovery: "choose-another-plan",
    };
    store.dispatch({ type: "problem", problem });
    return;
  }
  if (settings.run) begin("run");
  else preview();
}

/** @param {Partial<Settings>} patch */
function change(patch) {
  store.dispatch({ type: "settings", patch });
  history.replaceState(
    null,
    "",
    location.pathname + writeLink(store.state.settings) + location.hash,
  );
  const { phase, run } = store.state;
  const choosing = phase === "idle" && (run === null || changed(store.state));
  if (choosing && !patch.run) preview();
}

const actions = {
  change,
  run() {
    if (store.state.phase === "paused") {
      client.send({ type: "resume" });
    } else {
      change({ run: true });
      begin("run");
    }
  },
  pause() {
    client.send({ type: "pause" });
  },
  step() {
    if (store.state.phase !== "paused") begin("paused");
    client.send({ type: "step" });
  },
  reset() {
    change({ run: false });
    begin("paused");
  },
  finish() {
    client.send({ type: "finish" });
  },
};

/** @param {Recovery} recovery */
function recover(recovery) {
  const { settings, catalogue, problem } = store.state;
  switch (recovery) {
    case "choose-another-file":
    case "fetch-the-data": {
      const dataset = catalogue?.plans.find(({ name }) => name === settings.plan)?.dataset;
      if (dataset) client.send({ type: "refetch", dataset });
      return actions.run();
    }
    case "fall-back-to-cpu":
      change({ device: "cpu" });
      return actions.run();
    case "lower-the-learning-rate":
      change({ seed: settings.seed + 1 });
      return actions.run();
    case "restart":
      return actions.run();
    case "choose-another-plan":
      store.dispatch({ type: "dismissed" });
      return controls.root.querySelector("select")?.focus();
    case "report":
      void navigator.clipboard.writeText(JSON.stringify({ settings, problem }, null, 2));
  }
}

const controls = controlsView(actions);
const problems = problemView({
  recover,
  builtIn() {
    change({ plan: DEFAULTS.plan, epochs: null, samples: null });
    actions.run();
  },
  dismiss: () => store.dispatch({ type: "dismissed" }),
});
const run = [runbarView(actions), problems, statusView(), deviceView(), resultView(), stagesView()];
const views = [controls, ...run];

document.body.append(
  el(
    "header",
    {},
    el("p", { class: "kicker" }, el("strong", {}, PAGE.name), ` · ${PAGE.kicker}`),
    el("h1", {}, PAGE.title),
    el("p", { class: "lead" }, PAGE.lead),
  ),
  el("main", {}, controls.root, el("div", { class: "run" }, ...run.map(({ root }) => root))),
  el("footer", {}, el("p", {}, PAGE.paper)),
);

const draw = () => {
  for (const { render } of views) render(store.state);
};

let titled = "";
/** The title is for the tab of a hidden page, which draws no frames. @param {State} state */
function entitle({ run, phase }) {
  const active = phase === "training" || phase === "paused";
  const { done, total } = run !== null && active ? runProgress(run) : { done: 0, total: 0 };
  const title = total > 0 ? documentTitle(done / total, phase === "paused") : PAGE.documentTitle;
  if (title !== titled) document.title = titled = title;
}

store.listen((state) => {
  entitle(state);
  onFrame(draw);
});
draw();
