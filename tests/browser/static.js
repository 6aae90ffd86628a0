// A server of static files at an address of its own, for pages that are not served by xtask: someone
// else's, and the published bundle.

import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/**
 * Serves `folder` under `prefix` ("/" or "/some/where/") on this machine, and `data` as its folder of
 * that name; returns both ends.
 */
export async function serveFolder(folder, prefix = "/", data = join(folder, "data")) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "", "http://localhost").pathname;
    const inside = path.startsWith(prefix) ? normalize(path.slice(prefix.length)) : "..";
    const place = inside.startsWith("data/")
      ? join(data, inside.slice("data/".length))
      : join(folder, inside);
    const file = inside === "." ? join(folder, "index.html") : place;
    const found = inside.startsWith("..") ? null : await stat(file).catch(() => null);
    if (!found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const type = { "content-type": TYPES[extname(file)] ?? "application/octet-stream" };
    // As hosts do that send what lies compressed beside a file; not where a test has changed the file since.
    const accepts = /\bbr\b/.test(request.headers["accept-encoding"] ?? "");
    const packed = accepts ? await stat(`${file}.br`).catch(() => null) : null;
    if (packed === null || packed.mtimeMs < found.mtimeMs) {
      response.writeHead(200, { ...type, "content-length": found.size });
      createReadStream(file).pipe(response);
    } else {
      response.writeHead(200, { ...type, "content-length": packed.size, "content-encoding": "br" });
      createReadStream(`${file}.br`).pipe(response);
    }
  });
  return listening(server, prefix);
}

/** Passes on what `base` serves, but breaks off in the middle of each file that `breaks` names. */
export async function serveBreaking(base, breaks) {
  const server = createServer(async (request, response) => {
    const answer = await fetch(new URL(request.url ?? "", base));
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (!breaks(request.url)) return response.end(body);
    response.write(body.subarray(0, body.length / 2), () => setTimeout(() => response.destroy(), 100));
  });
  return listening(server, "/");
}

async function listening(server, prefix) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  return {
    address: `http://127.0.0.1:${port}${prefix}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
