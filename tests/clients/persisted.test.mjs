/** Automatic persisted queries as the clients send them, and answers that need not be sent again. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { leadsPage } from "./page/src/documents.js";
import * as sample from "./page/src/persisted.js";
import * as urql from "./typed/urql.js";
import { startServer, until } from "../support/server.mjs";

const { fetch } = globalThis;
let server;
let token;
/** What went over the wire: the method, whether the document went along, the status, the length of the answer. */
let seen;

before(async () => {
  server = await startServer({ demo: ["--promoters", "20", "--leads", "180"] });
  token = await server.issueToken("--role", "analyst");
  globalThis.fetch = cachingFetch(new Map());
});
beforeEach(() => (seen = []));
after(async () => {
  globalThis.fetch = fetch;
  await server?.stop();
});

/** `fetch` with a browser's private cache, which Node.js lacks: keeps what has a tag, and asks whether it still holds. */
function cachingFetch(kept) {
  return async (url, options = {}) => {
    const method = options.method ?? "GET";
    const headers = new Headers(options.headers);
    const key = `${method} ${url}`;
    const old = kept.get(key);
    if (old) headers.set("if-none-match", old.headers.get("etag"));
    const response = await fetch(url, { ...options, headers });
    const text = method === "GET" ? new URL(url).searchParams.has("query") : "query" in JSON.parse(options.body);
    seen.push([method, text ? "document" : "hash", response.status]);
    if (response.status === 304) {
      assert.equal(await response.text(), "");
      return old.clone();
    }
    if (method === "GET" && response.headers.has("etag")) kept.set(key, response.clone());
    return response;
  };
}

test("Apollo Client sends a document once, then its hash by GET, and reads only what changed", async () => {
  const read = async (after) => {
    // A page that is loaded anew: nothing is in the client's own cache.
    const client = sample.connect(server.origin, token);
    return (await client.query({ query: leadsPage, variables: { after } })).data.leads;
  };
  const first = await read();
  assert.equal(first.totalCount, 180);
  const [missed, ...sent] = seen;
  assert.deepEqual(missed.slice(0, 2), ["GET", "hash"]);
  assert.deepEqual(sent, [["POST", "document", 200]]);

  seen = [];
  assert.deepEqual(await read(), first);
  assert.deepEqual(await read(), first);
  assert.deepEqual(seen, [["GET", "hash", 200], ["GET", "hash", 304]]);

  seen = [];
  const next = await read(first.pageInfo.endCursor);
  assert.notEqual(next.edges[0].node.id, first.edges[0].node.id);
  assert.deepEqual(seen, [["GET", "hash", 200]], "other variables are another answer");

  const data = { id: 7_000_001, state: "signup", email: "lead@customer.example" };
  const event = { id: 7_000_001, type: "lead_signup", created_at: "2026-01-31T12:00:00.000Z" };
  await server.deliver(JSON.stringify({ event, data }));
  await until(async () => (await read()).totalCount === 181, "the new lead is in the answer");
  assert.deepEqual(seen.at(-1), ["GET", "hash", 200], "a changed answer is sent");
});

test("urql's persistedExchange sends a document once, then its hash by GET", async () => {
  const read = async () => (await urql.walk(urql.persisted({ url: `${server.origin}/graphql`, token }))).pages;
  const pages = await read();
  assert.ok(pages > 7);
  const documents = seen.filter(([, what]) => what === "document");
  assert.equal(documents.length, 1);
  assert.equal(await read(), pages);
  seen = [];
  assert.equal(await read(), pages);
  assert.deepEqual(seen, Array(pages).fill(["GET", "hash", 304]));
});
