// @ts-check
/**
 * What the browser remembers: for ever (`pageStorage`) and for this tab (`tabStorage`). Where it may not, it is remembered until the page goes.
 */

/** @typedef {{ get: (key: string) => string | null, set: (key: string, value: string | null) => void }} Memory */

/** @param {() => Storage} open @returns {Memory} */
function memory(open) {
  /** @type {Map<string, string>} */
  const instead = new Map();
  /** @type {Storage | null} */
  let storage = null;
  try {
    storage = open();
  } catch {
    // Storage may be forbidden; the page plays on without a memory.
  }
  return {
    get: (key) => (storage ? storage.getItem(key) : (instead.get(key) ?? null)),
    set(key, value) {
      try {
        if (value === null) storage?.removeItem(key);
        else storage?.setItem(key, value);
      } catch {
        storage = null;
      }
      if (value === null) instead.delete(key);
      else instead.set(key, value);
    },
  };
}

export const pageStorage = memory(() => window.localStorage);
export const tabStorage = memory(() => window.sessionStorage);
