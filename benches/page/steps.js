// Times the training steps of one task in this page, as ../steps.mjs asks for by the address:
// ?device=cpu&task=mlp&batch=128&budget=2000. The result is left in `window.result`.

const now = () => performance.now();
const median = (values) => quantile(values, 0.5);
const quantile = (values, share) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))];
/** Lets the browser do what it has to between steps. */
const breathe = () =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(port1.close());
    port2.postMessage(0);
  });

// What a step asks of the graphics interface does not depend on the adapter.
const counts = { dispatches: 0, submits: 0, buffers: 0, reads: 0, bytes_read: 0 };

/** Counts calls of a method; `amount` tells from its arguments by how much. */
function counted(prototype, method, key, amount = () => 1) {
  const plain = prototype?.[method];
  if (!plain) return;
  prototype[method] = function (...given) {
    counts[key] += amount.apply(this, given);
    return plain.apply(this, given);
  };
}
counted(self.GPUComputePassEncoder?.prototype, "dispatchWorkgroups", "dispatches");
counted(self.GPUComputePassEncoder?.prototype, "dispatchWorkgroupsIndirect", "dispatches");
counted(self.GPUQueue?.prototype, "submit", "submits");
counted(self.GPUDevice?.prototype, "createBuffer", "buffers");
counted(self.GPUBuffer?.prototype, "mapAsync", "reads");
counted(self.GPUBuffer?.prototype, "mapAsync", "bytes_read", function (_mode, _offset, size) {
  return size ?? this.size;
});

async function measure({ device, task, batch, budget }) {
  const { default: load, Steps } = await import(`./pkg/${device}/bench.js`);
  await load();
  const loaded = now();
  const steps = await Steps.open(device, task, batch);
  const losses = [await steps.step(1)];
  const first = now();
  while (losses.length < 10 || now() - first < 500) {
    losses.push(await steps.step(1));
    await breathe();
  }
  // Constants that differ in each step, Adam's, are kept until there is no room for more of them: a
  // buffer each until then.
  let warm = losses.length;
  for (let made = -1; counts.buffers > made && counts.dispatches > 0 && warm < 1000; warm += 20) {
    made = counts.buffers;
    await steps.step(20);
    await breathe();
  }
  // One step and its loss read back: what a page pays that draws a live curve.
  const times = [];
  const before = { ...counts };
  for (const start = now(); times.length < 3 || (now() - start < budget && times.length < 400); ) {
    const begun = now();
    await steps.step(1);
    times.push(now() - begun);
    await breathe();
  }
  const perStep = Object.entries(counts)
    .filter(([key]) => counts[key] > 0)
    .map(([key, count]) => [key, (count - before[key]) / times.length]);
  // One read for several steps.
  const several = 20;
  const ahead = { ...counts };
  const begun = now();
  await steps.step(several);
  const ms_ahead = (now() - begun) / several;
  const aheadCounts = Object.entries(counts)
    .filter(([key]) => counts[key] > 0)
    .map(([key, count]) => [`${key}_ahead`, (count - ahead[key]) / several]);
  return {
    ok: true,
    ms: median(times),
    ms_p10: quantile(times, 0.1),
    ms_ahead,
    steps: times.length,
    warm_steps: warm,
    loss_1: losses[0],
    loss_10: losses[9],
    loaded_ms: loaded,
    first_step_ms: first,
    ...Object.fromEntries([...perStep, ...aheadCounts]),
  };
}

const asked = Object.fromEntries(new URLSearchParams(location.search));
measure({ ...asked, batch: Number(asked.batch), budget: Number(asked.budget) }).then(
  (result) => (window.result = result),
  (error) => (window.result = { ok: false, error: String(error?.message ?? error) }),
);
