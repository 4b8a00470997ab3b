/** Writes the samples of `docs/clients.md` as files: their first line, a comment, names each. */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ROOT } from "../support/server.mjs";

const PAGE = join(ROOT, "tests/clients/page");

const text = await readFile(join(ROOT, "docs/clients.md"), "utf8");
const samples = [...text.matchAll(/^```\w+\n(?:\/\/|#) (\S+)\n([^]*?)^```$/gm)];
await rm(PAGE, { recursive: true, force: true });
for (const [, name, sample] of samples) {
  await mkdir(dirname(join(PAGE, name)), { recursive: true });
  await writeFile(join(PAGE, name), sample);
}
await copyFile(join(ROOT, "schema.graphql"), join(PAGE, "schema.graphql"));
