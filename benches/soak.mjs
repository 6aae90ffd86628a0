// `cargo xtask soak` calls this: thousands of steps of every kind of data in one worker on each device,
// and what the worker holds meanwhile. One JSON line for each; with --write and --figure the table and
// the plot of docs/reliability.md.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { SOAKS, WARM, growth, launchWatched, soak } from "../tests/browser/soak.js";
import { MINUTES } from "../tests/browser/support.js";
import { PANEL, panel, sheet } from "../www/js/take/curves.js";
import { writeTables } from "./tables.mjs";

const { values: options } = parseArgs({
  options: {
    steps: { type: "string" },
    minutes: { type: "string" },
    only: { type: "string", default: "" },
    devices: { type: "string" },
    write: { type: "string" },
    figure: { type: "string" },
  },
});
const extent = { steps: Number(options.steps), most: Number(options.minutes) * MINUTES };

const results = [];
for (const kind of options.devices.split(",")) {
  for (const soaked of SOAKS.filter(({ plan }) => plan.includes(options.only))) {
    const browser = await launchWatched(kind);
    const cleanups = [];
    try {
      const result = await soak({ after: (cleanup) => cleanups.push(cleanup) }, browser, soaked, kind, extent);
      results.push(result);
      console.log(JSON.stringify(result));
      const { plan, steps, seconds } = result;
      process.stderr.write(`${plan} on the ${kind}: ${steps} steps in ${Math.round(seconds)} s\n`);
    } finally {
      for (const cleanup of cleanups) await cleanup();
      await browser.close();
    }
  }
}

const MB = 2 ** 20;
const last = ({ rows }, key) => rows.at(-1)[key];
/** The step from which on no more of wasm memory was written to. */
const settled = (rows) => {
  const most = rows.at(-1).written;
  return rows.find(({ written }) => written === most).step.toLocaleString("en");
};
const size = (bytes) => (bytes / MB).toFixed(1);
const table = [
  `| plan | device | steps | wasm memory, MiB | growth after step ${WARM}, MiB | written to, MiB | growth | since step | handles of objects | growth | GPU buffers, MiB | growth |`,
  "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
  ...results.map((result) => {
    const gpu = result.device === "gpu";
    const cells = [
      result.plan,
      result.device,
      result.steps.toLocaleString("en"),
      size(last(result, "wasm")),
      size(growth(result, "wasm")),
      size(last(result, "written")),
      size(growth(result, "written")),
      settled(result.rows),
      last(result, "handles"),
      growth(result, "handles"),
      gpu ? size(last(result, "bytes")) : "",
      gpu ? size(growth(result, "bytes")) : "",
    ];
    return `| ${cells.join(" | ")} |`;
  }),
];
process.stderr.write(`\n${table.join("\n")}\n`);
if (options.write) writeTables(options.write, { soak: table });

if (options.figure) {
  const [LEFT, GAP, ROW] = [52, 64, PANEL.height + 64];
  const height = 40 + results.length * ROW;
  const width = LEFT + 2 * PANEL.width + GAP + 16;
  const parts = results.flatMap((result, row) => {
    const name = `${result.plan}, ${result.device}`;
    const line = (key, scale) => {
      const [xs, ys] = [result.rows.map(({ step }) => step), result.rows.map((each) => each[key] / scale)];
      return [{ label: "", colour: "#1d4f73", xs, ys }];
    };
    const y = 40 + row * ROW;
    const memory = panel(LEFT, y, `${name}: wasm memory written to, MiB`, "step", line("written", MB));
    const [key, scale, words] =
      result.device === "gpu" ? ["bytes", MB, "GPU buffers, MiB"] : ["handles", 1, "handles of objects"];
    const beside = panel(LEFT + PANEL.width + GAP, y, `${name}: ${words}`, "step", line(key, scale));
    return [memory, beside];
  });
  writeFileSync(options.figure, sheet("What a worker holds while it trains", width, height, parts));
}
