// "This stage, in Rust": the running plan written with the crate's own types. tests/code_view.rs
// compiles and runs what this makes and compares the weights with those of a run.

import { planFile } from "./command.js";

/** @typedef {import("../protocol.js").Estimator} Estimator */
/** @typedef {import("../protocol.js").Layer} Layer */
/** @typedef {import("../protocol.js").Objective} Objective */
/** @typedef {import("../protocol.js").OwnData} OwnData */
/** @typedef {import("../protocol.js").Plan} Plan */
/** @typedef {import("../protocol.js").StagePlan} StagePlan */

/**
 * @typedef {{
 *   plan: Plan, stage: number, seed: number, epochs: number | null, samples: number | null,
 *   files: boolean, preset: Plan | null, own: { names: string[], data: OwnData } | null,
 * }} Coded `files`: the data set is read from published files; `own`: from these of the visitor's own. `preset`
 * is the plan of that name as it comes with the crate; `null` where there is none.
 */

/**
 * A function that trains the stages of a plan up to this one, which is spelled out.
 * @param {Coded} what
 */
export function rustCode({ plan, stage, seed, epochs, samples, files, preset, own }) {
  const limited = epochs === null ? plan : withEpochs(plan, epochs);
  const shown = limited.stages[stage];
  if (shown === undefined) return "";
  const { start, end } = shown.modules;
  const indices = Array.from({ length: end - start }, (_, at) => start + at);

  // Whatever is not spelled out below must come from the preset, or the code would train less.
  const elsewhere = (/** @type {Plan} */ { modules, stages }) => [
    modules.map((module, at) => (at < start || at >= end ? module : null)),
    stages.map((other, at) => (at === stage ? null : other)),
  ];
  const known = preset !== null && same(elsewhere(preset), elsewhere(plan));
  const used = new Names();
  const body = [
    `let seed = Seed(${seed});`,
    ...(own === null
      ? dataset(plan.dataset, files, samples, used)
      : ownDataset(own.names, own.data, samples, used)),
    "",
    known
      ? `let mut plan = presets::find(${quoted(plan.name)}).ok_or("no such plan")?;`
      : `let mut plan: Plan = serde_json::from_str(&std::fs::read_to_string(${quoted(planFile(plan.name))})?)?;`,
    ...(epochs === null
      ? []
      : [`plan.stages.iter_mut().for_each(|stage| stage.epochs = ${epochs});`]),
    ...indices.flatMap((index) => module(index, limited.modules[index]?.layers ?? [], used)),
    ...stageLines(stage, shown, used),
    ...(samples === null ? [] : ["let plan = plan.with_batches_within(dataset.splits.train.len());"]),
    "let plan = plan.check(&dataset)?;",
    "",
    "let device = device::open(DeviceKind::Cpu).await?;",
    "let mut network = Network::new(&plan, seed, &device);",
    "let train = dataset.splits.train.len();",
    "let loader = Loader::new(dataset, &device);",
    `for index in 0..=${stage} {`,
    "    let mut stage = Stage::new(&plan, index, train, seed, &device);",
    "    while !stage.is_done() {",
    "        stage.step(&mut network, &loader, 0).await?;",
    "    }",
    "}",
    "Ok(network)",
  ];
  used.take("batch", "Loader");
  used.take("device", "self", "DeviceKind");
  used.take("network", "Network");
  used.take("plan", "Objective", "StagePlan", known ? "presets" : "Plan");
  used.take("stage", "Stage");
  used.take("rng", "Seed");
  return [
    ...used.lines(),
    "use std::rc::Rc;",
    "",
    "pub async fn train() -> Result<Network, Box<dyn std::error::Error>> {",
    ...body.map((line) => (line === "" ? "" : `    ${line}`)),
    "}",
    "",
  ].join("\n");
}

/** What is used of the crate, module by module. */
class Names {
  /** @type {Map<string, Set<string>>} */
  #used = new Map();

  /** @param {string} module @param {string[]} names */
  take(module, ...names) {
    const known = this.#used.get(module) ?? new Set();
    for (const name of names) known.add(name);
    this.#used.set(module, known);
  }

  lines() {
    const modules = [...this.#used].sort(([a], [b]) => (a < b ? -1 : 1));
    return modules.map(([module, names]) => {
      // As rustfmt sorts them: types come before functions and modules, `self` before all.
      const list = [...names].sort(
        (a, b) => Number(b === "self") - Number(a === "self") || (a < b ? -1 : 1),
      );
      if (names.size > 1) return `use mole::${module}::{${list.join(", ")}};`;
      return names.has("self") ? `use mole::${module};` : `use mole::${module}::${list[0]};`;
    });
  }
}

/**
 * @param {string} name
 * @param {boolean} files
 * @param {number | null} samples
 * @param {Names} used
 */
function dataset(name, files, samples, used) {
  const subset = samples === null ? "" : `.with_at_most(${samples}, seed)`;
  const load = (/** @type {string} */ from) =>
    `let dataset = Rc::new(source.load(${from}, seed)?${subset});`;
  used.take("data", "self", ...(files ? ["fetch"] : []));
  const source = `let source = data::source(${quoted(name)})?;`;
  if (!files) return [source, load("&data::Files::default()")];
  return [
    source,
    'let folder = std::path::Path::new("data");',
    "fetch::fetch(source, folder, None, &fetch::bar())?;",
    load("&fetch::read_dir(source, folder)?"),
  ];
}

/**
 * @param {string[]} names
 * @param {OwnData} data
 * @param {number | null} samples
 * @param {Names} used
 */
function ownDataset(names, { format, ...settings }, samples, used) {
  used.take("data", "self");
  used.take("data::own", "self", "OwnData");
  const subset = samples === null ? "" : `.with_at_most(${samples}, seed)`;
  const { label, header, test, without } =
    /** @type {{ label?: string, header?: boolean, test?: number, without?: string[] }} */ (settings);
  const columns = (without ?? []).map((name) => `${quoted(name)}.into()`);
  const fields = {
    label: label === undefined ? null : `${quoted(label)}.into()`,
    header: header === undefined ? null : String(header),
    test: test === undefined ? null : float(test),
    without: format !== "csv" ? null : without === undefined ? "None" : list("Some(vec![", columns, "])"),
  };
  const variant = `OwnData::${pascal(format)}`;
  const how = test === undefined ? variant : struct(variant, fields);
  const insert = (/** @type {string} */ name) => `files.insert(${name}, std::fs::read(${name})?);`;
  const inserted =
    names.length === 1
      ? [insert(quoted(names[0] ?? ""))]
      : [...layOut("for name in ", list("[", names.map(quoted)), " {"), `    ${insert("name")}`, "}"];
  return [
    "let mut files = data::Files::default();",
    ...inserted,
    ...layOut("let how = ", how, ";"),
    `let dataset = Rc::new(own::read(&files, &how, seed)?${subset});`,
  ];
}

/**
 * Code that is laid out as rustfmt does: on one line where it fits, else an item a line.
 * @typedef {string | { open: string, items: [string, Code][], close: string }} Code
 */

/** Columns that rustfmt gives a line, less the function's own indentation. */
const COLUMNS = 96;

/**
 * @param {string} before what stands on the line already, with its indentation
 * @param {Code} code
 * @param {string} after
 * @returns {string[]}
 */
function layOut(before, code, after) {
  const line = `${before}${flat(code)}${after}`;
  if (typeof code === "string" || line.length <= COLUMNS) return [line];
  const indent = `${before.match(/^ */)?.[0] ?? ""}    `;
  const next = `${indent}${flat(code)}${after}`;
  if (before.endsWith("= ") && next.length <= COLUMNS) return [before.trimEnd(), next];
  return [
    `${before}${code.open.trimEnd()}`,
    ...code.items.flatMap(([name, item]) => layOut(`${indent}${name}`, item, ",")),
    ...code.close
      .trimStart()
      .replace("}.", "}\n.")
      .concat(after)
      .split("\n")
      .map((end) => indent.slice(4) + end),
  ];
}

/** @param {Code} code @returns {string} */
function flat(code) {
  if (typeof code === "string") return code;
  return code.open + code.items.map(([name, item]) => name + flat(item)).join(", ") + code.close;
}

/**
 * @param {string} name
 * @param {Record<string, Code | null>} fields without those that are `null`
 * @param {string} [after]
 * @returns {Code}
 */
function struct(name, fields, after = "") {
  const items = Object.entries(fields).flatMap(([field, value]) =>
    value === null ? [] : [/** @type {[string, Code]} */ ([`${field}: `, value])],
  );
  if (items.length === 0) return `${name} {}${after}`;
  return { open: `${name} { `, items, close: ` }${after}` };
}

/**
 * @param {string} open
 * @param {Code[]} items
 * @returns {Code}
 */
const list = (open, items, close = "]") => ({ open, items: items.map((item) => ["", item]), close });

/**
 * @param {number} index
 * @param {Layer[]} layers
 * @param {Names} used
 */
function module(index, layers, used) {
  used.take("plan", "ModulePlan");
  const written = layers.map(({ kind, ...settings }) => {
    const name = pascal(kind);
    used.take("layers", name);
    const fields = Object.entries(settings).map(([field, value]) => [field, String(value)]);
    return struct(name, Object.fromEntries(fields), ".into()");
  });
  const plan = struct("ModulePlan", { layers: list("vec![", written) });
  return layOut(`plan.modules[${index}] = `, plan, ";");
}

/**
 * @param {number} index
 * @param {StagePlan} stage
 * @param {Names} used
 */
function stageLines(index, stage, used) {
  const { modules, epochs, batch, rate, weight_decay = 0, clip = null } = stage;
  const plan = struct("StagePlan", {
    modules: `${modules.start}..${modules.end}`,
    objective: objectiveCode(stage.objective, used),
    epochs: String(epochs),
    batch: option(batch, String),
    rate: float(rate),
    weight_decay: float(weight_decay),
    clip: option(clip, float),
  });
  return layOut(`plan.stages[${index}] = `, plan, ";");
}

/**
 * @param {Objective} objective
 * @param {Names} used
 * @returns {Code}
 */
function objectiveCode(objective, used) {
  if (objective === "cross-entropy") return "Objective::CrossEntropy";
  const { target, estimator } = objective.information;
  used.take("plan", "Target");
  return struct("Objective::Information", {
    target: `Target::${pascal(target)}`,
    estimator: estimatorCode(estimator, used),
  });
}

/**
 * @param {Estimator} estimator
 * @param {Names} used
 * @returns {Code}
 */
function estimatorCode(estimator, used) {
  const e = /** @type {any} */ (estimator);
  switch (estimator.kind) {
    case "matrix-renyi": {
      used.take("estimators", "MatrixRenyi", "Normalisation");
      const { order, width, normalisation, samples } = e;
      return into("MatrixRenyi", {
        order: float(order),
        width: float(width),
        normalisation: `Normalisation::${pascal(normalisation)}`,
        samples: String(samples),
      });
    }
    case "mine": {
      used.take("estimators", "Bound", "Mine");
      used.take("estimators::critic", "Activation", "Critic");
      const { hidden, activation } = e.critic;
      const critic = struct("Critic", {
        hidden: list("vec![", hidden.map(String)),
        activation: `Activation::${pascal(activation)}`,
      });
      return into("Mine", { critic, bound: bound(e.bound) });
    }
    case "dim": {
      used.take("estimators", "Dim", "LocalForm");
      const { units, hidden, patch, stride } = e;
      const sizes = Object.entries({ units, hidden, patch, stride });
      const fields = sizes.map(([name, value]) => [name, String(value)]);
      const prior = float(e.prior ?? 0);
      return into("Dim", { form: localForm(e.form), ...Object.fromEntries(fields), prior });
    }
    case "gmi": {
      used.take("estimators", "Gmi");
      const { weights, negatives, squash } = e;
      return into("Gmi", {
        weights: list("[", weights.map(float)),
        negatives: String(negatives),
        squash: String(squash ?? false),
      });
    }
    case "info-nce": {
      used.take("estimators", "InfoNce");
      const { temperature, symmetric, units, hidden, samples } = e;
      return into("InfoNce", {
        temperature: float(temperature),
        symmetric: String(symmetric),
        units: String(units),
        hidden: String(hidden),
        samples: String(samples),
      });
    }
    case "dgi":
      used.take("estimators", "Dgi");
      return into("Dgi", {});
    default:
      // One that this page has no words for: as it stands in a plan.
      return `serde_json::from_str(${raw(JSON.stringify(estimator))})?`;
  }
}

/** A raw string with more signs at its ends than stand anywhere in it. @param {string} text */
function raw(text) {
  const most = Math.max(0, ...(text.match(/"#*/g) ?? []).map(({ length }) => length));
  const signs = "#".repeat(Math.max(1, most));
  return `r${signs}"${text}"${signs}`;
}

/** @param {string} name @param {Record<string, Code>} fields */
const into = (name, fields) => struct(name, fields, ".into()");

/** @param {{ form: string, average?: number | null, tau?: number }} bound */
function bound({ form, average, tau }) {
  const name = `Bound::${pascal(form)}`;
  if (form === "donsker-varadhan") return struct(name, { average: option(average, float) });
  return struct(name, form === "smile" ? { tau: float(tau ?? 0) } : {});
}

/** @param {{ name: string, own?: number | null }} form */
function localForm({ name, own }) {
  const fields = name === "info-nce" ? { own: option(own, float) } : {};
  return struct(`LocalForm::${pascal(name)}`, fields);
}

/**
 * @param {number | null | undefined} value
 * @param {(value: number) => string} write
 */
const option = (value, write) => (value == null ? "None" : `Some(${write(value)})`);

/** A literal of type f64. @param {number} value */
function float(value) {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** `max-pool` as `MaxPool`. @param {string} kebab */
const pascal = (kebab) => kebab.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());

/** A literal; control characters as Rust writes them. @param {string} text */
const quoted = (text) =>
  JSON.stringify(text).replace(/\\(u[0-9a-f]{4}|.)/g, (escape, code) => {
    const known = { b: "\\u{8}", f: "\\u{c}" }[/** @type {string} */ (code)];
    return code.length > 1 ? `\\u{${code.slice(1)}}` : (known ?? escape);
  });

/** @param {Plan} plan @param {number} epochs */
const withEpochs = (plan, epochs) => ({
  ...plan,
  stages: plan.stages.map((stage) => ({ ...stage, epochs })),
});

/** @param {unknown} a @param {unknown} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
