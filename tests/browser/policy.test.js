// What scripts may do here, in the page and in its worker: by the policy in the headers where there
// are any, and by the one in the page alone on hosts that send none.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { MINUTES, beforeWorkers, guard, launch, press, says, tab } from "./support.js";
import { serveFolder } from "./static.js";

const www = fileURLToPath(new URL("../../www/", import.meta.url));
const RUN = "?plan=vectors/mine&device=cpu&epochs=2&seed=5";

/** Every way to make code of text; evaluated later, since what a debugger runs may do so at once. */
const attempts = async () => {
  await new Promise((done) => setTimeout(done));
  const tried = [() => (0, eval)("1"), () => new Function("return 1")()];
  return tried.map((attempt) => {
    try {
      return attempt();
    } catch (error) {
      return error.name;
    }
  });
};

/** Notes in either place what the policy forbids. */
function watch() {
  self.broken = [];
  addEventListener("securitypolicyviolation", (event) =>
    self.broken.push(`${event.violatedDirective}: ${event.blockedURI} at ${event.sourceFile}`),
  );
}
const broken = (place) => place.evaluate(() => self.broken);

test("every file comes with the headers that keep it to itself", async () => {
  for (const path of ["", "js/worker.js", "pkg/cpu/mole_bg.wasm"]) {
    const { headers } = await fetch(new URL(path, process.env["BASE_URL"]), { method: "HEAD" });
    assert.match(headers.get("content-security-policy") ?? "", /require-trusted-types-for 'script'/, path);
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    assert.equal(headers.get("referrer-policy"), "no-referrer", path);
    assert.ok(headers.get("permissions-policy")?.includes("camera=()"), path);
  }
});

for (const served of ["with headers", "without headers"]) {
  describe(`served ${served}`, () => {
    let browser;
    let site;
    let address = process.env["BASE_URL"];
    before(async () => {
      browser = await launch({ gpu: false });
      if (served === "with headers") return;
      site = await serveFolder(www, "/", process.env["MOLE_DATA"]);
      address = site.address;
    });
    after(async () => {
      await browser.close();
      await site?.close();
    });

    test("a run breaks no rule, and text is not made into code, in the page nor in the worker", async (t) => {
      const context = await browser.newContext({ serviceWorkers: "block" });
      t.after(() => context.close());
      const guarded = guard(context, address);
      const page = await context.newPage();
      await page.addInitScript(watch);
      await beforeWorkers(page, watch);
      await page.goto(address + RUN);
      await says(page, "Ready");
      const [worker] = page.workers();
      await press(page, "Run");
      await says(page, "Finished.", MINUTES);
      for (const name of ["Inspect", "Compare", "Data", "Take away", "About the method"]) {
        await tab(page, name);
      }
      await page.waitForTimeout(500);
      guarded();
      for (const place of [page, worker]) {
        assert.deepEqual(await broken(place), []);
        assert.deepEqual(await place.evaluate(attempts), ["EvalError", "EvalError"]);
        await page.waitForTimeout(100);
        assert.ok((await broken(place)).length >= 2, "what is forbidden would have been seen");
      }
    });

    /** The page, when its trainer is there. */
    const ready = async (t) => {
      const context = await browser.newContext();
      t.after(() => context.close());
      const page = await context.newPage();
      await page.goto(address);
      await says(page, "Ready");
      return page;
    };

    test("text is made into neither markup nor the address of a script", async (t) => {
      const page = await ready(t);
      const tried = await page.evaluate(() => {
        const attempts = [
          () => (document.createElement("div").innerHTML = "<b>text</b>"),
          () => (document.createElement("script").src = "js/main.js"),
          () => new Worker("js/worker.js"),
          () => globalThis.trustedTypes.createPolicy("another", {}),
        ];
        return attempts.map((attempt) => {
          try {
            return attempt() && "done";
          } catch (error) {
            return error.name;
          }
        });
      });
      assert.deepEqual(tried, Array(4).fill("TypeError"));
    });

    test("the worker asks no other host", async (t) => {
      const page = await ready(t);
      const refused = await page.workers()[0].evaluate(
        () =>
          new Promise((done) => {
            addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
            fetch("http://example.invalid/").catch(() => setTimeout(done, 1000, "nothing"));
          }),
      );
      assert.equal(refused, "connect-src");
    });
  });
}
