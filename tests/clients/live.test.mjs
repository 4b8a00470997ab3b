/** Live data with the reference clients of both protocols: npm graphql-ws and graphql-sse. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createClient as createSseClient } from "graphql-sse";
import { CloseCode, createClient as createWsClient } from "graphql-ws";
import WebSocket from "ws";
import { startServer, until } from "../support/server.mjs";
import { connect, followLeads } from "./page/live.mjs";

const LEADS = "subscription Leads($after: ID) { leadChanged(after: $after) { lead { firstPromoterId } lastEventId } }";

let server;
let token;
let number = 0;

before(async () => {
  server = await startServer();
  token = await server.issueToken("--role", "admin");
});
after(() => server?.stop());

/** Delivers the sign-up of a new lead, and gives its id. */
async function signUp() {
  number += 1;
  const created_at = new Date(1_741_000_000_000 + number * 1000).toISOString();
  const data = { id: number, state: "signup", email: `lead-${number}@customer.example` };
  await server.deliver(JSON.stringify({ event: { id: number, type: "lead_signup", created_at }, data }));
  return number;
}

function wsClient(options = {}) {
  const url = server.origin.replace("http", "ws") + "/graphql";
  return createWsClient({ url, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${token}` }, retryAttempts: 0, ...options });
}

function sseClient(options = {}) {
  return createSseClient({ url: `${server.origin}/graphql`, headers: { authorization: `Bearer ${token}` }, retryAttempts: 0, ...options });
}

/** Signs leads up until a message comes: when a subscription is heard is not told. */
async function firstMessage(messages) {
  let result;
  const next = messages.next().then((message) => (result = message));
  await until(async () => {
    if (!result) await signUp();
    return result;
  }, "a message comes");
  return (await next).value;
}

const clients = [
  ["graphql-ws", wsClient],
  ["graphql-sse", sseClient],
];

for (const [name, connect] of clients) {
  test(`${name}: changes arrive, and after an interruption what was missed arrives first`, async () => {
    const client = connect();
    const messages = client.iterate({ query: LEADS });
    const { data, errors } = await firstMessage(messages);
    assert.equal(errors, undefined);
    const { lastEventId } = data.leadChanged;
    assert.ok(lastEventId);
    await messages.return();
    const missed = [await signUp(), await signUp()];
    const resumed = client.iterate({ query: LEADS, variables: { after: lastEventId } });
    const came = [];
    while (!missed.every((id) => came.includes(id))) {
      came.push((await resumed.next()).value.data.leadChanged.lead.firstPromoterId);
    }
    const live = await signUp();
    while (came.at(-1) !== live) came.push((await resumed.next()).value.data.leadChanged.lead.firstPromoterId);
    await resumed.return();
    client.dispose();
  });

  test(`${name}: queries and mutations are answered once, and refusals are errors`, async () => {
    const client = connect();
    for (const [query, data] of [
      ["{ viewer { role } }", { viewer: { role: "ADMIN" } }],
      ['mutation { replayEvents(input: { types: ["none"] }) { replayed } }', { replayEvents: { replayed: 0 } }],
    ]) {
      const results = [];
      for await (const result of client.iterate({ query })) results.push(result.data);
      assert.deepEqual(results, [data]);
    }
    const refused = async () => {
      for await (const result of client.iterate({ query: "subscription { leadChanged { nothing } }" })) return result.errors;
      throw new Error("nothing came");
    };
    const errors = await refused().catch((errors) => errors);
    assert.equal(errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
    client.dispose();
  });

  test(`${name}: many subscriptions at a time, each ends by itself`, async () => {
    const client = connect();
    const all = Array.from({ length: 20 }, () => client.iterate({ query: LEADS }));
    const came = await Promise.all(all.map((messages) => firstMessage(messages)));
    assert.ok(came.every(({ data }) => data.leadChanged.lead.firstPromoterId > 0));
    await Promise.all(all.map((messages) => messages.return()));
    client.dispose();
  });
}

test("graphql-ws: a bad token is refused with 4403, and no token too", async () => {
  for (const connectionParams of [{ token: "no.token.really" }, {}]) {
    const client = wsClient({ connectionParams });
    const closed = await client.iterate({ query: LEADS }).next().catch((closed) => closed);
    assert.equal(closed.code, CloseCode.Forbidden);
    client.dispose();
  }
});

test("graphql-ws: pings go both ways", async () => {
  const seen = { asked: 0, answered: 0 };
  const own = await startServer({ settings: { PROMOGRAPH_LIVE_KEEP_ALIVE: "1s" } });
  try {
    const client = createWsClient({
      url: own.origin.replace("http", "ws") + "/graphql",
      webSocketImpl: WebSocket,
      lazy: false,
      keepAlive: 200,
      connectionParams: { token: await own.issueToken("--role", "admin") },
      on: { ping: (received) => (seen.asked += received ? 1 : 0), pong: (received) => (seen.answered += received ? 1 : 0) },
    });
    await until(async () => seen.asked > 4 && seen.answered > 4, "pings came and were answered");
    client.dispose();
  } finally {
    await own.stop();
  }
});

test("graphql-ws: when the server stops the client is told to come back", async () => {
  const own = await startServer();
  const mine = await own.issueToken("--role", "admin");
  let closed;
  const client = createWsClient({
    url: own.origin.replace("http", "ws") + "/graphql",
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => {},
    connectionParams: { token: mine },
    on: { closed: (event) => (closed = event) },
  });
  const query = client.iterate({ query: "{ viewer { role } }" });
  assert.equal((await query.next()).value.data.viewer.role, "ADMIN");
  await own.stop();
  await until(async () => closed, "the socket is closed");
  assert.equal(closed.code, 1001);
  client.dispose();
});

test("the sample of docs/clients.md comes back with another token and shows what was missed", async () => {
  const first = await server.issueToken("--role", "admin");
  let current = first;
  let asked = 0;
  const client = connect(server.origin, () => {
    asked += 1;
    return current;
  });
  const shown = new Set();
  const following = followLeads(client, (lead) => shown.add(lead.firstPromoterId), () => assert.fail("nothing has to be read anew"));
  await until(async () => {
    if (shown.size === 0) await signUp();
    return shown.size > 0;
  }, "a lead is shown");
  current = await server.issueToken("--role", "admin");
  await server.revoke(first);
  const missed = [];
  // Signed up while nobody listens, and after that.
  await until(async () => {
    missed.push(await signUp());
    return asked > 1;
  }, "the sample came back");
  await until(async () => missed.every((id) => shown.has(id)), "all leads are shown");
  client.dispose();
  await following;
});

test("the sample of docs/clients.md ends when a token is refused, and the next one too", async () => {
  let asked = 0;
  const client = connect(server.origin, () => {
    asked += 1;
    return "no.token.really";
  });
  const following = followLeads(client, () => assert.fail("nothing is shown"), () => assert.fail("nothing has to be read anew"));
  await assert.rejects(following, /refused/);
  assert.equal(asked, 2);
  client.dispose();
});
