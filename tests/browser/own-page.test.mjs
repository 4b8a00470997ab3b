/** What promoters see of themselves on the dashboard, and that it is nothing else. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertLooksAccessible } from "./accessible.mjs";
import { dataOf, onPage, signIn } from "./on-page.mjs";
import { csvOf, numberOf, waitForRows } from "./tables.mjs";
import { ROOT, startServer } from "../support/server.mjs";

const PERIOD = "period=2025-01-01..2025-12-31&timezone=Europe%2FBerlin";
const ARGUMENTS = '(period: { dates: { from: "2025-01-01", to: "2025-12-31" } }, timezone: "Europe/Berlin"';

let server;
let admin;
let token;
/** A promoter with rows of every kind, and another one. */
let one;
let other;

before(async () => {
  server = await startServer({ demo: ["--promoters", "60", "--leads", "600", "--today", "2026-01-01"], settings: { PROMOGRAPH_CURRENCY: "EUR" } });
  admin = await server.issueToken("--role", "admin");
  const has = (list) => `${list}: { some: {} }`;
  const { promoters } = await dataOf(server, admin, `{
    promoters(first: 2, orderBy: { field: LEADS_COUNT, direction: DESC }, filter: { ${["leads", "commissions", "payouts", "balances", "promotions"].map(has)} }) {
      nodes { id firstPromoterId name email }
    }
  }`);
  [one, other] = promoters.nodes;
  token = await server.issueToken("--role", "promoter", "--promoter", String(one.firstPromoterId));
});

after(() => server?.stop());

/** Every value of a key that is one of `names`, at any depth. */
function valuesOf(value, names, found = []) {
  if (value === null || typeof value !== "object") return found;
  for (const [key, inner] of Object.entries(value)) {
    if (names.includes(key) && inner !== null && typeof inner !== "object") found.push(inner);
    valuesOf(inner, names, found);
  }
  return found;
}

test("a promoter sees their own page and nothing of another promoter, also with another's id in the address", async () => {
  const own = await dataOf(server, 
    admin,
    `query ($id: ID!) {
      promoter(id: $id) { id firstPromoterId name email }
      balances(first: 200, filter: { promoterId: { eq: $id } }) { nodes { id amount } }
      promotions(first: 200, filter: { promoterId: { eq: $id } }) { nodes { id firstPromoterId campaign { id } } }
      payouts(first: 200, filter: { promoterId: { eq: $id } }) { totalCount nodes { id firstPromoterId amount } }
      commissions(first: 200, filter: { promoterId: { eq: $id } }) { totalCount nodes { id firstPromoterId amount saleAmount lead { id firstPromoterId email } } }
      leads(first: 200, filter: { promoterId: { eq: $id } }) { totalCount nodes { id firstPromoterId email } }
      performance${ARGUMENTS}, filter: { promoterId: { eq: $id } }) { totals { referrals earnings } }
    }`,
    { id: one.id },
  );
  for (const name of ["leads", "commissions", "payouts"]) assert.ok(own[name].totalCount > 0 && own[name].totalCount <= 200, `${name}: ${own[name].totalCount}`);
  for (const search of [PERIOD, `promoter=${other.id}&${PERIOD}`, `promoter=all&${PERIOD}`]) {
    await onPage(`${server.origin}/?${search}`, async (page) => {
      const answers = [];
      page.on("response", (response) => {
        if (response.url().endsWith("/graphql")) answers.push(response.json());
      });
      await signIn(page, token);
      await page.getByRole("heading", { name: one.name ?? one.email }).waitFor();
      for (const name of ["People you referred", "What you earned", "Your payments"]) await waitForRows(page, name);
      const figure = page.locator(".figure", { has: page.getByText("People you referred", { exact: true }) });
      assert.equal(numberOf(await figure.locator(".figure-value").innerText()), own.performance.totals.referrals);
      assert.equal((await csvOf(page, "People you referred")).length - 1, own.leads.totalCount);
      assert.equal((await csvOf(page, "What you earned")).length - 1, own.commissions.totalCount);
      assert.equal((await csvOf(page, "Your payments")).length - 1, own.payouts.totalCount);
      const received = (await Promise.all(answers)).map((answer) => answer.data);
      for (const names of [["id", "firstPromoterId"], ["email"], ["amount", "saleAmount"]]) {
        const theirs = new Set(valuesOf(own, names));
        const values = valuesOf(received, names);
        assert.ok(values.length > 0);
        assert.deepEqual(values.filter((value) => !theirs.has(value)), [], `${names} are the promoter's own (${search})`);
      }
      const text = await page.locator("main").innerText();
      const addresses = text.match(/[^\s,]+@[^\s,]+/g);
      const theirs = new Set(valuesOf(own, ["email"]));
      assert.deepEqual(addresses.filter((address) => !theirs.has(address)), []);
      assert.equal(await page.getByRole("link", { name: "Overview" }).count(), 0);
    });
  }
});

test("a promoter of whom no webhook has told sees no other page, but that there is nothing yet; and their own page once one has", async () => {
  const id = 4_711;
  const early = await server.issueToken("--role", "promoter", "--promoter", String(id));
  await onPage(`${server.origin}/?promoter=${one.id}`, async (page) => {
    await signIn(page, early);
    await page.getByRole("heading", { name: "Nothing to show yet" }).waitFor();
    assert.equal(await page.getByRole("table").count(), 0);
    const event = JSON.parse(await readFile(join(ROOT, "tests/fixtures/webhooks/promoter_signed_up.json"), "utf8"));
    Object.assign(event.data.promoter, { id, email: "early@example.com" });
    await server.deliver(JSON.stringify(event));
    await page.getByText("early@example.com").first().waitFor();
    await page.getByText("Nobody so far. Share your link").waitFor();
  });
});

test("a promoter copies the link to share", () =>
  onPage(`${server.origin}/`, async (page, browser) => {
    await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await signIn(page, token);
    const { promotions } = await dataOf(server, admin, `{ promotions(filter: { promoterId: { eq: "${one.id}" } }) { nodes { referralLink } } }`);
    const links = promotions.nodes.map(({ referralLink }) => referralLink).filter(Boolean);
    await page.getByRole("button", { name: "Copy link", exact: true }).and(page.locator(".copy")).first().click();
    await page.getByText("Copied").waitFor();
    assert.ok(links.includes(await page.evaluate(() => navigator.clipboard.readText())));
  }));

test("a promoter's own page is accessible: light, dark, on a phone", () =>
  onPage(`${server.origin}/?${PERIOD}`, async (page) => {
    await signIn(page, token);
    await waitForRows(page, "Your payments");
    await assertLooksAccessible(page, "own page");
  }));
