// The short form of the soak; `cargo xtask soak` has the long one.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { SOAKS, WARM, growth, launchWatched, soak } from "./soak.js";

/**
 * Bytes that more of memory is written to: until free space lies where it is wanted, the same run again
 * may need a piece more, of 1.5 MiB for molecules, and does so earlier or later. Three kilobytes a step
 * would be more than this.
 */
const SETTLING = 4 * 2 ** 20;
/**
 * What may be held more, as a share. Of the GPU's buffers there are some hundreds, most of them small, and its
 * pools take a few more as steps come faster or slower: one lost in every other step would be more than this.
 */
const MOST = {
  cpu: { wasm: 0.01, handles: 0, buffers: 0, bytes: 0 },
  gpu: { wasm: 0.01, handles: 0.02, buffers: 0.05, bytes: 0.05 },
};

const [VECTORS, MOLECULES, ADULT] = ["vectors/mine", "molecules/gmi+mine", "adult/matrix"].map((plan) =>
  SOAKS.find((known) => known.plan === plan),
);
/** Software takes a tenth of a second for a step: its runs are shorter, and warm sooner. */
const BACKPROPAGATION = { plan: "vectors/bp", epochs: 5 };

// What the GPU holds while a step is under way is in one count of five, at random: the later half is to have
// some that are without.
for (const [kind, soaks, from, steps, every] of [
  ["cpu", [VECTORS, MOLECULES, ADULT], WARM, 2000, 25],
  ["gpu", [BACKPROPAGATION], 150, 300, 10],
]) {
  describe(`trained again and again on the ${kind.toUpperCase()}`, () => {
    let browser;
    before(async () => (browser = await launchWatched(kind)));
    after(() => browser.close());

    for (const soaked of soaks) {
      test(`${soaked.plan} holds no more after ${steps} steps than after ${from}`, async (t) => {
        const result = await soak(t, browser, soaked, kind, { steps, every });
        const { rows } = result;
        const allowed = { written: SETTLING };
        for (const [key, share] of Object.entries(MOST[kind])) allowed[key] = share * rows.at(-1)[key];
        for (const [key, most] of Object.entries(allowed)) {
          assert.ok(growth(result, key, from) <= most, `${key}: ${rows.map((row) => row[key])}`);
        }
        assert.equal(rows.at(-1).bytes > 0, kind === "gpu", "the GPU's buffers are counted");
      });
    }
  });
}
