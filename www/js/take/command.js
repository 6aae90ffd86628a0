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
 */
export function commandLine({ plan, seed, epochs, samples }, changed, device) {
  const words = ["mole", "train", changed ? planFile(plan) : plan, "--seed", String(seed)];
  if (epochs !== null) words.push("--epochs", String(epochs));
  if (samples !== null) words.push("--samples", String(samples));
  if (device !== "cpu") words.push("--device", device);
  return words.join(" ");
}

/**
 * How the command for that device is built from the source.
 * @param {string} device
 */
export function installLine(device) {
  const feature = { gpu: " --features webgpu", ndarray: " --features ndarray" }[device] ?? "";
  return `cargo install --path .${feature}`;
}
