// @ts-check
/**
 * Where everybody is at a fractional tick, and how what was drawn glides to what is true.
 *
 * Two scenes of the mirror, a tick apart, are blended by the fraction; both lie on the rails, so nothing is drawn late. When a frame moves an
 * actor off the rails, the difference shrinks to nothing within a tenth of a second. A spawn is a jump and does not glide.
 */

/** A correction shrinks to a third in this time, to a twentieth in 100 ms. */
const GLIDE_MS = 34;
/** A correction beyond this is a jump, not an error. */
const GLIDE_PX_MAX = 24;
const GLIDE_PX_MIN = 0.05;
/** Plane pixel 16 is playfield pixel 0; a point is drawn one further, in the middle of its tile. */
const DRAWN_X = 1 - 16;
const DRAWN_Y = 1;

/**
 * @typedef {{ x: number, y: number }} Place
 * @typedef {{ pacs: Array<(Place & { state: string }) | null>, ghosts: Place[] }} Poses
 */

/** Keeps the corrections that are still gliding away. */
export function createGlides() {
  /** @type {Map<string, Place>} */
  const offsets = new Map();
  let fadedAt = 0;

  /** @param {string} key @param {Place | null} before @param {Place | null} after */
  function add(key, before, after) {
    if (!before || !after) {
      offsets.delete(key);
      return;
    }
    const kept = offsets.get(key) ?? { x: 0, y: 0 };
    const x = kept.x + wrapped(before.x - after.x);
    const y = kept.y + before.y - after.y;
    const distance = Math.hypot(x, y);
    if (distance > GLIDE_PX_MAX || distance < GLIDE_PX_MIN) offsets.delete(key);
    else offsets.set(key, { x, y });
  }

  return {
    /**
     * Takes in what a new frame changed: poses of the old future at the drawn tick, and of the new one; without them nothing glides.
     * @param {Poses | null} before
     * @param {Poses | null} after
     */
    corrected(before, after) {
      if (!before || !after) {
        offsets.clear();
        return;
      }
      for (const [seat, pac] of after.pacs.entries()) {
        const old = before.pacs[seat];
        add(`pac${seat}`, pac && old && isAfoot(pac.state) && isAfoot(old.state) ? old : null, pac);
      }
      for (const [index, ghost] of after.ghosts.entries()) add(`ghost${index}`, before.ghosts[index] ?? null, ghost);
    },
    /** Lets all corrections shrink. @param {number} now milliseconds */
    fade(now) {
      const rest = Math.exp(-Math.max(0, now - fadedAt) / GLIDE_MS);
      fadedAt = now;
      for (const [key, offset] of offsets) {
        offset.x *= rest;
        offset.y *= rest;
        if (Math.hypot(offset.x, offset.y) < GLIDE_PX_MIN) offsets.delete(key);
      }
    },
    /** A place with its correction. @param {"pac" | "ghost"} kind @param {number} index @param {Place} place @returns {Place} */
    shifted(kind, index, place) {
      const offset = offsets.get(`${kind}${index}`);
      return offset ? { x: place.x + offset.x, y: place.y + offset.y } : place;
    },
    /** @param {number} seat */
    forget(seat) {
      offsets.delete(`pac${seat}`);
    },
  };
}

/** @typedef {ReturnType<typeof createGlides>} Glides */

/**
 * Everybody's place at a fractional tick, in playfield pixels as drawn.
 * @param {ReturnType<import("./mirror.js").createMirror>} mirror
 * @param {number} tick
 * @returns {Poses | null} null before the first frame
 */
export function posesAt(mirror, tick) {
  const whole = Math.floor(tick);
  const first = mirror.at(whole);
  if (!first) return null;
  // The mirror moves one scene on in place: read the first tick before asking for the next.
  const here = rawPoses(first);
  const second = mirror.at(whole + 1);
  const next = second ? rawPoses(second) : here;
  const part = tick - whole;
  return {
    pacs: here.pacs.map((from, seat) => {
      const to = next.pacs[seat];
      return from && to && { ...blend(from, to, part), state: from.state };
    }),
    ghosts: here.ghosts.map((from, index) => blend(from, next.ghosts[index] ?? from, part)),
  };
}

/** @param {import("./mirror.js").Scene} scene @returns {Poses} */
function rawPoses(scene) {
  return {
    pacs: scene.pacs.map((pac) => pac && { x: pac.x, y: pac.y, state: pac.state }),
    ghosts: scene.ghosts.map((ghost) => ({ x: ghost.x, y: ghost.y })),
  };
}

/** @param {Place} from @param {Place} to @param {number} part @returns {Place} */
function blend(from, to, part) {
  return { x: from.x + wrapped(to.x - from.x) * part + DRAWN_X, y: from.y + (to.y - from.y) * part + DRAWN_Y };
}

/** The short way round the tunnel, whose plane is 256 pixels wide. @param {number} distance */
function wrapped(distance) {
  return ((((distance + 128) % 256) + 256) % 256) - 128;
}

/** Whether a pac in this state moves on the rails. @param {string} state */
export function isAfoot(state) {
  return state === "alive" || state === "powered" || state === "shielded" || state === "bumped" || state === "powered_bumped";
}
