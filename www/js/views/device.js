// The device of the run and why it was chosen.

import { el, setText } from "../dom.js";
import { DEVICE } from "../strings.js";

export function deviceView() {
  const kind = el("strong");
  const name = el("span", { class: "device-name" });
  const reason = el("span");
  const root = el(
    "section",
    { class: "device", "aria-labelledby": "device-heading" },
    el("h2", { id: "device-heading" }, DEVICE.heading),
    el("p", {}, kind, name, reason),
  );

  /** @param {import("../store.js").State} state */
  function render({ device, run }) {
    setText(kind, device === null ? "" : (DEVICE.names[device.device.kind] ?? ""));
    setText(name, device === null ? "" : DEVICE.named(device.device));
    setText(reason, device === null ? DEVICE.undecided : DEVICE.reason(device, run?.settings.device));
  }
  return { root, render };
}
