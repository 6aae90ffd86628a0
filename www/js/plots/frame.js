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
  if (now - last < INTERVAL_MS) {
    requestAnimationFrame(frame);
    return;
  }
  last = now;
  scheduled = false;
  const due = [...waiting];
  waiting.clear();
  for (const draw of due) draw();
}
