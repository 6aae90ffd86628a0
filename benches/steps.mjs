// `cargo xtask bench` calls this: training steps in fresh browsers and natively, other trainers' and
// ours in turn, round after round, so that ratios hold on a busy machine.
//
// Prints one JSON line for each trainer and task, medians over the rounds; the ratios as a table on
// the standard error stream, and with --write between the marks of a Markdown file.

import { execFileSync } from "node:child_process";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { launchChromium } from "../tests/browser/chromium.js";
import { serveFolder } from "../tests/browser/static.js";
import { writeTables } from "./tables.mjs";

const { values: options } = parseArgs({
  options: {
    chromium: { type: "string" },
    native: { type: "string" },
    gpu: { type: "boolean", default: false },
    peers: { type: "string" },
    python: { type: "string" },
    rounds: { type: "string", default: "3" },
    budget: { type: "string", default: "2000" },
    only: { type: "string", default: "" },
    data: { type: "string" },
    write: { type: "string" },
  },
});

// For each of our tasks the same one of the browser trainers, in the form in which they are
// fastest, and of PyTorch. `millions` is of multiply-adds, where they are most of a step: of all
// products forward, with the weights' gradients and with the inputs' behind a layer with weights.
const TASKS = [
  { task: "mlp", batch: 128, peers: "mlp", torch: "mlp", millions: 2.11 },
  { task: "cnn", batch: 64, peers: "cnn_im2col", torch: "cnn", millions: 199.6 },
  { task: "cnn", batch: 128, peers: "cnn_im2col", torch: "cnn", millions: 399.2 },
  { task: "gcn", batch: 2708, peers: "gcn", torch: "gcn_sparse", millions: 3.1 },
  { task: "gram", batch: 128, peers: "gram", torch: "gram", millions: 4.1 },
  { task: "gram101", batch: 128, peers: "gram101", torch: "gram101" },
].filter(({ task }) => task.includes(options.only));
const PEERS = ["jax-wasm-1t", "tfjs-wasm-1t"];
/** What the machine does at its best. */
const PRODUCT = { task: "product", batch: 512, millions: 512 ** 3 / 1e6 };

/** JSON lines of a program. */
function lines(program, given, env = {}) {
  const stdio = ["ignore", "pipe", "inherit"];
  const text = execFileSync(program, given, { encoding: "utf8", stdio, env: { ...process.env, ...env } });
  return text.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

const server = await serveFolder(fileURLToPath(new URL("page", import.meta.url)));

/** Our steps in a fresh browser. */
async function ours(device, { task, batch }) {
  const browser = await launchChromium(options.chromium, { gpu: device === "gpu" });
  try {
    const page = await browser.newPage();
    const query = new URLSearchParams({ device, task, batch, budget: options.budget });
    await page.goto(`${server.address}?${query}`, { waitUntil: "commit" });
    // Software kernels are compiled for minutes.
    await page.waitForFunction(() => window.result, null, { timeout: 600_000, polling: 200 });
    const result = await page.evaluate(() => window.result);
    return { peer: `mole-wasm-${device}`, task, batch, ...result };
  } finally {
    await browser.close();
  }
}

const visits = new Map();
function keep(visit) {
  const key = `${visit.peer} ${visit.task} ${visit.batch}`;
  visits.set(key, [...(visits.get(key) ?? []), { ...visit, load1: os.loadavg()[0] }]);
  process.stderr.write(`${key}: ${visit.ok ? `${visit.ms?.toPrecision(4)} ms` : visit.error}\n`);
}

const alone = { RAYON_NUM_THREADS: "1" };
for (let round = 0; round < Number(options.rounds); round++) {
  for (const job of TASKS) {
    if (options.peers) {
      const only = PEERS.map((peer) => `${peer} ${job.peers} ${job.batch}`).join(",");
      const env = { ONLY: only, ROUNDS: "1", BUDGET: options.budget, CHROMIUM: options.chromium };
      for (const visit of lines("node", [`${options.peers}/run.mjs`], env)) {
        // The filter takes what begins alike: 64 is not 640.
        if (visit.task === job.peers) keep({ ...visit, task: job.task });
      }
    }
    keep(await ours("cpu", job));
    const native = ["--budget", options.budget, "--only", job.task, "--batch", String(job.batch)];
    lines(options.native, native, alone).forEach(keep);
  }
  keep(await ours("cpu", PRODUCT));
  lines(options.native, ["--budget", options.budget, "--only", "product"], alone).forEach(keep);
  if (options.python) {
    const torch = lines(options.python, [`${options.peers}/torch_steps.py`, "1", options.budget]);
    for (const visit of torch) {
      const job = TASKS.find(({ torch, batch }) => torch === visit.task && batch === visit.batch);
      if (job) keep({ ...visit, task: job.task });
    }
  }
}
// A software adapter says nothing of times; its counts do not change from visit to visit.
if (options.gpu) {
  for (const job of TASKS) keep(await ours("gpu", job));
}
await server.close();

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const results = [...visits.values()].map((all) => {
  const good = all.filter((visit) => visit.ok);
  const line = { ...(good[0] ?? all[0]), visits: good.length };
  for (const [key, value] of Object.entries(line)) {
    if (typeof value === "number" && !/^(batch|visits|loss)/.test(key)) {
      line[key] = Number(median(good.map((visit) => visit[key])).toPrecision(4));
    }
  }
  return line;
});
for (const line of results) console.log(JSON.stringify(line));

const found = (peer, { task, batch }) =>
  results.find((line) => line.ok && line.peer === peer && line.task === task && line.batch === batch);
const ms = (line) => (line ? `${line.ms.toPrecision(3)}` : "–");
const ratio = (ours, theirs) => (ours && theirs ? (ours.ms / theirs.ms).toPrecision(2) : "–");
const table = [
  "| step | wasm CPU, ms | best browser trainer, ms | ratio | native, ms | PyTorch, ms | ratio |",
  "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
  ...TASKS.map((job) => {
    const [wasm, native, torch] = ["mole-wasm-cpu", "mole-native-cpu", "torch-1t"].map((peer) => found(peer, job));
    const best = PEERS.map((peer) => found(peer, job)).filter(Boolean).sort((a, b) => a.ms - b.ms)[0];
    const theirs = best ? `${ms(best)} (${best.peer})` : "–";
    const cells = [`${job.task} ${job.batch}`, ms(wasm), theirs, ratio(wasm, best), ms(native), ms(torch), ratio(native, torch)];
    return `| ${cells.join(" | ")} |`;
  }),
];
const floor = [
  "| step | million multiply-adds | wasm CPU: floor, ms | of the time | native: floor, ms | of the time |",
  "| --- | ---: | ---: | ---: | ---: | ---: |",
  ...TASKS.filter(({ millions }) => millions).map((job) => {
    const cells = ["mole-wasm-cpu", "mole-native-cpu"].flatMap((peer) => {
      const [best, line] = [found(peer, PRODUCT), found(peer, job)];
      if (!best || !line) return ["–", "–"];
      const least = (job.millions / PRODUCT.millions) * best.ms;
      return [least.toPrecision(2), `${Math.round((100 * least) / line.ms)} %`];
    });
    return `| ${[`${job.task} ${job.batch}`, job.millions, ...cells].join(" | ")} |`;
  }),
];
const counts = [
  "| step | warm after | dispatches | submits | buffers made | bytes read | dispatches, 20 steps a read | submits | buffers made |",
  "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
  ...TASKS.flatMap((job) => {
    const line = found("mole-wasm-gpu", job);
    const keys = ["warm_steps", "dispatches", "submits", "buffers", "bytes_read", "dispatches_ahead", "submits_ahead", "buffers_ahead"];
    return line ? [`| ${[`${job.task} ${job.batch}`, ...keys.map((key) => line[key] ?? 0)].join(" | ")} |`] : [];
  }),
];

/** An epoch of each stage of each plan, next to one of backpropagation over the same network. */
function epochTable() {
  const measured = lines(options.native, ["--budget", "200", "epochs", "--data", options.data], alone);
  for (const line of measured) console.log(JSON.stringify(line));
  const rows = measured
    .filter(({ plan }) => !/\/(bp|random)$/.test(plan))
    .map(({ plan, stage, objective, step_ms, steps, epoch_ms, ratio }) => {
      const short = (ms) => (ms < 100 ? ms.toPrecision(3) : Math.round(ms).toLocaleString("en"));
      const numbers = [short(step_ms), steps, short(epoch_ms), ratio.toFixed(2)];
      return `| ${[plan, stage, objective, ...numbers].join(" | ")} |`;
    });
  return [
    "| plan | stage | objective | step, ms | steps | epoch, ms | of backpropagation's epoch |",
    "| --- | ---: | --- | ---: | ---: | ---: | ---: |",
    ...rows,
  ];
}

const tables = {
  ...(options.rounds !== "0" && { steps: table, floor }),
  ...(options.gpu && { counts }),
  ...(options.data && { epochs: epochTable() }),
};
for (const rows of Object.values(tables)) process.stderr.write(`\n${rows.join("\n")}\n`);
if (options.write) writeTables(options.write, tables);
