// @ts-check
/**
 * Figures kept ready: each is painted once for the size of the maze and then only copied, which costs a tenth of painting it.
 *
 * A sprite is known by a key that says all that it looks like. Too many of them are forgotten all at once; they come back as they are needed.
 */

const SPRITES_MAX = 700;

/** Keeps the sprites of one canvas. */
export function createSprites() {
  /** @type {Map<string, HTMLCanvasElement>} */
  const kept = new Map();
  let scale = 1;

  return {
    /** Takes the size of the maze: device pixels in a playfield pixel. @param {number} next */
    resize(next) {
      if (next === scale) return;
      scale = next;
      kept.clear();
    },
    /**
     * Draws the sprite of a key with its middle at a place.
     * @param {CanvasRenderingContext2D} ctx scaled to playfield pixels
     * @param {string} key
     * @param {number} x
     * @param {number} y
     * @param {number} half half its room, in playfield pixels
     * @param {number} size times its usual size
     * @param {(ctx: CanvasRenderingContext2D) => void} paint draws it around the origin
     */
    draw(ctx, key, x, y, half, size, paint) {
      const exact = size === 1 ? key : `${key} ${size}`;
      let canvas = kept.get(exact);
      if (!canvas) {
        if (kept.size >= SPRITES_MAX) kept.clear();
        canvas = painted(half, scale * size, paint);
        kept.set(exact, canvas);
      }
      const width = canvas.width / scale;
      ctx.drawImage(canvas, x - width / 2, y - width / 2, width, width);
    },
  };
}

/** @typedef {ReturnType<typeof createSprites>} Sprites */

/** @param {number} half @param {number} scale @param {(ctx: CanvasRenderingContext2D) => void} paint */
function painted(half, scale, paint) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 2 * Math.ceil(half * scale);
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.setTransform(scale, 0, 0, scale, canvas.width / 2, canvas.height / 2);
  paint(ctx);
  return canvas;
}
