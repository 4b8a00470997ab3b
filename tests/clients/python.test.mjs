/** The clients that are written in Python: each a process of its own, with the server in its environment. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT, freshPostgres, startServer } from "../support/server.mjs";

const HERE = join(ROOT, "tests/clients/python");
const PYTHON = process.env.PROMOGRAPH_CLIENTS_PYTHON ?? join(ROOT, "target/clients-python/bin/python");

/** On SQLite; and on PostgreSQL, which refuses other things than SQLite does. */
let [onSqlite, onPostgres] = [];

before(async () => {
  onSqlite = await start({});
  const url = await freshPostgres();
  if (url) onPostgres = await start({ PROMOGRAPH_DATABASE_URL: url });
});
after(async () => {
  await onSqlite?.server.stop();
  await onPostgres?.server.stop();
});

async function start(database) {
  // Schemathesis asks for more than anybody's share.
  const settings = { ...database, PROMOGRAPH_RATE_POINTS: "1000000000" };
  const server = await startServer({ demo: ["--promoters", "20", "--leads", "180"], settings });
  return { server, admin: await server.issueToken("--role", "admin") };
}

/** Runs it with this viewer's token, in a folder of its own. */
async function python({ server, admin }, token, ...args) {
  const folder = await mkdtemp(join(tmpdir(), "promograph-python-"));
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONPATH: HERE,
    PROMOGRAPH_URL: server.origin,
    PROMOGRAPH_TOKEN: token,
    PROMOGRAPH_ADMIN_TOKEN: admin,
    SCHEMATHESIS_HOOKS: "hooks",
  };
  const child = spawn(PYTHON, args, { env, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (bytes) => (said += bytes));
  child.stderr.on("data", (bytes) => (said += bytes));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  await rm(folder, { recursive: true, force: true });
  assert.equal(code, 0, said);
  return said;
}

test("gql", () => python(onSqlite, onSqlite.admin, join(HERE, "test_gql.py")));

test("gql as docs/clients.md shows it", async () => {
  const said = await python(onSqlite, onSqlite.admin, join(ROOT, "tests/clients/page/leads.py"));
  assert.equal(said.trim().split("\n").length, 100);
});

/** Everything that the schema lets one ask: the server answers or refuses, and never fails. */
async function schemathesis(on, token, checks) {
  const options = ["--checks", checks, "--max-examples", "15", "--workers", "2"];
  const quiet = ["--phases", "fuzzing", "--no-shrink", "--warnings", "off", "--suppress-health-check", "all"];
  const header = ["--header", `Authorization: Bearer ${token}`];
  const command = join(dirname(PYTHON), "schemathesis");
  const said = await python(on, token, command, "run", `${on.server.origin}/graphql`, ...header, ...options, ...quiet);
  const [, answered, refused] = said.match(/^answered (\d+), refused (\d+)$/m) ?? assert.fail(said);
  assert.ok(answered > 100 && refused > 100, `too little of either: ${answered} answered, ${refused} refused`);
}

test("schemathesis as an admin", (t) => {
  if (!onPostgres) t.diagnostic("on SQLite: PROMOGRAPH_TEST_POSTGRES names no server");
  const on = onPostgres ?? onSqlite;
  return schemathesis(on, on.admin, "not_a_server_error,no_server_error");
});

test("schemathesis as a promoter", async () => {
  const { server, admin } = onSqlite;
  const headers = { authorization: `Bearer ${admin}`, "content-type": "application/json" };
  const body = JSON.stringify({ query: "{ promoters(first: 1) { nodes { firstPromoterId } } }" });
  const { data } = await (await fetch(`${server.origin}/graphql`, { method: "POST", headers, body })).json();
  const id = String(data.promoters.nodes[0].firstPromoterId);
  // Its own check takes a refused field, which is FORBIDDEN, for a server error.
  await schemathesis(onSqlite, await server.issueToken("--role", "promoter", "--promoter", id), "no_server_error");
});
