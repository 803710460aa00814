// @ts-check
/**
 * Where this page finds its server. `waka site --server wss://play.example` writes this file anew; it is the only file that differs between two places
 * of the same page, and so the only one besides `index.html` that keeps its name.
 */

/** `wss://host`, or empty: the server that the page came from. @type {string} */
export const SERVER = "";
