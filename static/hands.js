// @ts-check
/**
 * All hands: keyboard, swipes, the pad on the screen and gamepads, joined into one stream of wishes.
 *
 * A direction that is held while a pac waits for its first wish is wished again, whatever holds it.
 */

import { createGamepads } from "./gamepad.js";
import { listenToKeys } from "./input.js";
import { pad } from "./pad.js";
import { listenToSwipes } from "./touch.js";

const PAD_KEY = "waka.pad";
const AGAIN_MS = 200;

/**
 * @param {HTMLElement} surface where one swipes
 * @param {import("./storage.js").Memory} storage
 * @param {import("./input.js").Keys & { start: () => void }} on
 */
export function createHands(surface, storage, on) {
  const gamepads = createGamepads({ steer: on.steer, start: on.start });
  let againAt = 0;
  listenToKeys(on);
  listenToSwipes(surface, on.steer);
  pad.steers(on.steer);
  const choice = storage.get(PAD_KEY);
  pad.show(choice === null ? window.matchMedia("(pointer: coarse)").matches : choice === "on");

  return {
    /** Once in each animation frame. @param {number} now */
    look(now) {
      gamepads.look(typeof navigator.getGamepads === "function" ? navigator.getGamepads() : []);
      const held = gamepads.held ?? pad.held;
      if (held === null || now - againAt < AGAIN_MS || !on.repeats()) return;
      againAt = now;
      on.steer(held);
    },
  };
}
