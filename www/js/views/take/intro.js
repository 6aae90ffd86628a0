// MOLE in five steps, in a strip beside what they speak of. It stands in nobody's way: it can be
// skipped at once, stays away when it has been, and comes back when it is asked for.

import { button, el, setText, show } from "../../dom.js";
import { INTRO, introSteps } from "../../strings/words.js";

/** @typedef {import("../../store.js").State} State */
/** @typedef {import("../../strings/words.js").Subject} Subject */

const KEPT = "mole-intro";

/** Where each subject is on the page, first of all in sight. @type {Record<Subject, string[]>} */
const PLACES = {
  network: [".network", ".controls"],
  stages: [".network", ".stages", ".controls"],
  result: [".result", ".table1", ".runbar", ".controls"],
};

/** @param {import("../../main.js").Page} page */
export function introView({ store }) {
  let step = 0;
  let open = recall() !== "seen";
  const place = el("p", { class: "intro-place" });
  const title = el("h2", {});
  const words = el("p", { class: "intro-words" });
  const spoken = el("div", { "aria-live": "polite" }, place, title, words);
  // Changes with every step of the training, and would be spoken on and on.
  const stands = el("p", { class: "intro-stands" });
  const text = el("div", { class: "intro-text" }, spoken, stands);
  const back = button(INTRO.back, () => go(step - 1), "button");
  const next = button(INTRO.next, () => go(step + 1), "primary");
  const look = button(INTRO.show, () => point(subject()), "quiet");
  const skip = button(INTRO.skip, close, "quiet");
  const strip = el(
    "section",
    { class: "intro", "aria-label": INTRO.label },
    text,
    el("div", { class: "buttons" }, next, back, look, skip),
  );
  const again = button(
    INTRO.again,
    () => {
      open = true;
      go(0);
      next.focus();
    },
    "quiet",
  );
  const root = el("div", { class: "intro-root" }, strip, again);

  const steps = () => introSteps(store.state.run?.stages ?? []);
  const subject = () => steps()[step]?.subject ?? "network";

  /** @param {number} to */
  function go(to) {
    if (to === steps().length) return close();
    step = Math.max(0, to);
    render(store.state);
    mark(subject());
  }

  function close() {
    open = false;
    step = 0;
    remember();
    unmark();
    render(store.state);
    again.focus();
  }

  /** @param {State} state */
  function render({ run }) {
    show(strip, open);
    show(again, !open);
    if (!open) return;
    const all = introSteps(run?.stages ?? []);
    const now = all[step];
    if (now === undefined) return;
    setText(place, INTRO.place(step, all.length));
    setText(title, now.title);
    setText(words, now.words);
    setText(stands, now.stands ?? "");
    show(back, step > 0);
    setText(next, step + 1 < all.length ? INTRO.next : INTRO.done);
    show(skip, step + 1 < all.length);
  }
  return { root, render };
}

/** @param {Subject} subject */
function find(subject) {
  const found = PLACES[subject].map((place) => document.querySelector(place));
  return found.find((element) => element !== null && element.getClientRects().length > 0) ?? null;
}

/** Draws a line around what the step speaks of. @param {Subject} subject */
function mark(subject) {
  unmark();
  find(subject)?.classList.add("pointed-at");
}

function unmark() {
  for (const one of document.querySelectorAll(".pointed-at")) one.classList.remove("pointed-at");
}

/** Goes there. @param {Subject} subject */
function point(subject) {
  mark(subject);
  find(subject)?.scrollIntoView({ block: "nearest" });
}

/** A browser may refuse the storage: then the steps are there again on the next visit. */
function recall() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function remember() {
  try {
    localStorage.setItem(KEPT, "seen");
  } catch {
    // As above.
  }
}
