// @ts-check
/**
 * What can be done about a player: follow him while looking on, or no longer read what he writes. Kept on this page; nobody is told.
 */

import { text } from "../strings.js";
import { createDialog } from "./dialog.js";
import { byId, setText } from "./element.js";

/**
 * @param {import("../talk.js").Muted} muted
 * @param {{ follow: (id: string) => void, muted: () => void, isSelf: (id: string) => boolean, canFollow: (id: string) => boolean }} on
 */
export function createPerson(muted, on) {
  const head = byId("person-head", HTMLElement);
  const mute = byId("person-mute", HTMLButtonElement);
  const follow = byId("person-follow", HTMLButtonElement);
  const dialog = createDialog("person", null);
  let id = "";

  mute.addEventListener("click", () => {
    muted.set(id, !muted.has(id));
    on.muted();
    dialog.close();
  });
  follow.addEventListener("click", () => {
    on.follow(id);
    dialog.close();
  });

  return {
    /** @param {string} whose @param {string} name */
    open(whose, name) {
      id = whose;
      setText(head, text("person", { name }));
      setText(mute, text(muted.has(id) ? "unmute" : "mute"));
      mute.hidden = on.isSelf(id);
      follow.hidden = !on.canFollow(id);
      if (!mute.hidden || !follow.hidden) dialog.open();
    },
  };
}
