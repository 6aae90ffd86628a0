// The newest checkpoints of a tab's run, kept in the browser in two slots written in turn, so that
// whatever ends the page in the middle of a write leaves one that is whole.
//
// Each tab has slots of its own, under a name that it keeps through reloads and holds as a Web Lock
// for as long as its page lives. What a tab left whose name nobody holds may be offered in another
// one, which then takes over its name and its slots.

/** @typedef {import("./protocol.js").RunRequest} RunRequest */
/**
 * A checkpoint with all that the page needs to go on from it. `run` is what the page knew of the run
 * when it was made, `request` what the run began with, `mode` how it is to stand there again.
 * @typedef {{
 *   bytes: Uint8Array, run: import("./store.js").Run, request: RunRequest,
 *   mode: Exclude<import("./protocol.js").Mode, "preview">,
 *   device: import("./protocol.js").DeviceReport | null, when: number,
 * }} Kept
 */
/** @typedef {Kept & { tab: string, number: number }} Slot */

const DATABASE = "mole-checkpoints-1";
/**
 * Since 2 a slot's key is `[tab, 0]` or `[tab, 1]`; since 3 runs that have ended are kept too; since 4 the
 * visitor's own data stand in the run.
 */
const VERSION = 4;
const SLOTS = "slots";
/** So many tabs that are gone have their slots kept; those of older ones are dropped. */
const GONE = 3;

const NAME = "mole-tab";
const LOCK = "mole-tab-";
/** A page that is reloaded lets go of its name in less. */
const RELOAD_MS = 1000;

export class Checkpoints {
  /** @type {Promise<IDBDatabase> | null} */
  #database = null;
  /** @type {Promise<string> | null} */
  #tab = null;
  #number = 0;

  /**
   * Puts it into the older slot; settles when the disk has it.
   * @param {Kept} kept
   */
  async save(kept) {
    const tab = await this.#own();
    const number = (this.#number += 1);
    await this.#change((slots) => slots.put({ ...kept, tab, number }, [tab, number % 2]));
  }

  /**
   * The newest that is whole: this tab's, or that of one that is gone. A run that has ended comes
   * back in its own tab only.
   * @returns {Promise<Slot | null>}
   */
  async newest() {
    const own = await this.#own();
    const others = await livingTabs();
    others.delete(own);
    const slots = await this.#read(others);
    slots.sort((a, b) => Number(b.tab === own) - Number(a.tab === own) || b.when - a.when);
    /** @type {Map<string, Slot["mode"]>} */
    const modes = new Map();
    for (const { tab, mode } of slots) if (!modes.has(tab)) modes.set(tab, mode);
    const gone = [...modes.keys()].filter((tab) => tab !== own);
    const left = gone.filter((tab) => modes.get(tab) !== "finished").slice(0, GONE);
    for (const tab of gone) if (!left.includes(tab)) await this.#drop(tab);
    const offered = slots.filter(({ tab }) => tab === own || left.includes(tab));
    for (const slot of offered) if (await isWhole(slot.bytes)) return slot;
    return null;
  }

  /**
   * Makes it this tab's own.
   * @param {Slot} slot
   * @returns {Promise<boolean>} not where another tab has just done so
   */
  async adopt({ tab, number }) {
    if (tab !== (await this.#own())) {
      if (!(await claim(tab, { ifAvailable: true }))) return false;
      this.#tab = Promise.resolve(tab);
      remember(tab);
    }
    this.#number = number;
    return true;
  }

  async forget() {
    await this.#drop(await this.#own());
  }

  #own() {
    return (this.#tab ??= ownTab());
  }

  /** @param {string} tab */
  #drop(tab) {
    return this.#change((slots) => {
      for (const which of [0, 1]) slots.delete([tab, which]);
    });
  }

  /**
   * All slots but those of some tabs: a run's bytes may be many.
   * @param {Set<string>} without
   * @returns {Promise<Slot[]>}
   */
  async #read(without) {
    const database = await this.#open();
    const slots = database.transaction(SLOTS).objectStore(SLOTS);
    const keys = /** @type {[string, number][]} */ (await settled(slots.getAllKeys()));
    const wanted = keys.filter(([tab]) => !without.has(tab));
    return Promise.all(wanted.map((key) => settled(slots.get(key))));
  }

  /** @param {(slots: IDBObjectStore) => void} change */
  async #change(change) {
    const database = await this.#open();
    try {
      await new Promise((resolve, reject) => {
        // Strict: not only with the system but on the disk, before it counts.
        const work = database.transaction(SLOTS, "readwrite", { durability: "strict" });
        work.oncomplete = resolve;
        work.onabort = () => reject(work.error);
        change(work.objectStore(SLOTS));
      });
    } catch (error) {
      this.#close(database);
      throw error;
    }
  }

  /** The next copy opens it anew. @param {IDBDatabase} database */
  #close(database) {
    database.close();
    this.#database = null;
  }

  #open() {
    if (this.#database !== null) return this.#database;
    const opened = this.#connect();
    // What could not be opened now may be opened later.
    opened.catch(() => (this.#database = null));
    return (this.#database = opened);
  }

  async #connect() {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      const { result } = request;
      if (result.objectStoreNames.contains(SLOTS)) result.deleteObjectStore(SLOTS);
      result.createObjectStore(SLOTS);
    };
    const database = await settled(request);
    // The visitor or the browser clears the storage: a connection that stayed would hold that up.
    database.onversionchange = () => this.#close(database);
    database.onclose = () => this.#close(database);
    return database;
  }
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** The name that this tab had before its reload, or a new one where another page holds that. */
async function ownTab() {
  const known = remembered();
  // A copy of a tab has its storage too, but not its lock.
  if (known !== null && (await claim(known, { signal: AbortSignal.timeout(RELOAD_MS) }))) return known;
  const tab = crypto.randomUUID();
  await claim(tab, { ifAvailable: true });
  remember(tab);
  return tab;
}

/**
 * Holds a tab's name for as long as this page lives.
 * @param {string} tab
 * @param {LockOptions} how
 * @returns {Promise<boolean>} whether it does
 */
function claim(tab, how) {
  return new Promise((resolve) => {
    if (!("locks" in navigator)) return resolve(true);
    const work = navigator.locks.request(LOCK + tab, how, (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {});
    });
    work.catch(() => resolve(false));
  });
}

/** The names that pages hold, this one among them. */
async function livingTabs() {
  const held = (await navigator.locks?.query())?.held ?? [];
  const names = held.map(({ name = "" }) => name).filter((name) => name.startsWith(LOCK));
  return new Set(names.map((name) => name.slice(LOCK.length)));
}

function remembered() {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
}

/** @param {string} tab */
function remember(tab) {
  try {
    sessionStorage.setItem(NAME, tab);
  } catch {
    // Then a reload finds what it left as any other tab does.
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
