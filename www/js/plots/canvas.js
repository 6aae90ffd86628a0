// The base of every figure that is not a line plot: a canvas as sharp as the screen, in the page's
// colours, drawn only while it can be seen, and written out as SVG.

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
 * In pixels, or a share of the width within bounds: so much room is kept before anything is painted.
 * What a function says is known only then.
 * @typedef {number | { share: number, least: number, most: number } | ((width: number) => number)} Height
 */
/**
 * @typedef {{
 *   label: string, height: Height, draw: (pen: Pen) => void, vector?: boolean, keys?: string,
 *   picture?: boolean,
 * }} Options `vector`: whether `draw` does without `bitmap`. `keys` says what the keyboard does
 * here; without it the canvas takes no focus. A `picture` is part of something else, not a figure
 * of its own.
 */

/** @type {WeakMap<Element, Canvas>} */
const figures = new WeakMap();

/** What paints a figure of the page, be it all of it or a part. @param {Element} root */
export const figureOf = (root) => figures.get(root.querySelector(".canvas") ?? root);

export class Canvas {
  #options;
  /** Stands while the figure can be seen; its end stops the listening to the theme. */
  #seen = new AbortController();
  #size = { width: 0, height: 0 };
  canvas;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    const { label, height, keys, picture = false } = options;
    this.canvas = el(
      "canvas",
      keys === undefined
        ? { "aria-hidden": true }
        : { tabindex: 0, role: "application", "aria-label": `${label}. ${keys}` },
    );
    keepRoom(this.canvas.style, height);
    const role = picture ? "img" : "figure";
    this.root = el("div", { class: "canvas", role, "aria-label": label }, this.canvas);
    figures.set(this.root, this);
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
    return this.#size.width;
  }

  get height() {
    return this.#size.height;
  }

  /** @param {string} text what the figure shows, for those who do not see it */
  set label(text) {
    if (this.root.getAttribute("aria-label") === text) return;
    this.root.setAttribute("aria-label", text);
    const { keys } = this.#options;
    if (keys !== undefined) this.canvas.setAttribute("aria-label", `${text}. ${keys}`);
  }

  /** The figure as it was painted last, in sight or not, as SVG; `null` where it has pixels. */
  svg() {
    if (this.#options.vector === false) return null;
    const ink = new SvgInk();
    this.#options.draw(this.#pen(ink, null));
    const { width, height } = this.#size;
    return ink.document(width, height, colour("--paper"), this.root.ariaLabel ?? "");
  }

  #paint = () => {
    const width = Math.floor(this.root.clientWidth);
    if (width === 0) return;
    const height = Math.round(heightAt(this.#options.height, width));
    this.#size = { width, height };
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
    const { width, height } = this.#size;
    const font = (/** @type {number} */ size, weight = 400) => `${weight} ${size}px ${typeface()}`;
    return { ink, bitmap, width, height, colour, font };
  }
}

/** @param {CSSStyleDeclaration} style @param {Height} height */
function keepRoom(style, height) {
  if (typeof height === "number") style.height = `${height}px`;
  else if (typeof height !== "function") {
    style.aspectRatio = `1 / ${height.share}`;
    style.minHeight = `${height.least}px`;
    style.maxHeight = `${height.most}px`;
  }
}

/** @param {Height} height @param {number} width */
function heightAt(height, width) {
  if (typeof height === "number") return height;
  if (typeof height === "function") return height(width);
  return Math.min(height.most, Math.max(height.least, width * height.share));
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
