// Everything that can be taken away from a run.

import { VIEWS, withEmbed } from "../../embed.js";
import { button, el, enable, setText, show } from "../../dom.js";
import { writeLink } from "../../link.js";
import { figureOf } from "../../plots/canvas.js";
import { escaped } from "../../plots/svg.js";
import { canAsk } from "../../derived.js";
import { TAKE } from "../../strings/take.js";
import { bibtex } from "../../take/citation.js";
import { commandLine, installLine, planFile } from "../../take/command.js";
import { curvesSvg } from "../../take/curves.js";
import { metricsCsv, record } from "../../take/record.js";
import { figurePng, save, svgPng } from "../../take/save.js";
import { shownRun } from "../../take/shown.js";
import { selectField } from "../fields.js";
import { codeBlock, copyButton } from "./copy.js";

/** @typedef {import("../../store.js").State} State */

/** @param {import("../../main.js").Page} page */
export function takeView({ ask, store }) {
  const address = location.origin + location.pathname;
  const shown = () => shownRun(store.state, address);
  const failure = el("p", { class: "note", "aria-live": "polite" });
  /** @param {() => void | Promise<void>} work */
  const attempt = (work) => async () => {
    setText(failure, "");
    try {
      await work();
    } catch (error) {
      const { message } = /** @type {{ message?: string }} */ (error ?? {});
      setText(failure, TAKE.failed(message ?? String(error)));
    }
  };
  const name = () => {
    const { plan, seed } = shown().settings;
    return `${planFile(plan).replace(/\.json$/, "")}-seed${seed}`;
  };
  const json = (/** @type {unknown} */ value) => `${JSON.stringify(value, null, 1)}\n`;
  const svg = () => {
    const { settings, stages } = shown();
    return curvesSvg(TAKE.title(settings.plan, settings.seed), stages);
  };

  const weights = button(
    TAKE.weights,
    attempt(async () => {
      const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (await ask("safetensors"));
      save(`${name()}.safetensors`, bytes, "application/octet-stream");
    }),
  );
  const measured = [
    button(
      TAKE.csv,
      attempt(() => save(`${name()}.csv`, metricsCsv(shown().stages), "text/csv")),
    ),
    button(
      TAKE.json,
      attempt(() => save(`${name()}.run.json`, json(record(shown())), "application/json")),
    ),
  ];
  const curves = [
    button(
      TAKE.svg,
      attempt(() => save(`${name()}.svg`, svg(), "image/svg+xml")),
    ),
    button(
      TAKE.png,
      attempt(async () => save(`${name()}.png`, await svgPng(svg()), "image/png")),
    ),
  ];
  const empty = el("p", { class: "note" }, TAKE.empty);

  const chosen = () => paintedFigures()[Number(figure.value)];
  const drawing = () => figureOf(chosen() ?? root)?.svg() ?? null;
  const figure = selectField(TAKE.figure, () => enable(figureSvg, drawing() !== null));
  const figureSvg = button(
    TAKE.figureSvg,
    attempt(() => save(`${name()}-${slug(chosen())}.svg`, drawing() ?? "", "image/svg+xml")),
  );
  const figureRow = el(
    "div",
    { class: "take-row" },
    figure.root,
    button(
      TAKE.figurePng,
      attempt(async () => {
        const [svg, painted] = [drawing(), chosen()];
        if (painted === undefined) return;
        const png = svg === null ? figurePng(painted) : svgPng(svg);
        save(`${name()}-${slug(painted)}.png`, await png, "image/png");
      }),
    ),
    figureSvg,
    hint(TAKE.figureHint),
  );

  const embedView = selectField(TAKE.embedView, () => render(store.state));
  embedView.fill([{ options: VIEWS.map((value) => ({ value, label: TAKE.embedViews[value] })) }]);
  const embed = codeBlock(TAKE.embedCode);
  const link = el("input", { type: "text", readonly: true, "aria-label": TAKE.link });
  const command = codeBlock(TAKE.command);
  const install = el("code");
  const changed = el("p", { class: "hint" }, TAKE.changedHint);
  const ownHint = el("p", { class: "hint" }, TAKE.ownHint);
  const commandPart = el(
    "div",
    { class: "take-command" },
    command.root,
    el("p", { class: "hint" }, `${TAKE.commandHint} `, install),
  );
  const plan = button(
    TAKE.plan,
    attempt(() => {
      const { settings, plan } = shown();
      save(planFile(settings.plan), json(plan), "application/json");
    }),
  );
  const cite = codeBlock(
    "BibTeX",
    button(TAKE.bib, () => save("mole.bib", bibtex(), "application/x-bibtex")),
  );
  cite.root.classList.add("take-cite");
  cite.set(bibtex());

  const root = el(
    "div",
    { class: "take" },
    empty,
    part(TAKE.run, TAKE.runHint, buttons(weights, ...measured)),
    part(TAKE.figures, "", buttons(...curves), figureRow),
    part(
      TAKE.repeat,
      TAKE.linkHint,
      el(
        "div",
        { class: "take-row" },
        link,
        copyButton(TAKE.link, () => link.value),
      ),
      changed,
      commandPart,
      ownHint,
      buttons(plan),
    ),
    part(TAKE.embed, TAKE.embedHint, embedView.root, embed.root),
    part(
      TAKE.notebook,
      TAKE.notebookHint,
      buttons(
        el("a", { class: "button", href: "read_run.py", download: "read_run.py" }, TAKE.reader),
      ),
    ),
    part(TAKE.cite, TAKE.citeHint, cite.root),
    failure,
  );
  let figures = "";

  /** @param {State} state */
  function render(state) {
    const now = shown();
    const { settings, device, trained, own } = now;
    const kind = device?.kind ?? (settings.device === "auto" ? "cpu" : settings.device);
    show(empty, !trained);
    enable(weights, trained && canAsk(state));
    for (const control of [...measured, ...curves]) enable(control, trained);
    enable(plan, now.plan !== null);
    if (link.value !== now.link) link.value = now.link;
    const view = VIEWS.find((known) => known === embedView.value) ?? VIEWS[0];
    const embedded = withEmbed(view, writeLink({ ...settings, run: false }));
    embed.set(frame(address + embedded, TAKE.title(settings.plan, settings.seed)));
    command.set(commandLine(settings, now.changed, kind, own));
    setText(install, installLine(kind));
    show(changed, now.changed);
    show(ownHint, own !== null);

    const labels = paintedFigures().map((one) => one.getAttribute("aria-label") ?? "");
    if (labels.join("\n") === figures) return;
    figures = labels.join("\n");
    const options = labels.map((label, at) => ({ value: String(at), label }));
    figure.fill([{ label: TAKE.figures, options }]);
    enable(figureSvg, drawing() !== null);
    show(figureRow, labels.length > 0);
  }
  show(figureRow, false);
  return { root, render };
}

/**
 * What shows an address in someone else's page.
 * @param {string} address
 * @param {string} title
 */
function frame(address, title) {
  return `<iframe src="${escaped(address)}" title="${escaped(title)}" width="100%" height="560"></iframe>`;
}

/** A figure's label as a part of a file's name. @param {Element | undefined} figure */
function slug(figure) {
  const [words = ""] = (figure?.getAttribute("aria-label") ?? "").split(":");
  return words.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "") || "figure";
}

/** The figures of the page that have been painted, in sight or not. */
function paintedFigures() {
  const all = [...document.querySelectorAll('[role="figure"]')];
  return all.filter((figure) => (figureOf(figure)?.width ?? 0) > 0);
}

/**
 * @param {string} title
 * @param {string} about
 * @param {Node[]} content
 */
function part(title, about, ...content) {
  return el("section", { class: "take-part" }, el("h2", {}, title), hint(about), ...content);
}

/** @param {string} words */
const hint = (words) => el("p", { class: "hint", hidden: words === "" }, words);

/** @param {HTMLElement[]} all */
const buttons = (...all) => el("div", { class: "buttons" }, ...all);
