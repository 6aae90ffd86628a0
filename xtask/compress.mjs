// Writes FILE.br beside each file, as hosts send it, and tells the bytes of each as it is, by gzip and by
// brotli: node compress.mjs QUALITY FILE...

import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const [quality, ...files] = process.argv.slice(2);

await Promise.all(
  files.map(async (file) => {
    const bytes = await readFile(file);
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: Number(quality),
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    const [zipped, small] = await Promise.all([
      promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
      promisify(brotliCompress)(bytes, { params }),
    ]);
    await writeFile(`${file}.br`, small);
    console.log([bytes.length, zipped.length, small.length, file].join(" "));
  }),
);
