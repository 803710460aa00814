// @ts-check
/**
 * The address of the server's socket, from what `config.js` says and where the page itself was loaded from. Pure.
 */

/**
 * @param {string} server `wss://host`, or empty
 * @param {{ protocol: string, host: string }} place the page's own
 * @returns {string}
 */
export function socketAddress(server, place) {
  const own = `${place.protocol === "https:" ? "wss" : "ws"}://${place.host}`;
  return `${server === "" ? own : server}/ws`;
}
