// One drawing rhythm for the whole page: at most twenty times a second, in an animation frame,
// and so not at all while the page is hidden.

const INTERVAL_MS = 50;

/** @type {Set<() => void>} */
const waiting = new Set();
let last = -Infinity;
let scheduled = false;

/**
 * Runs `draw` in one of the next frames, once however often it is asked for.
 * @param {() => void} draw
 */
export function onFrame(draw) {
  waiting.add(draw);
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(frame);
}

/** @param {number} now */
function frame(now) {
  try {
    if (now - last >= INTERVAL_MS) drawAll(now);
  } finally {
    // What was asked for meanwhile, and what is left where a drawing failed.
    scheduled = waiting.size > 0;
    if (scheduled) requestAnimationFrame(frame);
  }
}

/** @param {number} now */
function drawAll(now) {
  last = now;
  for (const draw of [...waiting]) {
    waiting.delete(draw);
    draw();
  }
}
