/** The samples of `docs/clients.md`: what has types was compiled before this, what needs no compiler runs here. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT, startServer } from "../support/server.mjs";

let server;
let sample;

before(async () => {
  server = await startServer({ demo: ["--promoters", "20", "--leads", "180"] });
  process.env.PROMOGRAPH_URL = server.origin;
  process.env.PROMOGRAPH_TOKEN = await server.issueToken("--role", "analyst");
  sample = await import(join(ROOT, "tests/clients/page/fetch.mjs"));
});
after(() => server?.stop());

test("fetch reads all pages", async () => {
  const states = ["SUBSCRIBED", "SIGNUP", "ACTIVE", "CANCELLED", "REFUNDED", "DENIED", "PENDING", "MOVED", "OTHER"];
  const ids = new Set();
  for (const state of states) {
    for await (const lead of sample.leads(state)) ids.add(lead.id);
  }
  assert.equal(ids.size, 180);
});

test("fetch gets the code of an error", async () => {
  await assert.rejects(sample.ask("{ nothing }"), /^Error: GRAPHQL_VALIDATION_FAILED: /);
});
