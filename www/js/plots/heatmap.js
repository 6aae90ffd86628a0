// Tables of numbers as colours, with their scale above and a cursor to read single values.

import { el, setText } from "../dom.js";
import { Canvas } from "./canvas.js";
import { SIGNED, paint, pooled } from "./heat.js";
import { trace } from "./ink.js";

/** @typedef {import("./canvas.js").Pen} Pen */
/**
 * Tables of one size, each row-major, one after another in `values`. `across` of them stand side by
 * side; 0: as many as there is room for. `limit` is the value of the strongest colour.
 * @typedef {{
 *   values: ArrayLike<number>, tables: number, rows: number, columns: number, limit: number,
 *   across: number,
 * }} Sheet
 */
/**
 * Pixels of a cell and how many tables stand side by side.
 * @typedef {{ across: number, width: number, height: number, total: number }} Layout
 */

const GAP = 4;
const SCALE = { width: 120, height: 8, room: 24 };
const TALLEST = 440;
const LARGEST_TABLE = 60;
const LARGEST_CELL = 28;
const ARROWS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

export class HeatMap {
  /** @type {Sheet} */
  #sheet = { values: [], tables: 0, rows: 1, columns: 1, limit: 1, across: 0 };
  #cursor = -1;
  #say;
  plot;
  /** What is under the pointer or the cursor: spoken where a key has led there. */
  readout = el("p", { class: "readout", "aria-live": "off" });

  /**
   * @param {{ label: string, keys: string }} words
   * @param {(index: number) => string} say what a value is
   */
  constructor(words, say) {
    this.#say = say;
    this.plot = new Canvas({
      ...words,
      vector: false,
      height: (width) => layOut(this.#sheet, width).total,
      draw: (pen) => this.#draw(pen),
    });
    const { canvas } = this.plot;
    canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
      this.#move(this.#under(offsetX, offsetY), "off");
    });
    canvas.addEventListener("pointerleave", () => this.#move(-1, "off"));
    canvas.addEventListener("keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (arrow === undefined) return;
      event.preventDefault();
      this.#walk(...arrow);
    });
  }

  /** @param {Sheet} sheet */
  update(sheet) {
    this.#sheet = sheet;
    if (this.#cursor >= sheet.values.length) this.#cursor = -1;
    // Words that change by themselves would be spoken on and on.
    this.#tell("off");
    this.plot.redraw();
  }

  /** @param {"off" | "polite"} live */
  #tell(live) {
    this.readout.ariaLive = live;
    setText(this.readout, this.#cursor < 0 ? "" : this.#say(this.#cursor));
  }

  /** @param {number} index @param {"off" | "polite"} live */
  #move(index, live) {
    if (index === this.#cursor) return;
    this.#cursor = index;
    this.#tell(live);
    this.plot.redraw();
  }

  /** @param {number} dx @param {number} dy */
  #walk(dx, dy) {
    const { tables, rows, columns } = this.#sheet;
    const { across } = layOut(this.#sheet, this.plot.width);
    if (tables === 0) return;
    if (this.#cursor < 0) return this.#move(0, "polite");
    const table = Math.floor(this.#cursor / (rows * columns));
    const x = (table % across) * columns + (this.#cursor % columns) + dx;
    const y = Math.floor(table / across) * rows + (Math.floor(this.#cursor / columns) % rows) + dy;
    const next = Math.floor(y / rows) * across + Math.floor(x / columns);
    if (x < 0 || y < 0 || x >= across * columns || next >= tables) return;
    this.#move((next * rows + (y % rows)) * columns + (x % columns), "polite");
  }

  /** @param {number} x @param {number} y */
  #under(x, y) {
    const { tables, rows, columns } = this.#sheet;
    const { across, width, height } = layOut(this.#sheet, this.plot.width);
    const step = { x: columns * width + GAP, y: rows * height + GAP };
    const down = y - SCALE.room;
    const column = Math.floor((x % step.x) / width);
    const row = Math.floor((down % step.y) / height);
    const table = Math.floor(down / step.y) * across + Math.floor(x / step.x);
    const off = down < 0 || x >= across * step.x || column >= columns || row >= rows;
    return off || table >= tables ? -1 : (table * rows + row) * columns + column;
  }

  /** @param {Pen} pen */
  #draw(pen) {
    const { values, tables, rows, columns, limit } = this.#sheet;
    const layout = layOut(this.#sheet, pen.width);
    if (tables === 0) return;
    drawScale(
      pen,
      limit,
      Array.prototype.some.call(values, (value) => value < 0),
    );
    const { ink, colour } = pen;
    const area = rows * columns;
    // A cell narrower than a pixel would be lost at random.
    const most = Math.min(columns, Math.floor(columns * layout.width * 2));
    for (let table = 0; table < tables; table += 1) {
      const part = Array.prototype.slice.call(values, table * area, (table + 1) * area);
      const cells = pooled(part, rows, columns, most);
      const box = this.#box(table * area, layout);
      const size = { width: columns * layout.width, height: rows * layout.height };
      const shade = (/** @type {number} */ i) => (cells.values[i] ?? 0) / (limit || 1);
      paint(pen, cells.columns, rows, { ...box, ...size }, shade, SIGNED);
      outline(pen, box.x, box.y, size.width, size.height, "--line");
    }
    if (this.#cursor < 0) return;
    const { x, y } = this.#box(this.#cursor, layout);
    ink.fillStyle = colour("--ink");
    outline(pen, x, y, Math.max(3, layout.width), Math.max(3, layout.height), "--ink");
  }

  /** The upper left corner of a value's cell. @param {number} index @param {Layout} layout */
  #box(index, { across, width, height }) {
    const { rows, columns } = this.#sheet;
    const table = Math.floor(index / (rows * columns));
    const row = Math.floor(index / columns) % rows;
    return {
      x: (table % across) * (columns * width + GAP) + (index % columns) * width,
      y: SCALE.room + Math.floor(table / across) * (rows * height + GAP) + row * height,
    };
  }
}

/**
 * As large as there is room, cells square unless there is one long table.
 * @param {Sheet} sheet
 * @param {number} room
 * @returns {Layout}
 */
function layOut({ tables, rows, columns, across }, room) {
  if (tables <= 1) {
    const width = Math.min(LARGEST_CELL, room / columns);
    const height = Math.min(LARGEST_CELL, Math.max(width, 12), TALLEST / rows);
    return { across: 1, width, height, total: SCALE.room + rows * height + 1 };
  }
  const down = across > 0 ? Math.ceil(tables / across) : 1;
  const side = Math.min(
    LARGEST_TABLE,
    across > 0 ? room / across - GAP : room / 3,
    Math.max(columns * 2, TALLEST / down - GAP),
  );
  const cell = Math.max(1, side) / Math.max(rows, columns);
  const fill = Math.max(1, Math.floor((room + GAP) / (columns * cell + GAP)));
  const beside = across > 0 ? across : Math.min(tables, fill);
  const total = SCALE.room + Math.ceil(tables / beside) * (rows * cell + GAP);
  return { across: beside, width: cell, height: cell, total };
}

/**
 * @param {Pen} pen
 * @param {number} limit
 * @param {boolean} signed
 */
function drawScale(pen, limit, signed) {
  const { ink, colour, font } = pen;
  const [low, high] = [signed ? -limit : 0, limit].map(short);
  ink.font = font(11);
  ink.fillStyle = colour("--muted");
  ink.textBaseline = "middle";
  ink.textAlign = "left";
  const y = SCALE.height / 2 + 1;
  ink.fillText(low ?? "", 0, y);
  const left = 6.5 * (low?.length ?? 0) + 6;
  const steps = SCALE.width;
  paint(
    pen,
    steps,
    1,
    { x: left, y: 1, width: SCALE.width, height: SCALE.height },
    (i) => (signed ? (2 * i) / (steps - 1) - 1 : i / (steps - 1)),
    SIGNED,
  );
  ink.fillText(high ?? "", left + SCALE.width + 6, y);
  outline(pen, left, 1, SCALE.width, SCALE.height, "--line");
}

/**
 * @param {Pen} pen
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {string} name of the colour
 */
function outline({ ink, colour }, x, y, width, height, name) {
  trace(ink, [x, y, x + width, y, x + width, y + height, x, y + height]);
  ink.closePath();
  ink.lineWidth = 1;
  ink.strokeStyle = colour(name);
  ink.stroke();
}

/** @param {number} value */
const short = (value) => String(Number(value.toPrecision(2))).replace("-", "−");
