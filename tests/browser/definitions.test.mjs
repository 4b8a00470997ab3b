/** What figures mean, as readers are told. PROMOGRAPH_BINARY names the server to test. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openDashboard, panel } from "./dashboard.mjs";
import { dataOf, onPage, signIn } from "./on-page.mjs";
import { waitForRows } from "./tables.mjs";
import { startServer } from "../support/server.mjs";

let server;
let analyst;

before(async () => {
  server = await startServer({ demo: ["--promoters", "30", "--leads", "600"], settings: { PROMOGRAPH_CURRENCY: "USD" } });
  analyst = await server.issueToken("--role", "analyst");
});

after(() => server?.stop());

const explanations = (page) => page.getByRole("tooltip", { includeHidden: true }).allTextContents();

test("definitions are in the page's words: no names of fields, no minor units; FirstPromoter's names are for staff alone", async () => {
  await openDashboard(server, "", analyst, async (page) => {
    const texts = await explanations(page);
    assert.ok(texts.some((text) => text.startsWith("Gross sales - refunded amount.")), texts.join("\n"));
    assert.deepEqual(texts.filter((text) => /`|minor unit|[a-z][A-Z]/.test(text.replaceAll("FirstPromoter", ""))), []);
    assert.ok(texts.some((text) => text.includes("In FirstPromoter: revenue_amount.")));
  });
  const { promoters } = await dataOf(server, analyst, "{ promoters(first: 1, orderBy: { field: COMMISSIONS_COUNT, direction: DESC }) { nodes { firstPromoterId } } }");
  const promoter = await server.issueToken("--role", "promoter", "--promoter", String(promoters.nodes[0].firstPromoterId));
  await openDashboard(server, "", promoter, async (page) => {
    const texts = await explanations(page);
    assert.ok(texts.length > 0);
    assert.deepEqual(texts.filter((text) => text.includes("In FirstPromoter")), []);
  });
});

test("a heading of a table marks what is approximate, and explains itself where the keyboard is", () =>
  openDashboard(server, "", analyst, async (page) => {
    const heading = (title) => panel(page, "Campaigns").getByRole("columnheader", { name: title });
    assert.match(await heading("Revenue").first().innerText(), /^≈ Revenue/);
    assert.match(await heading("Referrals").innerText(), /^Referrals/);
    await heading("Customers").getByRole("button").focus();
    const explanation = heading("Customers").getByRole("tooltip");
    await explanation.getByText("first payment").waitFor();
    await page.keyboard.press("Escape");
    await explanation.waitFor({ state: "hidden" });
    await heading("Customers").getByRole("button").click();
    await explanation.waitFor();
  }));

test("when the definitions cannot be loaded, the page says that figures may be approximate", () =>
  onPage(`${server.origin}/`, async (page) => {
    await page.route("**/graphql", (route) =>
      route.request().postDataJSON()?.query.includes("query Measures")
        ? route.fulfill({ json: { errors: [{ message: "The database is too busy.", extensions: { code: "UNAVAILABLE" } }] } })
        : route.fallback(),
    );
    await signIn(page, analyst);
    await page.getByText("figures may be approximate that are not marked").waitFor();
    await page.goto(`${server.origin}/?promoter=all`);
    await waitForRows(page, "All promoters");
    await page.getByText("figures may be approximate that are not marked").waitFor();
  }));
