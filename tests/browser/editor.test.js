// The editor's fields, whatever a module trains for: each says what it is.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { drawn, launch, press, says, visit } from "./support.js";

/** What the editor calls by a name of its own. */
const PATHS = {
  Role: "stages.objective",
  Width: "layers.width",
  Channels: "layers.channels",
  Epochs: "stages.epochs",
  "Batch size": "stages.batch",
  "Learning rate": "stages.rate",
};

describe("the editor", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  test("every field of every editor says what it is, in the core's words", async (t) => {
    const page = await visit(t, browser);
    await says(page, "Ready");
    await page.addInitScript(() => {
      globalThis.Worker = class extends Worker {
        constructor(...how) {
          super(...how);
          this.addEventListener("message", ({ data }) => {
            if (data.type === "ready") globalThis.catalogue = data.catalogue;
          });
        }
      };
    });
    const [fields, estimators] = [new Set(), new Set()];
    let catalogue = { fields: [], estimators: [] };
    // Vectors, images, the nodes of a graph, many graphs: no estimator is for all of them.
    for (const plan of ["vectors/mine", "glyphs/matrix", "community/matrix", "molecules/matrix"]) {
      await page.goto(new URL(`?plan=${plan}&device=cpu`, page.url()).href);
      await says(page, "Ready");
      catalogue = await page.evaluate(() => globalThis.catalogue);
      const modules = await page.getByRole("button", { name: /^Edit module/ }).count();
      for (let number = 1; number <= modules; number += 1) {
        await press(page, `Edit module ${number}`);
        const editor = page.getByRole("group", { name: `Module ${number}: what it is` });
        const look = async () => {
          for (const [label, words] of await tips(editor)) {
            const what = `${plan}, module ${number}, ${label}`;
            assert.match(words, /^[A-Z].* .*\.$/s, what);
            fields.add(withoutNumber(label));
            if (label !== "Estimator") assert.equal(words, fieldOf(catalogue, label)?.description, what);
          }
        };
        await look();
        // Other modules have the same estimators: what stands here of one stands there too.
        if (number === 1) for (const title of await everyEstimator(editor, look)) estimators.add(title);
      }
    }
    const titles = catalogue.estimators.map(({ title }) => title);
    assert.deepEqual([...estimators].sort(), titles.sort());
    const settings = catalogue.fields.filter(({ path }) => path.startsWith("estimator."));
    const missed = settings.filter(({ label }) => !fields.has(capital(label)));
    assert.deepEqual(missed.map(({ path }) => path), []);
  });
});

const capital = (words) => words[0].toUpperCase() + words.slice(1);

/** Of several in a list each has its number. */
const withoutNumber = (label) => label.replace(/ \d+$/, "");

/** A catalogue's field by what the editor calls it. */
function fieldOf({ fields }, label) {
  const wanted = PATHS[label];
  return fields.find(({ path, label: known }) =>
    wanted === undefined
      ? path.startsWith("estimator.") && capital(known) === withoutNumber(label)
      : path === wanted,
  );
}

/** Calls `look` for each role, each estimator and each word that a setting may be; the estimators' titles. */
async function everyEstimator(editor, look) {
  const estimator = editor.getByLabel("Estimator", { exact: true });
  const titles = [];
  for (const role of await editor.getByRole("radio", { name: /^(En|De)coder/ }).all()) {
    await role.check();
    await drawn(editor.page());
    for (const title of await estimator.locator("option").allInnerTexts()) {
      titles.push(title);
      await estimator.selectOption({ label: title });
      await look();
      // The first list is that of the estimators.
      for (const choice of (await editor.getByRole("combobox").all()).slice(1)) {
        for (const label of await choice.locator("option").allInnerTexts()) {
          await choice.selectOption({ label });
          await look();
        }
      }
    }
  }
  return titles;
}

/** The fields of an editor that are shown, each with its tip, when the page has drawn them. */
async function tips(editor) {
  await drawn(editor.page());
  return editor.locator(".field:visible").evaluateAll((fields) =>
    fields.map((field) => {
      const name = field.querySelector("legend > span, label");
      return [name.textContent, field.querySelector("[role=tooltip]")?.textContent ?? ""];
    }),
  );
}
