// Where to draw the nodes of a small graph.

import { randomStream } from "./random.js";

const ROUNDS = { most: 30, least: 8 };
/** Springs relaxed in all: a graph of hundreds of nodes must not hold up the page. */
const WORK = 400_000;
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
  const at = Float32Array.from({ length: 2 * nodes }, () => random() * Math.sqrt(nodes));
  const lengths = paths(nodes, edges);
  const springs = Uint32Array.from(pairs(nodes));
  const rounds = Math.max(ROUNDS.least, Math.min(ROUNDS.most, WORK / springs.length));
  // The first steps may move a whole spring, the last a tenth of the shortest.
  const first = lengths.reduce((most, length) => Math.max(most, length), 1) ** 2;
  const decay = Math.log(first / 0.1) / (rounds - 1);
  for (let round = 0; round < rounds; round += 1) {
    const rate = first * Math.exp(-decay * round);
    shuffle(springs, random);
    for (const spring of springs) {
      const a = 2 * Math.floor(spring / nodes);
      const b = 2 * (spring % nodes);
      const length = lengths[spring] ?? 1;
      const x = (at[a] ?? 0) - (at[b] ?? 0);
      const y = (at[a + 1] ?? 0) - (at[b + 1] ?? 0);
      const distance = Math.sqrt(x * x + y * y) || 1e-6;
      const share = (Math.min(1, rate / length ** 2) * (distance - length)) / 2 / distance;
      at[a] = (at[a] ?? 0) - share * x;
      at[a + 1] = (at[a + 1] ?? 0) - share * y;
      at[b] = (at[b] ?? 0) + share * x;
      at[b + 1] = (at[b + 1] ?? 0) + share * y;
    }
  }
  return at;
}

/**
 * Every pair of nodes once, as its place in a square table.
 * @param {number} nodes
 */
function* pairs(nodes) {
  for (let a = 0; a < nodes; a += 1) for (let b = a + 1; b < nodes; b += 1) yield a * nodes + b;
}

/**
 * Steps on the shortest path between any two nodes, as a square table.
 * @param {number} nodes
 * @param {[number, number][]} edges
 */
function paths(nodes, edges) {
  /** @type {number[][]} */
  const neighbours = Array.from({ length: nodes }, () => []);
  for (const [a, b] of edges) {
    neighbours[a]?.push(b);
    neighbours[b]?.push(a);
  }
  const far = APART * Math.sqrt(nodes);
  const lengths = new Float32Array(nodes * nodes).fill(far);
  const steps = new Uint32Array(nodes);
  for (let from = 0; from < nodes; from += 1) {
    steps.fill(0);
    const queue = [from];
    for (const node of queue) {
      if (node !== from) lengths[from * nodes + node] = steps[node] ?? 0;
      for (const next of neighbours[node] ?? []) {
        if (next === from || steps[next] !== 0) continue;
        steps[next] = (steps[node] ?? 0) + 1;
        queue.push(next);
      }
    }
  }
  return lengths;
}

/**
 * @param {Uint32Array} items
 * @param {() => number} random
 */
function shuffle(items, random) {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const moved = items[i] ?? 0;
    items[i] = items[j] ?? 0;
    items[j] = moved;
  }
}
