/** `schema.graphql` breaks no client of the last release, but where `breaking-changes.txt` says so. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../support/server.mjs";
import { complaints, lastRelease } from "./schema-changes.mjs";

const release = { tag: "v1.0.0", schema: "type Query { a: Int b: Int c(x: Int): Int }" };

test("what only adds is no breaking change", async () => {
  assert.deepEqual(await complaints(release, "type Query { a: Int! b: Int c(x: Int, y: Int): Int d: Int }", ""), []);
});

test("a breaking change has to be listed, for the release that it breaks with", async () => {
  const now = "type Query { a: Int c(x: Int!): Int }";
  const entries = ["v1.0.0 FIELD_REMOVED Query.b", "v1.0.0 FIELD_ARGUMENT_TYPE_CHANGED Query.c.x"];
  const unlisted = await complaints(release, now, `v0.9.0 FIELD_REMOVED Query.b\n# ${entries[0]}`);
  assert.deepEqual(unlisted.map((line) => line.replace(/ {2}\(.*/, "")), entries.map((entry) => `not listed: ${entry}`));
  assert.deepEqual(await complaints(release, now, entries.map((entry) => `${entry}   # why`).join("\n")), []);
});

test("what is listed and does not break is taken off the list", async () => {
  const stale = await complaints(release, release.schema, "v1.0.0 FIELD_REMOVED Query.b");
  assert.deepEqual(stale, ["listed, but no breaking change: v1.0.0 FIELD_REMOVED Query.b"]);
});

test("the schema since the last release", async (t) => {
  const last = lastRelease(ROOT);
  if (last.nothing) return t.diagnostic(`compared with nothing: ${last.nothing}`);
  t.diagnostic(`compared with ${last.tag}`);
  const list = await readFile(new URL("breaking-changes.txt", import.meta.url), "utf8");
  const now = await readFile(join(ROOT, "schema.graphql"), "utf8");
  assert.deepEqual(await complaints(last, now, list), []);
});
