// A line plot that is drawn only while visible, and never against the visitor's own zoom. Dragging
// zooms, a double click shows all again; by keys, arrows go from point to point, plus and minus
// zoom, Escape shows all.

import { el, button, setText, show } from "../dom.js";
import { STAGES } from "../strings.js";
import { Canvas } from "./canvas.js";
import { boxOf, drawLines, extent, firstFrom, placing } from "./lines.js";

/** @typedef {import("./lines.js").Columns} Columns */
/** @typedef {import("./lines.js").Series} Series */
/**
 * @typedef {{
 *   label: string, xLabel: string, height: number, series: Series[], whole?: boolean,
 *   range: (last: number) => [number, number], read: (x: number, values: (number | null)[]) => string,
 * }} Options `range` gives the whole x axis for the last x there is; `read` is what stands in the
 * corner for the point under the pointer. `whole`: x counts whole things.
 */

/** Pixels that a drag must have to be meant. */
const DRAG = 4;

export class LinePlot {
  #options;
  #figure;
  // Silent until keys move the cursor: under a moving pointer it would never stop.
  #readout = el("span", { class: "plot-readout", "aria-live": "off" });
  #reset = button(STAGES.resetZoom, () => this.#setZoom(null), "quiet");
  /** @type {Columns} */
  #columns;
  /** @type {[number, number] | null} */
  #zoom = null;
  /** @type {number | null} */
  #cursor = null;
  /** @type {[number, number] | null} */
  #drag = null;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    const { label, height, series } = options;
    this.#columns = [[], ...series.map(() => [])];
    this.#figure = new Canvas({
      label,
      keys: STAGES.plotKeys,
      height,
      picture: true,
      draw: (pen) => {
        const scales = this.#scales(pen.width, pen.height);
        const [columns, cursor, selection] = [this.#columns, this.#cursor, this.#drag];
        const { xLabel, whole = false } = options;
        drawLines(pen, { columns, series, scales, xLabel, whole, cursor, selection });
      },
    });
    this.#reset.hidden = true;
    this.#listen(this.#figure.canvas);
    this.root = el(
      "div",
      { class: "plot", role: "figure", "aria-label": label },
      el("div", { class: "plot-head" }, keyOf(series), this.#readout, this.#reset),
      this.#figure.root,
    );
  }

  /** @param {Columns} columns */
  update(columns) {
    this.#columns = columns;
    this.#figure.redraw();
  }

  /** @param {HTMLCanvasElement} canvas */
  #listen(canvas) {
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.#drag = [event.offsetX, event.offsetX];
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.#drag !== null) this.#drag = [this.#drag[0], event.offsetX];
      this.#readout.ariaLive = "off";
      this.#moveTo(this.#nearest(event.offsetX));
    });
    canvas.addEventListener("pointerup", () => {
      const drag = this.#drag;
      this.#drag = null;
      if (drag !== null && Math.abs(drag[1] - drag[0]) >= DRAG) this.#zoomInto(drag);
    });
    for (const type of ["pointercancel", "pointerleave"]) {
      canvas.addEventListener(type, () => {
        this.#drag = null;
        this.#moveTo(null);
      });
    }
    canvas.addEventListener("dblclick", () => this.#setZoom(null));
    canvas.addEventListener("keydown", (event) => {
      if (this.#press(event.key)) event.preventDefault();
    });
  }

  /** The part of the x axis that the visitor has chosen to see; `null`: all. */
  get zoom() {
    return this.#zoom;
  }

  set zoom(zoom) {
    this.#setZoom(zoom);
  }

  #whole() {
    return this.#options.range(this.#columns[0]?.at(-1) ?? 0);
  }

  /** @param {number} width @param {number} height */
  #scales(width, height) {
    const x = this.#zoom ?? this.#whole();
    return { x, y: extent(this.#columns, x) ?? [0, 1], box: boxOf(width, height) };
  }

  #placing() {
    return placing(this.#scales(this.#figure.width, this.#figure.height));
  }

  /** @param {number} pixel */
  #nearest(pixel) {
    const [xs = []] = this.#columns;
    if (xs.length === 0) return null;
    const value = this.#placing().value(pixel);
    const after = Math.min(firstFrom(xs, value), xs.length - 1);
    const before = Math.max(after - 1, 0);
    return value - (xs[before] ?? 0) < (xs[after] ?? 0) - value ? before : after;
  }

  /** @param {[number, number]} pixels */
  #zoomInto(pixels) {
    const [whole, end] = this.#whole();
    const [from = whole, to = end] = pixels
      .map((pixel) => Math.min(Math.max(this.#placing().value(pixel), whole), end))
      .sort((a, b) => a - b);
    if (to > from) this.#setZoom([from, to]);
  }

  /** @param {[number, number] | null} zoom */
  #setZoom(zoom) {
    this.#zoom = zoom;
    show(this.#reset, zoom !== null);
    this.#figure.redraw();
  }

  /** @param {number | null} index */
  #moveTo(index) {
    this.#cursor = index;
    const [x, ...values] = this.#columns.map((column) => column[index ?? -1] ?? null);
    setText(this.#readout, typeof x === "number" ? this.#options.read(x, values) : "");
    this.#figure.redraw();
  }

  /**
   * @param {string} key
   * @returns {boolean} whether it means anything here
   */
  #press(key) {
    const [xs = []] = this.#columns;
    if (xs.length === 0) return false;
    const last = xs.length - 1;
    const at = this.#cursor ?? (key === "ArrowRight" ? -1 : last + 1);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[key];
    if (to !== undefined) {
      this.#readout.ariaLive = "polite";
      this.#moveTo(Math.min(Math.max(to, 0), last));
    } else if (key === "+" || key === "-") {
      this.#zoomBy(key === "+" ? 0.5 : 2);
    } else if (key === "Escape" && this.#zoom !== null) {
      this.#setZoom(null);
    } else {
      return false;
    }
    return true;
  }

  /**
   * About the cursor, or the middle.
   * @param {number} factor
   */
  #zoomBy(factor) {
    const [whole, end] = this.#whole();
    const [from, to] = this.#zoom ?? [whole, end];
    const middle = this.#columns[0]?.[this.#cursor ?? -1] ?? (from + to) / 2;
    const length = (to - from) * factor;
    if (length >= end - whole) return this.#setZoom(null);
    const low = Math.min(Math.max(middle - length / 2, whole), end - length);
    this.#setZoom([low, low + length]);
  }
}

/** @param {Series[]} series */
function keyOf(series) {
  const key = el("span", { class: "plot-key" });
  const listed = series.filter(({ hidden }) => !hidden);
  if (listed.length < 2) return key;
  for (const { label, colour, dash } of listed) {
    const mark = el("i", { class: dash?.length ? "mark dashed" : "mark", "aria-hidden": true });
    mark.style.setProperty("--mark", `var(${colour})`);
    key.append(el("span", {}, mark, label));
  }
  return key;
}
