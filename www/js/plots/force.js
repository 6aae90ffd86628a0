// Where to draw the nodes of a small graph.

import { randomStream } from "./random.js";

const ROUNDS = 30;
/** Nodes that no path connects stand this much farther apart than the graph is wide. */
const APART = 1.5;

/**
 * Positions of the nodes (x0, y0, x1, …), in units of one edge's length, such that distances on
 * the page follow those in the graph: every pair of nodes is a spring as long as the shortest path
 * between them, and the springs are relaxed one by one in random order, ever more softly. The same
 * graph always gets the same picture.
 *
 * Zheng, Pawar, Goodman: Graph drawing by stochastic gradient descent, IEEE TVCG 25 (2019).
 *
 * @param {number} nodes
 * @param {[number, number][]} edges
 * @param {number} [seed]
 * @returns {Float32Array}
 */
export function layOut(nodes, edges, seed = 1) {
  const random = randomStream(seed);
  const positions = Float32Array.from({ length: 2 * nodes }, () => random() * Math.sqrt(nodes));
  const springs = pairs(nodes, edges);
  const longest = springs.reduce((most, { length }) => Math.max(most, length), 1);
  // The first steps may move a whole spring, the last a tenth of the shortest.
  const first = longest ** 2;
  const decay = Math.log(first / 0.1) / (ROUNDS - 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    const rate = first * Math.exp(-decay * round);
    shuffle(springs, random);
    for (const { a, b, length } of springs) {
      const x = (positions[2 * a] ?? 0) - (positions[2 * b] ?? 0);
      const y = (positions[2 * a + 1] ?? 0) - (positions[2 * b + 1] ?? 0);
      const distance = Math.hypot(x, y) || 1e-6;
      const share = (Math.min(1, rate / length ** 2) * (distance - length)) / 2 / distance;
      positions[2 * a] = (positions[2 * a] ?? 0) - share * x;
      positions[2 * a + 1] = (positions[2 * a + 1] ?? 0) - share * y;
      positions[2 * b] = (positions[2 * b] ?? 0) + share * x;
      positions[2 * b + 1] = (positions[2 * b + 1] ?? 0) + share * y;
    }
  }
  return positions;
}

/**
 * Every pair of nodes with the length of the shortest path between them.
 * @param {number} nodes
 * @param {[number, number][]} edges
 */
function pairs(nodes, edges) {
  /** @type {number[][]} */
  const neighbours = Array.from({ length: nodes }, () => []);
  for (const [a, b] of edges) {
    neighbours[a]?.push(b);
    neighbours[b]?.push(a);
  }
  const far = APART * Math.sqrt(nodes);
  const springs = [];
  for (let a = 0; a < nodes; a += 1) {
    const lengths = distances(a, neighbours);
    for (let b = a + 1; b < nodes; b += 1) springs.push({ a, b, length: lengths[b] || far });
  }
  return springs;
}

/**
 * Steps from one node to each other; 0 where there is no path.
 * @param {number} from
 * @param {number[][]} neighbours
 */
function distances(from, neighbours) {
  const lengths = new Uint32Array(neighbours.length);
  const queue = [from];
  for (const node of queue) {
    for (const next of neighbours[node] ?? []) {
      if (next === from || lengths[next] !== 0) continue;
      lengths[next] = (lengths[node] ?? 0) + 1;
      queue.push(next);
    }
  }
  return lengths;
}

/**
 * @template Item
 * @param {Item[]} items
 * @param {() => number} random
 */
function shuffle(items, random) {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const moved = /** @type {Item} */ (items[i]);
    items[i] = /** @type {Item} */ (items[j]);
    items[j] = moved;
  }
}
