// @ts-check
/** What the journals of faults and reports tell, made ready to be shown. Pure. */

/** The same trouble goes on when it is told again within so long. */
const SAME_WITHIN_MS = 60000;

/**
 * @typedef {object} Fault
 * @property {number} at milliseconds since 1970
 * @property {"warn" | "error"} level
 * @property {string} event
 * @property {string} what
 * @property {Record<string, string>} fields
 * @property {string} instance
 */
/** @typedef {Fault & { instances: string[], times: number }} Seen */

/**
 * Newest first; the same trouble, seen by several processes or told again and again, once, with its newest numbers and how often. Numbers such as a tick
 * differ each time; what it is about, such as a maze or a process, does not.
 * @param {readonly Fault[]} faults
 * @returns {Seen[]}
 */
export function gathered(faults) {
  /** @type {Seen[]} */
  const seen = [];
  /** @type {Map<string, { last: number, entry: Seen }>} */
  const open = new Map();
  for (const fault of [...faults].sort((a, b) => b.at - a.at)) {
    const about = Object.entries(fault.fields ?? {}).filter(([, value]) => !/^\d+$/.test(value));
    const key = `${fault.event} ${JSON.stringify(about.sort())}`;
    const same = open.get(key);
    if (same && same.last - fault.at <= SAME_WITHIN_MS) {
      same.last = fault.at;
      same.entry.times += 1;
      if (!same.entry.instances.includes(fault.instance)) same.entry.instances.push(fault.instance);
      continue;
    }
    const entry = { ...fault, instances: [fault.instance], times: 1 };
    open.set(key, { last: fault.at, entry });
    seen.push(entry);
  }
  return seen;
}

/** `name value` of a fault's fields, in one line. @param {Fault} fault */
export function fieldsOf(fault) {
  return Object.entries(fault.fields ?? {})
    .filter(([name, value]) => name !== "more" || value !== "0")
    .map(([name, value]) => `${name} ${value}`)
    .join(" · ");
}

/** Hours, minutes and seconds where the reader is. @param {number} at */
export function clock(at) {
  return new Date(at).toTimeString().slice(0, 8);
}
