// The visitor's own files, looked at before they are read: what no reader should be given.

import { OWN } from "./strings/take.js";

/** @typedef {import("./protocol.js").OwnFiles} OwnFiles */
/** @typedef {import("./protocol.js").Problem} Problem */

/** Megabytes of all files together: a browser's wasm memory ends at 4 GB, and data grows in it. */
export const MOST_MB = 512;

/**
 * By name, as the core takes them.
 * @param {readonly File[]} files
 * @param {readonly string[]} folders names of folders among what was dropped
 * @returns {OwnFiles}
 * @throws {Problem}
 */
export function gather(files, folders = []) {
  const [folder] = folders;
  if (folder !== undefined) throw problem("page/own-folder", OWN.folder, folder);
  if (files.length === 0) throw problem("page/own-nothing", OWN.nothing);
  /** @type {OwnFiles} */
  const gathered = {};
  let bytes = 0;
  for (const file of files) {
    if (Object.hasOwn(gathered, file.name)) throw problem("page/own-twice", OWN.twice, file.name);
    gathered[file.name] = file;
    bytes += file.size;
  }
  if (bytes > MOST_MB * 1e6) {
    const largest = files.reduce((a, b) => (b.size > a.size ? b : a));
    const sizes = { expected: OWN.atMost(MOST_MB), found: `${Math.ceil(bytes / 1e6)} MB` };
    throw { ...problem("page/own-too-large", OWN.tooLarge, largest.name), ...sizes };
  }
  return gathered;
}

/**
 * Names data of one's own for the page, which has no other name for them: files of the same names, sizes and
 * dates that are read in the same way are the same.
 * @param {OwnFiles} files
 * @param {import("./protocol.js").OwnData} data
 */
export function identity(files, data) {
  const facts = Object.entries(files).map(([name, file]) => {
    const when = file instanceof File ? file.lastModified : 0;
    return [name, file.size, when];
  });
  return JSON.stringify([facts.sort(), data]);
}

/**
 * The names of folders in what was dropped: a browser hands them out as files that cannot be read.
 * @param {DataTransfer} dropped
 */
export function foldersOf(dropped) {
  return [...dropped.items].flatMap((item) => {
    const entry = item.webkitGetAsEntry();
    return entry?.isDirectory ? [entry.name] : [];
  });
}

/**
 * @param {string} code
 * @param {string} message
 * @param {string} [place]
 * @returns {Problem}
 */
function problem(code, message, place) {
  return {
    code,
    message,
    recovery: "choose-another-file",
    ...(place === undefined ? {} : { place }),
  };
}
