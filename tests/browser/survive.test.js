// Runs that are lost and go on: with the page, with its worker, with the wasm instance. The weights are then
// those of a run that nothing happened to. `MOLE_KILLS` says how many workers are killed.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { MINUTES, beforeWorkers, curve, launch, press, result, says, tab, visit } from "./support.js";
import {
  damageNewest, harm, isFinished, keepsItsEnd, keepsMore, keepsMoreOrEnds, kept, median, note, trains, weights,
} from "./survival.js";

const KILLS = Number(process.env["MOLE_KILLS"] ?? 10);

const kill = () => self.close();
/** The next call into wasm reads beyond its memory: a real trap. */
async function trap() {
  const { Session } = await import(`${self.origin}/pkg/cpu/mole.js`);
  const { advance } = Session.prototype;
  Session.prototype.advance = function (milliseconds) {
    this.__wbg_ptr = 0xfffffff0;
    return advance.call(this, milliseconds);
  };
}
/** The next call into wasm comes after a Rust panic: of bytes that claim to be more than can be. */
async function panic() {
  const { Session, preview } = await import(`${self.origin}/pkg/cpu/mole.js`);
  const { advance } = Session.prototype;
  const bytes = Object.defineProperty(new Uint8Array(1), "length", { value: 2 ** 31 });
  Session.prototype.advance = function (milliseconds) {
    preview({ "a.csv": bytes });
    return advance.call(this, milliseconds);
  };
}
/** Computes without end, as a loop in wasm would. */
function hang() {
  setTimeout(() => {
    for (;;);
  });
}

describe("on the CPU", () => {
  const RUN = "?plan=vectors/mine&seed=5&device=cpu&epochs=45";
  let browser;
  let undisturbed;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  test("undisturbed, a run keeps two copies", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    await keepsMore(page, 2);
    assert.equal((await kept(page)).slots, 2);
    undisturbed = await weights(page);
  });

  test("one that has ended comes back with a reload, and goes on to be used", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    assert.deepEqual(await weights(page), undisturbed);
    await keepsItsEnd(page);
    const points = await curve(page, 1);
    const facts = page.getByRole("region", { name: "Result" });
    const before = await facts.innerText();
    await page.reload();
    assert.deepEqual(await weights(page), undisturbed);
    assert.deepEqual(await curve(page, 1), points);
    assert.equal(await facts.innerText(), before, "seconds and all");
    await tab(page, "Compare");
    const rows = page.getByRole("table", { name: "Kept runs" }).getByRole("row");
    await rows.nth(1).waitFor();
    assert.equal(await rows.count(), 2, "its heading and one run");
    await tab(page, "Watch");
    // It is a whole run: modules are trained again from it.
    await press(page, "Retrain module 2");
    await says(page, "Paused before stage 3");
    await press(page, "Continue");
    assert.deepEqual(await weights(page), undisturbed);
  });

  test("one that has ended stands at its end again after its worker is gone", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    await weights(page);
    await keepsItsEnd(page);
    await harm(page, kill);
    await note(page, "The trainer was lost; the run was brought back as it ended").waitFor();
    assert.deepEqual(await weights(page), undisturbed);
  });

  test("a link that is followed trains anew what has ended", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    await weights(page);
    await keepsItsEnd(page);
    await page.goto(new URL(`${RUN}&run=1`, page.url()).href);
    await says(page, "Training");
    assert.deepEqual(await weights(page), undisturbed);
  });

  for (const link of [RUN, "?plan=adult/mine&seed=5&device=cpu&epochs=12"]) {
    const plan = new URLSearchParams(link).get("plan");
    test(`a reload in the middle of a stage of ${plan} offers to go on, and ends alike`, async (t) => {
      const whole = link === RUN ? undisturbed : await weights(await visit(t, browser, `${link}&run=1`));
      const page = await visit(t, browser, `${link}&run=1`);
      for (let reload = 0; reload < 2; reload += 1) {
        await keepsMore(page, (await kept(page)).newest);
        const steps = (await curve(page, 1)).length;
        await page.reload();
        await note(page, `A run of ${plan} was interrupted`).waitFor();
        // Nothing begins by itself that would take its place.
        await says(page, "Ready");
        await press(page, "Go on with it");
        await says(page, "Training");
        assert.ok(steps > 0 && (await curve(page, 1)).length > 0, "the curve begins anew");
      }
      assert.deepEqual(await weights(page), whole);
    });
  }

  test("a module that was changed and taken back stands so after a reload", async (t) => {
    const page = await visit(t, browser, `${RUN}&epochs=5&run=1`);
    await says(page, "Finished.");
    await press(page, "Edit module 2");
    await page.getByRole("spinbutton", { name: "Width", exact: true }).fill("24");
    await page.waitForURL(/m2\.width=24/);
    const { newest } = await kept(page);
    await press(page, "Reset module 2");
    await says(page, "Paused before stage 2");
    await keepsMore(page, newest);
    await page.reload();
    await press(page, "Go on with it");
    await says(page, "Finished.");
    await page.getByRole("listitem", { name: /^Stage 2\b/ }).getByText(/linear 24/).first().waitFor();
    assert.match(page.url(), /m2\.width=24/);
    assert.equal(await page.getByText("needs retraining").first().isVisible().catch(() => false), false);
  });

  test("a stage that is trained alone ends alone after a loss", async (t) => {
    const page = await visit(t, browser, RUN);
    await says(page, "Ready");
    await press(page, "Train module 1");
    await keepsMore(page);
    await harm(page, kill);
    await note(page, /^The trainer was lost; the run/).waitFor();
    await says(page, "Paused before stage 2 of 3.", MINUTES);
  });

  test("what was left can be refused", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    await keepsMore(page);
    await page.reload();
    // It is seen before what would let it go.
    const offer = await note(page, /It is kept until another run begins/).boundingBox();
    const run = await page.getByRole("button", { name: "Run", exact: true }).boundingBox();
    assert.ok(offer.y < run.y, `${offer.y} above ${run.y}`);
    await press(page, "Forget it");
    await page.reload();
    await says(page, "Ready");
    assert.equal(await note(page, /was interrupted/).isVisible(), false);
  });

  test("a newest copy that is damaged leaves the one before", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    await keepsMore(page, 1);
    await press(page, "Pause");
    await says(page, "Paused");
    await page.waitForTimeout(500);
    assert.equal(await page.evaluate(damageNewest), 2, "there is one before");
    await page.reload();
    await press(page, "Go on with it");
    assert.deepEqual(await weights(page), undisturbed);
  });

  test(`${KILLS} workers killed in one run leave its end as it was`, async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    const times = [];
    let ends = 0;
    await keepsMore(page);
    const fetched = [];
    page.on("request", (request) => fetched.push(request.url()));
    while (times.length < KILLS) {
      if (!(await keepsMoreOrEnds(page))) {
        assert.deepEqual(await weights(page), undisturbed);
        ends += 1;
        await press(page, "Run again");
        continue;
      }
      await page.waitForTimeout(Math.random() * 400);
      if (await isFinished(page)) continue;
      const began = Date.now();
      const born = page.waitForEvent("worker", { timeout: 20_000 });
      await harm(page, kill);
      await born;
      await trains(page, 20_000);
      times.push(Date.now() - began);
    }
    assert.deepEqual(await weights(page), undisturbed);
    const again = fetched.filter((url) => url.endsWith(".wasm"));
    assert.deepEqual(again, [], "what one worker has compiled the next one begins with");
    const ended = `${ends + 1} runs ended alike`;
    console.log(`${KILLS} kills survived, ${median(times)} ms to train again (median), ${ended}`);
  });

  test("a wasm trap is survived", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    await keepsMore(page);
    await harm(page, trap);
    await note(page, "The trainer was lost").waitFor();
    assert.deepEqual(await weights(page), undisturbed);
  });

  test("a Rust panic is survived", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    const panicked = page.waitForEvent("console", (message) => /panicked at/.test(message.text()));
    await keepsMore(page);
    await harm(page, panic);
    assert.match((await panicked).text(), /capacity overflow/);
    await note(page, "The trainer was lost").waitFor();
    assert.deepEqual(await weights(page), undisturbed);
  });

  test("a worker that computes without end is replaced", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    await keepsMore(page);
    await harm(page, hang);
    await note(page, "The trainer was lost").waitFor({ timeout: 40_000 });
    assert.deepEqual(await weights(page), undisturbed);
  });

  test("a worker whose lock comes late is not taken for gone", async (t) => {
    const late = () => {
      const { request } = LockManager.prototype;
      LockManager.prototype.request = async function (...how) {
        await new Promise((done) => setTimeout(done, 1000));
        return request.apply(this, how);
      };
    };
    let born = 0;
    const page = await visit(t, browser, RUN, {
      prepare(page) {
        page.on("worker", () => (born += 1));
        return beforeWorkers(page, late);
      },
    });
    await says(page, "Ready");
    await page.waitForTimeout(1500);
    assert.equal(born, 1);
  });

  test("a worker that dies again and again is said so", async (t) => {
    const page = await visit(t, browser, RUN);
    await says(page, "Ready");
    page.on("worker", (born) => born.evaluate(() => setTimeout(self.close, 300)).catch(() => {}));
    await harm(page, kill);
    await press(page, "Run").catch(() => {});
    await page.getByRole("alert").getByText("again and again").waitFor({ timeout: MINUTES });
  });

  test("storage that refuses costs the copy, not the run", async (t) => {
    const page = await visit(t, browser, RUN);
    await page.evaluate(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    await press(page, "Run");
    await note(page, "The browser keeps no copy of this run").waitFor();
    assert.deepEqual(await weights(page), undisturbed);
  });

  test("storage that takes copies again is no longer said to refuse them", async (t) => {
    const page = await visit(t, browser, RUN);
    await page.evaluate(() => {
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = function () {
        IDBObjectStore.prototype.put = put;
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    await press(page, "Run");
    await note(page, "The browser keeps no copy of this run").waitFor();
    await keepsMore(page);
    await note(page, "The browser keeps no copy of this run").waitFor({ state: "hidden" });
  });

  test("storage that is wiped while it trains takes later copies", async (t) => {
    const page = await visit(t, browser, `${RUN}&run=1`);
    await keepsMore(page);
    const wiped = await page.evaluate(
      () =>
        new Promise((done) => {
          const wipe = indexedDB.deleteDatabase("mole-checkpoints-1");
          wipe.onsuccess = () => done("wiped");
          wipe.onblocked = () => done("the page holds it up");
        }),
    );
    assert.equal(wiped, "wiped");
    await keepsMore(page);
    await page.reload();
    await press(page, "Go on with it");
    assert.deepEqual(await weights(page), undisturbed);
    assert.equal(await note(page, "The browser keeps no copy of this run").isVisible(), false);
  });

  test("a tab that is hidden keeps a copy at once", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/mine&seed=5&device=cpu&epochs=900&run=1");
    await keepsMore(page);
    // Copies come every five seconds by themselves.
    const { newest } = await kept(page);
    const began = Date.now();
    // Headless tabs are never hidden: the page is told that it was.
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { configurable: true, value: "hidden" });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await keepsMore(page, newest);
    assert.ok(Date.now() - began < 3000, `${Date.now() - began} ms`);
  });

  test("the browser is asked once not to clear away what is kept", async (t) => {
    const page = await visit(t, browser, "");
    await page.addInitScript(() => {
      self.persists = 0;
      StorageManager.prototype.persist = () => {
        self.persists += 1;
        return Promise.reject(new DOMException("no", "NotAllowedError"));
      };
    });
    await page.goto(new URL(RUN, page.url()).href);
    await says(page, "Ready");
    const asked = () => page.evaluate(() => self.persists);
    assert.equal(await asked(), 0);
    await press(page, "Run");
    await keepsMore(page, 2);
    assert.equal(await asked(), 1);
  });

  describe("tabs", () => {
    /** Another tab of the same visitor. */
    async function another(page, link) {
      const tab = await page.context().newPage();
      await tab.goto(new URL(link, page.url()).href);
      await says(tab, /Ready|Training|Finished/);
      return tab;
    }
    const offered = (page) => note(page, /A run of vectors\/mine was interrupted/);

    test("each keeps its own run, and the end of one leaves the other's", async (t) => {
      const page = await visit(t, browser, `${RUN}&run=1`);
      await keepsMore(page);
      // Its end is not to come before the other's.
      await press(page, "Pause");
      const other = await another(page, "?plan=vectors/mine&seed=6&device=cpu&epochs=30&run=1");
      assert.equal(await offered(other).isVisible(), false, "a run that is under way is not offered");
      await says(other, "Finished.");
      await other.waitForTimeout(300);
      assert.ok((await kept(other)).slots > 0);
      await page.reload();
      await press(page, "Go on with it");
      assert.deepEqual(await weights(page), undisturbed);
    });

    test("what a closed one left is offered in one other tab, which takes it over", async (t) => {
      const page = await visit(t, browser, RUN);
      const [first, second] = [await another(page, "?device=cpu"), await another(page, "?device=cpu")];
      // Not before: on a busy machine it could come to its end while the others open.
      await press(page, "Run");
      await keepsMore(page);
      await page.close();
      await first.reload();
      await offered(first).waitFor();
      await second.reload();
      await says(second, "Ready");
      assert.equal(await offered(second).isVisible(), false, "it is offered in the other one");
      await press(first, "Go on with it");
      assert.deepEqual(await weights(first), undisturbed);
      await keepsItsEnd(first);
      assert.equal((await kept(first)).tabs.length, 1);
    });

    test("what has ended in a closed one is not offered, and is let go", async (t) => {
      const page = await visit(t, browser, `${RUN}&run=1`);
      await weights(page);
      await keepsItsEnd(page);
      const other = await another(page, "?device=cpu");
      await page.close();
      await other.reload();
      await says(other, "Ready");
      assert.equal(await offered(other).isVisible(), false);
      assert.equal((await kept(other)).slots, 0);
    });

    test("a copy of a tab keeps its run apart", async (t) => {
      const page = await visit(t, browser, `${RUN}&run=1`);
      await keepsMore(page);
      const opened = page.waitForEvent("popup");
      // A window that is opened by this one begins with a copy of its storage.
      await page.evaluate(() => void window.open("?device=cpu"));
      const copy = await opened;
      await says(copy, "Ready");
      const name = (tab) => tab.evaluate(() => sessionStorage.getItem("mole-tab"));
      const own = await name(page);
      // It first waits whether the page that holds the name is only being reloaded.
      for (const began = Date.now(); (await name(copy)) === own; await copy.waitForTimeout(100)) {
        assert.ok(Date.now() - began < 10_000, "both have one name");
      }
      assert.equal(await offered(copy).isVisible(), false);
    });

    test("of those that are gone no more than three are kept", async (t) => {
      const page = await visit(t, browser, "?device=cpu");
      await says(page, "Ready");
      for (let gone = 0; gone < 5; gone += 1) {
        // Another plan than the link's is not offered, and leaves what is kept.
        const tab = await another(page, `?plan=vectors/mine&seed=${gone}&device=cpu&epochs=90&run=1`);
        const name = await tab.evaluate(() => sessionStorage.getItem("mole-tab"));
        while (!(await kept(page)).tabs.includes(name)) await tab.waitForTimeout(100);
        await tab.close();
      }
      await another(page, "?device=cpu");
      assert.equal((await kept(page)).tabs.length, 3);
    });
  });
});

describe("numbers that go wrong", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  test("a rate that is too high is named, and a lower one goes on", async (t) => {
    const page = await visit(t, browser, "?plan=vectors/bp&seed=5&device=cpu&epochs=20");
    await says(page, "Ready");
    await page.getByRole("button", { name: /^Edit/ }).first().click();
    const rate = page.getByLabel(/rate/i).first();
    await rate.fill("1e30");
    await rate.press("Enter");
    await press(page, "Run");
    const alert = page.getByRole("alert");
    await alert.getByText(/takes steps that are too large/).waitFor();
    await press(page, "Go on at a rate of 0.001");
    await says(page, "Finished.");
    assert.ok((await result(page, "Test accuracy")) > 50);
  });
});
