// A small table of a visitor's own, as a file to be dropped; and where it goes on the page.

export const region = (page, name) => page.getByRole("region", { name });

export const flowers = (rows = 240) =>
  [
    "sepal,petal,colour,kind",
    ...Array.from({ length: rows }, (_, at) => {
      const kind = at % 3;
      const sepal = (5 + kind + Math.sin(at * 7) / 4).toFixed(2);
      const petal = (1.5 + 2 * kind + Math.cos(at * 5) / 4).toFixed(2);
      return [sepal, petal, ["blue", "pink"][at % 2], ["one", "two", "three"][kind]].join(",");
    }),
  ].join("\n");
export const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

/** Chooses files as a visitor's own, the table if no others are named. */
export const choose = (page, files = file("flowers.csv", flowers())) =>
  page.getByLabel(/^Drop files here/).setInputFiles(files);

/** Images of three shapes and their labels, as the two files in IDX that `names` names. */
export function shapes([images, labels], rows = 90, side = 6) {
  const kinds = [
    (x, y) => x === y,
    (_, y) => y === 2 || y === 3,
    (x, y) => x % 5 === 0 || y % 5 === 0,
  ];
  const pixels = Array.from({ length: rows * side * side }, (_, at) => {
    const [row, y, x] = [Math.floor(at / side ** 2), Math.floor(at / side) % side, at % side];
    // No two images are quite the same.
    return kinds[row % 3](x, y) ? 200 + ((7 * row + at) % 56) : (row + 3 * at) % 40;
  });
  return [
    [images, idx([rows, side, side], pixels)],
    [labels, idx([rows], Array.from({ length: rows }, (_, row) => row % 3))],
  ].map(([name, buffer]) => ({ name, mimeType: "application/octet-stream", buffer }));
}

/** Bytes with their sizes before them. */
function idx(sizes, bytes) {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.set([0, 0, 8, sizes.length]);
  sizes.forEach((size, at) => head.writeUInt32BE(size, 4 + 4 * at));
  return Buffer.concat([head, Buffer.from(bytes)]);
}
