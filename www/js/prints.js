// The hashes of the modules' weights, asked for whenever some of them have moved for good: so that
// it can be seen that training one module leaves the others alone.

import { canAsk } from "./derived.js";

/** @param {import("./main.js").Page} page */
export function keepPrints({ ask, store }) {
  let known = "";
  store.listen((state) => {
    const { run, phase } = state;
    if (run === null || run.mode === "preview" || !canAsk(state)) return;
    const done = run.stages.map((stage) => stage.state === "done");
    // Held, a run may be taken on by single steps.
    const held = phase === "paused" && run.stages.map(({ count }) => count);
    const key = JSON.stringify([run.id, run.rewinds, done, held]);
    if (key === known) return;
    known = key;
    ask("fingerprints").then(
      (prints) => store.dispatch({ type: "prints", id: run.id, prints }),
      // Without a run there are no weights; what ended it is said elsewhere.
      () => {},
    );
  });
}
