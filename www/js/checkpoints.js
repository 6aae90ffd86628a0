// The newest checkpoints of the present run, kept in the browser in two slots written in turn, so
// that whatever ends the page in the middle of a write leaves one that is whole.

/** @typedef {import("./protocol.js").RunRequest} RunRequest */
/**
 * A checkpoint with all that the page needs to go on from it. `run` is what the page knew of the run
 * when it was made, `request` what the run began with; `own` are the visitor's own data.
 * @typedef {{
 *   bytes: Uint8Array, run: import("./store.js").Run, request: RunRequest, paused: boolean,
 *   device: import("./protocol.js").DeviceReport | null, own: import("./store.js").Own | null,
 *   when: number,
 * }} Kept
 */
/** @typedef {Kept & { number: number }} Slot */

const DATABASE = "mole-checkpoints-1";
const SLOTS = "slots";

export class Checkpoints {
  /** @type {Promise<IDBDatabase> | null} */
  #database = null;
  #number = 0;

  /**
   * Puts it into the older slot; settles when the disk has it.
   * @param {Kept} kept
   */
  async save(kept) {
    const number = (this.#number += 1);
    await this.#change((slots) => slots.put({ ...kept, number }, number % 2));
  }

  /** @returns {Promise<Kept | null>} the newest that is whole */
  async newest() {
    const database = await this.#open();
    const request = database.transaction(SLOTS).objectStore(SLOTS).getAll();
    /** @type {Slot[]} */
    const slots = await new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    this.#number = Math.max(0, ...slots.map(({ number }) => number));
    // Another tab counts for itself.
    slots.sort((a, b) => b.when - a.when);
    for (const slot of slots) if (await isWhole(slot.bytes)) return slot;
    return null;
  }

  async forget() {
    await this.#change((slots) => slots.clear());
  }

  /** @param {(slots: IDBObjectStore) => void} change */
  async #change(change) {
    const database = await this.#open();
    await new Promise((resolve, reject) => {
      // Strict: not only with the system but on the disk, before it counts.
      const work = database.transaction(SLOTS, "readwrite", { durability: "strict" });
      work.oncomplete = resolve;
      work.onabort = () => reject(work.error);
      change(work.objectStore(SLOTS));
    });
  }

  #open() {
    return (this.#database ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE);
      request.onupgradeneeded = () => request.result.createObjectStore(SLOTS);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    }));
  }
}

/**
 * Whether a checkpoint's SHA-256 is that of its bytes: src/checkpoint/mod.rs has the form.
 * @param {Uint8Array} bytes
 */
export async function isWhole(bytes) {
  if (!(bytes instanceof Uint8Array) || bytes.length < 48) return false;
  const covered = new Uint8Array(bytes.length - 40);
  covered.set(bytes.subarray(8, 16));
  covered.set(bytes.subarray(48), 8);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", covered));
  return digest.every((byte, at) => byte === bytes[16 + at]);
}
