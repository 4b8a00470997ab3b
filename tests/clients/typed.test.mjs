/**
 * The clients of the browser, typed: their compilers accept `schema.graphql` (else nothing is here to
 * run), and what they make of it works.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as apollo from "./typed/apollo.js";
import * as relay from "./typed/relay/client.js";
import * as urql from "./typed/urql.js";
import { startServer } from "../support/server.mjs";

const LEADS = 130;

let server;
let asked;
let promoter;

before(async () => {
  server = await startServer({ demo: ["--promoters", "20", "--leads", String(LEADS)] });
  asked = { url: `${server.origin}/graphql`, token: await server.issueToken("--role", "admin") };
  const headers = { authorization: `Bearer ${asked.token}`, "content-type": "application/json" };
  const query = "{ promoters(first: 200) { nodes { id firstPromoterId email commissions { totalCount } } } }";
  const answer = await fetch(asked.url, { method: "POST", headers, body: JSON.stringify({ query }) });
  const { data } = await answer.json();
  promoter = data.promoters.nodes.find(({ commissions }) => commissions.totalCount > 3);
});
after(() => server?.stop());

function isWhole({ ids, total, pages }, expectedPages) {
  assert.equal(ids.length, total, "nothing is missing");
  assert.equal(new Set(ids).size, total, "nothing is there twice");
  assert.equal(pages, expectedPages);
  assert.equal(total, LEADS);
}

test("Apollo Client walks a list with relayStylePagination", async () => isWhole(await apollo.walk(apollo.connect(asked)), 6));

test("Apollo Client reads an object with what belongs to it, by POST and by GET", async () => {
  const found = await apollo.promoter(apollo.connect(asked), promoter.id);
  assert.equal(found.email, promoter.email);
  assert.equal(found.commissions.nodes.length, Math.min(5, found.commissions.totalCount));
  assert.deepEqual(await apollo.promoter(apollo.connect(asked, true), promoter.id), found);
});

test("Apollo Client tells types apart behind an id", async () => {
  assert.equal(await apollo.object(apollo.connect(asked), promoter.id), promoter.firstPromoterId);
});

test("Apollo Client gets the code of an error", async () => {
  assert.equal(await apollo.refusal(apollo.connect(asked)), "BAD_USER_INPUT");
});

test("Apollo Client mutates", async () => assert.ok((await apollo.replayAll(apollo.connect(asked))) > 0));

for (const byGet of [false, true]) {
  const method = byGet ? "GET" : "POST";
  test(`urql walks a list in its normalised cache, by ${method}`, async () => {
    isWhole(await urql.walk(urql.connect(asked, byGet)), 6);
  });
  test(`urql reads an object and gets the code of an error, by ${method}`, async () => {
    const client = urql.connect(asked, byGet);
    assert.equal((await urql.promoter(client, promoter.id)).email, promoter.email);
    assert.equal(await urql.refusal(client), "BAD_USER_INPUT");
  });
}

test("Relay walks a @connection to its end", async () => {
  isWhole(await relay.walk(relay.connect(asked), promoter.id), 4);
});

test("Relay refetches a fragment by node", async () => {
  assert.deepEqual(await relay.refetched(relay.connect(asked), promoter.id), [1, 3]);
});
