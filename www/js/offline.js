// Keeps the page in the browser for visits without a network, and says when there is a newer one.

import { serviceWorkerUrl } from "./trusted.js";

/** As sw.js calls it. */
const CACHE = "mole-page-1";

/**
 * @param {{ kept: () => void, updated: (reload: () => void) => void }} page `kept`: the page now
 * works offline. `updated`: a newer version is ready, and `reload` goes over to it.
 */
export async function keepOffline({ kept, updated }) {
  if (!("serviceWorker" in navigator)) return;
  try {
    const { serviceWorker } = navigator;
    let controlled = serviceWorker.controller !== null;
    let asked = false;
    serviceWorker.addEventListener("controllerchange", () => {
      const reload = () => location.reload();
      if (asked) reload();
      // Taken in another tab: what this page has not loaded yet is of that version too.
      else if (controlled) updated(reload);
      controlled = true;
    });
    const registration = await serviceWorker.register(serviceWorkerUrl(), {
      updateViaCache: "none",
    });
    const waits = () => {
      // The first version has nothing to wait for: it serves the page as soon as it is there.
      const { waiting } = registration;
      if (waiting === null || serviceWorker.controller === null) return;
      updated(() => {
        asked = true;
        waiting.postMessage("activate");
      });
    };
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", waits);
    });
    waits();
    await serviceWorker.ready;
    // A page that is served without its list of files has a worker that keeps nothing.
    if (await caches.has(CACHE)) kept();
  } catch {
    // Refused by the browser or its settings: the page works as before, with a network.
  }
}
