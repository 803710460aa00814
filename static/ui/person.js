// @ts-check
/**
 * What can be done about a player: follow him while looking on; no longer read what he writes, which is kept on this page and told to nobody; or
 * report him to whoever runs the game, which asks what for first.
 */

import { text } from "../strings.js";
import { createDialog } from "./dialog.js";
import { byId, make, setText } from "./element.js";

/** What somebody is reported for, with the key of its words. */
const REASONS = /** @type {const} */ ([
  ["chat", "reportChat"],
  ["name", "reportName"],
  ["play", "reportPlay"],
]);

/** @typedef {(typeof REASONS)[number][0]} Reason */

/**
 * @param {import("../talk.js").Muted} muted
 * @param {{ follow: (id: string) => void, muted: () => void, isSelf: (id: string) => boolean, canFollow: (id: string) => boolean, canReport: (id: string) => boolean, report: (id: string, reason: Reason) => void }} on
 */
export function createPerson(muted, on) {
  const head = byId("person-head", HTMLElement);
  const mute = byId("person-mute", HTMLButtonElement);
  const follow = byId("person-follow", HTMLButtonElement);
  const report = byId("person-report", HTMLButtonElement);
  const asking = byId("person-asking", HTMLElement);
  const question = byId("person-question", HTMLElement);
  const reasons = byId("person-reasons", HTMLElement);
  const dialog = createDialog("person", null);
  let id = "";
  let name = "";

  mute.addEventListener("click", () => {
    muted.set(id, !muted.has(id));
    on.muted();
    dialog.close();
  });
  follow.addEventListener("click", () => {
    on.follow(id);
    dialog.close();
  });

  /** @param {boolean} isAsked */
  function ask(isAsked) {
    asking.hidden = !isAsked;
    report.setAttribute("aria-expanded", String(isAsked));
    if (!isAsked) return;
    setText(question, text("reportAsk", { name }));
    reasons.replaceChildren(
      ...REASONS.map(([reason, key]) => {
        const button = make("button", "button", text(key));
        button.type = "button";
        button.addEventListener("click", () => {
          on.report(id, reason);
          dialog.close();
        });
        return button;
      }),
    );
    /** @type {HTMLElement} */ (reasons.firstElementChild).focus();
  }
  report.addEventListener("click", () => ask(asking.hidden));

  return {
    /** @param {string} whose @param {string} called */
    open(whose, called) {
      id = whose;
      name = called;
      ask(false);
      setText(head, text("person", { name }));
      setText(mute, text(muted.has(id) ? "unmute" : "mute"));
      mute.hidden = on.isSelf(id);
      follow.hidden = !on.canFollow(id);
      report.hidden = !on.canReport(id);
      if (!mute.hidden || !follow.hidden) dialog.open();
    },
  };
}
