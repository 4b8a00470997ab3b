/** What the dashboard shows is in its address, and the way between pages keeps it. PROMOGRAPH_BINARY names the server to test. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openDashboard, panel, settled } from "./dashboard.mjs";
import { answerText } from "./graphiql-page.mjs";
import { dataOf, onPage, signedIn, signIn } from "./on-page.mjs";
import { csvOf, numberOf, shownRows, waitForRows } from "./tables.mjs";
import { startServer, until } from "../support/server.mjs";

const PERIOD = "period=2025-01-01..2025-12-31&timezone=Europe%2FBerlin";
const ARGUMENTS = 'period: { dates: { from: "2025-01-01", to: "2025-12-31" } }, timezone: "Europe/Berlin"';

let server;
let analyst;
let campaigns;

before(async () => {
  server = await startServer({ demo: ["--promoters", "60", "--leads", "1500", "--today", "2026-01-01"], settings: { PROMOGRAPH_CURRENCY: "EUR" } });
  analyst = await server.issueToken("--role", "analyst");
  ({ campaigns } = await dataOf(server, analyst, "{ campaigns(first: 50) { nodes { id name } } }"));
});

after(() => server?.stop());

const open = (search, check, token = analyst) => openDashboard(server, search, token, check);
const parameters = (page) => Object.fromEntries(new URL(page.url()).searchParams);
const bar = (page, name) => page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true });

test("a figure's query opens in a tab that is signed in, and is answered there", () =>
  open(`?${PERIOD}`, async (page, browser) => {
    const opened = browser.context.waitForEvent("page");
    await page.getByRole("link", { name: "Revenue: open in GraphiQL", exact: true }).click();
    const tab = await opened;
    await signedIn(tab).waitFor();
    await tab.locator(".graphiql-query-editor .view-line").first().waitFor();
    await until(async () => (await answerText(tab)).includes("netRevenue"), "the answer comes");
    assert.ok(!tab.url().includes(analyst));
  }));

test("from GraphiQL the way back leads to the period, zone and campaign that were shown, and to the promoters", () =>
  open(`?${PERIOD}&campaign=${campaigns.nodes[0].id}`, async (page) => {
    const before = parameters(page);
    await bar(page, "GraphiQL").click();
    await page.locator(".graphiql-query-editor").waitFor();
    await bar(page, "Dashboard").click();
    await settled(page);
    assert.deepEqual(parameters(page), before);
    await bar(page, "Promoters").click();
    await waitForRows(page, "All promoters");
    assert.deepEqual(parameters(page), { ...before, promoter: "all" });
    assert.equal(await bar(page, "Promoters").getAttribute("aria-current"), "page");
  }));

test("promoters are offered no list of promoters", async () => {
  const { promoters } = await dataOf(server, analyst, "{ promoters(first: 1) { nodes { firstPromoterId } } }");
  const token = await server.issueToken("--role", "promoter", "--promoter", String(promoters.nodes[0].firstPromoterId));
  await onPage(`${server.origin}/`, async (page) => {
    await signIn(page, token);
    await settled(page);
    assert.equal(await bar(page, "Dashboard").count(), 1);
    assert.equal(await bar(page, "Promoters").count(), 0);
  });
});

test("from what is owed the way leads to the promoters, by what each is owed; address and file say order and period", () =>
  open(`?${PERIOD}`, async (page) => {
    await panel(page, "Owed to promoters").getByRole("link", { name: "By promoter" }).click();
    await waitForRows(page, "All promoters");
    await until(async () => (await shownRows(page, "All promoters"))[0][1] !== "–", "the figures are there");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "All promoters as CSV" }).click();
    assert.equal((await saved).suggestedFilename(), "all-promoters-2025-01-01-2025-12-31.csv");
    const owed = (await csvOf(page, "All promoters")).slice(1).map((row) => Number(row[1]));
    assert.ok(owed[0] > 0);
    assert.deepEqual(owed, owed.toSorted((a, b) => b - a));
    await page.getByRole("columnheader", { name: "Customers" }).getByRole("button").first().click();
    assert.equal(parameters(page).sort, "-customers");
    await page.reload();
    await waitForRows(page, "All promoters");
    assert.equal(await page.getByRole("columnheader", { name: "Customers" }).getAttribute("aria-sort"), "descending");
  }));

test("the form of the campaigns is in the address; as a chart they have the same CSV", () =>
  open(`?${PERIOD}`, async (page) => {
    const asTable = await csvOf(page, "Campaigns");
    assert.ok(asTable.length > 2);
    await page.getByRole("button", { name: "Chart", exact: true }).click();
    assert.equal(parameters(page).campaigns, "chart");
    await page.reload();
    await page.getByRole("img", { name: "Net revenue by campaign" }).waitFor();
    assert.deepEqual(await csvOf(page, "Campaigns"), asTable);
  }));

test("a promoter's page follows the campaign, in figures and lists, and leaves the country out", async () => {
  const { rows } = await dataOf(server, analyst, `{ rows: performance(${ARGUMENTS}, by: [PROMOTER, CAMPAIGN], first: 1000) { nodes { promoter { id } campaign { id } referrals } } }`);
  const referring = rows.nodes.filter(({ promoter, referrals }) => promoter && referrals > 0);
  const { promoter: one, campaign: { id: campaign } } = referring.find((row) => referring.some((other) => other !== row && other.promoter.id === row.promoter.id));
  const { performance, leads } = await dataOf(server, analyst, `{
    performance(${ARGUMENTS}, filter: { promoterId: { eq: "${one.id}" }, campaignId: { eq: "${campaign}" } }) { totals { referrals } }
    leads(filter: { promoterId: { eq: "${one.id}" }, promotion: { campaignId: { eq: "${campaign}" } } }) { totalCount }
  }`);
  await open(`?${PERIOD}&promoter=${one.id}&campaign=${campaign}&country=DE`, async (page) => {
    const referrals = page.locator(".figure").filter({ hasText: /^Referrals/ }).locator(".figure-value");
    assert.equal(numberOf(await referrals.innerText()), performance.totals.referrals);
    assert.equal((await csvOf(page, "Leads")).length - 1, leads.totalCount);
    assert.equal(await page.getByLabel("Campaign", { exact: true }).inputValue(), campaign);
    assert.equal(await page.getByLabel("Country", { exact: true }).count(), 0);
    assert.equal(parameters(page).country, undefined);
  });
});

test("a link with an unknown campaign says so once, and leads to all", async () => {
  for (const campaign of ["nobody", btoa("campaign:1").replace(/=+$/, "")]) {
    await onPage(`${server.origin}/?${PERIOD}&campaign=${campaign}`, async (page) => {
      await signIn(page, analyst);
      await page.getByRole("alert").getByText("This link names an unknown campaign.").waitFor();
      assert.equal(await page.locator(".panel").count(), 0);
      await page.getByRole("link", { name: "Show all" }).click();
      await settled(page);
      assert.equal(await page.getByRole("alert").count(), 0);
      assert.equal(parameters(page).campaign, undefined);
    });
  }
});

test("the address is read as it was meant: zones in any case but no offsets, real days, countries in any case", async () => {
  const shown = (search) => {
    let address;
    return open(search, async (page) => (address = parameters(page))).then(() => address);
  };
  assert.deepEqual(await shown("?timezone=europe/berlin&period=2026-02-27..2026-02-28&country=us"), { timezone: "Europe/Berlin", period: "2026-02-27..2026-02-28", country: "US" });
  const { timezone, period } = await shown("?timezone=%2B01:00&period=2026-02-01..2026-02-30");
  assert.ok(!timezone.startsWith("+"), timezone);
  assert.equal(period, "last-12-month");
});

test("Back leads to the view before: typed days and a choice that changes nothing are no steps", () =>
  open(`?period=last-1-month&timezone=UTC`, async (page) => {
    const steps = await page.evaluate(() => history.length);
    await bar(page, "Dashboard").click();
    assert.equal(await page.evaluate(() => history.length), steps);
    await page.getByLabel("Period", { exact: true }).selectOption({ label: "Custom dates" });
    await page.getByLabel("From", { exact: true }).fill("2025-02-01");
    await page.getByLabel("To", { exact: true }).fill("2025-03-31");
    await page.getByText("Feb 1 – Mar 31, 2025, compared with Dec 1, 2024 – Jan 31, 2025").waitFor();
    await page.goBack();
    await settled(page);
    assert.equal(parameters(page).period, "last-1-month");
  }));

test("the title says what is shown", () =>
  open("?period=last-1-quarter&timezone=UTC", async (page) => {
    assert.equal(await page.title(), "Last quarter – Promograph");
    await bar(page, "Promoters").click();
    await waitForRows(page, "All promoters");
    assert.equal(await page.title(), "Promoters – Promograph");
  }));
