/** The older WebSocket protocol with the client that defined it: npm subscriptions-transport-ws, which Altair has, too. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SubscriptionClient } from "subscriptions-transport-ws";
import WebSocket from "ws";
import { startServer, until } from "../support/server.mjs";

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

/** A client, and what it was told: refusals of the connection, and the codes of closes. */
function connect(options = {}) {
  const told = { refused: [], closed: [] };
  class Socket extends WebSocket {
    constructor(...args) {
      super(...args);
      this.on("close", (code) => told.closed.push(code));
    }
  }
  const url = server.origin.replace("http", "ws") + "/graphql";
  const connectionParams = { authorization: `Bearer ${token}` };
  const connectionCallback = (error) => error && told.refused.push(error);
  const client = new SubscriptionClient(url, { connectionParams, connectionCallback, ...options }, Socket);
  return { client, told };
}

/** Runs an operation to its end. */
function run(client, query, variables) {
  const results = [];
  return new Promise((resolve, reject) => {
    client.request({ query, variables }).subscribe({ next: (result) => results.push(result), error: reject, complete: () => resolve(results) });
  });
}

/** The leads that an operation tells of. */
function follow(client, variables) {
  const came = { leads: [], ids: [], over: false };
  const next = ({ data, errors }) => {
    assert.equal(errors, undefined);
    came.leads.push(data.leadChanged.lead.firstPromoterId);
    came.ids.push(data.leadChanged.lastEventId);
  };
  const { unsubscribe } = client.request({ query: LEADS, variables }).subscribe({ next, complete: () => (came.over = true) });
  return { came, unsubscribe };
}

test("queries and mutations are answered once, and refusals are errors of their operation", async () => {
  const { client, told } = connect();
  assert.deepEqual((await run(client, "{ viewer { role } }")).map(({ data }) => data), [{ viewer: { role: "ADMIN" } }]);
  const [replayed] = await run(client, 'mutation { replayEvents(input: { types: ["none"] }) { replayed } }');
  assert.equal(replayed.data.replayEvents.replayed, 0);
  const [refused] = await run(client, "subscription { leadChanged { nothing } }");
  assert.equal(refused.errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  const [known] = await run(client, "query Lead($uid: String) { lead(uid: $uid) { id } }", { uid: null });
  assert.deepEqual(known.data, { lead: null });
  assert.deepEqual(told, { refused: [], closed: [] });
  client.close();
});

test("changes arrive until the subscription is stopped, and what was missed arrives first", async () => {
  const { client } = connect();
  const [first, second] = [follow(client), follow(client)];
  await until(async () => {
    await signUp();
    return first.came.leads.length > 0 && second.came.leads.length > 0;
  }, "both hear");
  first.unsubscribe();
  const after = second.came.ids.at(-1);
  // A query is answered behind the stop.
  await run(client, "{ viewer { role } }");
  const known = first.came.leads.length;
  const missed = [await signUp(), await signUp()];
  await until(async () => missed.every((id) => second.came.leads.includes(id)), "the other goes on");
  assert.equal(first.came.leads.length, known);
  const resumed = follow(client, { after });
  await until(async () => missed.every((id) => resumed.came.leads.includes(id)), "what was missed arrives");
  const live = await signUp();
  await until(async () => resumed.came.leads.at(-1) === live, "and what comes");
  client.close();
});

test("a bad token is refused, and no token too", async () => {
  for (const connectionParams of [{ authorization: "Bearer no.token.really" }, {}]) {
    const { client, told } = connect({ connectionParams });
    await until(async () => told.refused.length > 0 && told.closed.length > 0, "it is refused");
    assert.match(told.refused[0].message, /UNAUTHENTICATED/);
    assert.deepEqual(told.closed, [4403]);
    client.close();
  }
});

test("a client that connects again, as Altair does, goes on with another token", async () => {
  const first = await server.issueToken("--role", "admin");
  let current = first;
  const connectionParams = () => ({ Authorization: `Bearer ${current}` });
  const { client, told } = connect({ reconnect: true, connectionParams });
  const { came } = follow(client);
  await until(async () => {
    await signUp();
    return came.leads.length > 0;
  }, "changes arrive");
  current = token;
  await server.revoke(first);
  await until(async () => told.closed.length > 0, "the socket is closed");
  assert.deepEqual(told.closed, [4403]);
  const before = came.leads.length;
  await until(async () => {
    await signUp();
    return came.leads.length > before;
  }, "changes arrive again");
  client.close();
});
