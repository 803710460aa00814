// @ts-check
/**
 * The page's sound: begins with the first gesture, remembers whether it is off and how loud it is, and rests while the page is hidden.
 *
 * `score.js` says what is to be heard, `voices.js` and `beds.js` how it sounds. There is one for the page, because there is one pair of ears.
 */

import { pageStorage } from "../storage.js";
import { layBed } from "./beds.js";
import { createScore } from "./score.js";
import { speak } from "./voices.js";

const SOUND_KEY = "waka.sound";
const VOLUME_KEY = "waka.volume";
const VOLUME_DEFAULT = 70;
/** Voices at once at most; beyond that quiet ones are left out, and beyond twice as many all are. */
const VOICES_MAX = 12;
const QUIET_BELOW = 0.5;
/** Lines that come so soon after joining are the channel's history. */
const HISTORY_MS = 1500;
const HEADROOM = 0.9;
/** A change of loudness takes so long, so that nothing clicks. */
const SMOOTH_S = 0.02;

/**
 * The way to the loudspeaker: a compressor keeps many voices at once from clipping.
 * @param {BaseAudioContext} ctx
 * @param {number} volume 0 to 1
 */
export function createDesk(ctx, volume) {
  const level = ctx.createGain();
  level.gain.value = volume;
  const press = ctx.createDynamicsCompressor();
  press.threshold.value = -24;
  press.ratio.value = 12;
  press.attack.value = 0.002;
  press.release.value = 0.12;
  // The compressor makes up for what it takes, so its beginnings may overshoot.
  const rest = ctx.createGain();
  rest.gain.value = HEADROOM;
  level.connect(press).connect(rest).connect(ctx.destination);
  return level;
}

function createSound() {
  const score = createScore();
  /** @type {AudioContext | null} */
  let ctx = null;
  /** @type {GainNode | null} */
  let desk = null;
  let muted = pageStorage.get(SOUND_KEY) === "off";
  let volume = volumeOf(pageStorage.get(VOLUME_KEY));
  let bedName = "none 0";
  /** @type {(() => void) | null} */
  let endBed = null;
  /** @type {number[]} */
  let ends = [];
  let joinedAt = -Infinity;

  /** A gesture of the player: from now on there may be sound. */
  function wake() {
    if (document.hidden || muted) return;
    if (!ctx) {
      if (typeof AudioContext === "undefined") return;
      ctx = new AudioContext({ latencyHint: "interactive" });
      desk = createDesk(ctx, loudness());
    }
    if (ctx.state !== "running") ctx.resume().catch(() => undefined);
  }

  function loudness() {
    return muted ? 0 : (volume / 100) ** 1.6;
  }

  function audible() {
    return ctx !== null && ctx.state === "running" && !muted && volume > 0;
  }

  function applyLoudness() {
    if (ctx && desk) desk.gain.setTargetAtTime(loudness(), ctx.currentTime, SMOOTH_S);
    if (muted || volume === 0) lay("none", 0, 0);
  }

  /** @param {string} name @param {{ variant?: number, gain?: number, pan?: number }} [how] */
  function play(name, how = {}) {
    if (!ctx || !desk || !audible()) return;
    const { currentTime } = ctx;
    ends = ends.filter((end) => end > currentTime);
    if (ends.length >= 2 * VOICES_MAX || (ends.length >= VOICES_MAX && (how.gain ?? 1) < QUIET_BELOW)) return;
    ends.push(speak(ctx, desk, name, how));
  }

  /** @param {string} name @param {number} step @param {number} gain */
  function lay(name, step, gain) {
    const key = `${name} ${step} ${gain}`;
    if (key === bedName) return;
    bedName = key;
    endBed?.();
    endBed = ctx && desk && name !== "none" ? layBed(ctx, desk, name, step, gain) : null;
  }

  /** One animation frame. @param {import("./score.js").Look} look */
  function hear(look) {
    const { cues, bed } = score.hear(look);
    if (!audible()) return;
    for (const cue of cues) play(cue.name, cue);
    lay(bed.name, bed.step, bed.gain);
  }

  /**
   * A message of the server: lines are announced if somebody reads them.
   * @param {any} message @param {(from: string) => boolean} isNews @param {number} now
   */
  function message(message, isNews, now) {
    if (message.type === "joined") joinedAt = now;
    if (message.type !== "chat" || now - joinedAt < HISTORY_MS) return;
    if (message.lines.some((/** @type {{ from: string }} */ line) => isNews(line.from))) play("chat");
  }

  return {
    wake,
    play,
    hear,
    message,
    /** @param {boolean} off */
    setMuted(off) {
      muted = off;
      pageStorage.set(SOUND_KEY, off ? "off" : "on");
      applyLoudness();
      if (!off) wake();
    },
    /** @param {number} percent 0 to 100 */
    setVolume(percent) {
      volume = volumeOf(String(percent));
      pageStorage.set(VOLUME_KEY, String(volume));
      applyLoudness();
    },
    get muted() {
      return muted;
    },
    get volume() {
      return volume;
    },
    /** Whether anything would be heard now. */
    get audible() {
      return audible();
    },
    /** The page was hidden or shown. @param {boolean} hidden */
    hidden(hidden) {
      if (!ctx) return;
      if (hidden) {
        lay("none", 0, 0);
        ctx.suspend().catch(() => undefined);
      } else {
        ctx.resume().catch(() => undefined);
      }
    },
    /** Listens for the first gesture, and for later ones where the browser has put the sound to sleep. */
    awaitGesture() {
      for (const gesture of ["pointerdown", "keydown", "touchend"]) window.addEventListener(gesture, wake, { capture: true, passive: true });
    },
  };
}

/** @param {string | null} stored */
function volumeOf(stored) {
  const percent = Number(stored ?? VOLUME_DEFAULT);
  return Number.isFinite(percent) ? Math.min(100, Math.max(0, Math.round(percent))) : VOLUME_DEFAULT;
}

export const sound = createSound();
