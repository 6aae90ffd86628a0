// Classes told apart by colour and by shape: ten of each, Okabe and Ito's eight colours and two more.
// From the eleventh class on the shapes go round against the colours: no pair comes twice.

import { svg } from "../dom.js";

const COLOURS = 10;

/**
 * A star with `corners` tips, or a regular polygon where `inner` is 1.
 * @param {number} corners
 * @param {number} inner radius of the corners between the tips
 * @param {number} [turn] of a full turn
 * @param {number} [outer]
 */
function star(corners, inner, turn = 0, outer = 1) {
  const n = inner === 1 ? corners : 2 * corners;
  return Array.from({ length: n }, (_, i) => {
    const angle = 2 * Math.PI * (i / n + turn - 0.25);
    const radius = i % 2 === 0 || inner === 1 ? outer : inner;
    return /** @type {const} */ ([radius * Math.cos(angle), radius * Math.sin(angle)]);
  });
}

/** @param {number} turn */
function cross(turn) {
  const wide = 1.05;
  const thin = 0.36;
  const arm = [
    [-thin, -wide],
    [thin, -wide],
    [thin, -thin],
  ];
  return [0, 1, 2, 3].flatMap((quarter) =>
    arm.map(([x = 0, y = 0]) => {
      const angle = 2 * Math.PI * (quarter / 4 + turn);
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      return /** @type {const} */ ([x * c - y * s, x * s + y * c]);
    }),
  );
}

/** Outlines of about the same area, in units of the mark's radius. */
const SHAPES = [
  star(20, 1, 0, 0.92),
  cross(0),
  star(3, 1, 1 / 2, 1.3),
  star(4, 1, 0, 1.2),
  star(3, 1, 0, 1.3),
  star(4, 1, 1 / 8, 1.15),
  star(5, 0.5, 0, 1.35),
  cross(1 / 8),
  star(6, 1, 0, 1.05),
  star(4, 0.45, 0, 1.45),
];

/** @param {number} label */
const shapeOf = (label) => SHAPES[(label + Math.floor(label / COLOURS)) % SHAPES.length] ?? [];

/** The name of a class's colour in the style sheet. @param {number} label */
export const classColour = (label) => `--class-${label % COLOURS}`;

/**
 * Adds a class's mark to the present path.
 * @param {import("./canvas.js").Ink} ink
 * @param {number} label
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
export function traceMark(ink, label, x, y, radius) {
  for (const [i, [dx, dy]] of shapeOf(label).entries()) {
    if (i === 0) ink.moveTo(x + dx * radius, y + dy * radius);
    else ink.lineTo(x + dx * radius, y + dy * radius);
  }
  ink.closePath();
}

/**
 * A class's mark as an element, for keys and for text.
 * @param {number} label
 */
export function markElement(label) {
  const outline = svg("polygon", { points: shapeOf(label).join(" ") });
  const mark = svg(
    "svg",
    { class: "class-mark", viewBox: "-1.5 -1.5 3 3", "aria-hidden": "true" },
    outline,
  );
  mark.style.color = `var(${classColour(label)})`;
  return mark;
}
