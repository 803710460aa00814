// @ts-check
/**
 * What sounds on below everything else: the siren that rises as dots fall, the power window, eyes on their way home.
 *
 * A bed is a few oscillators that go on until they are let go; then they fade and end. Any audio context will do.
 */

const FADE_S = 0.06;

/** @typedef {{ type: OscillatorType, low: number, high: number, lfo: OscillatorType, rate: number, gain: number, cutoff: number }} Shape */

/** @param {string} name @param {number} step @returns {Shape | null} */
function shapeOf(name, step) {
  switch (name) {
    case "siren":
      return { type: "triangle", low: 190 * 1.13 ** step, high: 420 * 1.13 ** step, lfo: "triangle", rate: 1.6 + 0.45 * step, gain: 0.034, cutoff: 1400 };
    case "fright":
      return { type: "square", low: 70, high: 240, lfo: "sawtooth", rate: 7.5, gain: 0.03, cutoff: 900 };
    case "eyes":
      return { type: "sine", low: 620, high: 980, lfo: "triangle", rate: 9, gain: 0.028, cutoff: 3000 };
    default:
      return null;
  }
}

/**
 * Starts a bed; the answer ends it.
 * @param {BaseAudioContext} ctx
 * @param {AudioNode} out
 * @param {string} name
 * @param {number} step
 * @param {number} gain
 * @returns {() => void}
 */
export function layBed(ctx, out, name, step, gain) {
  const shape = shapeOf(name, step);
  if (!shape) return () => undefined;
  const now = ctx.currentTime;
  const level = ctx.createGain();
  level.gain.setValueAtTime(0, now);
  level.gain.linearRampToValueAtTime(shape.gain * gain, now + FADE_S);
  const filter = ctx.createBiquadFilter();
  filter.type = "lowpass";
  filter.frequency.value = shape.cutoff;
  filter.connect(level).connect(out);
  const lfo = ctx.createOscillator();
  lfo.type = shape.lfo;
  lfo.frequency.value = shape.rate;
  const depth = ctx.createGain();
  depth.gain.value = (shape.high - shape.low) / 2;
  lfo.connect(depth);
  const oscillators = [1, 1.006].map((detune) => {
    const oscillator = ctx.createOscillator();
    oscillator.type = shape.type;
    oscillator.frequency.value = ((shape.low + shape.high) / 2) * detune;
    depth.connect(oscillator.frequency);
    oscillator.connect(filter);
    return oscillator;
  });
  for (const each of [lfo, ...oscillators]) each.start(now);
  return () => {
    const end = ctx.currentTime;
    level.gain.cancelScheduledValues(end);
    level.gain.setValueAtTime(level.gain.value, end);
    level.gain.linearRampToValueAtTime(0, end + FADE_S);
    for (const each of [lfo, ...oscillators]) each.stop(end + FADE_S);
  };
}
