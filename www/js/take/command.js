// The run as a command line: what `mole train` needs to repeat it.

/** @typedef {import("../link.js").Settings} Settings */

/** @param {string} plan its name: `adult/matrix` @returns {string} `adult-matrix.json` */
export const planFile = (plan) => `${plan.replace(/[^\w+.-]+/g, "-")}.json`;

/**
 * A preset goes by its name; a plan that was changed goes by the file it was saved to, which
 * `mole` knows by its ending.
 * @param {Pick<Settings, "plan" | "seed" | "epochs" | "samples">} settings
 * @param {boolean} changed whether the plan is other than the preset of its name
 * @param {string} device that of the run
 * @param {{ names: string[], data: import("../protocol.js").OwnData } | null} [own] the visitor's
 * files and what they are
 */
export function commandLine({ plan, seed, epochs, samples }, changed, device, own = null) {
  const words = ["mole", "train", changed ? planFile(plan) : plan, "--seed", String(seed)];
  if (epochs !== null) words.push("--epochs", String(epochs));
  if (samples !== null) words.push("--samples", String(samples));
  if (device !== "cpu") words.push("--device", device);
  if (own !== null) {
    words.push("--own", ...own.names.map(quoted));
    if ("label" in own.data) words.push(...option("--label", [own.data.label]));
    if ("without" in own.data) words.push(...option("--without", own.data.without ?? []));
    if ("header" in own.data) words.push("--header", String(own.data.header));
    if ("test" in own.data) words.push("--test", String(own.data.test));
  }
  return words.join(" ");
}

/**
 * A value that looks like another option is bound to its own.
 * @param {string} name
 * @param {string[]} values
 */
function option(name, values) {
  const bound = values.filter((value) => value.startsWith("-"));
  const free = values.filter((value) => !value.startsWith("-"));
  const words = bound.map((value) => `${name}=${quoted(value)}`);
  // One without any value stands alone.
  return bound.length > 0 && free.length === 0 ? words : [...words, name, ...free.map(quoted)];
}

/** As a shell takes it for one word. @param {string} word */
const quoted = (word) => (/^[\w./+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/**
 * How the command for that device is built from the source.
 * @param {string} device
 */
export function installLine(device) {
  const feature = { gpu: " --features webgpu", ndarray: " --features ndarray" }[device] ?? "";
  return `cargo install --path .${feature}`;
}
