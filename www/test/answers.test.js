import assert from "node:assert/strict";
import { test } from "node:test";

import { Answers, buffers, readAll } from "../js/answers.js";
import { asProblem } from "../js/problem.js";

const none = () => Promise.reject(new Error("the trainer is not needed"));

test("the buffers of an answer are found once each, however deep", () => {
  const values = new Float32Array(4);
  const whole = { a: values, b: [{ c: new Uint32Array(2) }, values.subarray(1)], d: "text", e: null };
  assert.equal(buffers(whole).length, 2);
  assert.deepEqual(buffers(undefined), []);
});

test("a question without a run is refused", async () => {
  const answers = new Answers(none);
  const command = /** @type {any} */ ({ method: "fingerprints", args: [] });
  await assert.rejects(answers.answer(command, null), { code: "page/no-run" });
});

test("only what is listed can be asked", async () => {
  const answers = new Answers(none);
  for (const method of ["free", "advance", "constructor", "embedding.free"]) {
    const command = /** @type {any} */ ({ method, args: [] });
    await assert.rejects(answers.answer(command, /** @type {any} */ ({})), {
      code: "page/unknown-question",
    });
  }
});

test("a step of an embedding that was not opened is refused", async () => {
  const command = /** @type {any} */ ({ method: "embedding.step", args: [10] });
  await assert.rejects(new Answers(none).answer(command, null), { code: "page/no-embedding" });
});

test("a file that cannot be read any more is named, and the trainer stays", async () => {
  const gone = /** @type {any} */ ({
    arrayBuffer: () => Promise.reject(new DOMException("gone", "NotReadableError")),
  });
  const error = await readAll({ "a.csv": new Blob(["x"]), "b.csv": gone }).catch((error) => error);
  const { problem, fatal } = asProblem(error);
  assert.deepEqual([problem.code, problem.place], ["page/file-unreadable", "b.csv"]);
  assert.equal(problem.recovery, "choose-another-file");
  assert.equal(fatal, false);
});

test("files are read under their names", async () => {
  const files = await readAll({ "a.csv": new Blob(["x,y"]) });
  assert.deepEqual(files, { "a.csv": new Uint8Array([120, 44, 121]) });
});
