// The few drawing commands that our plots use, written down as SVG.

/**
 * Takes the place of a canvas's context; see `Ink` in canvas.js.
 */
export class SvgInk {
  #parts = /** @type {string[]} */ ([]);
  #path = "";
  fillStyle = "#000";
  strokeStyle = "#000";
  lineWidth = 1;
  globalAlpha = 1;
  font = "12px sans-serif";
  /** @type {CanvasTextAlign} */
  textAlign = "start";
  /** @type {CanvasTextBaseline} */
  textBaseline = "alphabetic";
  /** @type {CanvasLineJoin} */
  lineJoin = "miter";
  #dash = "";

  beginPath() {
    this.#path = "";
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#path += `M${short(x)} ${short(y)}`;
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#path += `L${short(x)} ${short(y)}`;
  }

  closePath() {
    this.#path += "Z";
  }

  /**
   * A whole circle: our plots draw no other arc.
   * @param {number} x
   * @param {number} y
   * @param {number} radius
   */
  arc(x, y, radius) {
    const r = short(radius);
    const half = `a${r} ${r} 0 0 0`;
    this.#path += `M${short(x - radius)} ${short(y)}${half} ${2 * r} 0${half} ${-2 * r} 0Z`;
  }

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.#dash = dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : "";
  }

  fill() {
    this.#add("path", `d="${this.#path}" fill="${this.fillStyle}"`);
  }

  stroke() {
    this.#add("path", `d="${this.#path}" fill="none" ${this.#line()}`);
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  fillRect(x, y, width, height) {
    const [left, top, right, bottom] = [x, y, width, height].map(short);
    const box = `x="${left}" y="${top}" width="${right}" height="${bottom}"`;
    this.#add("rect", `${box} fill="${this.fillStyle}"`);
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    const anchor = { center: "middle", right: "end", end: "end" }[
      /** @type {"center" | "right" | "end"} */ (this.textAlign)
    ];
    const shift = { middle: "0.35em", top: "0.8em" }[
      /** @type {"middle" | "top"} */ (this.textBaseline)
    ];
    const place = `x="${short(x)}" y="${short(y)}"${shift ? ` dy="${shift}"` : ""}`;
    const style = `text-anchor="${anchor ?? "start"}" style="font:${escaped(this.font)}"`;
    this.#add("text", `${place} ${style} fill="${this.fillStyle}"`, escaped(text));
  }

  /**
   * @param {number} width
   * @param {number} height
   * @param {string} paper
   * @param {string} title
   */
  document(width, height, paper, title) {
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    const ground = `<rect width="100%" height="100%" fill="${paper}"/>`;
    const parts = [`<title>${escaped(title)}</title>`, ground, ...this.#parts].join("\n");
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n${parts}\n</svg>\n`;
  }

  #line() {
    const { strokeStyle, lineWidth, lineJoin } = this;
    const join = lineJoin === "miter" ? "" : ` stroke-linejoin="${lineJoin}"`;
    return `stroke="${strokeStyle}" stroke-width="${lineWidth}"${join}${this.#dash}`;
  }

  /** @param {string} name @param {string} attributes @param {string} [text] */
  #add(name, attributes, text) {
    const alpha = this.globalAlpha === 1 ? "" : ` opacity="${short(this.globalAlpha)}"`;
    const end = text === undefined ? "/>" : `>${text}</${name}>`;
    this.#parts.push(`<${name} ${attributes}${alpha}${end}`);
  }
}

/** @param {number} value */
const short = (value) => Math.round(value * 100) / 100;

const ENTITIES = /** @type {Record<string, string>} */ ({
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
});

/** As text or in an attribute of markup that is written down. @param {string} text */
export const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
