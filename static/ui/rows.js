// @ts-check
/**
 * Lists that show whole rows only: as many as there is room for, the own one always among them. Whoever changes a list says so; between changes nothing is
 * measured.
 */

/**
 * Which of so many rows are shown.
 * @param {number} count
 * @param {number} room rows that there is room for; one is always shown
 * @param {number} own index of the own row; -1 when there is none
 * @returns {boolean[]}
 */
export function shownRows(count, room, own) {
  const shown = Math.max(1, Math.min(count, room));
  const last = own >= shown ? own : shown - 1;
  return Array.from({ length: count }, (_, i) => i < shown - 1 || i === last);
}

/**
 * Hides the rows of a list for which there is no room, and only those.
 * @param {HTMLElement} list
 * @param {number} own index of the own row; -1 when there is none
 */
export function keepWhole(list, own) {
  const rows = /** @type {HTMLElement[]} */ ([...list.children]);
  for (const row of rows) row.hidden = false;
  const first = rows[0];
  if (!first || first.offsetHeight === 0) return;
  const columns = Math.max(1, rows.filter((row) => row.offsetTop === first.offsetTop).length);
  // What overflows the list does not fit; half a pixel is rounding.
  const lines = Math.floor((list.clientHeight + 0.5) / first.offsetHeight);
  for (const [i, shown] of shownRows(rows.length, Math.max(1, lines) * columns, own).entries()) rows[i].hidden = !shown;
}

/** What a list's room depends on, to be compared with what it was. */
export function roomKey() {
  const app = document.getElementById("app");
  const pad = document.querySelector(".hands .pad");
  return [window.innerWidth, window.innerHeight, app?.dataset.mode, app?.dataset.board, pad instanceof HTMLElement && !pad.hidden].join(" ");
}
