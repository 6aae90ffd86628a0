// Whom to cite: the facts of CITATION.cff, which a test compares with these.

export const PAPER = {
  authors: [
    ["Li", "Tianchao"],
    ["Pei", "Yulong"],
  ],
  title: "MOLE: MOdular Learning FramEwork via Mutual Information Maximization",
  venue: "ICML Workshop on Localized Learning (LLW)",
  year: 2023,
  url: "https://openreview.net/forum?id=o1J3pBrbY6",
  arxiv: "2308.07772",
};

export const SOFTWARE = {
  author: "The MOLE in the browser authors",
  title: "MOLE in the browser",
  version: "0.1.0",
  license: "MIT OR Apache-2.0",
};

/** Both entries, for a .bib file. Doubled braces keep the capitals. */
export function bibtex() {
  return [
    entry("inproceedings", "li2023mole", {
      author: PAPER.authors.map((names) => names.join(", ")).join(" and "),
      title: `{${PAPER.title}}`,
      booktitle: PAPER.venue,
      year: PAPER.year,
      url: PAPER.url,
      eprint: PAPER.arxiv,
      archiveprefix: "arXiv",
    }),
    entry("software", "mole-in-the-browser", {
      author: `{${SOFTWARE.author}}`,
      title: `{${SOFTWARE.title}}`,
      version: SOFTWARE.version,
      license: SOFTWARE.license,
    }),
  ].join("\n");
}

/**
 * @param {string} kind
 * @param {string} key
 * @param {Record<string, string | number>} fields
 */
function entry(kind, key, fields) {
  const lines = Object.entries(fields).map(([name, value]) => `  ${name} = {${value}},\n`);
  return `@${kind}{${key},\n${lines.join("")}}\n`;
}
