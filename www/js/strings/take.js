// The words of what is taken away, and of the visitor's own data.

import { count, counted } from "../format.js";

export const TAKE = {
  run: "This run",
  empty: "Nothing has been trained yet. What is below is about the run that is chosen.",
  weights: "Weights (safetensors)",
  csv: "Metrics (CSV)",
  json: "Run (JSON)",
  runHint:
    "The CSV has a row for each value of each curve. The JSON has the curves, the plan, seed, " +
    "device and fingerprints: the whole run but for the weights.",
  embed: "Embed",
  embedHint: "A figure of the run in a page of yours, with Run and a link to the whole.",
  embedView: "What it shows",
  embedViews: { network: "the network", plane: "the information plane", curves: "the curves" },
  embedCode: "HTML",
  notebook: "In a notebook",
  notebookHint: "This file reads the JSON in Python, with nothing to install.",
  reader: "Reader (read_run.py)",
  figures: "Figures",
  svg: "Curves (SVG)",
  png: "Curves (PNG)",
  figure: "Another figure",
  figurePng: "Save as PNG",
  figureSvg: "Save as SVG",
  figureHint: "As it looks now, in the page’s present colours.",
  repeat: "Repeat it",
  link: "Link",
  linkHint: "Opens this page with the same plan, seed and limits, and runs them.",
  plan: "Plan (JSON)",
  command: "Command line",
  commandHint: "To build the command from the source:",
  changedHint: "The plan was changed here: save it as a file, which the command reads.",
  ownHint:
    "A link cannot hold your files: give it together with them, and drop them here before the run.",
  cite: "Cite",
  citeHint: "The paper and this software.",
  bib: "BibTeX file",
  copy: "Copy",
  copied: "Copied",
  /** @param {string} error */
  failed: (error) => `This could not be made: ${error}`,
  /** @param {string} plan @param {number} seed */
  title: (plan, seed) => `MOLE, ${plan}, seed ${seed}`,
};

/** @param {string} name */
const quoted = (name) => `“${name}”`;

export const OWN = {
  heading: "Your own data",
  lead: "The files are read here, in your browser. They are sent nowhere.",
  drop: "Drop files here, or choose them:",
  choose: "Which files can be read",
  formats: [
    ["CSV", "one table, with a header line or without; a column is the label"],
    ["IDX", "images and labels as MNIST has them: two files, or four with a test set; .gz too"],
    [
      "Planetoid",
      "one citation graph: ind.NAME.x, .y, .tx, .ty, .allx, .ally, .graph, .test.index",
    ],
    ["TUDataset", "many graphs: NAME_A.txt, NAME_graph_indicator.txt, NAME_graph_labels.txt, …"],
  ],
  reading: "Reading the files",
  /** @param {import("../protocol.js").OwnPreview} preview */
  found: ({ title, summary, train, classes }) =>
    `${title}: ${summary}, ${counted(classes.length, "class", "classes")}, ${counted(train, "sample")} to train on`,
  /** @param {string[]} classes */
  classes: (classes) => {
    const shown = classes.slice(0, 12).join(", ");
    return classes.length > 12 ? `${shown}, …` : shown;
  },
  classesTerm: "Classes",
  leftOutTerm: "Left out",
  /** @param {string[]} columns @param {number} rows */
  leftOut: (columns, rows) => {
    const names = columns.slice(0, 12).map(quoted).join(", ") + (columns.length > 12 ? ", …" : "");
    return [
      columns.length > 0 ? `${counted(columns.length, "column")} (${names})` : "",
      rows > 0 ? `${counted(rows, "row")} with a missing value` : "",
    ]
      .filter((part) => part !== "")
      .join("; ");
  },
  columns:
    "Untick a column to leave it out: rows that lack only its value are then learned from. Columns of more than " +
    "256 different words, such as names, and empty ones are left out already.",
  /** @param {string} column */
  learnFrom: (column) => `Learn from ${column}`,
  label: "Label column",
  header: "The first line names the columns",
  test: "Held out for the test, %",
  first: "The first rows",
  use: "Train on these data",
  inUse: "In use: choose the scheme above and press Run.",
  tooLarge: "The files are too large for a browser.",
  folder: "This is a folder. Drop the files inside it.",
  nothing: "No files were dropped.",
  twice: "Two files have the same name.",
  /** @param {number} megabytes */
  atMost: (megabytes) => `at most ${count(megabytes)} MB together`,
};
