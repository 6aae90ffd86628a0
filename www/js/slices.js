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
  /** The stage after which none follows. */
  #last = 0;
  #due = 0;

  /** Milliseconds until the next slice is due. */
  rest() {
    return this.pace === null ? 0 : this.#due - performance.now();
  }

  /**
   * Trains for one slice.
   * @param {Session} session
   * @returns {Promise<{ events: RunEvent[], stop: boolean, error?: unknown }>} `stop`: the single stage
   * has ended; `error`: what went wrong after these events
   */
  async next(session) {
    const began = performance.now();
    this.#due = 0;
    // A call with a budget reads the device once, for all of its updates; but it may run past the
    // end of a stage, and then the next one would have begun.
    if (this.pace === null && !this.single) {
      return { events: await session.advance(BUDGET_MS), stop: false };
    }
    /** @type {RunEvent[]} */
    const events = [];
    const most = this.pace?.steps ?? Infinity;
    while (updates(events) < most && performance.now() - began < BUDGET_MS) {
      /** @type {RunEvent[]} */
      let more;
      try {
        more = await session.advance(0);
      } catch (error) {
        // The session has given these out: nobody else has them.
        return { events, stop: false, error };
      }
      events.push(...more);
      if (more.at(-1)?.type === "finished") break;
      if (this.#ends(more)) return { events, stop: true };
    }
    // Steps are what is watched: what lies between them, caching and evaluation, is not slowed down.
    if (updates(events) > 0) this.#due = began + (this.pace?.ms ?? 0);
    return { events, stop: false };
  }

  /**
   * Takes note of what happened.
   * @param {RunEvent[]} events
   */
  read(events) {
    for (const event of events) {
      if (event.type === "started" || event.type === "resumed" || event.type === "rewound") {
        this.#last = event.stages.length - 1;
      }
    }
  }

  /** @param {RunEvent[]} events */
  #ends(events) {
    // After the last stage the run itself ends.
    return (
      this.single &&
      events.some((event) => event.type === "stage-finished" && event.stage < this.#last)
    );
  }
}

/** @param {RunEvent[]} events */
function updates(events) {
  return events.reduce((sum, { type }) => sum + (type === "step" ? 1 : 0), 0);
}
