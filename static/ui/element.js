// @ts-check
/**
 * Finding and making elements of the page. Text is only ever set as text, never as markup: names and chat are written by strangers.
 */

/**
 * The element of an id that the page is known to have.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page lacks #${id}`);
  return element;
}

/**
 * A new element with a class and, if given, a text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} className
 * @param {string} [content]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, className, content) {
  const element = document.createElement(tag);
  element.className = className;
  if (content !== undefined) element.textContent = content;
  return element;
}

/**
 * Sets a text only where it differs, so that nothing is laid out anew without need.
 * @param {Element} element
 * @param {string} content
 */
export function setText(element, content) {
  if (element.textContent !== content) element.textContent = content;
}
