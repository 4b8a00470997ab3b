/**
 * What graphql-js takes and refuses, the server takes and refuses: documents written for every rule of the
 * specification, and thousands that are made of valid ones. `PROMOGRAPH_GENERATED_DOCUMENTS` says how many.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parse } from "graphql-2025";
import { DIFFERENCES } from "./language/differences.mjs";
import { generator, random } from "./language/generate.mjs";
import { INVALID } from "./language/invalid.mjs";
import { misfit, OPTIONS, refusal } from "./language/judge.mjs";
import { VALID } from "./language/valid.mjs";
import { startServer } from "../support/server.mjs";

const COUNT = Number(process.env.PROMOGRAPH_GENERATED_DOCUMENTS ?? 6000);
const SEED = Number(process.env.PROMOGRAPH_GENERATED_SEED ?? 1);
const BATCH = 200;
const REFUSED = ["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"];

let server;
let token;

before(async () => {
  const high = "1000000";
  const limits = ["DEPTH", "ALIASES", "ROOT_FIELDS", "DIRECTIVES", "TOKENS", "COST", "BATCH", "DURATION"];
  const settings = Object.fromEntries(limits.map((name) => [`PROMOGRAPH_LIMIT_${name}`, name === "DURATION" ? "60s" : high]));
  server = await startServer({ settings: { ...settings, PROMOGRAPH_RATE_POINTS: "1000000000", PROMOGRAPH_LOG: "warn" } });
  token = await server.issueToken("--role", "admin");
});
after(() => server?.stop());

async function post(body) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", accept: "application/graphql-response+json" };
  const response = await fetch(`${server.origin}/graphql`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, answer: await response.json() };
}

/** Whether an answer says that the request was refused for its document or its variables; null if for a limit. */
function verdict(answer) {
  if ("data" in answer) return false;
  const { code } = answer.errors[0].extensions;
  // Its document was good: it only needs another transport.
  if (code === "BAD_REQUEST" && answer.errors[0].message.startsWith("a subscription needs")) return false;
  if (code === "LIMIT_EXCEEDED") return null;
  assert.ok(REFUSED.includes(code), JSON.stringify(answer));
  assert.ok(!JSON.stringify(answer).includes("Did you mean"));
  return true;
}

/** The first operation's name: which one to run has to be said. */
function request(query, variables = {}) {
  try {
    const operation = parse(query, OPTIONS).definitions.find(({ kind }) => kind === "OperationDefinition");
    return { query, operationName: operation?.name?.value, variables };
  } catch {
    return { query, variables };
  }
}

const expected = ({ query, operationName, variables }) => refusal(query) ?? misfit(query, operationName, variables);
const isKnown = (request, theirs, ours) => DIFFERENCES.some(({ applies }) => applies(request, theirs, ours));

async function compare(requests) {
  const wrong = [];
  let limited = 0;
  for (let from = 0; from < requests.length; from += BATCH) {
    const batch = requests.slice(from, from + BATCH);
    const { answer } = await post(batch);
    assert.ok(Array.isArray(answer), JSON.stringify(answer));
    batch.forEach((request, index) => {
      const ours = verdict(answer[index]);
      const theirs = expected(request);
      if (ours === null) limited += 1;
      else if (ours !== Boolean(theirs) && !isKnown(request, theirs, answer[index])) {
        wrong.push({ query: request.query, variables: request.variables, reference: theirs ?? "valid", server: answer[index].errors?.[0] ?? "valid" });
      }
    });
  }
  return { wrong, limited };
}

test("valid documents are taken", async () => {
  for (const query of VALID) assert.equal(refusal(query), undefined, query);
  const { wrong, limited } = await compare(VALID.map((query) => request(query)));
  assert.deepEqual(wrong, []);
  assert.equal(limited, 0);
});

for (const [rule, documents] of Object.entries(INVALID)) {
  test(`${rule}: a document that breaks the rule is a request error`, async () => {
    for (const query of documents) {
      assert.notEqual(refusal(query), undefined, `the reference takes ${query}`);
      const { status, answer } = await post(request(query));
      assert.equal(verdict(answer), true, `${query}: ${JSON.stringify(answer)}`);
      assert.equal(status, 400, query);
      assert.ok(!answer.errors.some(({ path }) => path));
    }
  });
}

test("generated documents have the same verdict", async () => {
  const make = generator(VALID, SEED);
  const requests = Array.from({ length: COUNT }, () => request(make()));
  const { wrong, limited } = await compare(requests);
  assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length} of ${COUNT} documents differ (seed ${SEED})`);
  assert.ok(limited < COUNT / 20, `${limited} of ${COUNT} met a limit`);
  const valid = requests.filter((request) => !expected(request)).length;
  assert.ok(valid > COUNT / 20, `${valid} of ${COUNT} documents are valid`);
});

/** Values for variables of any type: some fit. */
const VALUES = [undefined, null, 0, -1, 3, 1.5, 2147483648, 1e20, "", "x", "12", "-7", "1.25", "2024-10-03T13:45:20Z", "yesterday", true, false, "ID", "DESC", "ACTIVE", "FAILED", [], {}, [1], ["x"], [null], [["x"]], ["ACTIVE", "SIGNUP"], ["FAILED"], "Lead",
  { email: { eq: "x" } }, { email: { eq: 1 } }, { email: null }, { state: { in: "ACTIVE" } }, { state: { in: ["ACTIVE", null] } }, { nothing: 1 }, { field: "ID" }, { field: "ID", direction: "DESC" }, { field: "ID", direction: null }, [{ field: "EMAIL" }],
  { direction: "ASC" }, { statuses: "FAILED" }, { statuses: ["FAILED"], types: ["x"] }, { statuses: ["NOTHING"] }, { receivedFrom: "2020-01-01T00:00:00Z" }, { receivedFrom: 1 }, { ids: [1, "x"] }];

test("generated variables have the same verdict", async () => {
  const next = random(SEED);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const documents = VALID.filter((query) => /\$\w/.test(query));
  const requests = Array.from({ length: Math.ceil(COUNT / 4) }, () => {
    const query = pick(documents);
    const names = [...new Set([...query.matchAll(/\$(\w+)/g)].map(([, name]) => name))];
    return request(query, Object.fromEntries(names.map((name) => [name, pick(VALUES)])));
  });
  const { wrong } = await compare(requests);
  assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length} of ${requests.length} differ (seed ${SEED})`);
});
