/** The real server, with a data directory of its own, on a free port. For all tests that Node.js runs. */
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** The repository's folder. */
export const ROOT = new URL("../..", import.meta.url).pathname;
const BINARY = process.env.PROMOGRAPH_BINARY ?? join(ROOT, "target/debug/promograph");
/** Kills a process and deletes a folder when whoever has started it is gone without a word. */
const KEEPER = `trap '' INT TERM HUP; read -r line || { kill -KILL "$1"; rm -rf "$2"; }`;
const WEBHOOK_TOKEN = "node-tests-webhook-token";

/**
 * Starts it: with `demo`, arguments for `promograph demo`, on a made-up programme instead of an empty
 * database; `settings` are further variables.
 */
export async function startServer({ demo, settings = {} } = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), "promograph-node-"));
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    PROMOGRAPH_DATA_DIR: dataDir,
    PROMOGRAPH_LISTEN: `127.0.0.1:${port}`,
    PROMOGRAPH_WEBHOOK_TOKENS: WEBHOOK_TOKEN,
    ...settings,
  };
  const command = (...args) => promisify(execFile)(BINARY, args, { env, cwd: dataDir });
  if (demo) await command("demo", ...demo);
  const origin = `http://127.0.0.1:${port}`;
  let running = await launch({ env, dataDir, origin });
  return {
    origin,
    dataDir,
    pid: running.pid,
    /** A token as the command line hands it out. */
    async issueToken(...args) {
      return (await command("token", "issue", ...args)).stdout.trim();
    },
    /** Revokes a token that was issued. */
    async revoke(token) {
      const { jti } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
      await command("token", "revoke", jti);
    },
    /** Delivers a webhook body, and waits until the server has accepted it. */
    async deliver(body) {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${origin}/webhooks/firstpromoter/${WEBHOOK_TOKEN}`, { method: "POST", headers, body });
      if (!response.ok) throw new Error(`webhook: HTTP ${response.status} ${await response.text()}`);
    },
    /** Ends its process, and leaves its data: until `resume`, nobody answers. */
    async halt() {
      await running.end();
    },
    /** Starts it again after `halt`, at the same address. */
    async resume() {
      running = await launch({ env, dataDir, origin });
    },
    async stop() {
      await running.end();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Starts the process, and waits until it is ready. */
async function launch({ env, dataDir, origin }) {
  const child = spawn(BINARY, ["serve"], { env, cwd: dataDir, stdio: ["ignore", "pipe", "pipe"] });
  const keeper = spawn("sh", ["-c", KEEPER, "sh", String(child.pid), dataDir], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  keeper.unref();
  keeper.stdin.unref();
  let said = "";
  child.stdout.on("data", (bytes) => (said += bytes));
  child.stderr.on("data", (bytes) => (said += bytes));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const end = async () => {
    child.kill("SIGTERM");
    await ended;
    keeper.stdin.end("ended\n");
  };
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${said}`);
      return await fetch(`${origin}/ready`).then(({ ok }) => ok, () => false);
    }, "the server gets ready");
  } catch (error) {
    await end();
    await rm(dataDir, { recursive: true, force: true });
    throw new Error(`${error.message}\n${said}`);
  }
  return { pid: child.pid, end };
}

/**
 * The address of a database of its own on the PostgreSQL server of the tests; nothing if there is none,
 * which only happens when these tests are run alone: `scripts/test` starts one and names it.
 */
export async function freshPostgres() {
  const { PROMOGRAPH_TEST_POSTGRES: url, PROMOGRAPH_TEST_POSTGRES_BIN: bin } = process.env;
  if (!url || !bin) return undefined;
  const name = `node_test_${process.pid}_${Date.now()}`;
  await promisify(execFile)(join(bin, "createdb"), [`--maintenance-db=${url}/postgres`, name]);
  return `${url}/${name}`;
}

/** Asks again and again until `check` says yes; the test's own time limit is only for a product that never will. */
export async function until(check, what, limit = 30_000) {
  const end = Date.now() + limit;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
