import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { isWhole } from "../js/checkpoints.js";

/** As src/checkpoint/container.rs writes it. @param {number} length */
function checkpoint(length) {
  const body = Uint8Array.from({ length }, (_, at) => at % 251);
  const numbers = Uint8Array.of(1, 0, 0, 0, length, 0, 0, 0);
  const digest = createHash("sha256").update(numbers).update(body).digest();
  return Uint8Array.from([...new TextEncoder().encode("MOLECKPT"), ...numbers, ...digest, ...body]);
}

test("a checkpoint is whole if its hash says so, and not with one byte changed or lost", async () => {
  const bytes = checkpoint(40);
  assert.equal(await isWhole(bytes), true);
  for (let at = 8; at < bytes.length; at += 1) {
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(await isWhole(changed), false, `byte ${at}`);
  }
  assert.equal(await isWhole(bytes.subarray(0, 60)), false);
  assert.equal(await isWhole(new Uint8Array()), false);
});
