// What to watch inside the network: the views of this folder, with one selection for all of them.

import { confusionView } from "./confusion.js";
import { Context } from "./context.js";
import { drawView } from "./draw.js";
import { embeddingView } from "./embedding.js";
import { informationView } from "./information.js";
import { samplesView } from "./samples.js";
import { weightsView } from "./weights.js";

/** @typedef {import("../../protocol.js").Ask} Ask */
/** @typedef {import("../../store.js").State} State */
/** @typedef {import("../sections.js").View} View */

/**
 * The views in the order in which they stand on the page. The root of each has the id `view-` and
 * its name here.
 * @param {Ask} ask
 */
export function inspectViews(ask) {
  /** @type {State | null} */
  let shown = null;
  /** @type {View[]} */
  let all = [];
  const context = new Context(ask, () => {
    if (shown !== null) for (const view of all) view.render(shown);
  });
  const made = {
    information: informationView(context),
    embedding: embeddingView(context),
    confusion: confusionView(context),
    samples: samplesView(context),
    weights: weightsView(context),
    draw: drawView(context),
  };
  all = Object.values(made);
  // Whichever is drawn, all follow the same run.
  const following = Object.entries(made).map(([name, view]) => {
    const render = (/** @type {State} */ state) => {
      shown = state;
      void context.follow(state);
      view.render(state);
    };
    return [name, /** @type {View} */ ({ ...view, render })];
  });
  return /** @type {Record<keyof typeof made, View>} */ (Object.fromEntries(following));
}
