// @ts-check
/**
 * Where everybody is at a fractional tick, and how what was drawn glides to what is true.
 *
 * Two scenes of the mirror, a tick apart, are blended by the fraction; both lie on the rails, so nothing is drawn late. When a frame moves an
 * actor off the rails, the difference shrinks to nothing within a tenth of a second, along the corridors and never through a wall. A spawn is a
 * jump and does not glide.
 */

import { DX, DY, FLOOR, TILE_PX, isOpen, neighbour, tileOf } from "./maze.js";
import { DIRECTIONS } from "./wire.js";

/** A correction shrinks to a third in this time, to a twentieth in 100 ms. */
const GLIDE_MS = 34;
/** A correction over a longer way is a jump, not an error. */
const GLIDE_PX_MAX = 32;
const GLIDE_PX_MIN = 0.05;
/** Plane pixel 16 is playfield pixel 0; a point is drawn one further, in the middle of its tile. */
const DRAWN_X = 1 - 16;
const DRAWN_Y = 1;

/**
 * @typedef {{ x: number, y: number }} Place
 * @typedef {{ pacs: Array<(Place & { state: string }) | null>, ghosts: Place[] }} Poses
 * @typedef {{ at: Place, rest: number, heldUntil: number }} Glide where it was drawn last, pixels left to go, and the tick until which it stands
 */

/** Keeps the corrections that are still gliding away. */
export function createGlides() {
  /** @type {Map<string, Glide>} */
  const glides = new Map();
  let fadedAt = 0;

  /** @param {string} key @param {Place | null} before @param {Place | null} after */
  function add(key, before, after) {
    const kept = glides.get(key);
    if (kept && kept.heldUntil > 0) return;
    if (!before || !after) {
      glides.delete(key);
      return;
    }
    const at = kept ? drawnOn(kept, before) : before;
    const rest = lengthOf(wayBetween(after, at));
    if (rest > GLIDE_PX_MAX || rest < GLIDE_PX_MIN) glides.delete(key);
    else glides.set(key, { at, rest, heldUntil: 0 });
  }

  return {
    /**
     * Takes in what a new frame changed: poses of the old future at the drawn tick, and of the new one; without them nothing glides.
     * @param {Poses | null} before
     * @param {Poses | null} after
     */
    corrected(before, after) {
      if (!before || !after) {
        glides.clear();
        return;
      }
      for (const [seat, pac] of after.pacs.entries()) {
        const old = before.pacs[seat];
        add(`pac${seat}`, pac && old && isAfoot(old.state) && pac.state !== "ready" && pac.state !== "parked" ? old : null, pac);
      }
      for (const [index, ghost] of after.ghosts.entries()) add(`ghost${index}`, before.ghosts[index] ?? null, ghost);
    },
    /** Lets all corrections shrink. @param {number} now milliseconds @param {number} [tick] the drawn one */
    fade(now, tick = 0) {
      const part = Math.exp(-Math.max(0, now - fadedAt) / GLIDE_MS);
      fadedAt = now;
      for (const [key, glide] of glides) {
        if (glide.heldUntil > tick) continue;
        glide.heldUntil = 0;
        if (Number.isFinite(glide.rest)) glide.rest *= part;
        if (glide.rest < GLIDE_PX_MIN) glides.delete(key);
      }
    },
    /** Draws an actor standing where it is until a tick; from there it glides on. @param {"pac" | "ghost"} kind @param {number} index @param {Place} place @param {number} tick */
    hold(kind, index, place, tick) {
      const key = `${kind}${index}`;
      const kept = glides.get(key);
      if (!kept || kept.heldUntil === 0) glides.set(key, { at: kept ? drawnOn(kept, place) : { x: place.x, y: place.y }, rest: Infinity, heldUntil: tick });
    },
    /** A place with its correction. @param {"pac" | "ghost"} kind @param {number} index @param {Place} place @returns {Place} */
    shifted(kind, index, place) {
      const key = `${kind}${index}`;
      const glide = glides.get(key);
      if (!glide) return place;
      if (glide.heldUntil > 0) return glide.at;
      glide.at = drawnOn(glide, place);
      glide.rest = Math.min(glide.rest, lengthOf(wayBetween(place, glide.at)) + GLIDE_PX_MIN);
      if (glide.rest <= GLIDE_PX_MAX) return glide.at;
      glides.delete(key);
      return place;
    },
    /** @param {number} seat */
    forget(seat) {
      glides.delete(`pac${seat}`);
    },
  };
}

/**
 * Where something is drawn that is truly at `place`: as far from it as is left to go, on the way to where it was drawn last.
 * @param {Glide} glide
 * @param {Place} place
 * @returns {Place}
 */
function drawnOn(glide, place) {
  if (glide.heldUntil > 0) return glide.at;
  const way = wayBetween(place, glide.at);
  return way.length === 0 ? place : pointOn(way, glide.rest);
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

// ---- ways through the corridors ----

/** A way over more tiles than this is too long to glide. */
const WAY_TILES_MAX = 6;
const TILE_MIDDLE = TILE_PX / 2;

/**
 * The way from one drawn place to another: straight where no wall is between, else from corner to corner. Empty when there is no short one.
 * @param {Place} from
 * @param {Place} to
 * @returns {Place[]}
 */
export function wayBetween(from, to) {
  const end = { x: from.x + wrapped(to.x - from.x), y: to.y };
  if (isClear(from, end)) return [from, end];
  const first = tileAt(from);
  const last = tileAt(end);
  /** @type {Map<number, { before: number, heading: import("./wire.js").Direction } | null>} */
  const reached = new Map([[first, null]]);
  let edge = [first];
  for (let steps = 0; steps < WAY_TILES_MAX && !reached.has(last); steps += 1) {
    /** @type {number[]} */
    const next = [];
    for (const tile of edge) {
      for (const heading of DIRECTIONS) {
        const beyond = neighbour(tile, heading);
        if (!isOpen(tile, heading) || reached.has(beyond)) continue;
        reached.set(beyond, { before: tile, heading });
        next.push(beyond);
      }
    }
    edge = next;
  }
  if (!reached.has(last)) return [];
  /** @type {Place[]} */
  const way = [end];
  let corner = { x: Math.floor(end.x / TILE_PX) * TILE_PX + TILE_MIDDLE, y: Math.floor(end.y / TILE_PX) * TILE_PX + TILE_MIDDLE };
  let turned = reached.get(last);
  while (turned) {
    corner = { x: corner.x - DX[turned.heading] * TILE_PX, y: corner.y - DY[turned.heading] * TILE_PX };
    const before = reached.get(turned.before);
    if (before && before.heading !== turned.heading) way.push(corner);
    turned = before;
  }
  return [...way, from].reverse();
}

/** Whether a straight line between two drawn places stays on the floor; what stands in the house goes straight. @param {Place} from @param {Place} to */
function isClear(from, to) {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length > 2 * GLIDE_PX_MAX || !FLOOR[tileAt(from)] || !FLOOR[tileAt(to)]) return true;
  for (let done = 1; done < length; done += 1) {
    if (!FLOOR[tileAt({ x: from.x + ((to.x - from.x) * done) / length, y: from.y + ((to.y - from.y) * done) / length })]) return false;
  }
  return true;
}

/** The tile that a drawn place is in. @param {Place} place */
function tileAt(place) {
  return tileOf(Math.floor(place.x + 2 * TILE_PX) & 255, Math.min(Math.max(Math.floor(place.y), 0), 247));
}

/** @param {Place[]} way @returns {number} infinite for none */
function lengthOf(way) {
  if (way.length === 0) return Infinity;
  let length = 0;
  for (let i = 1; i < way.length; i += 1) length += Math.hypot(way[i].x - way[i - 1].x, way[i].y - way[i - 1].y);
  return length;
}

/** The point so far along a way, or its end. @param {Place[]} way @param {number} distance @returns {Place} */
function pointOn(way, distance) {
  let left = distance;
  for (let i = 1; i < way.length; i += 1) {
    const length = Math.hypot(way[i].x - way[i - 1].x, way[i].y - way[i - 1].y);
    if (left < length) {
      const part = left / length;
      return { x: way[i - 1].x + (way[i].x - way[i - 1].x) * part, y: way[i - 1].y + (way[i].y - way[i - 1].y) * part };
    }
    left -= length;
  }
  return way[way.length - 1];
}

/** The short way round the tunnel, whose plane is 256 pixels wide. @param {number} distance */
export function wrapped(distance) {
  return ((((distance + 128) % 256) + 256) % 256) - 128;
}

/** Whether a pac in this state moves on the rails. @param {string} state */
export function isAfoot(state) {
  return state === "alive" || state === "powered" || state === "shielded" || state === "bumped" || state === "powered_bumped";
}
