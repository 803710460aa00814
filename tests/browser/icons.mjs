/**
 * Makes static/icon-192.png and static/icon-512.png from static/icon.svg: `node icons.mjs`, after the drawing has changed.
 *
 * A browser paints the drawing; the file is written here, with a palette of few colours, in a fraction of the bytes of a screenshot.
 */

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync } from "node:zlib";
import { launchBrowser } from "./browser.mjs";

const STATIC = fileURLToPath(new URL("../../static/", import.meta.url));
/** Steps of each colour; what lies between is rounded. */
const STEPS = 12;

/** @param {string} kind @param {Buffer} data */
function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body) >>> 0, 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A PNG of indexed colours. @param {Uint8Array} rgba @param {number} size */
function png(rgba, size) {
  const palette = new Map();
  const rows = Buffer.alloc(size * (size + 1));
  for (let i = 0; i < size * size; i += 1) {
    const colour = [0, 1, 2].map((channel) => Math.round((Math.round((rgba[4 * i + channel] / 255) * STEPS) * 255) / STEPS)).join();
    if (!palette.has(colour)) palette.set(colour, palette.size);
    rows[Math.floor(i / size) * (size + 1) + 1 + (i % size)] = Math.min(palette.get(colour), 255);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 3], 8);
  const colours = Buffer.from([...palette.keys()].slice(0, 256).flatMap((colour) => colour.split(",").map(Number)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("PLTE", colours), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

const browser = await launchBrowser();
try {
  const drawing = (await readFile(`${STATIC}icon.svg`, "utf8")).replace("<svg ", '<svg width="512" height="512" ');
  const page = await browser.newPage();
  for (const size of [192, 512]) {
    const pixels = await page.evaluate(async ([svg, across]) => {
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
      await image.decode();
      const canvas = new OffscreenCanvas(across, across);
      const ctx = canvas.getContext("2d");
      ctx.fillStyle = "#0b0d22";
      ctx.fillRect(0, 0, across, across);
      ctx.drawImage(image, 0, 0, across, across);
      return [...ctx.getImageData(0, 0, across, across).data];
    }, [drawing, size]);
    await writeFile(`${STATIC}icon-${size}.png`, png(Uint8Array.from(pixels), size));
  }
} finally {
  await browser.close();
}
