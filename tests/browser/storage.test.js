// Storage that fails as browsers let it fail: full, not to be opened, and cut off in the middle of a write.
// None of it costs a run more than its copies. `MOLE_KILLS` says how often the browser is killed.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { startChromium } from "./chromium.js";
import { MINUTES, guard, launch, press, says, visit } from "./support.js";
import { copyNow, isFinished, keepsMore, kept, median, note, weights } from "./survival.js";
import { until } from "./views.js";

const require = createRequire(new URL("../../www/package.json", import.meta.url));
const puppeteer = require("puppeteer-core");

const { BASE_URL, CHROMIUM, FIREFOX } = process.env;
const RUN = "?plan=vectors/mine&seed=5&device=cpu&epochs=90";
const KILLS = Number(process.env["MOLE_KILLS"] ?? 5);
const UNKEPT = "The browser keeps no copy of this run";
const NO_ROOM = 1000;
/** Chromium does not ask again within 30 seconds how much room there is. */
const TRUSTED_MS = 31_000;

/** Where nothing is to happen before its end. */
const SHORT = RUN.replace("90", "20");

/** Of runs that nothing happens to. */
const undisturbed = { long: [], short: [] };
before(async () => {
  const browser = await launch({ gpu: false });
  const page = await browser.newPage();
  for (const [name, link] of Object.entries({ long: RUN, short: SHORT })) {
    await page.goto(new URL(`${link}&run=1`, BASE_URL).href);
    undisturbed[name] = await weights(page);
  }
  await browser.close();
});

const unkept = (page, why) => note(page, new RegExp(`${UNKEPT}.*${why}`));
const offer = (page) => note(page, /A run of vectors\/mine was interrupted/);

describe("storage that fails", () => {
  let browser;
  before(async () => (browser = await launch({ gpu: false })));
  after(() => browser.close());

  /** Sets how many bytes the browser lets the page keep, or, without a number, as many as usual. */
  async function quota(page) {
    const session = await page.context().newCDPSession(page);
    return (bytes) =>
      session.send("Storage.overrideQuotaForOrigin", {
        origin: BASE_URL,
        ...(bytes === undefined ? {} : { quotaSize: bytes }),
      });
  }

  test("a full disk costs a run its copies as long as it is full, and nothing else", async (t) => {
    const page = await visit(t, browser, RUN);
    await says(page, "Ready");
    const leave = await quota(page);
    await leave(NO_ROOM);
    await press(page, "Run");
    await unkept(page, "QuotaExceededError").waitFor();
    await copyNow(page);
    assert.deepEqual(await kept(page), { slots: 0, tabs: [], newest: 0, ends: 0 });
    await leave();
    await copyNow(page);
    await keepsMore(page);
    await unkept(page, "").waitFor({ state: "hidden" });
    assert.deepEqual(await weights(page), undisturbed.long);
  });

  test("a run whose end finds no room is not offered as interrupted", async (t) => {
    const page = await visit(t, browser, `${RUN.replace("90", "30")}&run=1`);
    await keepsMore(page);
    await press(page, "Pause");
    await says(page, "Paused");
    const leave = await quota(page);
    await leave(NO_ROOM);
    await page.waitForTimeout(TRUSTED_MS);
    await press(page, "Continue");
    await says(page, "Finished.");
    await unkept(page, "QuotaExceededError").waitFor();
    await until(() => kept(page), ({ slots }) => slots === 0, "its older copies are let go");
    await page.reload();
    await says(page, "Training");
    assert.equal(await offer(page).isVisible(), false);
  });

  test("a store that a later version of the page has made is left to it", async (t) => {
    const page = await visit(t, browser, "?device=cpu");
    await says(page, "Ready");
    const later = () =>
      page.evaluate(
        () =>
          new Promise((done, fail) => {
            const open = indexedDB.open("mole-checkpoints-1", 99);
            open.onerror = fail;
            open.onsuccess = () => {
              open.result.close();
              done(open.result.version);
            };
          }),
      );
    await later();
    await page.goto(new URL(`${SHORT}&run=1`, page.url()).href);
    await unkept(page, "VersionError").waitFor();
    assert.deepEqual(await weights(page), undisturbed.short);
    assert.equal(await later(), 99);
  });
});

describe("a browser on a profile of its own", () => {
  /** A new one, and Chromium on it, which is killed when the test ends. */
  function profile(t) {
    const folder = mkdtempSync(join(tmpdir(), "mole-profile-"));
    let chromium;
    t.after(async () => {
      await chromium?.kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    });
    return { folder, start: async () => (chromium = await startChromium(CHROMIUM, folder)) };
  }

  test("one that blocks all storage trains as any other does", async (t) => {
    const { folder, start } = profile(t);
    mkdirSync(join(folder, "Default"));
    const blocked = { profile: { default_content_setting_values: { cookies: 2 } } };
    writeFileSync(join(folder, "Default", "Preferences"), JSON.stringify(blocked));
    const { context } = await start();
    const guarded = guard(context, BASE_URL);
    const page = await context.newPage();
    await page.goto(new URL(`${SHORT}&run=1`, BASE_URL).href);
    await unkept(page, "The user denied permission to access the database").waitFor();
    assert.deepEqual(await weights(page), undisturbed.short);
    guarded();
  });

  /** In a page: has a copy made ten times a second, and says when its write begins and has ended. */
  function write() {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (value, ...key) {
      const request = put.call(this, value, ...key);
      this.transaction.addEventListener("complete", () => void self.written(value.number));
      void self.begun(value.number);
      return request;
    };
    setInterval(() => document.dispatchEvent(new Event("freeze")), 100);
  }

  /** What the disk has: the numbers of the copies that are whole, and how many are not. */
  const onDisk = (page) =>
    page.evaluate(async () => {
      const { isWhole } = await import("/js/checkpoints.js");
      const settled = (request) =>
        new Promise((done, fail) => {
          request.onsuccess = () => done(request.result);
          request.onerror = () => fail(request.error);
        });
      if ((await indexedDB.databases()).length === 0) return { newest: 0, broken: 0 };
      const database = await settled(indexedDB.open("mole-checkpoints-1"));
      const slots = await settled(database.transaction("slots").objectStore("slots").getAll());
      database.close();
      const whole = await Promise.all(slots.map(({ bytes }) => isWhole(bytes)));
      const numbers = slots.map(({ number }) => number).filter((_, at) => whole[at]);
      return { newest: Math.max(0, ...numbers), broken: whole.filter((one) => !one).length };
    });

  test(`a browser killed ${KILLS} times while it writes leaves a copy that leads to the same end`, async (t) => {
    const { start } = profile(t);
    const link = new URL(`${RUN}&run=1`, BASE_URL).href;
    const counts = { kills: 0, within: 0, lost: 0, broken: 0, anew: 0, ends: 0 };
    const lasted = [];
    /** Of the copy whose write is under way or was the last; of the last that was written. */
    let begun = 0;
    let written = 0;

    /** A browser that finds what the one before has left. */
    async function open() {
      const chromium = await start();
      const { context } = chromium;
      const guarded = guard(context, BASE_URL);
      let since = 0;
      let strike = null;
      await context.exposeBinding("begun", (_, number) => {
        begun = number;
        since = performance.now();
        strike?.();
      });
      await context.exposeBinding("written", (_, number) => {
        written = number;
        lasted.push(performance.now() - since);
      });
      await context.addInitScript(write);
      const page = await context.newPage();
      /** Kills it in the next write, at any moment of as long as one lasts; `false` where none comes. */
      const kill = () =>
        new Promise((done) => {
          const none = setTimeout(() => {
            strike = null;
            done(false);
          }, 5000);
          strike = () => {
            strike = null;
            clearTimeout(none);
            setTimeout(() => {
              counts.kills += 1;
              if (written < begun) counts.within += 1;
              guarded();
              done(chromium.kill().then(() => true));
            }, 1.2 * Math.random() * median(lasted.length > 0 ? lasted : [1]));
          };
        });
      return { page, kill };
    }

    let { page, kill } = await open();
    await page.goto(link);
    while (counts.kills < KILLS) {
      await says(page, /Training|Finished/);
      await page.waitForTimeout(200 + Math.random() * 1500);
      if (await isFinished(page)) {
        assert.deepEqual(await weights(page), undisturbed.long);
        counts.ends += 1;
        await page.goto(link);
        continue;
      }
      if (!(await kill())) continue;
      ({ page, kill } = await open());
      // A page that writes nothing, as the run's does as soon as it is there.
      await page.goto(new URL("js/checkpoints.js", BASE_URL).href);
      const { newest, broken } = await onDisk(page);
      assert.ok(newest >= written, `copy ${written} had been written, and ${newest} is the newest`);
      counts.broken += broken;
      if (newest < begun) counts.lost += 1;
      begun = written = newest;
      await page.goto(link);
      if (newest > 0) await press(page, "Go on with it");
      else counts.anew += 1;
    }
    assert.deepEqual(await weights(page), undisturbed.long);
    assert.equal(counts.broken, 0);
    console.log(
      `${counts.kills} kills, ${counts.within} within a write, ${counts.lost} of which left nothing of it; ` +
        `${counts.broken} copies unreadable, ${counts.anew} runs begun anew, ${counts.ends + 1} ended alike; ` +
        `a write lasts ${median(lasted).toFixed(1)} ms (median)`,
    );
  });
});

describe("Firefox", () => {
  test("where it blocks all storage, so that opening it throws, it trains as any other", async (t) => {
    const blocked = { "network.cookie.cookieBehavior": 2 };
    const browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: FIREFOX,
      extraPrefsFirefox: blocked,
    });
    t.after(() => browser.close());
    const page = await browser.newPage();
    const wrong = [];
    page.on("pageerror", ({ message }) => {
      // Firefox's own note about what it refuses, which the page expects.
      if (!message.startsWith("Failed to register/update a ServiceWorker")) wrong.push(message);
    });
    await page.goto(new URL(`${SHORT}&run=1`, BASE_URL).href);
    const text = () => page.$eval("main", (main) => main.innerText);
    await until(text, (seen) => new RegExp(`${UNKEPT}.*SecurityError`).test(seen), "no copy", MINUTES);
    await until(text, (seen) => seen.includes("Finished."), "its end", 9 * MINUTES);
    const prints = () =>
      page.$$eval(".fingerprint code", (codes) => codes.map(({ textContent }) => textContent));
    assert.deepEqual(await until(prints, ({ length }) => length > 0, "prints"), undisturbed.short.slice(0, -1));
    assert.deepEqual(wrong, []);
  });
});
