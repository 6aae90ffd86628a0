// What axe-core finds wrong with a page, whichever browser it is in.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../www/package.json", import.meta.url));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
/** axe leaves WCAG 2.2's own rule out unless asked. */
const RULES = { rules: { "target-size": { enabled: true } } };

/** The rules that are broken, with the elements that break them. */
export async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate((rules) => globalThis.axe.run(rules), RULES);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`);
}
