import assert from "node:assert/strict";
import { test } from "node:test";
import { SERVER } from "../../static/config.js";
import { socketAddress } from "../../static/server.js";

test("a page without a server of its own choice asks the one that it came from", () => {
  assert.equal(SERVER, "");
  assert.equal(socketAddress("", { protocol: "http:", host: "localhost:8080" }), "ws://localhost:8080/ws");
  assert.equal(socketAddress("", { protocol: "https:", host: "play.example" }), "wss://play.example/ws");
});

test("a page that was told its server asks that one, wherever it came from", () => {
  assert.equal(socketAddress("wss://game.example", { protocol: "https:", host: "cdn.example" }), "wss://game.example/ws");
});
