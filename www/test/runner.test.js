import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { Runner } from "../js/runner.js";

afterEach(() => mock.timers.reset());

test("a trainer that does not come is told of, also where a run waits for it already", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  /** @type {any[]} */
  const said = [];
  const modules = Promise.reject(new Error("not to be had"));
  const runner = new Runner({ post: (message) => said.push(message), superseded: () => false, modules });
  // As a worker's inbox does, where a run comes before the trainer.
  runner.abandonDownload();
  await runner.load();
  assert.deepEqual(said.map(({ type, fatal }) => [type, fatal]), [["problem", true]]);
  assert.match(said[0].problem.message, /not to be had/);
  const request = { plan: "a/b", seed: 1 };
  await runner.obey({ type: "run", id: 1, request, device: "cpu", mode: "run" });
  assert.equal(said.length, 1, "it is said once");
});
