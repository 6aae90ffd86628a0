// Headless Chromium, with or without a GPU.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../www/package.json", import.meta.url));
const { chromium } = require("playwright-core");

/** The address bar's own pages, some 400 files for each window: a third of what a visit costs. */
const ADDRESS_BAR = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"];
/** What Playwright leaves out of Chromium by itself. It is said again since only the last such list holds. */
const PLAYWRIGHTS = [
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
];
const without = (...features) => `--disable-features=${features}`;

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];
/** Without these the browser has WebGPU but no adapter. */
const SOFTWARE_GPU = [
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--use-webgpu-adapter=swiftshader",
];

/** @param {{ gpu: boolean, flags?: string[] }} kind `flags` besides the usual ones */
export function launchChromium(executablePath, { gpu, flags = [] }) {
  const usual = [...ARGUMENTS, without(...ADDRESS_BAR, ...PLAYWRIGHTS)];
  const args = gpu ? [...usual, ...SOFTWARE_GPU] : usual;
  return chromium.launch({ executablePath, args: [...args, ...flags] });
}

/**
 * Chromium on a profile that outlives it. `kill` ends all of its processes at once, as a power cut does,
 * and resolves when they are gone.
 */
export async function startChromium(executablePath, profile) {
  const own = ["--headless=new", "--remote-debugging-port=0", `--user-data-dir=${profile}`];
  const args = [...ARGUMENTS, without(...ADDRESS_BAR), ...own, "about:blank"];
  // Its own process group, which is killed as one.
  const main = spawn(executablePath, args, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const gone = new Promise((done) => main.once("exit", done));
  const kill = () => {
    try {
      process.kill(-main.pid, "SIGKILL");
    } catch {
      // It has been killed before.
    }
    return gone;
  };
  let said = "";
  main.stderr.setEncoding("utf8");
  const address = await new Promise((done, fail) => {
    main.stderr.on("data", (text) => {
      said += text;
      const [, found] = /DevTools listening on (\S+)/.exec(said) ?? [];
      if (found !== undefined) done(found);
    });
    main.once("exit", () => fail(new Error(`Chromium did not start: ${said}`)));
    main.once("error", fail);
  });
  const browser = await chromium.connectOverCDP(address);
  return { context: browser.contexts()[0], kill };
}
