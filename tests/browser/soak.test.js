// The short form of the soak; `cargo xtask soak` has the long one.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { SOAKS, WARM, growth, soak } from "./soak.js";
import { launch } from "./support.js";

/**
 * Bytes. WebAssembly's memory comes in pages and is never given back: until free space lies where it is
 * wanted, the same run again may ask for a few more. Two kilobytes a step would be more than this.
 */
const SETTLING = 2.5 * 2 ** 20;
/** What may be held more, by device. */
const MOST = {
  cpu: { wasm: SETTLING, bytes: 0, buffers: 0, handles: 0 },
  gpu: { wasm: SETTLING, bytes: 0, buffers: 0, handles: 0 },
};

const [VECTORS, MOLECULES, ADULT] = ["vectors/mine", "molecules/gmi+mine", "adult/matrix"].map((plan) =>
  SOAKS.find((known) => known.plan === plan),
);
/** Software takes a tenth of a second for a step: its runs are shorter, and warm sooner. */
const BACKPROPAGATION = { plan: "vectors/bp", epochs: 5 };

for (const [kind, soaks, from, steps] of [
  ["cpu", [VECTORS, MOLECULES, ADULT], WARM, 2000],
  ["gpu", [BACKPROPAGATION], 200, 400],
]) {
  describe(`trained again and again on the ${kind.toUpperCase()}`, () => {
    let browser;
    before(async () => (browser = await launch({ gpu: kind === "gpu" })));
    after(() => browser.close());

    for (const soaked of soaks) {
      test(`${soaked.plan} holds no more after ${steps} steps than after ${from}`, async (t) => {
        const { rows } = await soak(t, browser, soaked, kind, { steps, every: 50 });
        for (const [key, most] of Object.entries(MOST[kind])) {
          assert.ok(growth(rows, key, from) <= most, `${key}: ${rows.map((row) => row[key])}`);
        }
        assert.equal(rows.at(-1).bytes > 0, kind === "gpu", "the GPU's buffers are counted");
      });
    }
  });
}
