// What the tests of the views into the network share.

import assert from "node:assert/strict";

import { MINUTES } from "./support.js";

export const GLYPHS = "?plan=glyphs/matrix&epochs=2&samples=600&device=cpu&run=1#inspect";
export const LONG = "?plan=glyphs/bp&epochs=300&samples=600&device=cpu&run=1#inspect";
export const WORDS = {
  plane: "Information plane",
  embedding: "What a module makes of the samples",
  confusion: "Confusion matrix",
  samples: "Samples",
  weights: "Weights",
  draw: "Draw your own",
};

/** A view, in sight, since what is not seen does not ask. */
export async function view(page, name) {
  const region = page.getByRole("region", { name: WORDS[name], exact: true });
  await region.scrollIntoViewIfNeeded({ timeout: MINUTES });
  return region;
}

/** Reads until it is as it should be. */
export async function until(read, right, what, timeout = 30_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const seen = await read();
    if (right(seen)) return seen;
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify(seen)}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** The rows of the plane's table as `[name, I(T;X), I(T;Y)]`. */
export async function places(page) {
  const plane = await view(page, "plane");
  const rows = plane.getByRole("row");
  const texts = await rows.evaluateAll((list) =>
    list.slice(1).map((row) => [...row.children].map((cell) => cell.innerText)),
  );
  return texts.map(([name, input, label]) => [name, Number(input), Number(label)]);
}

/** Draws a line through points, given as shares of the field's width and height. */
export async function stroke(page, field, [across, down], ...points) {
  const size = await field.boundingBox();
  // Scrolls to the field and waits until it stands still: views above it may still be growing.
  await field.hover({ position: { x: across * size.width, y: down * size.height } });
  await page.mouse.down();
  const { x, y, width, height } = await field.boundingBox();
  for (const [across, down] of points) {
    await page.mouse.move(x + across * width, y + down * height, { steps: 8 });
  }
  await page.mouse.up();
}

export const sum = (numbers) => numbers.reduce((total, n) => total + n, 0);
export const entries = (samples) => samples.getByRole("listitem");

/** The cells of the confusion matrix, row by row: how many, and the button. */
export async function matrix(page) {
  const region = await view(page, "confusion");
  const cells = region.getByRole("gridcell").getByRole("button");
  await cells.first().waitFor({ timeout: 30_000 });
  const labels = await cells.evaluateAll((list) => list.map((cell) => cell.textContent));
  const counts = labels.map((label) => Number(/: ([\d,]+) /.exec(label)?.[1]?.replace(",", "")));
  return { region, cells, labels, counts, size: Math.sqrt(counts.length) };
}

/** Pixels of the page that the scale of a map takes, which is coloured whatever the map shows. */
const SCALE = 24;

/**
 * A figure as it is painted, `from` pixels of the page below its top: how many colours it has, and a
 * number that is another for another picture.
 */
async function painted(figure, from = 0) {
  // What is out of sight is not painted; nor what is replaced while it is looked for.
  const gone = (error) => (/not attached/.test(error.message) ? "gone" : Promise.reject(error));
  if ((await figure.scrollIntoViewIfNeeded().catch(gone)) === "gone") return { colours: 0, hash: 0 };
  return figure.locator("canvas").evaluate((canvas, from) => {
    if (canvas.clientWidth === 0) return { colours: 0, hash: 0 };
    const top = Math.ceil((from * canvas.width) / canvas.clientWidth);
    const { data } = canvas.getContext("2d").getImageData(0, top, canvas.width, canvas.height - top);
    const pixels = new Uint32Array(data.buffer);
    // What is transparent has not been painted.
    const colours = new Set(pixels.filter((pixel) => pixel >>> 24 === 255)).size;
    return { colours, hash: pixels.reduce((hash, pixel) => Math.imul(hash ^ pixel, 16_777_619), 1) };
  }, from);
}

/** Waits until every figure has more than so many colours; what each looks like, as numbers. */
async function looks(figures, colours, from = 0) {
  const hashes = [];
  for (const figure of await figures.all()) {
    const { hash } = await until(
      () => painted(figure, from),
      (seen) => seen.colours > colours,
      `more than ${colours} colours in “${await figure.getAttribute("aria-label")}”`,
    );
    hashes.push(hash);
  }
  return hashes;
}

/** Every map once it has more colours than its frame has. */
export async function paintedMaps(maps) {
  // The cell under the pointer has a line around it.
  await maps.page().mouse.move(0, 0);
  return looks(maps, 8, SCALE);
}

/** Every picture once it has more than one colour. */
export const paintedPictures = (pictures) => looks(pictures, 1);
