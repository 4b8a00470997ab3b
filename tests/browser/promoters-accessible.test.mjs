/** The list of promoters and a promoter's page, for everybody: light, dark, on a phone. */
import { after, before, test } from "node:test";
import { assertLooksAccessible } from "./accessible.mjs";
import { dataOf, onPage, signIn } from "./on-page.mjs";
import { waitForRows } from "./tables.mjs";
import { startServer } from "../support/server.mjs";

let server;
let admin;

before(async () => {
  server = await startServer({ demo: ["--promoters", "20", "--leads", "400", "--today", "2026-01-01"] });
  admin = await server.issueToken("--role", "admin");
});

after(() => server?.stop());

const assertPage = (id, table) =>
  onPage(`${server.origin}/?promoter=${id}&period=2025-01-01..2025-12-31`, async (page) => {
    await signIn(page, admin);
    await waitForRows(page, table);
    await assertLooksAccessible(page, table);
  });

test("the list of promoters is accessible: light, dark, on a phone", () => assertPage("all", "All promoters"));

test("a promoter's page is accessible: light, dark, on a phone", async () => {
  const { promoters } = await dataOf(server, admin, "{ promoters(first: 1, orderBy: { field: PAYOUTS_COUNT, direction: DESC }) { nodes { id } } }");
  await assertPage(promoters.nodes[0].id, "Payouts");
});
