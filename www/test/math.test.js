import assert from "node:assert/strict";
import { test } from "node:test";

import { parseMath } from "../js/math.js";
import { objectiveWords } from "../js/strings/words.js";

/** A formula in one line: `msub(mi S, mi α)`. */
const written = (/** @type {import("../js/math.js").Node} */ node) =>
  "text" in node
    ? `${node.tag} ${node.text}`
    : /** @type {string} */ (`${node.tag}(${node.parts.map(written).join(", ")})`);
const math = (/** @type {string} */ text) => written(parseMath(text)).slice("mrow(".length, -1);

test("letters are variables, letters in a row are a word", () => {
  assert.equal(math("ln x"), "mi ln, mi x");
  assert.equal(math("I(T;X)"), "mi I, mo (, mi T, mo ;, mi X, mo )");
  assert.equal(math("2.5 α"), "mn 2.5, mi α");
});

test("scripts take the next atom, a group, or a bracket", () => {
  assert.equal(math("S_α^2"), "msubsup(mi S, mi α, mn 2)");
  assert.equal(math("e^{-x}"), "msup(mi e, mrow(mo −, mi x))");
  assert.equal(math("S_(T, Z)"), "msub(mi S, mrow(mo (, mi T, mo ,, mi Z, mo )))");
});

test("fractions and roots are those of TeX", () => {
  assert.equal(math("frac{1}{1 - a}"), "mfrac(mrow(mn 1), mrow(mn 1, mo −, mi a))");
  assert.equal(math("sqrt{d}"), "msqrt(mrow(mi d))");
});

test("what is not closed ends with the text", () => {
  assert.equal(math("a^{b"), "msup(mi a, mrow(mi b))");
  assert.equal(math("a_"), "msub(mi a, mo )");
  assert.equal(math("  "), "");
});

/** Every form that an objective can take in a plan, and what its formula must name. */
const OBJECTIVES = /** @type {const} */ ([
  [{ kind: "matrix-renyi", order: 2, width: 1, normalisation: "max", samples: 8 }, "max"],
  [{ kind: "matrix-renyi", order: 1.01, width: 1, normalisation: "none", samples: 8 }, "S"],
  [{ kind: "mine", critic: {}, bound: { form: "donsker-varadhan", average: 0.01 } }, "ln"],
  [{ kind: "mine", critic: {}, bound: { form: "nwj" } }, "F"],
  [{ kind: "mine", critic: {}, bound: { form: "jensen-shannon" } }, "sp"],
  [{ kind: "mine", critic: {}, bound: { form: "smile", tau: 5 } }, "clip"],
  [{ kind: "dim", form: { name: "info-nce", own: null } }, "U"],
  [{ kind: "dim", form: { name: "jensen-shannon" } }, "sp"],
  [{ kind: "dim", form: { name: "donsker-varadhan" } }, "ln"],
  [{ kind: "gmi", weights: [0.8, 1, 1], negatives: 5 }, "D"],
]);

for (const [estimator, sign] of OBJECTIVES) {
  const { kind } = estimator;
  const form =
    "bound" in estimator ? estimator.bound.form : "form" in estimator && estimator.form.name;
  test(`the formula of ${[kind, form].filter(Boolean).join(", ")} can be set`, () => {
    for (const target of /** @type {const} */ (["input", "label"])) {
      const { formulas, words } = objectiveWords({ information: { target, estimator } }, []);
      assert.ok(formulas.length > 0 && words.length > 0);
      const set = formulas.map(math).join(" ");
      assert.ok(set.includes(` ${sign}`), set);
      assert.doesNotMatch(set, /mo [{}_^]/);
    }
  });
}

test("an estimator that only the core knows brings its own formula", () => {
  const info = { title: "New", description: "A new one.", formula: "N(T;X)", source: "" };
  const estimators = [{ ...info, targets: [], kinds: [], example: { kind: "new" } }];
  const objective = {
    information: { target: /** @type {const} */ ("input"), estimator: { kind: "new" } },
  };
  const { formulas, words } = objectiveWords(objective, estimators);
  assert.deepEqual([formulas, words], [["N(T;X)"], "A new one."]);
});
