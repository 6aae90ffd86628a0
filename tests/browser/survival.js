// What the tests of lost runs share: what is kept of a run, how it is harmed, and what became of it.

import assert from "node:assert/strict";

import { MINUTES, result, says } from "./support.js";
import { until } from "./views.js";

/** Of the weights that every stage ended with, and the result, once the run has ended. */
export async function weights(page) {
  await says(page, "Finished.", 9 * MINUTES);
  const prints = page.locator(".fingerprint code");
  await prints.first().waitFor({ state: "attached" });
  return [...(await prints.allTextContents()), `${await result(page, "Test accuracy")} %`];
}

/** How many checkpoints the browser keeps and of which tabs, the newest one's number, how many are of ended runs. */
export const kept = (page) =>
  page.evaluate(
    () =>
      new Promise((done, fail) => {
        const open = indexedDB.open("mole-checkpoints-1");
        // Where there is none, none is made: that is for the page to do.
        open.onupgradeneeded = () => open.transaction.abort();
        open.onerror = (event) => {
          event.preventDefault();
          if (open.error.name === "AbortError") done({ slots: 0, tabs: [], newest: 0, ends: 0 });
          else fail(open.error);
        };
        open.onsuccess = () => {
          const database = open.result;
          const all = database.transaction("slots").objectStore("slots").getAll();
          all.onsuccess = () => {
            database.close();
            const numbers = all.result.map(({ number }) => number);
            const tabs = [...new Set(all.result.map(({ tab }) => tab))];
            const ends = all.result.filter(({ mode }) => mode === "finished").length;
            done({ slots: numbers.length, tabs, newest: Math.max(0, ...numbers), ends });
          };
        };
      }),
  );

/** One byte of the newest checkpoint is changed, in the page's storage. */
export function damageNewest() {
  const settled = (request) =>
    new Promise((done, fail) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
  return settled(indexedDB.open("mole-checkpoints-1")).then(async (database) => {
    const slots = database.transaction("slots", "readwrite").objectStore("slots");
    const [keys, values] = await Promise.all([settled(slots.getAllKeys()), settled(slots.getAll())]);
    const numbers = values.map(({ number }) => number);
    const newest = numbers.indexOf(Math.max(...numbers));
    values[newest].bytes[100] ^= 1;
    await settled(slots.put(values[newest], keys[newest]));
    database.close();
    return values.length;
  });
}

export const keepsMore = (page, than = 0) =>
  until(() => kept(page), ({ newest }) => newest > than, "a checkpoint is kept", MINUTES);

export const keepsItsEnd = (page) =>
  until(() => kept(page), ({ ends }) => ends > 0, "its end is kept", MINUTES);

export const isFinished = (page) => page.getByText("Finished.").isVisible();

/** Whether another checkpoint comes before the run's end, of which the last one is. */
export async function keepsMoreOrEnds(page) {
  const before = (await kept(page)).newest;
  for (const began = Date.now(); Date.now() - began < 5 * MINUTES; await page.waitForTimeout(50)) {
    const { newest, ends } = await kept(page);
    if (ends > 0 || (await isFinished(page))) return false;
    if (newest > before) return true;
  }
  assert.fail("no checkpoint was kept");
}

/** Until a step is taken: the status says "Training" before the first one. It may be the last one. */
export async function trains(page, timeout) {
  await says(page, /Training|Finished/, timeout);
  const steps = async () => (await page.getByText(/^step \d/).allInnerTexts()).join();
  const before = await steps();
  for (const began = Date.now(); (await steps()) === before; await page.waitForTimeout(20)) {
    if (await isFinished(page)) return;
    assert.ok(Date.now() - began < timeout, "no step was taken");
  }
}

/** The worker that trains now. */
export const worker = (page) => page.workers().at(-1);

/** What is done to a worker may end it before it answers. */
export const harm = (page, deed) =>
  worker(page)
    .evaluate(deed)
    .catch(() => {});

export const note = (page, words) => page.getByText(words);

/** @param {number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Has a copy made at once, as a page does that is about to be frozen: they come every five seconds. */
export const copyNow = (page) =>
  page.evaluate(() => void document.dispatchEvent(new Event("freeze")));
