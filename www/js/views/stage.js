// One stage's card: what it trains, how far it is, its curve.

import { el, progressBar, setText, show } from "../dom.js";
import { count, decimal, measure, percent } from "../format.js";
import { LinePlot } from "../plots/line.js";
import { stageProgress } from "../progress.js";
import { STAGES } from "../strings.js";
import { ValueTable } from "./table.js";

/** @typedef {import("../stages.js").Stage} Stage */
/** @typedef {import("../protocol.js").StageSummary} StageSummary */

/** Weight of the newest step in the running mean: about the last twenty steps. */
const SMOOTHING = 0.1;

export class StageCard {
  #summary;
  #state = el("span", { class: "state" });
  #value = el("span", { class: "value" });
  #steps = el("span");
  #time = el("span");
  #fingerprint = el("code");
  #mark = el("p", { class: "fingerprint" }, `${STAGES.fingerprint} `, this.#fingerprint);
  #bar;
  /** @type {LinePlot | null} */
  #plot = null;
  /** @type {ValueTable | null} */
  #table = null;
  /** @type {LinePlot} */
  #accuracy;
  #accuracyTable;
  #accuracyPart;
  /** @type {{ of: number[], values: number[] }} */
  #smooth = { of: [], values: [] };
  #drawn = "";

  /**
   * @param {StageSummary} summary
   * @param {number} index
   * @param {boolean} validated whether the data set has validation samples
   */
  constructor(summary, index, validated) {
    this.#summary = summary;
    const title = STAGES.title(index);
    this.#bar = progressBar(`${title}, ${STAGES.progress}`);
    const heading = `stage-${index}`;
    const trains = summary.steps > 0;
    const plots = el("div", { class: "plots" });
    if (trains) plots.append(this.#objectivePart(title));

    this.#accuracy = accuracyPlot(title, validated);
    const { epoch, train, valid, test } = STAGES;
    const label = `${STAGES.accuracy}, ${title.toLowerCase()}`;
    this.#accuracyTable = new ValueTable(STAGES.accuracyTable, label, [epoch, train, valid, test]);
    this.#accuracyPart = el(
      "div",
      { class: "plot-part" },
      el("h4", {}, `${STAGES.accuracy} `, el("small", {}, STAGES.accuracyAxis)),
      this.#accuracy.root,
      this.#accuracyTable.root,
    );
    this.#accuracyPart.hidden = true;
    plots.append(this.#accuracyPart);

    const foot = el("div", { class: "stage-foot" }, this.#bar.bar, this.#steps, this.#time);
    foot.hidden = !trains;
    this.root = el(
      "li",
      { class: "stage", "aria-labelledby": heading, "data-role": summary.role },
      el(
        "div",
        { class: "stage-text" },
        el(
          "h3",
          { id: heading },
          el("span", { class: "stage-number" }, title),
          el("span", {}, summary.name),
        ),
        el("p", { class: "tags" }, el("span", { class: "role" }, summary.role), this.#state),
        el("p", { class: "objective" }, STAGES.objective(summary)),
        el("p", { class: "parameters" }, STAGES.parameters(summary.parameters)),
        this.#mark,
      ),
      plots,
      foot,
    );
  }

  /**
   * @param {Stage} stage
   * @param {boolean} still whether the run is standing
   * @param {import("../protocol.js").Pace} pace
   */
  render(stage, still, pace) {
    const how = `${still} ${pace?.ms}`;
    const drawn = `${stage.state} ${stage.count} ${stage.accuracy.length} ${stage.cached?.done} ${how}`;
    if (drawn === this.#drawn && stage.steps === this.#smooth.of) return;
    this.#drawn = drawn;

    this.root.dataset.state = stage.state;
    const held = still && stage.state === "training";
    setText(this.#state, STAGES.states[held ? "paused" : stage.state]);
    this.root.classList.toggle("held", held);
    show(this.#mark, stage.fingerprint !== null);
    setText(this.#fingerprint, stage.fingerprint?.slice(0, 12) ?? "");

    const progress = stageProgress(stage, pace);
    this.#bar.set(progress.total > 0 ? progress.done / progress.total : 0);
    setText(this.#steps, stage.count > 0 ? STAGES.steps(progress, stage) : "");
    setText(this.#time, timing(stage, progress.left));

    const smooth = this.#smoothed(stage);
    const { steps, objective, mean } = stage;
    const current = mean ?? smooth.at(-1);
    const meaning = mean === null ? STAGES.now : STAGES.mean;
    setText(this.#value, current === undefined ? "" : `${measure(current, this.#summary.unit)}, ${meaning}`);
    this.#plot?.update([steps.slice(0, stage.count), objective.slice(0, stage.count), smooth]);
    this.#table?.update(
      {
        count: stage.count,
        row: (i) => [count(steps[i] ?? 0), decimal(objective[i] ?? NaN, 4)],
      },
      still || stage.state === "done",
    );
    this.#renderAccuracy(stage.accuracy);
  }

  /** @param {import("../stages.js").AccuracyPoint[]} points */
  #renderAccuracy(points) {
    show(this.#accuracyPart, points.length > 0);
    this.#accuracy.update([
      points.map(({ epoch }) => epoch),
      points.map(({ train }) => train),
      points.map(({ valid }) => valid),
      points.map(({ test }) => test),
    ]);
    const row = (/** @type {number} */ i) => {
      const { epoch = 0, train = null, valid = null, test = null } = points[i] ?? {};
      return [count(epoch), cell(train), cell(valid), cell(test)];
    };
    this.#accuracyTable.update({ count: points.length, row }, true);
  }

  /** @param {string} title */
  #objectivePart(title) {
    const label = `${this.#summary.objective}, ${title.toLowerCase()}`;
    const { steps, unit } = this.#summary;
    this.#plot = new LinePlot({
      label: `${label}, ${unit}, ${STAGES.direction(this.#summary)}`,
      xLabel: STAGES.step,
      height: 150,
      series: [
        { label: STAGES.each, colour: "--curve-faint", width: 1 },
        { label: STAGES.smooth, colour: "--curve", width: 2 },
      ],
      // The axis doubles when the curve reaches its end: no jump with every step, and the first
      // steps of a long stage can still be seen.
      range: (last) => [0, Math.min(steps, 2 ** Math.ceil(Math.log2(Math.max(16, last))))],
      read: (x, [value]) => `${STAGES.step} ${count(x)}: ${measure(value ?? NaN, unit)}`,
    });
    this.#table = new ValueTable(STAGES.table, label, [STAGES.step, unit]);
    return el(
      "div",
      { class: "plot-part" },
      el(
        "h4",
        {},
        `${this.#summary.objective} `,
        el("small", {}, `${unit}, ${STAGES.direction(this.#summary)}`),
        this.#value,
      ),
      this.#plot.root,
      this.#table.root,
    );
  }

  /**
   * The running mean, carried on from where it stood at the last drawing.
   * @param {Stage} stage
   */
  #smoothed({ steps, objective, count: length }) {
    if (this.#smooth.of !== steps) this.#smooth = { of: steps, values: [] };
    const { values } = this.#smooth;
    for (let i = values.length; i < length; i += 1) {
      const value = objective[i] ?? NaN;
      const before = values[i - 1] ?? value;
      // The mean of all steps at first: it must not start from one step's chance.
      values.push(before + Math.max(SMOOTHING, 1 / (i + 1)) * (value - before));
    }
    return values.slice();
  }
}

/**
 * @param {string} title
 * @param {boolean} validated
 */
function accuracyPlot(title, validated) {
  const valid = { label: STAGES.valid, colour: "--valid", points: true, hidden: !validated };
  return new LinePlot({
    label: `${STAGES.accuracy}, ${title.toLowerCase()}, ${STAGES.accuracyAxis}`,
    xLabel: STAGES.epoch,
    height: 150,
    series: [
      { label: STAGES.train, colour: "--train", dash: [4, 4], points: true },
      valid,
      { label: STAGES.test, colour: "--test", width: 2, points: true },
    ],
    range: (last) => [0.5, Math.max(last, 5) + 0.5],
    whole: true,
    read: (epoch, [train, valid, test]) =>
      [
        `${STAGES.epoch} ${count(epoch)}`,
        `${STAGES.train} ${cell(train)}`,
        ...(valid == null ? [] : [`${STAGES.valid} ${cell(valid)}`]),
        `${STAGES.test} ${cell(test)}`,
      ].join(", "),
  });
}

/**
 * @param {Stage} stage
 * @param {number | null} left
 */
function timing(stage, left) {
  if (stage.cached !== null) return STAGES.caching(stage.cached);
  if (stage.state === "done" && stage.count > 0) return STAGES.took(stage.seconds);
  return stage.state === "training" && left !== null && left > 0 ? STAGES.left(left) : "";
}

/** @param {number | null | undefined} value */
function cell(value) {
  return value == null ? "–" : percent(value);
}
