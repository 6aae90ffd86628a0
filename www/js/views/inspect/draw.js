// Draw a digit: what the network says of it, and what every module makes of it.

import { button, el, setText, show } from "../../dom.js";
import { Canvas } from "../../plots/canvas.js";
import { pictureOf } from "../../plots/sample.js";
import { INSPECT } from "../../strings/inspect.js";
import { activationsPart } from "./activations.js";
import { centred, shrunk } from "./centre.js";
import { modulesOf, trains, version } from "./context.js";
import { announcer, panel } from "./panel.js";
import { Watch } from "./watch.js";

/** @typedef {import("../../store.js").State} State */
/** @typedef {import("./context.js").Context} Context */
/** @typedef {{ x: number, y: number }[]} Stroke From 0 to 1. */

/** Pixels of the drawing for one of the image: enough for smooth edges. */
const FINE = 5;
/** The pen's width as a share of the field: two pixels of MNIST's 28. */
const PEN = 1 / 14;
const ARROWS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

/** @param {Context} context */
export function drawView(context) {
  const words = INSPECT.draw;
  const { root, body, instead, refused } = panel("draw", words);
  /** @type {Stroke[]} */
  let strokes = [];
  let drawing = false;
  /** The pen of the keyboard. */
  let pen = { x: 0.5, y: 0.5, down: false, used: false };
  let revision = 0;
  let size = { height: 28, width: 28 };
  let of = "";
  /** @type {Float32Array} */
  let image = new Float32Array(0);
  /** @type {State | null} */
  let shown = null;

  const announce = announcer();
  const fine = el("canvas");
  const side = (/** @type {number} */ width) => Math.min(280, width);
  const pad = new Canvas({
    label: words.pad,
    keys: words.keys,
    vector: false,
    height: side,
    draw({ bitmap, ink, width, colour }) {
      if (bitmap === null) return;
      bitmap.strokeStyle = colour("--ink");
      trace(bitmap, strokes, width);
      if (!pen.used) return;
      ink.beginPath();
      ink.arc(pen.x * width, pen.y * width, (PEN * width) / 2 + 2, 0, 2 * Math.PI);
      ink.strokeStyle = colour("--accent");
      ink.lineWidth = pen.down ? 3 : 1.5;
      ink.stroke();
    },
  });
  const seen = new Canvas({
    label: words.seen,
    picture: true,
    vector: false,
    height: side,
    draw: (pen) => {
      const grid = { id: 0, label: 0, kind: /** @type {const} */ ("grid"), channels: 1 };
      pictureOf({ ...grid, ...size, values: image })?.(pen);
    },
  });
  const centre = el("input", { type: "checkbox" });
  centre.addEventListener("change", () => changed());
  const undo = button(words.undo, () => {
    strokes.pop();
    changed();
  });
  const clear = button(words.clear, () => {
    strokes = [];
    pen = { ...pen, down: false };
    changed();
    announce.say(words.cleared);
  });
  const answer = el("p", { class: "answer", "aria-live": "polite" });
  const activations = activationsPart();
  body.append(
    el(
      "div",
      { class: "pads" },
      pad.root,
      el("div", { class: "seen" }, seen.root, el("small", { class: "hint" }, words.seen)),
      el(
        "div",
        { class: "pad-tools" },
        el("div", { class: "buttons" }, undo, clear),
        el("label", { class: "check" }, centre, el("span", {}, words.centre)),
        answer,
      ),
    ),
    announce.root,
    activations.root,
  );
  const watch = new Watch(root, ask, refused);

  const { canvas } = pad;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    strokes.push([spot(event)]);
    changed();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    strokes.at(-1)?.push(...(event.getCoalescedEvents?.() ?? [event]).map(spot));
    changed();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => (drawing = false));
  }
  canvas.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (arrow !== undefined) move(...arrow);
    else if (event.key === " ") press();
    else if (event.key === "Backspace") undo.click();
    else return;
    event.preventDefault();
  });
  canvas.addEventListener("blur", () => {
    pen = { ...pen, used: false, down: false };
    pad.redraw();
  });

  /** @param {PointerEvent} event */
  function spot({ offsetX, offsetY }) {
    return { x: offsetX / pad.width, y: offsetY / pad.width };
  }

  function press() {
    pen = { ...pen, used: true, down: !pen.down };
    if (pen.down) strokes.push([{ x: pen.x, y: pen.y }]);
    announce.say(words.pen(pen.down));
    changed();
  }

  /** One pixel of the image at a time. @param {number} dx @param {number} dy */
  function move(dx, dy) {
    const within = (/** @type {number} */ value) => Math.min(1, Math.max(0, value));
    pen = {
      ...pen,
      x: within(pen.x + dx / size.width),
      y: within(pen.y + dy / size.height),
      used: true,
    };
    if (pen.down) strokes.at(-1)?.push({ x: pen.x, y: pen.y });
    announce.say(words.at(Math.round(pen.x * size.width), Math.round(pen.y * size.height)));
    changed();
  }

  function changed() {
    revision += 1;
    image = rasterised();
    pad.redraw();
    seen.redraw();
    if (shown !== null) render(shown);
  }

  /** The drawing as the network reads it. */
  function rasterised() {
    const { height, width } = size;
    const side = FINE * Math.max(height, width);
    fine.width = side;
    fine.height = side;
    const context = fine.getContext("2d", { willReadFrequently: true });
    if (context === null) return new Float32Array(height * width);
    trace(context, strokes, side);
    const { data } = context.getImageData(0, 0, side, side);
    const ink = Float32Array.from({ length: side * side }, (_, i) => (data[4 * i + 3] ?? 0) / 255);
    return centre.checked ? centred(ink, side, height, width) : shrunk(ink, side, height, width);
  }

  async function ask() {
    const classes = context.dataset?.classes ?? [];
    const found = await context.ask("classify", image);
    if (shown === null || strokes.length === 0) return;
    const best = activations.update(found, modulesOf(shown), classes);
    setText(answer, words.answer(classes[best] ?? String(best)));
  }

  /** Takes the shape of the data set's images. @param {string} which @param {string} name */
  async function fit(which, name) {
    const [sample] = await context.samples([0]).catch(() => []);
    if (of !== which) return;
    // The run was replaced meanwhile: the next one is asked.
    if (sample === undefined) of = "";
    if (sample?.kind !== "grid" || sample.channels !== 1) return;
    size = { height: sample.height, width: sample.width };
    centre.checked = name === "mnist";
    show(root, true);
    changed();
  }

  /** @param {State} state */
  function render(state) {
    shown = state;
    const { dataset } = context;
    // All data of a visitor's own have one name.
    const which = dataset?.kind === "grids" ? `${dataset.name} ${dataset.input}` : "";
    if (which !== of) {
      of = which;
      show(root, false);
      strokes = [];
      if (dataset !== null && which !== "") void fit(which, dataset.name);
    }
    const key = version(state);
    instead(key === null ? INSPECT.nothing : "");
    const empty = strokes.length === 0;
    undo.disabled = empty;
    clear.disabled = empty;
    show(activations.root, !empty);
    if (empty) setText(answer, words.empty);
    const drawn = `${revision}`;
    watch.want(
      empty || key === null || root.hidden ? null : `${key} ${drawn}`,
      drawn !== asked || !trains(state),
    );
    asked = drawn;
  }
  let asked = "";
  root.hidden = true;
  return { root, render };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke[]} strokes
 * @param {number} side pixels of the field
 */
function trace(context, strokes, side) {
  context.lineCap = "round";
  context.lineJoin = "round";
  context.lineWidth = PEN * side;
  for (const stroke of strokes) {
    context.beginPath();
    stroke.forEach(({ x, y }, i) => {
      if (i === 0) context.moveTo(x * side, y * side);
      // A stroke of one point is a dot.
      context.lineTo(x * side, y * side);
    });
    context.stroke();
  }
}
