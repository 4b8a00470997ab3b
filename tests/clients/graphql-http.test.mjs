/** GraphQL over HTTP to the letter: every audit of `graphql-http`, those of SHOULD and MAY too. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serverAudits } from "graphql-http";
import { startServer } from "../support/server.mjs";

let server;
let token;

before(async () => {
  server = await startServer();
  token = await server.issueToken("--role", "analyst");
});
after(() => server?.stop());

const audits = serverAudits({
  url: () => `${server.origin}/graphql`,
  fetchFn: (url, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${token}`);
    return fetch(url, { ...init, headers });
  },
});

test("there are all 61 audits", () => assert.equal(audits.length, 61));
for (const audit of audits) {
  test(audit.name, async () => {
    const result = await audit.fn();
    assert.equal(result.status, "ok", result.reason);
  });
}
