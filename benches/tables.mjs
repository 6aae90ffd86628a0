// Tables of Markdown files that are measured, not written: each stands between two marks.

import { readFileSync, writeFileSync } from "node:fs";

/**
 * Replaces what stands between the marks of each name.
 * @param {string} path
 * @param {Record<string, string[]>} tables rows by name
 */
export function writeTables(path, tables) {
  let text = readFileSync(path, "utf8");
  for (const [name, rows] of Object.entries(tables)) {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [start, end] = [text.indexOf(open), text.indexOf(close)];
    if (start < 0 || end < start) throw new Error(`${path} has no place between ${open} and ${close}`);
    text = `${text.slice(0, start)}${open}\n${rows.join("\n")}\n${text.slice(end)}`;
  }
  writeFileSync(path, text);
}
