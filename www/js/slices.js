// How a run is cut into slices: as much as goes into a tenth of a second, or a few updates at a
// time where the visitor wants to watch them, or no further than the end of one stage.

/** @typedef {import("./protocol.js").Pace} Pace */
/** @typedef {import("./protocol.js").RunEvent} RunEvent */
/** @typedef {import("./protocol.js").Session} Session */

/** Milliseconds of training between two looks at the inbox; also the rate of event batches. */
const BUDGET_MS = 100;

export class Slices {
  /** @type {Pace} */
  pace = null;
  /** Whether to stop at the end of the stage, where another follows. */
  single = false;
  /** @type {number[]} Updates of each stage in all. */
  #steps = [];
  /** Updates that the stage has still to do. */
  #left = Infinity;
  /** Most updates that one slice has done. */
  #most = 0;
  #due = 0;

  /** Milliseconds until the next slice is due. */
  rest() {
    return this.pace === null ? 0 : this.#due - performance.now();
  }

  /**
   * Trains for one slice.
   * @param {Session} session
   * @returns {Promise<{ events: RunEvent[], stop: boolean }>} `stop`: the single stage has ended
   */
  async next(session) {
    const began = performance.now();
    this.#due = began + (this.pace?.ms ?? 0);
    // One call reads the device once, so a whole slice is cheaper than single updates; but it
    // could run past the end of the stage, whose pace is not known before its first slice.
    const near = this.#most === 0 || this.#left <= 2 * this.#most;
    if (this.pace === null && (!this.single || !near)) {
      const events = await session.advance(BUDGET_MS);
      this.#most = Math.max(this.#most, updates(events));
      return { events, stop: this.#ends(events) };
    }
    /** @type {RunEvent[]} */
    const events = [];
    const most = this.pace?.steps ?? Infinity;
    while (updates(events) < most && performance.now() - began < BUDGET_MS) {
      const more = await session.advance(0);
      events.push(...more);
      if (more.length === 0 || more.at(-1)?.type === "finished") break;
      if (this.#ends(more)) return { events, stop: true };
    }
    this.#most = Math.max(this.#most, updates(events));
    return { events, stop: false };
  }

  /**
   * Takes note of what happened.
   * @param {RunEvent[]} events
   */
  read(events) {
    for (const event of events) {
      if (event.type === "started" || event.type === "rewound") {
        this.#steps = event.stages.map(({ steps }) => steps);
        this.#left = Infinity;
        this.#most = 0;
      } else if (event.type === "stage-started") {
        this.#left = this.#steps[event.stage] ?? Infinity;
      } else if (event.type === "step") {
        this.#left = (this.#steps[event.stage] ?? Infinity) - event.step;
      }
    }
  }

  /** @param {RunEvent[]} events */
  #ends(events) {
    // After the last stage the run itself ends.
    const last = this.#steps.length - 1;
    return (
      this.single &&
      events.some((event) => event.type === "stage-finished" && event.stage < last)
    );
  }
}

/** @param {RunEvent[]} events */
function updates(events) {
  return events.reduce((sum, { type }) => sum + (type === "step" ? 1 : 0), 0);
}
