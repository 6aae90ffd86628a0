// What people see of one sample, drawn: an image, a molecule, a node among its neighbours.

import { fit, placed } from "./geometry.js";
import { layOut } from "./force.js";
import { paint } from "./heat.js";
import { classColour, traceMark } from "./marks.js";

/** @typedef {import("./canvas.js").Pen} Pen */
/** @typedef {import("../protocol.js").Sample} Sample */
/** @typedef {(pen: Pen) => void} Picture */

const MARGIN = 12;
/** Pixels: two atoms, or a node with one neighbour, do not fill a picture. */
const LONGEST = { bond: 26, link: 46 };

/**
 * How to draw a sample; `null` for a row of a table, which is words.
 * @param {Sample} sample
 * @returns {Picture | null}
 */
export function pictureOf(sample) {
  switch (sample.kind) {
    case "vector":
      return null;
    case "grid":
      return (pen) => drawImage(pen, sample);
    case "node":
      return neighbourhood(sample);
    case "graph":
      return molecule(sample);
  }
}

/**
 * Ink on paper: grey is as strong as the value, in the page's colours; three channels are colours.
 * @param {Pen} pen
 * @param {{ height: number, width: number, channels: number, values: ArrayLike<number> }} grid
 */
function drawImage(pen, { height, width, channels, values }) {
  const side = Math.min(pen.width / width, pen.height / height);
  const size = { width: side * width, height: side * height };
  const area = height * width;
  paint(pen, width, height, { x: (pen.width - size.width) / 2, y: 0, ...size }, (i) => {
    if (channels < 3) return values[i] ?? 0;
    return [0, 1, 2].map((channel) => 255 * (values[channel * area + i] ?? 0));
  });
}

/**
 * A graph whose nodes have names: bonds as lines, carbon as the corner that it is in chemistry's
 * drawings, every other atom as its sign.
 * @param {Sample & { kind: "graph" }} graph
 * @returns {Picture}
 */
function molecule({ nodes, edges }) {
  /** @type {Float32Array | undefined} Laid out when it is first seen. */
  let positions;
  return (pen) => {
    positions ??= layOut(nodes.length, edges);
    const { ink, width, height, colour, font } = pen;
    const fitted = fit(positions, width, height, MARGIN, LONGEST.bond);
    const at = placed(positions, fitted);
    const size = Math.max(7, Math.min(12, fitted.scale * 0.5));
    drawEdges(pen, at, edges, 1.25);
    ink.textAlign = "center";
    ink.textBaseline = "middle";
    ink.font = font(size, 600);
    nodes.forEach((name, i) => {
      const [x = 0, y = 0] = [at[2 * i], at[2 * i + 1]];
      ink.beginPath();
      if (name === "C") {
        ink.arc(x, y, size / 5, 0, 2 * Math.PI);
        ink.fillStyle = colour("--ink");
        ink.fill();
        return;
      }
      ink.arc(x, y, size * (0.42 + 0.22 * name.length), 0, 2 * Math.PI);
      ink.fillStyle = colour("--raised");
      ink.fill();
      ink.fillStyle = colour(ATOMS[name] ?? "--ink");
      ink.fillText(name, x, y + 0.5);
    });
  };
}

/** Where the sign alone is hard to see at this size, colour helps. */
const ATOMS = /** @type {Record<string, string>} */ ({
  H: "--muted",
  O: "--class-5",
  N: "--class-4",
  S: "--class-0",
  Cl: "--class-2",
  F: "--class-2",
  Br: "--class-6",
  P: "--class-0",
});

/**
 * A node in the middle of its neighbours, each with the mark of its class.
 * @param {Sample & { kind: "node" }} node
 * @returns {Picture}
 */
function neighbourhood({ label, neighbours, edges }) {
  /** @type {[number, number][]} */
  const all = [
    ...neighbours.map((_, i) => /** @type {[number, number]} */ ([0, i + 1])),
    ...edges.map(([a, b]) => /** @type {[number, number]} */ ([a + 1, b + 1])),
  ];
  const positions = layOut(neighbours.length + 1, all);
  const labels = [label, ...neighbours.map((neighbour) => neighbour.label)];
  return (pen) => {
    const { ink, width, height, colour } = pen;
    const at = placed(positions, fit(positions, width, height, MARGIN, LONGEST.link));
    drawEdges(pen, at, all, 1);
    labels.forEach((own, i) => {
      const [x = 0, y = 0] = [at[2 * i] ?? width / 2, at[2 * i + 1] ?? height / 2];
      ink.beginPath();
      if (own === null) ink.arc(x, y, 3, 0, 2 * Math.PI);
      else traceMark(ink, own, x, y, i === 0 ? 7 : 4.5);
      ink.fillStyle = colour(own === null ? "--muted" : classColour(own));
      ink.fill();
    });
    ink.beginPath();
    ink.arc(at[0] ?? width / 2, at[1] ?? height / 2, 11, 0, 2 * Math.PI);
    ink.strokeStyle = colour("--ink");
    ink.lineWidth = 1.25;
    ink.stroke();
  };
}

/**
 * @param {Pen} pen
 * @param {Float32Array} at
 * @param {[number, number][]} edges
 * @param {number} width
 */
function drawEdges({ ink, colour }, at, edges, width) {
  ink.beginPath();
  for (const [a, b] of edges) {
    ink.moveTo(at[2 * a] ?? 0, at[2 * a + 1] ?? 0);
    ink.lineTo(at[2 * b] ?? 0, at[2 * b + 1] ?? 0);
  }
  ink.strokeStyle = colour("--muted");
  ink.lineWidth = width;
  ink.stroke();
}
