// The settings in the address bar: a link repeats a run. Only what differs from the default is
// written, and what cannot be read is left at its default.

/** @typedef {import("./protocol.js").DeviceChoice} DeviceChoice */
/**
 * A run's settings. `epochs` and `samples` are limits; `null` is the plan's own.
 * @typedef {{
 *   plan: string, seed: number, device: DeviceChoice, epochs: number | null,
 *   samples: number | null, run: boolean,
 * }} Settings
 */

/** @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({
  plan: "glyphs/matrix",
  seed: 1,
  device: "auto",
  epochs: null,
  samples: null,
  run: false,
});

/** What the form and the link accept, ends included. */
export const LIMITS = Object.freeze({
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER },
  epochs: { min: 1, max: 10_000 },
  samples: { min: 1, max: 10_000_000 },
});

const DEVICES = /** @type {const} */ (["auto", "cpu", "gpu", "ndarray"]);

/**
 * A whole number written in digits within its limits, or `null`.
 * @param {string | null} text
 * @param {{ min: number, max: number }} limits
 */
export function wholeNumber(text, { min, max }) {
  if (text === null || !/^\d{1,16}$/.test(text.trim())) return null;
  const value = Number(text);
  return value >= min && value <= max ? value : null;
}

/**
 * @param {string} search the query part of an address, with or without its `?`
 * @returns {Settings}
 */
export function readLink(search) {
  const query = new URLSearchParams(search);
  // In a query a plus stands for a space, but people type `dim+mine` as they see it.
  const plan = query.get("plan")?.replaceAll(" ", "+") ?? DEFAULTS.plan;
  const device = DEVICES.find((name) => name === query.get("device"));
  return {
    plan: /^[\w+.-]+\/[\w+.-]+$/.test(plan) ? plan : DEFAULTS.plan,
    seed: wholeNumber(query.get("seed"), LIMITS.seed) ?? DEFAULTS.seed,
    device: device ?? DEFAULTS.device,
    epochs: wholeNumber(query.get("epochs"), LIMITS.epochs),
    samples: wholeNumber(query.get("samples"), LIMITS.samples),
    run: query.get("run") === "1",
  };
}

/**
 * @param {Settings} settings
 * @returns {string} `?plan=adult/matrix&seed=7`, or an empty string for the defaults
 */
export function writeLink(settings) {
  /** @type {string[]} */
  const parts = [];
  for (const key of /** @type {const} */ (["plan", "seed", "device", "epochs", "samples"])) {
    const value = settings[key];
    if (value !== null && value !== DEFAULTS[key]) {
      const text = encodeURIComponent(value).replaceAll("%2F", "/").replaceAll("%2B", "+");
      parts.push(`${key}=${text}`);
    }
  }
  if (settings.run) parts.push("run=1");
  return parts.length > 0 ? `?${parts.join("&")}` : "";
}
