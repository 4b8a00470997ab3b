/** Manifests of trusted documents as the compilers of the clients write them, and the clients' requests. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import runtime from "relay-runtime";
import * as relay from "./typed/relay/client.js";
import { TrustedLeadsDocument } from "./typed/trusted/generated/graphql.js";
import leadsPageQuery from "./typed/trusted/relay/documentsLeadsPageQuery.graphql.js";
import { ROOT, startServer } from "../support/server.mjs";

const TRUSTED = join(ROOT, "tests/clients/typed/trusted");
const running = [];
after(() => Promise.all(running.map((server) => server.stop())));

async function serve(manifest) {
  const settings = { PROMOGRAPH_TRUSTED_DOCUMENTS: join(TRUSTED, manifest) };
  const server = await startServer({ demo: ["--promoters", "20", "--leads", "130"], settings });
  running.push(server);
  const asked = { url: `${server.origin}/graphql`, token: await server.issueToken("--role", "analyst") };
  const headers = { authorization: `Bearer ${asked.token}`, "content-type": "application/json" };
  const response = await fetch(asked.url, { method: "POST", headers, body: JSON.stringify({ query: "{ leads { totalCount } }" }) });
  const { errors } = await response.json();
  assert.equal(errors[0].extensions.code, "DOCUMENT_NOT_TRUSTED", "others are refused");
  return asked;
}

test("the manifest of graphql-codegen serves Apollo Client", async () => {
  const { url, token } = await serve("generated/persisted-documents.json");
  const persisted = new PersistedQueryLink({ generateHash: (document) => document.__meta__.hash, useGETForHashedQueries: true });
  const http = new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } });
  const client = new ApolloClient({ link: ApolloLink.from([persisted, http]), cache: new InMemoryCache() });
  const { data } = await client.query({ query: TrustedLeadsDocument, variables: { first: 7 } });
  assert.equal(data.leads.totalCount, 130);
  assert.equal(data.leads.nodes.length, 7);
});

test("the manifest of Relay's compiler serves Relay", async () => {
  const asked = await serve("relay/persisted.json");
  assert.ok(leadsPageQuery.params.id && !leadsPageQuery.params.text);
  const data = await runtime.fetchQuery(relay.connect(asked), leadsPageQuery, { count: 50 }).toPromise();
  assert.ok(data);
});
