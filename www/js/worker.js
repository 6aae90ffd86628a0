// The worker: owns the wasm instances, takes commands and posts what happened. One thing at a
// time: a command is obeyed to its end, and between commands a training run goes on by itself,
// so that a hidden page whose timers and frames have stopped keeps training.

import { Runner } from "./runner.js";

/** @typedef {import("./protocol.js").Command} Command */
/** @typedef {import("./protocol.js").Message} Message */
/** @typedef {import("./protocol.js").Modules} Modules */

// Held for life: the page, which waits for it, learns at once that this worker is gone. A browser
// also leaves a page alone that holds one. Where it is refused, it is refused to the page too.
const held = new Promise((resolve) => {
  const lives = () => new Promise(() => resolve(undefined));
  if ("locks" in navigator) navigator.locks.request(self.name, lives).catch(resolve);
  else resolve(undefined);
});

/** @type {Command[]} */
const inbox = [];
let wake = () => {};
/** @type {(modules: Modules) => void} */
let begin;

const runner = new Runner({
  post: (/** @type {Message} */ message, /** @type {Transferable[]} */ owned = []) =>
    self.postMessage(message, { transfer: owned }),
  superseded: () => inbox.some((command) => command.type === "run"),
  modules: new Promise((resolve) => {
    begin = resolve;
  }),
});

self.onmessage = (/** @type {MessageEvent<Command>} */ { data }) => {
  if (data.type === "begin") return begin(data.modules);
  inbox.push(data);
  if (data.type === "run") runner.abandonDownload();
  wake();
};

// Lets waiting messages in: a macrotask that no browser slows down in a hidden page, unlike a
// timer.
const channel = new MessageChannel();
const breath = () =>
  new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
  });

/**
 * Until a message comes, or for so long.
 * @param {number} milliseconds
 */
const idle = (milliseconds) =>
  new Promise((resolve) => {
    wake = () => resolve(undefined);
    if (milliseconds < Infinity) setTimeout(wake, milliseconds);
  });

// Before the first word, at which the page asks for the lock: on a busy machine it could come first.
await held;
await runner.load();
for (;;) {
  const command = inbox.shift();
  if (command !== undefined) await runner.obey(command);
  else if (runner.rest() > 0) await idle(runner.rest());
  else await runner.advance();
  await breath();
}
