// Formulas as people write them in a line of text, set as MathML.
//
// A letter is a variable, letters in a row are a word (`mean`, `ln`), `_` and `^` take the next
// atom or what stands in braces, and `frac{a}{b}` and `sqrt{a}` are what they are in TeX. A round
// bracket after `_` or `^` goes with what it encloses. Everything else is an operator.

/** @typedef {{ tag: string, text: string } | { tag: string, parts: Node[] }} Node */

const TOKEN = /\s*(frac|sqrt|\d+(?:\.\d+)?|[\p{L}′']+|[{}_^]|\S)/uy;
const SIGNS = /** @type {Record<string, string>} */ ({ sum: "∑", "-": "−" });

/**
 * @param {string} text
 * @returns {Node} a row
 */
export function parseMath(text) {
  /** @type {string[]} */
  const tokens = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.trimEnd().length;) {
    tokens.push(TOKEN.exec(text)?.[1] ?? "");
  }
  let at = 0;

  /** @param {string | undefined} end */
  function row(end) {
    /** @type {Node[]} */
    const parts = [];
    while (at < tokens.length && tokens[at] !== end) parts.push(scripted());
    at += 1;
    return parts;
  }

  /** @returns {Node} */
  function scripted() {
    const base = atom();
    /** @type {Record<string, Node>} */
    const scripts = {};
    for (let sign = tokens[at]; sign === "_" || sign === "^"; sign = tokens[at]) {
      at += 1;
      scripts[sign] = argument();
    }
    const { _: below, "^": above } = scripts;
    if (below && above) return { tag: "msubsup", parts: [base, below, above] };
    if (below) return { tag: "msub", parts: [base, below] };
    return above ? { tag: "msup", parts: [base, above] } : base;
  }

  /** What a script or a fraction takes. @returns {Node} */
  function argument() {
    if (tokens[at] !== "(") return atom();
    at += 1;
    return { tag: "mrow", parts: [leaf("("), ...row(")"), leaf(")")] };
  }

  /** @returns {Node} */
  function atom() {
    const token = tokens[at] ?? "";
    at += 1;
    if (token === "{") return { tag: "mrow", parts: row("}") };
    if (token === "frac") return { tag: "mfrac", parts: [atom(), atom()] };
    if (token === "sqrt") return { tag: "msqrt", parts: [atom()] };
    return leaf(token);
  }
  return { tag: "mrow", parts: row(undefined) };
}

/**
 * @param {string} token
 * @returns {Node}
 */
function leaf(token) {
  const text = SIGNS[token] ?? token;
  if (/^\d/.test(text)) return { tag: "mn", text };
  return { tag: /^\p{L}/u.test(text) ? "mi" : "mo", text };
}

const MATHML = "http://www.w3.org/1998/Math/MathML";

/**
 * @param {string} text
 * @returns {Element}
 */
export function mathElement(text) {
  const math = document.createElementNS(MATHML, "math");
  math.append(build(parseMath(text)));
  return math;
}

/** @param {Node} node @returns {Element} */
function build(node) {
  const element = document.createElementNS(MATHML, node.tag);
  if ("text" in node) element.textContent = node.text;
  else element.append(...node.parts.map(build));
  return element;
}
