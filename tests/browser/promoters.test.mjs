/** Promoters on the dashboard: their list, a page for each, and what a promoter sees of themselves. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dataOf, onPage, signIn } from "./on-page.mjs";
import { csvOf, numberOf, shownRows, table, waitForRows } from "./tables.mjs";
import { startServer, until } from "../support/server.mjs";

const PERIOD = "period=2025-01-01..2025-12-31&timezone=Europe%2FBerlin";
const ARGUMENTS = '(period: { dates: { from: "2025-01-01", to: "2025-12-31" } }, timezone: "Europe/Berlin"';

let server;
let admin;
let analyst;
/** A promoter with rows of every kind. */
let one;

before(async () => {
  server = await startServer({ demo: ["--promoters", "60", "--leads", "1500", "--today", "2026-01-01"], settings: { PROMOGRAPH_CURRENCY: "EUR" } });
  admin = await server.issueToken("--role", "admin");
  analyst = await server.issueToken("--role", "analyst");
  const has = (list) => `${list}: { some: {} }`;
  const { promoters } = await dataOf(server, admin, `{
    promoters(first: 1, orderBy: { field: LEADS_COUNT, direction: DESC }, filter: { ${["commissions", "payouts", "balances", "promotions"].map(has)} }) {
      nodes { id firstPromoterId name email }
    }
  }`);
  [one] = promoters.nodes;
});

after(() => server?.stop());

/** Opens the dashboard with `search` in the address, signed in. */
const onDashboard = (token, search, check) =>
  onPage(`${server.origin}/?${search}`, async (page, browser) => {
    await signIn(page, token);
    await check(page, browser);
  });

test("a promoter's figures are those of the API for the same promoter, period and zone", () =>
  onDashboard(analyst, `promoter=${one.id}&${PERIOD}`, async (page) => {
    const { performance } = await dataOf(server, analyst, `{
      performance${ARGUMENTS}, filter: { promoterId: { eq: "${one.id}" } }) { totals { referrals customers sales revenue refundedAmount earnings payoutsPaid liability } }
    }`);
    const { totals } = performance;
    assert.ok(totals.referrals > 0 && totals.revenue > 0);
    const figures = page.getByRole("region", { name: "Figures", exact: true });
    const shown = async (title) => numberOf(await figures.locator(".figure", { has: page.getByText(title, { exact: true }) }).locator(".figure-value").innerText());
    assert.equal(await shown("Referrals"), totals.referrals);
    assert.equal(await shown("Customers"), totals.customers);
    assert.equal(await shown("Sales"), totals.sales);
    assert.equal(await shown("Revenue"), totals.revenue / 100);
    assert.equal(await shown("Refunds"), totals.refundedAmount / 100);
    assert.equal(await shown("Earnings in cash"), Number((Number(totals.earnings) / 100).toFixed(2)));
    assert.equal(await shown("Payouts paid in cash"), Number((Number(totals.payoutsPaid) / 100).toFixed(2)));
    const owed = page.locator("dl > div", { has: page.getByText("Approved and not paid", { exact: true }) }).locator("dd");
    assert.equal(numberOf(await owed.innerText()), Number((Number(totals.liability) / 100).toFixed(2)));
  }));

test("the list has every promoter with the figures of the period, and leads to each one's page", () =>
  onDashboard(admin, `promoter=all&${PERIOD}`, async (page) => {
    const { promoters, performance } = await dataOf(server, admin, `{
      promoters(first: 200) { totalCount nodes { id firstPromoterId name email promotions { totalCount } } }
      performance${ARGUMENTS}, by: [PROMOTER], first: 1000) { nodes { promoter { id } referrals customers revenue earnings liability liabilityUnknown } }
    }`);
    const figures = new Map(performance.nodes.map((row) => [row.promoter?.id, row]));
    await waitForRows(page, "All promoters");
    await until(async () => (await csvOf(page, "All promoters"))[1][1] !== "", "the figures are there");
    const [header, ...rows] = await csvOf(page, "All promoters");
    assert.equal(rows.length, promoters.totalCount);
    const byId = new Map(rows.map((row) => [row[header.indexOf("id")], Object.fromEntries(header.map((name, column) => [name, row[column]]))]));
    for (const { id, firstPromoterId, name, email, promotions } of promoters.nodes) {
      const row = byId.get(String(firstPromoterId));
      const { referrals = 0, customers = 0, revenue = 0, earnings = 0, liability = 0, liabilityUnknown = 0 } = figures.get(id) ?? {};
      assert.deepEqual(
        [row.promoter, row.email, row.campaigns, row.referrals, row.customers, row.revenue, row.earnings, row.liability, row.liabilityUnknown],
        [name ?? email, email, promotions.totalCount, referrals, customers, ...[revenue, earnings, liability, liabilityUnknown].map((minor) => Number(minor) / 100)].map(String),
      );
    }
    await page.getByRole("searchbox", { name: "Find in All promoters" }).fill(String(one.firstPromoterId));
    await page.getByRole("link", { name: one.name ?? one.email, exact: true }).click();
    await page.getByRole("heading", { name: one.name ?? one.email }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get("promoter"), one.id);
    await waitForRows(page, "Leads");
    await page.goBack();
    await page.getByRole("heading", { name: "Promoters", exact: true }).waitFor();
  }));

test("an analyst without contact data sees masked addresses, on the page and in CSV", () =>
  onDashboard(analyst, `promoter=all&${PERIOD}`, async (page) => {
    const masked = /^[^@\s]\*\*\*@\S+( \(moved\))?$/;
    const assertMasked = async (tables) => {
      for (const name of tables) {
        await waitForRows(page, name);
        const cells = [...(await shownRows(page, name)), ...(await csvOf(page, name))].flat();
        const addresses = cells.filter((cell) => cell.includes("@"));
        assert.ok(addresses.length > 1, name);
        assert.deepEqual(addresses.filter((address) => !masked.test(address)), [], name);
      }
    };
    await assertMasked(["All promoters"]);
    await page.getByRole("searchbox", { name: "Find in All promoters" }).fill(String(one.firstPromoterId));
    await table(page, "All promoters").getByRole("link").click();
    await assertMasked(["Leads", "Commissions"]);
    const [header, promotion] = await csvOf(page, "Promotions");
    assert.deepEqual(["refId", "link", "code"].map((column) => promotion[header.indexOf(column)]), ["", "", ""]);
    const text = await page.locator("main").innerText();
    for (const name of one.name?.split(" ") ?? []) assert.ok(!text.includes(name));
  }));

test("an admin opens the webhooks that a lead came from; an analyst is offered none", async () => {
  await onDashboard(admin, `promoter=${one.id}&${PERIOD}`, async (page) => {
    await waitForRows(page, "Leads");
    const [[address]] = await shownRows(page, "Leads");
    const { lead } = await dataOf(server, admin, `{ lead(email: "${address}") { events { nodes { eventType eventId } } } }`);
    const toggle = page.getByRole("button", { name: `Details of ${address}` });
    await toggle.press("Enter");
    assert.equal(await toggle.getAttribute("aria-expanded"), "true");
    for (const { eventType, eventId } of lead.events.nodes) await table(page, "Leads").getByRole("link", { name: `${eventType} ${eventId}` }).waitFor();
    await page.getByRole("button", { name: "Show webhooks" }).click();
    await page.getByText(/webhooks? mentions? it/).nth(1).waitFor();
  });
  await onDashboard(analyst, `promoter=${one.id}&${PERIOD}`, async (page) => {
    await waitForRows(page, "Leads");
    assert.equal(await page.getByRole("button", { name: /Details of|webhooks/ }).count(), 0);
  });
});

test("a panel that fails says why, leaves the rest alone, and can be tried again", () =>
  onPage(`${server.origin}/?promoter=${one.id}&${PERIOD}`, async (page) => {
    const message = "the database does not answer";
    await page.route("**/graphql", async (route) => {
      const { query } = route.request().postDataJSON();
      if (!query.includes("query PromoterLeads(")) return await route.continue();
      await route.fulfill({ json: { errors: [{ message, extensions: { code: "UNAVAILABLE" } }] } });
    });
    await signIn(page, admin);
    await waitForRows(page, "Commissions");
    const panel = page.getByRole("region", { name: "Leads", exact: true });
    await panel.getByRole("alert").getByText(message).waitFor();
    await page.unroute("**/graphql");
    await panel.getByRole("button", { name: "Try again" }).click();
    await waitForRows(page, "Leads");
    assert.equal(await panel.getByRole("alert").count(), 0);
  }));

test("an address with an unknown promoter says so, and leads to all promoters", () =>
  onDashboard(analyst, "promoter=nobody", async (page) => {
    await page.getByRole("heading", { name: "No such promoter" }).waitFor();
    await page.getByRole("link", { name: "All promoters" }).click();
    await waitForRows(page, "All promoters");
  }));
