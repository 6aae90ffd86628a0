// Runs beside each other.

import { runsView } from "./runs.js";
import { schemesView } from "./schemes.js";
import { table1View } from "./table1.js";

/** @param {import("../../main.js").Page} page */
export const compareViews = (page) => [schemesView(page), runsView(page), table1View(page)];
