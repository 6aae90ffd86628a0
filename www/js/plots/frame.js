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
  schedule();
}

function schedule() {
  if (scheduled) return;
  scheduled = true;
  // A frame that is asked for is begun by the browser, whether it is drawn in or not.
  const rest = last + INTERVAL_MS - performance.now();
  if (rest > 0) setTimeout(request, rest);
  else request();
}

const request = () => requestAnimationFrame(frame);

/** @param {number} now */
function frame(now) {
  last = now;
  scheduled = false;
  try {
    for (const draw of [...waiting]) {
      waiting.delete(draw);
      draw();
    }
  } finally {
    // What is left where a drawing failed.
    if (waiting.size > 0) schedule();
  }
}
