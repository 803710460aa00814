// @ts-check
/**
 * The share panel: the link to this maze, its QR code, and a text to invite with. Nothing is sent anywhere but by the player's own hand.
 */

import { qrCode } from "../qr.js";
import { text } from "../strings.js";
import { createDialog } from "./dialog.js";
import { byId, setText } from "./element.js";

/** Light modules around a code. */
const QUIET = 4;
/** Device pixels of a module. */
const MODULE_PX = 6;

/** @param {() => string} mazeOf the maze that is shown, or empty */
export function createShare(mazeOf) {
  const link = byId("share-link", HTMLInputElement);
  const invitation = byId("share-text", HTMLTextAreaElement);
  const code = byId("share-qr", HTMLCanvasElement);
  const said = byId("share-said", HTMLElement);
  const send = byId("share-send", HTMLButtonElement);

  function fill() {
    const maze = mazeOf();
    link.value = linkTo(maze);
    invitation.value = text("shareText", { name: maze || "open", link: link.value });
    setText(said, "");
    send.hidden = typeof navigator.share !== "function";
    const qr = qrCode(link.value);
    code.hidden = qr === null;
    if (qr) paintCode(code, qr);
  }

  /** @param {HTMLInputElement | HTMLTextAreaElement} field */
  async function copy(field) {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      setText(said, text("copied"));
    } catch {
      setText(said, text("copyFailed"));
    }
  }

  byId("copy-link", HTMLButtonElement).addEventListener("click", () => copy(link));
  byId("copy-invite", HTMLButtonElement).addEventListener("click", () => copy(invitation));
  // Who changes his mind in the system's own panel has not failed.
  send.addEventListener("click", () => navigator.share({ title: text("title"), text: invitation.value, url: link.value }).catch(() => undefined));
  return createDialog("share", "open-share", fill);
}

/** The address that joins a maze. @param {string} maze */
function linkTo(maze) {
  const address = new URL(".", window.location.href);
  if (maze !== "") address.searchParams.set("m", maze);
  return address.href;
}

/** @param {HTMLCanvasElement} canvas @param {{ size: number, dark: Uint8Array }} qr */
function paintCode(canvas, { size, dark }) {
  canvas.width = canvas.height = (size + 2 * QUIET) * MODULE_PX;
  const ctx = canvas.getContext("2d");
  if (!ctx) return;
  ctx.fillStyle = "#fff";
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = "#000";
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) if (dark[y * size + x]) ctx.fillRect((x + QUIET) * MODULE_PX, (y + QUIET) * MODULE_PX, MODULE_PX, MODULE_PX);
  }
}
