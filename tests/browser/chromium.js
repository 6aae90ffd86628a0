// Headless Chromium, with or without a GPU.

import { createRequire } from "node:module";

const require = createRequire(new URL("../../www/package.json", import.meta.url));
const { chromium } = require("playwright-core");

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
  const args = gpu ? [...ARGUMENTS, ...SOFTWARE_GPU] : ARGUMENTS;
  return chromium.launch({ executablePath, args: [...args, ...flags] });
}
