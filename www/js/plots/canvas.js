// The base of every figure that is not a line plot: a canvas as sharp as the screen, in the page's
// colours, drawn only while it can be seen, and written out as PNG or SVG.

import { el } from "../dom.js";
import { onTheme } from "../theme.js";
import { colour, typeface } from "./colours.js";
import { onFrame } from "./frame.js";
import { SvgInk } from "./svg.js";

/**
 * What plots draw with: a canvas's context or what writes SVG.
 * @typedef {Pick<CanvasRenderingContext2D, "beginPath" | "moveTo" | "lineTo" | "closePath" | "arc"
 *   | "fill" | "stroke" | "fillRect" | "fillText" | "setLineDash" | "lineWidth" | "globalAlpha"
 *   | "font" | "textAlign" | "textBaseline" | "lineJoin">
 *   & { fillStyle: string | CanvasGradient | CanvasPattern,
 *       strokeStyle: string | CanvasGradient | CanvasPattern }} Ink
 */
/**
 * Lengths are in pixels of the page. `bitmap` is absent where SVG is written.
 * @typedef {{
 *   ink: Ink, bitmap: CanvasRenderingContext2D | null, width: number, height: number,
 *   colour: (name: string) => string, font: (size: number, weight?: number) => string,
 * }} Pen
 */
/**
 * @typedef {{
 *   label: string, height: (width: number) => number, draw: (pen: Pen) => void,
 *   vector?: boolean, keys?: string,
 * }} Options `vector`: whether `draw` does without `bitmap`. `keys` says what the keyboard does
 * here; without it the canvas takes no focus.
 */

/** Pixels of a PNG for each of the page's. */
const EXPORT_SCALE = 3;

export class Canvas {
  #options;
  /** Stands while the figure can be seen; its end stops the listening to the theme. */
  #seen = new AbortController();
  canvas;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    const { label, keys } = options;
    this.canvas = el(
      "canvas",
      keys === undefined
        ? { "aria-hidden": true }
        : { tabindex: 0, role: "application", "aria-label": `${label}. ${keys}` },
    );
    this.root = el("div", { class: "canvas", role: "figure", "aria-label": label }, this.canvas);
    // Off the page nothing can be seen: nothing is drawn, and nothing keeps the figure alive.
    this.#seen.abort();
    new IntersectionObserver((entries) => {
      this.#seen.abort();
      if (entries.at(-1)?.isIntersecting !== true) return;
      this.#seen = new AbortController();
      onTheme(() => this.redraw(), this.#seen.signal);
      this.redraw();
    }).observe(this.root);
    new ResizeObserver(() => this.redraw()).observe(this.root);
  }

  /** To be called when what it shows has changed. */
  redraw() {
    if (!this.#seen.signal.aborted) onFrame(this.#paint);
  }

  get width() {
    return Math.floor(this.root.clientWidth);
  }

  get height() {
    return Math.round(this.#options.height(this.width));
  }

  /** Whether the figure can be had as SVG. */
  get vector() {
    return this.#options.vector !== false;
  }

  /** @param {string} text what the figure shows, for those who do not see it */
  set label(text) {
    if (this.root.getAttribute("aria-label") !== text) this.root.setAttribute("aria-label", text);
  }

  /**
   * The figure as a file, as it stands, on the page's paper.
   * @param {"image/png" | "image/svg+xml"} [type]
   * @returns {Promise<Blob>}
   */
  async toBlob(type = "image/png") {
    const { width, height } = this;
    if (type === "image/svg+xml") {
      const ink = new SvgInk();
      this.#options.draw(this.#pen(ink, null));
      return new Blob([ink.document(width, height, colour("--paper"))], { type });
    }
    const copy = el("canvas");
    const context = sharpened(copy, width, height, EXPORT_SCALE);
    context.fillStyle = colour("--paper");
    context.fillRect(0, 0, width, height);
    this.#options.draw(this.#pen(context, context));
    return new Promise((resolve, reject) =>
      copy.toBlob((blob) => (blob === null ? reject(new Error(type)) : resolve(blob)), type),
    );
  }

  #paint = () => {
    const { width, height } = this;
    if (width === 0) return;
    const context = sharpened(this.canvas, width, height, devicePixelRatio);
    context.clearRect(0, 0, width, height);
    this.#options.draw(this.#pen(context, context));
  };

  /**
   * @param {Ink} ink
   * @param {CanvasRenderingContext2D | null} bitmap
   * @returns {Pen}
   */
  #pen(ink, bitmap) {
    const { width, height } = this;
    const font = (/** @type {number} */ size, weight = 400) => `${weight} ${size}px ${typeface()}`;
    return { ink, bitmap, width, height, colour, font };
  }
}

/**
 * Gives a canvas its size and its context, in the page's pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {number} scale
 */
function sharpened(canvas, width, height, scale) {
  const [columns, rows] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
    canvas.style.height = `${height}px`;
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return context;
}
