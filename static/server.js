// @ts-check
/**
 * The addresses of the server's socket and of what it tells over HTTP, from what `config.js` says and where the page itself was loaded from. Pure.
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

/**
 * @param {string} server `wss://host`, or empty
 * @param {{ protocol: string, host: string }} place the page's own
 * @returns {string}
 */
export function statusAddress(server, place) {
  return socketAddress(server, place).replace(/^ws(s?:.*)ws$/, "http$1api/status");
}
