// @ts-check
/**
 * The voices: every sound of the game as oscillators and a little noise, made when it is needed. No recording, no melody from elsewhere.
 *
 * A voice takes any audio context, so that tests render it without a loudspeaker. `SECONDS` says when each has fallen silent.
 */

/** How long each voice lasts at most. @type {Readonly<Record<string, number>>} */
export const SECONDS = Object.freeze({
  waka: 0.12, power: 0.75, ghost: 0.6, rival: 0.65, death: 1.5, fall: 0.5, fruit: 0.5, appears: 0.6, bump: 0.25, extra: 0.95, sheet: 1.0, level: 1.2,
  ready: 2.6, spawn: 0.4, over: 1.7, chat: 0.2,
});

/**
 * @typedef {object} Tone
 * @property {OscillatorType} [type]
 * @property {Array<[number, number]>} path frequency in Hz at seconds from the start, glided between
 * @property {number} [at] seconds from the start of the voice
 * @property {number} [length]
 * @property {number} [gain]
 * @property {number} [attack]
 * @property {{ rate: number, depth: number }} [wobble] of the frequency, in Hz
 */

/**
 * Starts a voice. Tells when it has ended.
 * @param {BaseAudioContext} ctx
 * @param {AudioNode} out
 * @param {string} name
 * @param {{ variant?: number, gain?: number, pan?: number, at?: number }} [how]
 * @returns {number} seconds of the context's clock
 */
export function speak(ctx, out, name, how = {}) {
  const voice = VOICES[name];
  const at = how.at ?? ctx.currentTime;
  if (!voice) return at;
  const level = ctx.createGain();
  level.gain.value = how.gain ?? 1;
  const pan = ctx.createStereoPanner();
  pan.pan.value = how.pan ?? 0;
  level.connect(pan).connect(out);
  voice({ ctx, out: level, at }, how.variant ?? 0);
  return at + SECONDS[name];
}

/** @typedef {{ ctx: BaseAudioContext, out: AudioNode, at: number }} Stage */

/** @type {Readonly<Record<string, (stage: Stage, variant: number) => void>>} */
const VOICES = Object.freeze({
  waka(stage, variant) {
    /** @type {Array<[number, number]>} */
    const path = variant === 0 ? [[0, 470], [0.08, 205]] : [[0, 175], [0.08, 425]];
    tone(stage, { type: "triangle", path, length: 0.09, gain: 0.5, attack: 0.006 });
    tone(stage, { type: "square", path: path.map(([time, hz]) => [time, hz / 2]), length: 0.07, gain: 0.07, attack: 0.006 });
  },
  power(stage) {
    for (let i = 0; i < 6; i += 1) tone(stage, { type: "sawtooth", path: [[0, 110 * 1.26 ** i], [0.09, 190 * 1.26 ** i]], at: i * 0.085, length: 0.11, gain: 0.1 });
    tone(stage, { type: "sine", path: [[0, 60], [0.6, 240]], length: 0.65, gain: 0.22, wobble: { rate: 14, depth: 18 } });
  },
  ghost(stage, variant) {
    const root = 240 * 1.19 ** variant;
    tone(stage, { type: "triangle", path: [[0, root], [0.12, root * 0.8], [0.45, root * 4.2]], length: 0.5, gain: 0.26, wobble: { rate: 24, depth: root * 0.12 } });
    tone(stage, { type: "sine", path: [[0, root * 6], [0.1, root * 7.5]], at: 0.42, length: 0.14, gain: 0.1 });
  },
  rival(stage, variant) {
    const root = 180 * 1.19 ** variant;
    hiss(stage, { length: 0.1, gain: 0.2, hz: 1800 });
    tone(stage, { type: "sawtooth", path: [[0, root * 2], [0.1, root]], length: 0.14, gain: 0.14 });
    for (let i = 0; i < 4; i += 1) tone(stage, { type: "triangle", path: [[0, root * (2 + i)]], at: 0.12 + i * 0.09, length: 0.13, gain: 0.18 });
  },
  death(stage) {
    for (let i = 0; i < 7; i += 1) {
      const top = 620 * 0.84 ** i;
      tone(stage, { type: "triangle", path: [[0, top], [0.07, top * 1.18], [0.15, top * 0.7]], at: i * 0.15, length: 0.16, gain: 0.27 });
    }
    for (let i = 0; i < 2; i += 1) tone(stage, { type: "square", path: [[0, 95], [0.1, 55]], at: 1.12 + i * 0.16, length: 0.13, gain: 0.1 });
  },
  fall(stage) {
    tone(stage, { type: "triangle", path: [[0, 480], [0.38, 110]], length: 0.42, gain: 0.26, wobble: { rate: 16, depth: 40 } });
  },
  fruit(stage) {
    tone(stage, { type: "triangle", path: [[0, 500], [0.17, 95], [0.38, 640]], length: 0.4, gain: 0.3 });
    tone(stage, { type: "sine", path: [[0, 1280], [0.1, 1290]], at: 0.3, length: 0.17, gain: 0.12 });
  },
  appears(stage) {
    bell(stage, 740, 0, 0.16);
    bell(stage, 988, 0.13, 0.14);
  },
  bump(stage) {
    tone(stage, { type: "sine", path: [[0, 190], [0.12, 52]], length: 0.18, gain: 0.5, attack: 0.002 });
    hiss(stage, { length: 0.06, gain: 0.22, hz: 700 });
  },
  extra(stage) {
    for (const [i, hz] of [659, 831, 988, 1319, 1661].entries()) bell(stage, hz, i * 0.1, 0.1);
  },
  sheet(stage) {
    for (let i = 0; i < 8; i += 1) tone(stage, { type: "triangle", path: [[0, 330 * 1.122 ** i]], at: i * 0.075, length: 0.14, gain: 0.16 });
    tone(stage, { type: "sine", path: [[0, 165], [0.7, 330]], length: 0.85, gain: 0.14 });
  },
  level(stage) {
    for (const [i, hz] of [294, 370, 554, 440, 740].entries()) {
      tone(stage, { type: "triangle", path: [[0, hz]], at: i * 0.14, length: i === 4 ? 0.5 : 0.18, gain: 0.22 });
      tone(stage, { type: "square", path: [[0, hz / 2]], at: i * 0.14, length: 0.12, gain: 0.04 });
    }
  },
  ready(stage) {
    // A tune of our own: two short calls, each answered one step higher, over a walking bass.
    const beat = 0.145;
    /** @type {Array<[number, number, number]>} half tones above the root, start and length in beats */
    const tune = [[0, 0, 1], [7, 1, 1], [3, 2, 1], [10, 3, 2], [2, 5, 1], [9, 6, 1], [5, 7, 1], [12, 8, 2], [15, 10.5, 1], [14, 11.5, 1], [10, 12.5, 1], [12, 13.5, 3]];
    for (const [step, start, length] of tune) {
      tone(stage, { type: "triangle", path: [[0, 330 * 2 ** (step / 12)]], at: start * beat, length: length * beat * 0.95, gain: 0.24 });
      tone(stage, { type: "square", path: [[0, 660 * 2 ** (step / 12)]], at: start * beat, length: beat * 0.5, gain: 0.025 });
    }
    for (const [i, step] of [0, 0, 3, 3, 2, 2, 5, 0].entries()) tone(stage, { type: "sawtooth", path: [[0, 82.5 * 2 ** (step / 12)]], at: i * 2 * beat, length: beat * 0.9, gain: 0.07 });
  },
  spawn(stage) {
    tone(stage, { type: "sine", path: [[0, 260], [0.25, 780]], length: 0.3, gain: 0.2, wobble: { rate: 20, depth: 25 } });
  },
  over(stage) {
    for (const [i, hz] of [440, 415, 330, 277, 220].entries()) tone(stage, { type: "triangle", path: [[0, hz]], at: i * 0.22, length: i === 4 ? 0.7 : 0.24, gain: 0.2 });
  },
  chat(stage) {
    tone(stage, { type: "sine", path: [[0, 880]], length: 0.06, gain: 0.12 });
    tone(stage, { type: "sine", path: [[0, 1175]], at: 0.06, length: 0.09, gain: 0.12 });
  },
});

/** @param {Stage} stage @param {Tone} how */
function tone({ ctx, out, at }, how) {
  const start = at + (how.at ?? 0);
  const length = how.length ?? 0.2;
  const oscillator = ctx.createOscillator();
  oscillator.type = how.type ?? "sine";
  for (const [i, [time, hz]] of how.path.entries()) {
    if (i === 0) oscillator.frequency.setValueAtTime(hz, start);
    else oscillator.frequency.exponentialRampToValueAtTime(hz, start + time);
  }
  const level = shaped(ctx, start, length, how.gain ?? 0.2, how.attack ?? 0.008);
  oscillator.connect(level).connect(out);
  oscillator.start(start);
  oscillator.stop(start + length);
  if (!how.wobble) return;
  const wobble = ctx.createOscillator();
  const depth = ctx.createGain();
  wobble.frequency.value = how.wobble.rate;
  depth.gain.value = how.wobble.depth;
  wobble.connect(depth).connect(oscillator.frequency);
  wobble.start(start);
  wobble.stop(start + length);
}

/** @param {Stage} stage @param {number} hz @param {number} at @param {number} gain */
function bell(stage, hz, at, gain) {
  tone(stage, { type: "sine", path: [[0, hz]], at, length: 0.42, gain });
  tone(stage, { type: "sine", path: [[0, hz * 2.76]], at, length: 0.16, gain: gain * 0.3 });
}

/** A breath of noise around a frequency. @param {Stage} stage @param {{ length: number, gain: number, hz: number }} how */
function hiss({ ctx, out, at }, how) {
  const buffer = ctx.createBuffer(1, Math.ceil(ctx.sampleRate * how.length), ctx.sampleRate);
  const samples = buffer.getChannelData(0);
  let seed = 1;
  for (let i = 0; i < samples.length; i += 1) {
    seed = (seed * 16807) % 2147483647;
    samples[i] = seed / 1073741824 - 1;
  }
  const source = ctx.createBufferSource();
  source.buffer = buffer;
  const filter = ctx.createBiquadFilter();
  filter.type = "bandpass";
  filter.frequency.value = how.hz;
  source.connect(filter).connect(shaped(ctx, at, how.length, how.gain, 0.002)).connect(out);
  source.start(at);
}

/** A gain that swells, holds a little and falls to nothing. @param {BaseAudioContext} ctx @param {number} start @param {number} length @param {number} gain @param {number} attack */
function shaped(ctx, start, length, gain, attack) {
  const level = ctx.createGain();
  level.gain.setValueAtTime(0, start);
  level.gain.linearRampToValueAtTime(gain, start + attack);
  level.gain.setValueAtTime(gain, start + Math.max(attack, length * 0.45));
  level.gain.linearRampToValueAtTime(0, start + length);
  return level;
}
