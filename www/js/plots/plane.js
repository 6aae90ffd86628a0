// The information plane and the data-processing staircase, drawn.

import { decimal } from "../format.js";
import { ticks } from "./geometry.js";
import { circle, line } from "./ink.js";

/** @typedef {import("./canvas.js").Pen} Pen */
/** @typedef {{ input: number, label: number }} Place */
/**
 * `trails` of the modules, oldest place first; the last is where the module is now. `near`: the
 * axes end where the modules' ways do, not where the information could.
 * @typedef {{
 *   cap: number, labels: number, trails: { role: string, places: Place[] }[], near: boolean,
 *   words: { input: string, label: string, cap: string, beyond: string, labels: string },
 * }} Plane
 */
/**
 * `name` stands under the step, `role` gives its colour.
 * @typedef {{ name: string, role: string, bits: number, holds: boolean }} Step
 */

const DISC = 10;
/** Where a disc may stand when its place is taken: around it, at two distances. */
const ASIDE = [0, 2, 3.6].flatMap((far) =>
  [1, 7, 3, 5, 0, 2, 6, 4].map((eighth) => {
    const angle = (eighth * Math.PI) / 4;
    return /** @type {const} */ ([far * DISC * Math.cos(angle), far * DISC * Math.sin(angle)]);
  }),
);
/** Pieces in which a trail grows stronger. */
const PIECES = 12;

/** A module's colour is that of what it is trained for. */
const ROLES = /** @type {Record<string, string>} */ ({
  encoder: "--encoder",
  decoder: "--decoder",
  output: "--output",
  "whole network": "--whole",
});

/** The name of a role's colour in the style sheet. @param {string} role */
export const roleColour = (role) => ROLES[role] ?? "--muted";

/**
 * Modules in the plane (I(T;X), I(T;Y)), each with the way it came.
 * @param {Pen} pen
 * @param {Plane} plane
 */
export function drawPlane(pen, { cap, labels, trails, near, words }) {
  const { ink, width, height, colour, font } = pen;
  const box = { left: 34, right: width - 16, top: 42, bottom: height - 38 };
  const places = trails.flatMap(({ places }) => places);
  const inputs = places.map(({ input }) => input);
  const known = places.map(({ label }) => label);
  const right = Math.max(near ? 0.1 : cap, ...inputs) * (near ? 1.1 : 1.04);
  const top = Math.max(near ? 0.1 : labels, ...known) * 1.1;
  const low = Math.min(0, ...known);
  const x = (/** @type {number} */ bits) => box.left + (bits / right) * (box.right - box.left);
  const y = (/** @type {number} */ bits) =>
    box.bottom - ((bits - low) / (top - low)) * (box.bottom - box.top);

  ink.font = font(11);
  ink.lineWidth = 1;
  ink.textBaseline = "middle";
  ink.textAlign = "right";
  for (const tick of ticks(low, top, height / 60)) {
    line(pen, "--grid", [box.left, y(tick), box.right, y(tick)]);
    ink.fillStyle = colour("--muted");
    ink.fillText(shortBits(tick), box.left - 6, y(tick));
  }
  ink.textAlign = "center";
  ink.textBaseline = "top";
  for (const tick of ticks(0, right, width / 80)) {
    line(pen, "--grid", [x(tick), box.top, x(tick), box.bottom]);
    ink.fillStyle = colour("--muted");
    ink.fillText(shortBits(tick), x(tick), box.bottom + 6);
  }
  ink.textAlign = "right";
  ink.fillText(words.input, box.right, box.bottom + 21);
  ink.textAlign = "left";
  ink.fillText(words.label, 0, 4);

  const capped = cap <= right;
  ink.setLineDash([5, 4]);
  if (capped) line(pen, "--muted", [x(cap), box.top, x(cap), box.bottom]);
  if (labels <= top) line(pen, "--muted", [box.left, y(labels), box.right, y(labels)]);
  ink.setLineDash([]);
  ink.textAlign = "right";
  ink.fillText(capped ? words.cap : words.beyond, capped ? x(cap) : box.right, 22);
  ink.textAlign = "left";
  ink.textBaseline = "alphabetic";
  if (labels <= top) ink.fillText(words.labels, box.left + 5, y(labels) - 5);

  for (const { role, places } of trails) {
    ink.lineWidth = 2;
    ink.lineJoin = "round";
    for (let piece = 0; piece < PIECES; piece += 1) {
      const part = places.slice(
        Math.floor((piece * (places.length - 1)) / PIECES),
        Math.floor(((piece + 1) * (places.length - 1)) / PIECES) + 1,
      );
      if (part.length < 2) continue;
      ink.globalAlpha = 0.15 + (0.7 * (piece + 1)) / PIECES;
      line(
        pen,
        roleColour(role),
        part.flatMap(({ input, label }) => [x(input), y(label)]),
      );
    }
    ink.globalAlpha = 1;
    const [first] = places;
    if (first !== undefined && places.length > 1) {
      ink.fillStyle = colour(roleColour(role));
      circle(ink, x(first.input), y(first.label), 2.5);
      ink.fill();
    }
  }
  /** @type {[number, number][]} */
  const discs = [];
  trails.forEach(({ role, places }, module) => {
    const now = places.at(-1);
    if (now === undefined) return;
    const [atX, atY] = [x(now.input), y(now.label)];
    // One disc must not hide another: it steps aside, and a line leads back to its place.
    const [dx, dy] = ASIDE.find(([dx, dy]) =>
      discs.every(([ox, oy]) => Math.hypot(ox - atX - dx, oy - atY - dy) > 1.7 * DISC),
    ) ?? [0, 0];
    discs.push([atX + dx, atY + dy]);
    if (dx !== 0 || dy !== 0) {
      ink.lineWidth = 1.5;
      line(pen, roleColour(role), [atX, atY, atX + dx, atY + dy]);
      circle(ink, atX, atY, 3);
      ink.fillStyle = colour(roleColour(role));
      ink.fill();
    }
    disc(pen, role, String(module + 1), atX + dx, atY + dy);
  });
}

/**
 * What each step knows of the label. Between two steps stands whether it went down, as it must.
 * @param {Pen} pen
 * @param {Step[]} steps
 */
export function drawStaircase(pen, steps) {
  const { ink, width, height, colour, font } = pen;
  const box = { left: 4, right: width - 4, top: 30, bottom: height - 24 };
  const top = Math.max(1e-9, ...steps.map(({ bits }) => bits));
  const step = (box.right - box.left) / Math.max(1, steps.length);
  const y = (/** @type {number} */ bits) =>
    box.bottom - (Math.max(0, bits) / top) * (box.bottom - box.top);
  ink.lineWidth = 1;
  line(pen, "--line", [box.left, box.bottom, box.right, box.bottom]);
  steps.forEach(({ name, role, bits }, i) => {
    const [left, right] = [box.left + i * step, box.left + (i + 1) * step];
    ink.fillStyle = colour(roleColour(role));
    ink.globalAlpha = 0.14;
    ink.fillRect(left, y(bits), step, box.bottom - y(bits));
    ink.globalAlpha = 1;
    ink.lineWidth = 3;
    line(pen, roleColour(role), [left, y(bits), right, y(bits)]);
    ink.textAlign = "center";
    ink.fillStyle = colour("--ink");
    ink.font = font(12, 600);
    ink.textBaseline = "alphabetic";
    ink.fillText(decimal(bits, 2), left + step / 2, y(bits) - 8);
    ink.font = font(12);
    ink.fillStyle = colour("--muted");
    ink.textBaseline = "top";
    ink.fillText(name, left + step / 2, box.bottom + 7);
  });
  steps.forEach(({ bits, holds }, i) => {
    if (i > 0) verdict(pen, box.left + i * step, y(steps[i - 1]?.bits ?? 0), y(bits), holds);
  });
}

/**
 * A riser with its sign: a green disc with “≥”, or a red triangle with “<”.
 * @param {Pen} pen
 * @param {number} x
 * @param {number} from
 * @param {number} to
 * @param {boolean} holds
 */
function verdict(pen, x, from, to, holds) {
  const { ink, colour, font } = pen;
  const name = holds ? "--holds" : "--danger";
  ink.lineWidth = 3;
  line(pen, name, [x, from, x, to]);
  const y = (from + to) / 2;
  if (holds) {
    circle(ink, x, y, 9);
  } else {
    ink.beginPath();
    ink.moveTo(x, y - 13);
    ink.lineTo(x + 12, y + 8);
    ink.lineTo(x - 12, y + 8);
    ink.closePath();
  }
  ink.fillStyle = colour(name);
  ink.fill();
  ink.fillStyle = colour("--paper");
  ink.font = font(12, 700);
  ink.textAlign = "center";
  ink.textBaseline = "middle";
  ink.fillText(holds ? "≥" : "<", x, y + 0.5);
}

/**
 * @param {Pen} pen
 * @param {string} role
 * @param {string} text
 * @param {number} x
 * @param {number} y
 */
function disc(pen, role, text, x, y) {
  const { ink, colour, font } = pen;
  circle(ink, x, y, DISC);
  ink.fillStyle = colour(roleColour(role));
  ink.strokeStyle = colour("--raised");
  ink.lineWidth = 2;
  ink.fill();
  ink.stroke();
  ink.fillStyle = colour("--paper");
  ink.font = font(12, 700);
  ink.textAlign = "center";
  ink.textBaseline = "middle";
  ink.fillText(text, x, y + 0.5);
}

/** @param {number} bits */
const shortBits = (bits) => String(Math.round(bits * 100) / 100);
