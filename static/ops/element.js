// @ts-check
/**
 * Finding and making elements, for a page that must stand without the game's: a process that only leads mazes serves this folder and no other file.
 * Text is only ever set as text, never as markup.
 */

/** @template {HTMLElement} T @param {string} id @param {new () => T} kind @returns {T} */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`no #${id} here`);
}

/** @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {string} look its class @param {string} [words] @returns {HTMLElementTagNameMap[K]} */
export function make(tag, look, words = "") {
  const made = document.createElement(tag);
  if (look !== "") made.className = look;
  made.textContent = words;
  return made;
}

/** Touches only what differs, so that nothing is read out again. @param {Element} element @param {string} words */
export function setText(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
