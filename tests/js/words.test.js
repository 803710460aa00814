/** The words of the page: every key in both languages, with the same placeholders; no sentence anywhere else in the page's files. */

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { afterEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { TABLES, grouped, languageOf, refusalText, speak, text } from "../../static/strings.js";
import { REFUSALS } from "../../static/wire.js";

const STATIC = fileURLToPath(new URL("../../static/", import.meta.url));
const HOLD_WORDS = new Set(["strings.js", "words_ko.js", "ops/words.js"]);
const modules = (await readdir(STATIC, { recursive: true })).filter((file) => file.endsWith(".js"));
const sources = new Map(await Promise.all(modules.map(async (file) => [file, await readFile(STATIC + file, "utf8")])));
const html = await readFile(`${STATIC}index.html`, "utf8");
const withoutComments = (source) => source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`\\])\/\/.*$/gm, "$1");
const placeholders = (pattern) => [...pattern.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

afterEach(() => speak("en"));

test("no key is missing in either language, and both have the same placeholders", () => {
  assert.deepEqual(Object.keys(TABLES.ko).sort(), Object.keys(TABLES.en).sort());
  for (const [key, words] of Object.entries(TABLES.en)) {
    assert.notEqual(words.trim(), "", key);
    assert.notEqual(TABLES.ko[key].trim(), "", key);
    assert.deepEqual(placeholders(TABLES.ko[key]), placeholders(words), key);
  }
});

test("Korean is Korean, but for what has no other name", () => {
  const same = Object.keys(TABLES.en).filter((key) => !/[가-힣]/.test(TABLES.ko[key]));
  assert.deepEqual(same.sort(), ["language_en", "noPing", "ping", "pressEnter", "title"]);
});

test("every key that the page names has its words", () => {
  const named = [...html.matchAll(/data-(?:text|placeholder|label|title)="([^"]+)"/g)].map(([, key]) => key);
  for (const [file, source] of sources) {
    // The operator's page has words of its own, held by ops.test.js.
    if (file.startsWith("ops/")) continue;
    for (const [, key] of source.matchAll(/\b(?:text|tell|say)\("(\w+)"/g)) named.push(key);
    for (const [, key] of source.matchAll(/\bkey: "(\w+)"/g)) named.push(key);
  }
  for (const code of REFUSALS) named.push(`error_${code}`);
  assert.ok(named.length > 60, `${named.length} keys`);
  for (const key of named) assert.ok(Object.hasOwn(TABLES.en, key), key);
});

test("no text for people stands in the page's HTML or modules", () => {
  const body = html.slice(html.indexOf("<body>")).replace(/<noscript>.*?<\/noscript>/s, "").replace(/<!--[\s\S]*?-->/g, "");
  const words = body.replace(/<[^>]*>/g, " ").replace(/[\d\s]/g, "");
  assert.equal(words, "");
  for (const name of ["aria-label", "title", "placeholder", "alt"]) assert.doesNotMatch(body, new RegExp(`\\s${name}="`), name);
  for (const [file, source] of sources) {
    if (HOLD_WORDS.has(file)) continue;
    const said = [...withoutComments(source).matchAll(/"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map(([, plain, filled]) => plain ?? filled.replace(/\$\{[^}]*\}/g, ""));
    // Two words with a capital first, or a stop after a word, are a sentence; so is any Hangul.
    const sentences = said.filter((each) => /[가-힣]/.test(each) || /^[A-Z][a-z]+ [a-z]+.*|[a-z]{2}[.!?]$/.test(each));
    assert.deepEqual(sentences.filter((each) => !KNOWN.has(each)), [], file);
  }
});

/** Faces of letters, and what only a programmer reads. */
const KNOWN = new Set(["waka.", `system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", NanumGothic, sans-serif`, "Malgun Gothic", "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR"]);

test("the language is the chosen one, else the browser's first that is known, else English", () => {
  assert.equal(languageOf("", ["ko-KR", "en"]), "ko");
  assert.equal(languageOf("en", ["ko-KR"]), "en");
  assert.equal(languageOf("", ["fr-FR", "ko"]), "ko");
  assert.equal(languageOf("", ["fr"]), "en");
  assert.equal(languageOf("xx", []), "en");
});

test("words change with the language; what people wrote is filled in as it is", () => {
  assert.equal(text("ateYou", { name: "{name} $& 모리" }), "{name} $& 모리 ate you");
  speak("ko");
  assert.equal(text("ateYou", { name: "Ada" }), "Ada 님에게 먹혔어요");
  assert.equal(refusalText("bad_name", ""), "이름은 보이는 글자 1~16자입니다.");
  assert.equal(refusalText("of_another_time", "as the server puts it"), "as the server puts it");
  assert.equal(grouped(12340), "12,340");
});
