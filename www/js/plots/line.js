// A line plot on uPlot: drawn only while visible, and never against the visitor's own zoom. By keys
// as by pointer: arrows go from point to point, plus and minus zoom, Escape shows all again.

import uPlot from "../../vendor/uplot/uPlot.js";
import { el, button, setText, show } from "../dom.js";
import { STAGES } from "../strings.js";
import { onTheme } from "../theme.js";
import { onFrame } from "./frame.js";

/**
 * @typedef {{
 *   label: string, colour: string, width?: number, dash?: number[], points?: boolean,
 *   hidden?: boolean,
 * }} Series `colour` is the name of a custom property in style/base.css; a hidden series is not in the
 * key.
 */
/**
 * @typedef {{
 *   label: string, xLabel: string, height: number, series: Series[],
 *   range: (last: number) => [number, number], read: (x: number, values: (number | null)[]) => string,
 *   incrs?: number[],
 * }} Options `range` gives the whole x axis for the last x there is; `read` is what stands in the
 * corner for the point under the pointer.
 */
/** @typedef {(number | null)[][]} Columns x, then one column for each series. */

export class LinePlot {
  #options;
  #host;
  // Silent until keys move the cursor: under a moving pointer it would never stop.
  #readout = el("span", { class: "plot-readout", "aria-live": "off" });
  #reset = button(STAGES.resetZoom, () => this.#unzoom(), "quiet");
  /** @type {uPlot | null} */
  #plot = null;
  /** @type {Columns} */
  #columns;
  #visible = false;
  #zoomed = false;
  #stale = true;
  #observers;
  #gone = new AbortController();

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.#host = el("div", {
      class: "plot-canvas",
      tabindex: 0,
      role: "group",
      "aria-label": `${options.label}. ${STAGES.plotKeys}`,
    });
    this.#host.addEventListener("keydown", (event) => {
      if (this.#press(event.key)) event.preventDefault();
    });
    this.#columns = [[], ...options.series.map(() => [])];
    this.#reset.hidden = true;
    const key = el("span", { class: "plot-key" });
    const listed = options.series.filter(({ hidden }) => !hidden);
    if (listed.length > 1) {
      for (const { label, colour, dash } of listed) {
        const mark = el("i", { class: dash?.length ? "mark dashed" : "mark", "aria-hidden": true });
        mark.style.setProperty("--mark", `var(${colour})`);
        key.append(el("span", {}, mark, label));
      }
    }
    this.root = el(
      "div",
      { class: "plot", role: "figure", "aria-label": options.label },
      el("div", { class: "plot-head" }, key, this.#readout, this.#reset),
      this.#host,
    );

    const seen = new IntersectionObserver((entries) => {
      this.#visible = entries.at(-1)?.isIntersecting === true;
      this.#ask();
    });
    const sized = new ResizeObserver(() => this.#ask());
    seen.observe(this.root);
    sized.observe(this.#host);
    this.#observers = [seen, sized];
    onTheme(() => this.#recolour(), this.#gone.signal);
  }

  /** Lets go of the page; the plot draws no more. */
  destroy() {
    this.#gone.abort();
    for (const observer of this.#observers) observer.disconnect();
    this.#visible = false;
    this.#plot?.destroy();
  }

  /** @param {Columns} columns */
  update(columns) {
    this.#columns = columns;
    this.#stale = true;
    this.#ask();
  }

  #ask() {
    if (this.#visible) onFrame(this.#draw);
  }

  #draw = () => {
    const width = Math.floor(this.#host.clientWidth);
    if (width === 0 || this.#gone.signal.aborted) return;
    const { height } = this.#options;
    const data = /** @type {uPlot.AlignedData} */ (/** @type {unknown} */ (this.#columns));
    if (this.#plot === null) {
      this.#plot = new uPlot(this.#settings(width), data, this.#host);
    } else if (this.#stale) {
      this.#plot.setData(data, !this.#zoomed);
      if (this.#zoomed) this.#plot.redraw();
    }
    if (this.#plot.width !== width) this.#plot.setSize({ width, height });
    this.#stale = false;
  };

  /** uPlot takes its colours once, when it is made. */
  #recolour() {
    this.#plot?.destroy();
    this.#plot = null;
    this.#ask();
  }

  #unzoom() {
    this.#setZoomed(false);
    this.#plot?.setData(this.#plot.data, true);
  }

  /**
   * @param {string} key
   * @returns {boolean} whether it means anything here
   */
  #press(key) {
    const plot = this.#plot;
    const [x = []] = this.#columns;
    if (plot === null || x.length === 0) return false;
    const last = x.length - 1;
    const at = plot.cursor.idx ?? (key === "ArrowRight" ? -1 : last + 1);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[key];
    if (to !== undefined) this.#moveTo(Math.min(Math.max(to, 0), last));
    else if (key === "+" || key === "-") this.#zoom(key === "+" ? 0.5 : 2);
    else if (key === "Escape" && this.#zoomed) this.#unzoom();
    else return false;
    return true;
  }

  /** @param {number} index */
  #moveTo(index) {
    const x = this.#columns[0]?.[index];
    if (this.#plot === null || typeof x !== "number") return;
    this.#readout.ariaLive = "polite";
    this.#plot.setCursor({ left: this.#plot.valToPos(x, "x"), top: 0 });
  }

  /**
   * About the cursor, or the middle.
   * @param {number} factor
   */
  #zoom(factor) {
    const plot = this.#plot;
    const { min, max } = plot?.scales["x"] ?? {};
    if (plot === null || min == null || max == null) return;
    const [whole, end] = this.#options.range(this.#columns[0]?.at(-1) ?? 0);
    const middle = this.#columns[0]?.[plot.cursor.idx ?? -1] ?? (min + max) / 2;
    const half = ((max - min) / 2) * factor;
    if (2 * half >= end - whole) return this.#unzoom();
    const low = Math.min(Math.max(middle - half, whole), end - 2 * half);
    this.#setZoomed(true);
    plot.setScale("x", { min: low, max: low + 2 * half });
  }

  /**
   * The point under the pointer in words; nothing where there is none.
   * @param {number} index
   */
  #read(index) {
    const [x, ...values] = this.#columns.map((column) => column[index] ?? null);
    return typeof x === "number" ? this.#options.read(x, values) : "";
  }

  /** @param {boolean} zoomed */
  #setZoomed(zoomed) {
    this.#zoomed = zoomed;
    show(this.#reset, zoomed);
  }

  /**
   * @param {number} width
   * @returns {uPlot.Options}
   */
  #settings(width) {
    const { height, series, xLabel, range, incrs } = this.#options;
    const style = getComputedStyle(this.#host);
    // A canvas knows neither custom properties nor light and dark: an element resolves them.
    const colour = (/** @type {string} */ name) => {
      this.#host.style.color = `var(${name})`;
      return style.color;
    };
    const ticks = incrs === undefined ? {} : { incrs };
    const axis = {
      stroke: colour("--muted"),
      font: `11px ${style.fontFamily}`,
      labelFont: `11px ${style.fontFamily}`,
      grid: { stroke: colour("--grid"), width: 1 },
      ticks: { show: false },
    };
    return {
      width,
      height,
      padding: [8, 14, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { size: 6 },
        drag: { x: true, y: false },
        // A double click goes back to the whole axis.
        bind: { dblclick: () => () => (this.#unzoom(), null) },
      },
      scales: {
        x: {
          time: false,
          // A zoom asks for its own ends; otherwise the whole axis is shown.
          range: (_, min, max) => (this.#zoomed ? [min, max] : range(max)),
        },
      },
      axes: [
        { ...axis, size: 20, gap: 2, label: xLabel, labelSize: 15, labelGap: 0, ...ticks },
        { ...axis, size: 38, gap: 4 },
      ],
      series: [
        {},
        ...series.map(({ label, colour: name, width: line = 1.5, dash, points = false }) => ({
          label,
          stroke: colour(name),
          width: line,
          points: { show: points, size: 5, fill: colour(name) },
          ...(dash ? { dash } : {}),
        })),
      ],
      hooks: {
        setSelect: [
          (plot) => {
            if (plot.select.width > 0) this.#setZoomed(true);
          },
        ],
        setCursor: [({ cursor }) => setText(this.#readout, this.#read(cursor.idx ?? -1))],
      },
    };
  }
}
