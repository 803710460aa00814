/**
 * Makes static/icon-192.png and static/icon-512.png from static/icon.svg: `node icons.mjs`, after the drawing has changed.
 */

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { launchBrowser } from "./browser.mjs";

const STATIC = fileURLToPath(new URL("../../static/", import.meta.url));
const browser = await launchBrowser();
try {
  const drawing = await readFile(`${STATIC}icon.svg`, "utf8");
  for (const size of [192, 512]) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body{margin:0;background:#0b0d22}svg{display:block;width:100%;height:100vh}</style>${drawing}`);
    await writeFile(`${STATIC}icon-${size}.png`, await page.screenshot());
    await page.close();
  }
} finally {
  await browser.close();
}
