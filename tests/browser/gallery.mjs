/**
 * Makes pictures of the page for people to look at: six moments at five sizes, in two languages, into `shots/` (which git ignores).
 *
 * `node gallery.mjs [only-this-moment] [only-this-size] [language]`. The moments are staged (`stage.mjs`), so that each looks the same every time.
 */

import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { launchBrowser, newPage } from "./browser.mjs";
import { MOMENTS, openMoment } from "./moments.mjs";

const FOLDER = fileURLToPath(new URL("shots/", import.meta.url));
const SIZES = [[320, 568], [390, 844], [768, 1024], [1280, 720], [1920, 1080], [844, 390]];
const AT_REST_MS = 400;
const [onlyMoment, onlySize, onlyLanguage] = process.argv.slice(2);

await mkdir(FOLDER, { recursive: true });
const browser = await launchBrowser();
try {
  for (const language of ["en", "ko"]) {
    if (onlyLanguage && onlyLanguage !== language) continue;
    for (const [width, height] of SIZES) {
      if (onlySize && onlySize !== "all" && onlySize !== `${width}x${height}`) continue;
      for (const name of Object.keys(MOMENTS)) {
        if (onlyMoment && onlyMoment !== "all" && !onlyMoment.split(",").includes(name)) continue;
        const phone = Math.min(width, height) < 500;
        const page = await newPage(browser, {
          viewport: { width, height }, locale: language === "ko" ? "ko-KR" : "en-US", deviceScaleFactor: phone ? 2 : 1, hasTouch: phone,
        });
        await openMoment(page, name);
        await page.waitForTimeout(AT_REST_MS); // time is the promise: what slides or fades has come to rest
        await page.screenshot({ path: `${FOLDER}${name}-${width}x${height}-${language}.png` });
        if (page.complaints.length > 0) console.log(name, page.complaints);
        await page.context().close();
      }
    }
  }
} finally {
  await browser.close();
}
