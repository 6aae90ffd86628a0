// The page as an app: kept for visits without a network, and replaced when there is a newer one.

import { button, el, show } from "../../dom.js";
import { keepOffline } from "../../offline.js";
import { APP } from "../../strings/app.js";

/** @param {boolean} keep whether the page is to be kept: it is not in someone else's frame */
export function appView(keep) {
  let reload = () => {};
  const updated = el(
    "p",
    { class: "app-updated" },
    `${APP.updated} `,
    button(APP.reload, () => reload(), "quiet"),
  );
  const kept = el("p", {}, APP.kept);
  const root = el("div", { class: "app", "aria-live": "polite" }, kept, updated);
  show(kept, false);
  show(updated, false);
  if (keep) {
    void keepOffline({
      kept: () => show(kept, true),
      updated(go) {
        reload = go;
        show(updated, true);
      },
    });
  }
  return { root };
}
