// The short form of the soak; `cargo xtask soak` has the long one.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { SOAKS, growth, soak } from "./soak.js";
import { launch } from "./support.js";

/**
 * Bytes. Memory comes in pages and is never given back: until free space lies where it is wanted, the
 * same run again may ask for a few more. Two kilobytes a step would be more than this.
 */
const SETTLING = 2.5 * 2 ** 20;

for (const [kind, plans, steps] of [
  ["cpu", ["vectors/mine", "molecules/gmi+mine", "adult/matrix"], 2000],
  ["gpu", ["vectors/mine"], 1000],
]) {
  describe(`trained again and again on the ${kind.toUpperCase()}`, () => {
    let browser;
    before(async () => (browser = await launch({ gpu: kind === "gpu" })));
    after(() => browser.close());

    for (const plan of plans) {
      test(`${plan} holds no more after ${steps} steps than after 500`, async (t) => {
        const soaked = SOAKS.find((known) => known.plan === plan);
        const { rows } = await soak(t, browser, soaked, kind, { steps, every: 50 });
        for (const [key, most] of [
          ["wasm", SETTLING],
          ["bytes", 0],
          ["buffers", 0],
          ["handles", 0],
        ]) {
          assert.ok(growth(rows, key) <= most, `${key}: ${rows.map((row) => row[key])}`);
        }
        assert.equal(rows.at(-1).bytes > 0, kind === "gpu", "the GPU's buffers are counted");
      });
    }
  });
}
