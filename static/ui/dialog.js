// @ts-check
/**
 * Panels that open over the page: native modal dialogs, so that focus stays inside, Escape closes and the rest of the page is inert.
 *
 * Keys pressed inside never reach the game. Focus returns to what opened the panel.
 */

import { byId, make } from "./element.js";
import { text } from "../strings.js";

/**
 * @param {string} id of the dialog
 * @param {string | null} openerId of the button that opens it
 * @param {() => void} [fill] brings it up to date before it is shown
 */
export function createDialog(id, openerId, fill = () => undefined) {
  const dialog = byId(id, HTMLDialogElement);
  const close = make("button", "tool close");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("data-label", "close");
  dialog.prepend(close);
  close.addEventListener("click", () => dialog.close());
  // A press on the backdrop is a press on the dialog itself, outside its box.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && !isInside(dialog, event)) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => event.stopPropagation());

  function open() {
    if (dialog.open) return;
    close.setAttribute("aria-label", text("close"));
    fill();
    dialog.showModal();
  }
  if (openerId !== null) byId(openerId, HTMLButtonElement).addEventListener("click", open);

  return { open, close: () => dialog.close(), element: dialog };
}

/** @param {HTMLElement} element @param {MouseEvent} event */
function isInside(element, event) {
  const box = element.getBoundingClientRect();
  return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
}
