// @ts-check
/**
 * "Here you are": a call that lasts for a moment, by itself when the own pac appears and whenever the player asks. It keeps times only.
 */

const CALL_MS = 2200;

/** A spotlight that is off. */
export function createSpotlight() {
  let since = -Infinity;
  let wasThere = false;

  return {
    /** Calls now. @param {number} now milliseconds */
    call(now) {
      since = now;
    },
    /**
     * How far the call has come, 0 to 1, or null when there is none. Calls by itself when the own pac is there and was not before.
     * @param {import("./picture.js").DrawnPac | undefined} own
     * @param {number} now
     * @returns {number | null}
     */
    part(own, now) {
      const there = own !== undefined && own.state !== "dead" && !own.hidden;
      if (there && !wasThere) since = now;
      wasThere = there;
      const part = (now - since) / CALL_MS;
      return there && part >= 0 && part < 1 ? part : null;
    },
  };
}
