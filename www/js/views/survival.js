// What the page says of runs that were lost, that an earlier visit left, and that cannot be kept.

import { button, el, setText, show } from "../dom.js";
import { SURVIVAL } from "../strings/survival.js";

/** @param {ReturnType<typeof import("../recovery.js").createRecovery>} recovery */
export function survivalView({ accept, refuse }) {
  const offered = el("span");
  const offer = el(
    "p",
    { class: "note" },
    offered,
    " ",
    button(SURVIVAL.accept, accept, "primary small"),
    " ",
    button(SURVIVAL.refuse, refuse, "quiet small"),
  );
  const lost = el("p", { class: "note" });
  const unkept = el("p", { class: "note" });
  const root = el("div", { class: "survival", "aria-live": "polite" }, offer, lost, unkept);

  /** @param {import("../store.js").State} state */
  function render(state) {
    // One that has ended comes back by itself.
    const open = state.offer?.mode === "finished" ? null : state.offer;
    show(offer, open !== null);
    if (open !== null) setText(offered, SURVIVAL.offer(open, Date.now()));
    show(lost, state.loss !== null);
    if (state.loss !== null) setText(lost, SURVIVAL.lost(state.loss));
    show(unkept, state.unkept !== null);
    if (state.unkept !== null) setText(unkept, SURVIVAL.unkept(state.unkept));
  }
  return { root, render };
}
