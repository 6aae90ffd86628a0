// The page as it is published: minified, under a path of some host, kept for visits without a
// network, and replaced when there is a newer version.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { MINUTES, accessible, guard, launch, press, result, says } from "./support.js";
import { serveFolder } from "./static.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const OUT = "target/page-test";
const folder = join(root, OUT);
const KEPT = "This page is kept by your browser and works without a network.";
const ADULT = "?plan=adult/matrix&epochs=1&samples=1000&seed=7&device=cpu";

/** Paths of the files that the browser keeps. */
const keptFiles = (page) =>
  page.evaluate(async () => {
    const kept = await (await caches.open("mole-page-1")).keys();
    return kept.map(({ url }) => new URL(url).pathname.replace("/some/where/", ""));
  });

/** A file is kept once it has come and been looked at. */
async function keeps(page, path) {
  for (const end = Date.now() + MINUTES; !(await keptFiles(page)).includes(path); ) {
    assert.ok(Date.now() < end, `${path} is not kept`);
    await page.waitForTimeout(100);
  }
}

describe("the published page", () => {
  let site;
  /** A fresh visitor of it. */
  async function visit(browser) {
    const context = await browser.newContext();
    return { page: await context.newPage(), guarded: guard(context, site.address) };
  }
  before(async () => {
    const bundle = ["xtask", "bundle", "--profile", "quick", "--no-data", "--out", OUT];
    execFileSync("cargo", bundle, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
    site = await serveFolder(folder, "/some/where/", process.env["MOLE_DATA"]);
  });
  after(async () => {
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("after a visit it works without a network, with its data and both bundles", async () => {
    const browser = await launch({ gpu: true });
    try {
      const { page, guarded } = await visit(browser);
      const sent = new Map();
      page.context().on("response", (answer) =>
        sent.set(new URL(answer.url()).pathname, answer.headers()["content-encoding"]),
      );
      await page.goto(site.address + ADULT);
      await page.getByText(KEPT).waitFor();
      for (const path of ["", "js/main.js", "style/base.css", "pkg/cpu/mole_bg.wasm"]) {
        assert.equal(sent.get(`/some/where/${path}`), "br", `${path} as it lies there, compressed`);
      }
      await press(page, "Run");
      await says(page, "Finished.");
      const accuracy = await result(page, "Test accuracy");
      assert.deepEqual(
        (await keptFiles(page)).filter((path) => path.startsWith("pkg/gpu")),
        [],
        "not before it is used",
      );
      await page.goto(`${site.address}?device=gpu&run=1`);
      await says(page, "Compiling GPU kernels");
      await keeps(page, "pkg/gpu/mole_bg.wasm");

      await site.close();
      await page.goto(site.address + ADULT);
      await press(page, "Run");
      await says(page, "Finished.");
      assert.equal(await result(page, "Test accuracy"), accuracy);
      // What is fetched only when it is opened, too: where it does not come, a sentence says so.
      const tabs = page.getByRole("tablist", { name: "Sections" }).getByRole("tab");
      for (const tab of await tabs.all()) {
        await tab.click();
        await page.getByRole("tabpanel").locator("> :not(p)").first().waitFor({ timeout: MINUTES });
      }
      await page.goto(`${site.address}?device=gpu&run=1`);
      await says(page, "Compiling GPU kernels");
      guarded();
    } finally {
      await browser.close();
      site = await serveFolder(folder, "/some/where/");
    }
  });

  test("a newer version is offered, taken when it is wanted, and the old one dropped", async () => {
    const browser = await launch({ gpu: false });
    try {
      const { page, guarded } = await visit(browser);
      await page.goto(site.address);
      await page.getByText(KEPT).waitFor();
      const before = await keptFiles(page);
      const other = await page.context().newPage();
      await other.goto(site.address);
      await other.getByText(KEPT).waitFor();

      const name = "manifest.webmanifest";
      const newer = readFileSync(join(folder, name), "utf8").replace("MOLE:", "Newer MOLE:");
      writeFileSync(join(folder, name), newer);
      const digits = createHash("sha256").update(newer).digest("hex").slice(0, 8);
      const worker = readFileSync(join(folder, "sw.js"), "utf8");
      const changed = worker.replace(/("manifest\.webmanifest":")[0-9a-f]{8}/, `$1${digits}`);
      assert.notEqual(changed, worker);
      writeFileSync(join(folder, "sw.js"), changed);

      await page.reload();
      await page.getByText("A newer version of this page is ready.").waitFor();
      await accessible(page, "a newer version is there");
      const text = () => page.evaluate(async (name) => (await fetch(name)).text(), name);
      assert.doesNotMatch(await text(), /Newer/);
      const button = page.getByRole("button", { name: "Load it" });
      await Promise.all([page.waitForEvent("load"), button.click()]);
      await page.getByText(KEPT).waitFor();
      assert.match(await text(), /Newer/);
      assert.deepEqual((await keptFiles(page)).sort(), before.sort());

      // The other tab still shows the version that is gone, and can leave it.
      await other.getByText("A newer version of this page is ready.").waitFor();
      const leave = other.getByRole("button", { name: "Load it" });
      await Promise.all([other.waitForEvent("load"), leave.click()]);
      await other.getByText(KEPT).waitFor();
      assert.equal(await other.getByText("A newer version of this page is ready.").isVisible(), false);
      guarded();
    } finally {
      await browser.close();
    }
  });

  test("a bundle that is of another version than the list's is used, and not kept", async () => {
    const browser = await launch({ gpu: true });
    const script = join(folder, "pkg/gpu/mole.js");
    const listed = readFileSync(script);
    try {
      const { page, guarded } = await visit(browser);
      await page.goto(site.address);
      await page.getByText(KEPT).waitFor();
      writeFileSync(script, `${listed}\n// Newer.\n`);
      await page.goto(`${site.address}?device=gpu&run=1`);
      await says(page, "Compiling GPU kernels");
      await keeps(page, "pkg/gpu/mole_bg.wasm");
      assert.equal((await keptFiles(page)).includes("pkg/gpu/mole.js"), false);
      guarded();
    } finally {
      writeFileSync(script, listed);
      await browser.close();
    }
  });

  test("files of another version than the list's are not kept", async () => {
    const browser = await launch({ gpu: false });
    writeFileSync(join(folder, "icon.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
    try {
      const { page, guarded } = await visit(browser);
      await page.goto(site.address);
      await says(page, "Ready", MINUTES);
      const state = await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.getRegistration();
        const worker = registration?.installing ?? registration?.active ?? null;
        await new Promise((done, fail) => {
          if (worker === null || worker.state === "redundant") return done();
          setTimeout(() => fail(new Error(`the worker is ${worker.state}`)), 60_000);
          worker.addEventListener("statechange", () => worker.state === "redundant" && done());
        });
        return navigator.serviceWorker.controller;
      });
      assert.equal(state, null);
      assert.equal(await page.getByText(KEPT).isVisible(), false);
      guarded();
    } finally {
      await browser.close();
    }
  });
});
