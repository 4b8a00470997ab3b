/** The clients that are written in Python: each a process of its own, with the server in its environment. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT, startServer } from "../support/server.mjs";

const PYTHON = process.env.PROMOGRAPH_CLIENTS_PYTHON ?? join(ROOT, "target/clients-python/bin/python");

let server;
let token;

before(async () => {
  server = await startServer({ demo: ["--promoters", "20", "--leads", "180"] });
  token = await server.issueToken("--role", "admin");
});
after(() => server?.stop());

async function python(...args) {
  const folder = await mkdtemp(join(tmpdir(), "promograph-python-"));
  const env = { PATH: process.env.PATH, HOME: folder, PYTHONDONTWRITEBYTECODE: "1", PROMOGRAPH_URL: server.origin, PROMOGRAPH_TOKEN: token };
  const child = spawn(PYTHON, args, { env, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (bytes) => (said += bytes));
  child.stderr.on("data", (bytes) => (said += bytes));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  await rm(folder, { recursive: true, force: true });
  return { code, said };
}

test("gql", async () => {
  const { code, said } = await python(join(ROOT, "tests/clients/python/test_gql.py"));
  assert.equal(code, 0, said);
});
