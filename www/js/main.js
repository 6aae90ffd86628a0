// Joins the parts: the address bar and the worker write the state, the views draw it.
//
// How a view is wired. A view is a function of the page, made once: `xView(page)` with
// `page = { ask, actions, store }` gives `{ root, render(state) }`.
//   - `root` is put into its place below; `render(state)` then draws the state. It is called after
//     each change, in an animation frame, at most twenty times a second, and only while its
//     section is open: compare with what was drawn last and write only what differs.
//   - `ask(method, ...arguments)` asks the worker about the present run between two slices of its
//     training (`Questions` in protocol.js) and rejects with a `Problem`. There is a run to ask
//     about while `canAsk(state)`. What it has learned changes with `run.id`, `run.rewinds` and its
//     stages' `count`; an answer may come after the run has been replaced, so compare `run.id`
//     before and after.
//   - `actions` is what a visitor can do (actions.js). A view changes the state by nothing else.
//   - What has words for people has them in strings.js; what is styled, in a sheet of www/style/
//     that index.html links. Painted plots repaint on `onTheme` (theme.js).
// To add one: make it in `sections` at its place, and that is all.

import { createActions } from "./actions.js";
import { Client } from "./client.js";
import { el } from "./dom.js";
import { readEmbed, wholeLink } from "./embed.js";
import { keep, recall } from "./kept.js";
import { readLink, writeLink } from "./link.js";
import { keepAwake, watchHiding } from "./manners.js";
import { onFrame } from "./plots/frame.js";
import { keepPrints } from "./prints.js";
import { runProgress } from "./progress.js";
import { createRecovery } from "./recovery.js";
import { Store, initialState } from "./store.js";
import { PAGE, documentTitle } from "./strings.js";
import { listenForKeys, pageShortcuts } from "./shortcuts.js";
import { recallTheme } from "./theme.js";
import { controlsView } from "./views/controls.js";
import { deviceView } from "./views/device.js";
import { footView } from "./views/foot.js";
import { networkView } from "./views/network.js";
import { problemView } from "./views/problem.js";
import { resultView } from "./views/result.js";
import { runbarView } from "./views/runbar.js";
import { readSection, sectionsView } from "./views/sections.js";
import { stagesView } from "./views/stages.js";
import { statusView } from "./views/status.js";
import { survivalView } from "./views/survival.js";
import { appView } from "./views/take/app.js";
import { introView } from "./views/take/intro.js";

/** @typedef {import("./protocol.js").Ask} Ask */
/** @typedef {import("./actions.js").Actions} Actions */
/** @typedef {import("./store.js").State} State */
/** @typedef {{ ask: Ask, actions: Actions, store: Store }} Page What a view is given. */

recallTheme();
const embed = readEmbed(location.search);
if (embed !== null) document.documentElement.dataset["embed"] = embed;
const section = embed === "plane" ? "inspect" : readSection(location.hash);
const store = new Store(initialState(readLink(location.search), section, recall()));
keep(store);
const client = new Client((message) => {
  if (recovery.takes(message)) return;
  const { phase } = store.state;
  store.dispatch({ type: "message", message, now: Date.now() });
  if (message.type === "ready") void recalled.then(recovery.arrived);
  if (phase !== "finished" && store.state.phase === "finished") actions.beginJob();
});
const actions = createActions(store, client);
const recovery = createRecovery(store, client, actions);
// Before the link's own run begins.
const recalled = recovery.recall();

/** @type {Page} */
const page = { ask: client.ask, actions, store };

const desk = [controlsView(actions), runbarView(actions), statusView(actions)];
const problem = problemView({ ...actions, recover: recovery.recover });
const survival = survivalView(recovery);
const network = networkView(page);
const sections = sectionsView(
  [
    { id: "watch", open: async () => [deviceView(), resultView(), stagesView()] },
    // What a visitor may never open is not fetched before it is opened.
    {
      id: "inspect",
      open: async () => {
        const { inspectViews } = await import("./views/inspect/inspect.js");
        return Object.values(inspectViews(client.ask));
      },
    },
    {
      id: "compare",
      open: async () => (await import("./views/compare/compare.js")).compareViews(page),
    },
    { id: "data", open: async () => [(await import("./views/take/own.js")).ownView(page)] },
    { id: "take", open: async () => [(await import("./views/take/take.js")).takeView(page)] },
    { id: "about", open: async () => [(await import("./views/take/about.js")).aboutView(page)] },
  ],
  actions.open,
);
const intro = introView(page);
const shortcuts = pageShortcuts(page, () => foot.showKeys());
const foot = footView(shortcuts, appView(embed === null).root);
const views = [...desk, problem, survival, network, sections, intro];

document.body.append(
  el(
    "header",
    {},
    el("p", { class: "kicker" }, el("strong", {}, PAGE.name), ` · ${PAGE.kicker}`),
    el("h1", {}, PAGE.title),
    el("p", { class: "lead" }, PAGE.lead),
    intro.root,
  ),
  el(
    "main",
    {},
    // Before the form, which is high on a phone: Run puts another run in the place of what is offered.
    problem.root,
    survival.root,
    el("div", { class: "desk" }, ...desk.map(({ root }) => root)),
    network.root,
    sections.root,
  ),
  foot.root,
  ...(embed === null ? [] : [wholeLink(() => location.pathname + writeLink(store.state.settings))]),
);

const draw = () => {
  for (const { render } of views) {
    // One that fails must not take the others with it.
    try {
      render(store.state);
    } catch (error) {
      reportError(error);
    }
  }
};

let titled = "";
/** The title is for the tab of a hidden page, which draws no frames. @param {State} state */
function entitle({ run, phase }) {
  const active = phase === "training" || phase === "paused";
  const { done, total } = run !== null && active ? runProgress(run) : { done: 0, total: 0 };
  const title = total > 0 ? documentTitle(done / total, phase === "paused") : PAGE.documentTitle;
  if (title !== titled) document.title = titled = title;
}

addEventListener("hashchange", () => {
  store.dispatch({ type: "section", section: readSection(location.hash) });
});
keepPrints(page);
keepAwake(store);
watchHiding(page);
// What switches them off is not on the page of an embedded view.
if (embed === null) listenForKeys(shortcuts);
store.listen((state) => {
  entitle(state);
  onFrame(draw);
});
draw();
