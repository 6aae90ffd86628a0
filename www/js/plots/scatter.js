// Points by class: looked at with the pointer, walked through with the arrow keys, taken with a
// lasso.

import { el } from "../dom.js";
import { Canvas } from "./canvas.js";
import { fit, inside, nearest, placed, rectangle, towards } from "./geometry.js";
import { circle, trace } from "./ink.js";
import { classColour, traceMark } from "./marks.js";

/** @typedef {import("./canvas.js").Pen} Pen */
/**
 * `positions` are x0, y0, x1, … in any unit.
 * @typedef {{ positions: Float32Array, labels: Uint32Array }} Cloud
 */
/**
 * Called with indices of points: `looked` as the pointer or the cursor comes to one (-1: to none),
 * `chosen` when one is taken, `taken` with all that lie in a lasso (`null`: it was let go),
 * `spanned` while a rectangle is drawn by keyboard, with how many it holds.
 * @typedef {{
 *   looked: (index: number) => void, chosen: (index: number) => void,
 *   taken: (indices: number[] | null) => void, spanned: (count: number) => void,
 * }} Listeners
 */

const PADDING = 16;
const REACH = 18;
/** A drag shorter than this is a click. */
const CLICK = 5;
const ARROWS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

export class Scatter {
  #listeners;
  /** @type {Cloud} */
  #cloud = { positions: new Float32Array(), labels: new Uint32Array() };
  /** @type {Float32Array} Positions in the page's pixels, as they were last drawn. */
  #pixels = new Float32Array();
  /** @type {Set<number>} */
  #hidden = new Set();
  /** @type {Set<number> | null} */
  #marked = null;
  #cursor = -1;
  #corner = -1;
  /** @type {number[]} The line of the lasso that is being drawn. */
  #lasso = [];
  #touch = false;
  #plot;

  /**
   * @param {{ label: string, keys: string }} words
   * @param {Listeners} listeners
   */
  constructor(words, listeners) {
    this.#listeners = listeners;
    this.#plot = new Canvas({
      ...words,
      height: { share: 0.72, least: 280, most: 520 },
      draw: (pen) => this.#draw(pen),
    });
    this.root = el("div", { class: "scatter" }, this.#plot.root);
    const { canvas } = this.#plot;
    canvas.addEventListener("pointerdown", (event) => this.#press(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#release(event));
    canvas.addEventListener("pointercancel", () => this.#drop());
    canvas.addEventListener("pointerleave", () => this.#look(-1));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("blur", () => this.#drop());
  }

  get plot() {
    return this.#plot;
  }

  /** @param {Cloud} cloud @param {boolean} [same] whether the points are those of before, moved */
  update(cloud, same = false) {
    this.#cloud = cloud;
    if (!same) {
      this.#cursor = -1;
      this.#drop();
    }
    this.#plot.redraw();
  }

  /** @param {Set<number>} hidden classes that are not shown */
  hide(hidden) {
    this.#hidden = hidden;
    this.#plot.redraw();
  }

  /** @param {Set<number> | null} marked points that stand out */
  mark(marked) {
    this.#marked = marked;
    this.#plot.redraw();
  }

  /** @param {number} index the point with a ring around it, or -1 */
  point(index) {
    if (index === this.#cursor) return;
    this.#cursor = index;
    this.#plot.redraw();
  }

  /** Whether a finger draws a lasso instead of moving the page. @param {boolean} on */
  set touch(on) {
    this.#touch = on;
    this.#plot.canvas.classList.toggle("grabs", on);
  }

  #visible = (/** @type {number} */ index) => !this.#hidden.has(this.#cloud.labels[index] ?? 0);

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button !== 0 || (event.pointerType === "touch" && !this.#touch)) return;
    this.#plot.canvas.setPointerCapture(event.pointerId);
    this.#corner = -1;
    this.#lasso = [event.offsetX, event.offsetY];
  }

  /** @param {PointerEvent} event */
  #move({ offsetX: x, offsetY: y }) {
    if (this.#lasso.length === 0) {
      this.#look(nearest(this.#pixels, x, y, REACH, this.#visible));
      return;
    }
    this.#lasso.push(x, y);
    this.#plot.redraw();
  }

  /** @param {PointerEvent} event */
  #release({ offsetX: x, offsetY: y, pointerType }) {
    // Pressed elsewhere, or with another button; a finger taps without a press of its own.
    if (this.#lasso.length === 0 && pointerType !== "touch") return;
    const [startX = x, startY = y] = this.#lasso;
    const lasso = this.#lasso;
    this.#drop();
    const wide = lasso.some((value, i) => Math.abs(value - (i % 2 ? startY : startX)) > CLICK);
    if (wide) {
      this.#take(lasso);
      return;
    }
    const index = nearest(this.#pixels, x, y, REACH, this.#visible);
    if (index < 0) this.#listeners.taken(null);
    else this.#listeners.chosen(index);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const arrow = ARROWS[event.key];
    if (arrow !== undefined) {
      this.#walk(...arrow);
    } else if (event.key === " ") {
      if (this.#corner < 0) this.#corner = this.#cursor;
      else this.#span();
    } else if (event.key === "Enter") {
      if (this.#corner >= 0) this.#span();
      else if (this.#cursor >= 0) this.#listeners.chosen(this.#cursor);
    } else if (event.key === "Escape") {
      if (this.#corner < 0) this.#listeners.taken(null);
      this.#drop();
    } else {
      return;
    }
    event.preventDefault();
    this.#plot.redraw();
  }

  /** @param {number} dx @param {number} dy */
  #walk(dx, dy) {
    const { width, height } = this.#plot;
    const next =
      this.#cursor < 0
        ? nearest(this.#pixels, width / 2, height / 2, Infinity, this.#visible)
        : towards(this.#pixels, this.#cursor, dx, dy, this.#visible);
    if (next < 0) return;
    this.#cursor = next;
    if (this.#corner >= 0) this.#listeners.spanned(this.#within(this.#box()).length);
    else this.#listeners.looked(next);
  }

  /** The rectangle between the corner that was set and the cursor. */
  #box() {
    const at = (/** @type {number} */ i) => this.#pixels[i] ?? 0;
    const [a, b] = [2 * this.#corner, 2 * this.#cursor];
    return rectangle(at(a), at(a + 1), at(b), at(b + 1));
  }

  #span() {
    const box = this.#box();
    this.#drop();
    this.#take(box);
  }

  /** @param {number[]} line */
  #take(line) {
    const indices = this.#within(line);
    this.#listeners.taken(indices.length > 0 ? indices : null);
  }

  /** @param {number[]} line */
  #within(line) {
    return Array.from(this.#cloud.labels.keys()).filter(
      (i) =>
        this.#visible(i) && inside(this.#pixels[2 * i] ?? 0, this.#pixels[2 * i + 1] ?? 0, line),
    );
  }

  #drop() {
    this.#lasso = [];
    this.#corner = -1;
    this.#plot.redraw();
  }

  /** @param {number} index */
  #look(index) {
    if (index === this.#cursor) return;
    this.#cursor = index;
    this.#plot.redraw();
    this.#listeners.looked(index);
  }

  /** @param {Pen} pen */
  #draw({ ink, width, height, colour }) {
    const { positions, labels } = this.#cloud;
    this.#pixels = placed(positions, fit(positions, width, height, PADDING));
    const at = this.#pixels;
    const radius = labels.length > 1200 ? 3 : labels.length > 400 ? 3.6 : 4.5;
    // What is not marked is drawn first and faintly; then class by class, one path each.
    const classes = [...new Set(labels)].filter((label) => !this.#hidden.has(label));
    for (const strong of this.#marked === null ? [true] : [false, true]) {
      ink.globalAlpha = strong ? 0.85 : 0.16;
      for (const label of classes) {
        ink.beginPath();
        labels.forEach((own, i) => {
          if (own !== label || (this.#marked?.has(i) ?? true) !== strong) return;
          traceMark(ink, label, at[2 * i] ?? 0, at[2 * i + 1] ?? 0, radius);
        });
        ink.fillStyle = colour(classColour(label));
        ink.fill();
      }
    }
    ink.globalAlpha = 1;
    ink.strokeStyle = colour("--ink");
    ink.lineWidth = 1.5;
    if (this.#cursor >= 0 && this.#cursor < labels.length) {
      circle(ink, at[2 * this.#cursor] ?? 0, at[2 * this.#cursor + 1] ?? 0, 9);
      ink.stroke();
    }
    const line = this.#corner >= 0 ? this.#box() : this.#lasso;
    if (line.length < 4) return;
    trace(ink, line);
    ink.closePath();
    ink.setLineDash([4, 3]);
    ink.stroke();
    ink.setLineDash([]);
    ink.fillStyle = colour("--ink");
    ink.globalAlpha = 0.06;
    ink.fill();
    ink.globalAlpha = 1;
  }
}
