// The settings in the address bar: a link repeats a run. Only what differs from the default is
// written, and what cannot be read is left at its default.

import { NO_EDITS } from "./plan.js";

/** @typedef {import("./plan.js").Edits} Edits */
/** @typedef {import("./plan.js").ModuleEdit} ModuleEdit */
/** @typedef {import("./protocol.js").DeviceChoice} DeviceChoice */
/** @typedef {import("./protocol.js").Problem} Problem */
/**
 * A run's settings. `epochs` and `samples` are limits; `null` is the plan's own. `edits` is what
 * was changed of the plan. `own` names the visitor's data for a plan that is for such (`identity` in own.js),
 * where they are known: no link can hold them.
 * @typedef {{
 *   plan: string, seed: number, device: DeviceChoice, epochs: number | null,
 *   samples: number | null, edits: Edits, own: string | null, run: boolean,
 * }} Settings
 */

/** @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({
  plan: "glyphs/matrix",
  seed: 1,
  device: "auto",
  epochs: null,
  samples: null,
  edits: NO_EDITS,
  own: null,
  run: false,
});

/** Of what a link can say. One that says none is of the first; a later one may mean something else. */
const VERSION = 1;

/** What the form and the link accept, ends included. */
export const LIMITS = Object.freeze({
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true },
  epochs: { min: 1, max: 10_000, whole: true },
  samples: { min: 1, max: 10_000_000, whole: true },
  width: { min: 1, max: 4096, whole: true },
});

/** No objective comes near to these; what goes beyond is not even read. */
export const OBJECTIVE = Object.freeze({ characters: 4000, levels: 16 });

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
    edits: readEdits(query),
    own: null,
    run: query.get("run") === "1",
  };
}

/**
 * @param {Settings} settings
 * @returns {string} `?plan=adult/matrix&seed=7`, or an empty string for the defaults; what is
 * changed of the first module follows as `m1.width=32`
 */
export function writeLink(settings) {
  /** @type {string[]} */
  const parts = [];
  for (const key of /** @type {const} */ (["plan", "seed", "device", "epochs", "samples"])) {
    const value = settings[key];
    if (value === null || value === DEFAULTS[key]) continue;
    // The only plus here is a plan's, which is read as one.
    parts.push(`${key}=${encoded(value).replaceAll("%2B", "+")}`);
  }
  for (const [module, edit] of Object.entries(settings.edits)) {
    for (const [name, value] of Object.entries(edit)) {
      const text = typeof value === "object" ? JSON.stringify(value) : value;
      parts.push(`m${Number(module) + 1}.${name}=${encoded(text)}`);
    }
  }
  if (settings.run) parts.push("run=1");
  return parts.length > 0 ? `?${parts.join("&")}` : "";
}

/** @param {string | number} value */
function encoded(value) {
  // Characters that a query may hold as they are, for people who read links; not the plus of `1e+30`,
  // which would be read as a space.
  return encodeURIComponent(value).replace(/%(2F|3A|2C)/g, decodeURIComponent);
}

/**
 * @param {URLSearchParams} query
 * @returns {Edits}
 */
function readEdits(query) {
  /** @type {Record<number, Record<string, unknown>>} */
  const edits = {};
  for (const [key, text] of query) {
    const [, number, name] = /^m([1-9]\d?)\.(\w+)$/.exec(key) ?? [];
    const value = name === undefined ? undefined : readEdit(name, text);
    if (name !== undefined && value !== undefined) {
      (edits[Number(number) - 1] ??= {})[name] = value;
    }
  }
  return Object.keys(edits).length > 0 ? edits : NO_EDITS;
}

/**
 * A field's value as it stands in a link; `undefined` where it cannot be read. Only its form is
 * looked at here: whether it fits the plan is the core's to say.
 * @param {string} name
 * @param {string} text
 * @returns {ModuleEdit[keyof ModuleEdit] | undefined}
 */
function readEdit(name, text) {
  switch (name) {
    case "width":
    case "epochs":
      return wholeNumber(text, LIMITS[name]) ?? undefined;
    case "batch":
      return text === "null" ? null : (wholeNumber(text, LIMITS.samples) ?? undefined);
    case "rate":
      return aboveZero(text);
    case "clip":
      return text === "null" ? null : aboveZero(text);
    case "objective":
      return readObjective(text);
    default:
      return undefined;
  }
}

/**
 * @param {string} search
 * @returns {string | null} the version that a link claims, where this page does not know it
 */
export function newerVersion(search) {
  const version = new URLSearchParams(search).get("v");
  return version === null || wholeNumber(version, { min: 1, max: VERSION }) !== null ? null : version;
}

/**
 * The first objective in a link that is too long or too deep to be read, by its name in the link;
 * `null` where there is none.
 * @param {string} search
 * @returns {string | null}
 */
export function oversized(search) {
  for (const [key, text] of new URLSearchParams(search)) {
    if (/^m[1-9]\d?\.objective$/.test(key) && isOversized(text)) return key;
  }
  return null;
}

/**
 * @param {string} found
 * @returns {Problem}
 */
export function linkNewer(found) {
  return {
    code: "page/link-newer",
    message: "",
    place: "v",
    expected: `v=${VERSION}`,
    found: found.slice(0, 20),
    recovery: "choose-another-plan",
  };
}

/**
 * @param {string} place
 * @returns {Problem}
 */
export function linkTooMuch(place) {
  const { characters, levels } = OBJECTIVE;
  const expected = `at most ${characters} characters, nested ${levels} deep`;
  return { code: "page/link-too-much", message: "", place, expected, recovery: "choose-another-plan" };
}

/** @param {string} text */
function isOversized(text) {
  if (text.length > OBJECTIVE.characters) return true;
  try {
    return isDeeper(JSON.parse(text), OBJECTIVE.levels);
  } catch {
    // Not an objective at all: left out as any other word.
    return false;
  }
}

/**
 * @param {unknown} value
 * @param {number} levels
 * @returns {boolean} whether objects lie in objects further than that
 */
function isDeeper(value, levels) {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** @param {string} text */
function aboveZero(text) {
  const value = Number(text);
  return value > 0 && value < Infinity ? value : undefined;
}

/**
 * @param {string} text
 * @returns {ModuleEdit["objective"]}
 */
function readObjective(text) {
  if (text === "null") return null;
  if (text === "cross-entropy") return text;
  if (isOversized(text)) return undefined;
  try {
    const { information } = JSON.parse(text);
    const { target, estimator } = information;
    const known = (target === "input" || target === "label") && typeof estimator.kind === "string";
    return known ? { information: { target, estimator } } : undefined;
  } catch {
    return undefined;
  }
}
