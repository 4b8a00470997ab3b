/** The overview's figures are the API's. PROMOGRAPH_BINARY names the server to test. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { openDashboard, panel, settled } from "./dashboard.mjs";
import { ask, signIn } from "./on-page.mjs";
import { startServer } from "../support/server.mjs";

let server;
let admin;
let analyst;

before(async () => {
  server = await startServer({ demo: ["--promoters", "30", "--leads", "600"], settings: { PROMOGRAPH_CURRENCY: "USD" } });
  admin = await server.issueToken("--role", "admin");
  analyst = await server.issueToken("--role", "analyst");
});

after(() => server?.stop());

const open = (search, check, token = analyst) => openDashboard(server, search, token, check);

const MEASURES = "revenue netRevenue earnings payoutsPaid referrals customers conversionRate cancellationRate";

/** What the API says, by the arguments of `performance`. */
async function totals(args) {
  const { data, errors } = await ask(server, analyst, `{ performance(${args}) { totals { ${MEASURES} } } }`);
  assert.equal(errors, undefined);
  return data.performance.totals;
}

const money = (minor) => (Number(minor) / 100).toLocaleString("en-US", { style: "currency", currency: "USD" });
const count = (value) => Number(value).toLocaleString("en-US");
const percent = (rate) => (rate === null ? "–" : Number(rate).toLocaleString("en-US", { style: "percent", maximumFractionDigits: 1 }));

const FORMATS = {
  Revenue: (of) => money(of.revenue),
  "Net revenue": (of) => money(of.netRevenue),
  "Earnings in cash": (of) => money(of.earnings),
  "Payouts paid in cash": (of) => money(of.payoutsPaid),
  Referrals: (of) => count(of.referrals),
  Customers: (of) => count(of.customers),
  "Conversion rate": (of) => percent(of.conversionRate),
  "Cancellation rate": (of) => percent(of.cancellationRate),
};

const figuresOf = (figures) => Object.fromEntries(Object.entries(FORMATS).map(([title, format]) => [title, format(figures)]));

/** The figures on the page, by their titles. */
async function shown(page) {
  await settled(page);
  return Object.fromEntries(
    await page.locator(".figure").evaluateAll((figures) =>
      figures.map((figure) => [figure.querySelector("button").innerText, figure.querySelector(".figure-value").lastChild.textContent]),
    ),
  );
}

/** The rows of the file that a click saves. */
async function csv(page, button) {
  const saved = page.waitForEvent("download");
  await button.click();
  const text = await readFile(await (await saved).path(), "utf8");
  return text.trimEnd().split("\r\n").map((line) => line.split(","));
}

test("the headline figures and their CSV are those of the API", () =>
  open("?period=last-12-month&timezone=UTC", async (page) => {
    const expected = await totals('period: { last: { count: 12, unit: MONTH } }, timezone: "UTC"');
    assert.ok(expected.referrals > 0 && expected.revenue > 0, "there is something to compare");
    assert.deepEqual(await shown(page), figuresOf(expected));
    const [header, ...rows] = await csv(page, page.getByRole("button", { name: "Figures as CSV" }));
    assert.deepEqual(header, ["measure", "value", "previous"]);
    const isMoney = (name) => ["revenue", "netRevenue", "earnings", "payoutsPaid"].includes(name);
    for (const [name, value] of rows) assert.equal(Number(value), isMoney(name) ? Number(expected[name]) / 100 : Number(expected[name]), name);
    assert.deepEqual(rows.map(([name]) => name).join(" "), MEASURES);
  }));

test("the campaigns' table and its CSV are those of the API, best first", () =>
  open("?period=last-4-quarter&timezone=UTC&compare=none", async (page) => {
    const { data } = await ask(server, analyst, `{
      performance(period: { last: { count: 4, unit: QUARTER } }, by: [CAMPAIGN], orderBy: [{ measure: NET_REVENUE, direction: DESC }]) {
        nodes { campaign { name } referrals customers netRevenue }
      }
    }`);
    const expected = data.performance.nodes.map(({ campaign, referrals, customers, netRevenue }) => [campaign?.name ?? "", referrals, customers, Number(netRevenue) / 100]);
    const [header, ...rows] = await csv(page, page.getByRole("button", { name: "Campaigns as CSV" }));
    const columns = ["campaign", "referrals", "customers", "netRevenue"].map((key) => header.indexOf(key));
    assert.deepEqual(rows.map((row) => columns.map((column, index) => (index ? Number(row[column]) : row[column]))), expected);
    const best = panel(page, "Campaigns").getByRole("row").nth(1);
    assert.match(await best.innerText(), new RegExp(`${expected[0][0]}[^]*${money(expected[0][3] * 100).replace("$", "\\$")}`));
    await page.getByRole("button", { name: "Chart" }).click();
    await page.getByRole("img", { name: "Net revenue by campaign" }).waitFor();
  }));

test("the funnel begins with the period's referrals and tells how many of them have paid", () =>
  open("?period=last-2-quarter&timezone=Asia/Kolkata", async (page) => {
    const { referrals, conversionRate } = await totals('period: { last: { count: 2, unit: QUARTER } }, timezone: "Asia/Kolkata"');
    const stages = await panel(page, "Funnel").getByRole("listitem").allInnerTexts();
    assert.ok(stages[0].includes(count(referrals)), stages[0]);
    assert.ok(stages[1].includes(`${percent(conversionRate)} of referrals`), stages[1]);
  }));

test("what is owed does not follow the period, and says so", () =>
  open("?period=last-1-month", async (page) => {
    const { data } = await ask(server, analyst, "{ performance { totals { liability payoutsDue liabilityUnknown } } }");
    const owed = await panel(page, "Owed to promoters").innerText();
    assert.match(owed, /the period does not apply/);
    for (const amount of Object.values(data.performance.totals)) assert.ok(owed.includes(money(amount)), `${money(amount)} in ${owed}`);
  }));

test("a cohort's retention is its active customers out of all who have paid", () =>
  open("?timezone=Europe/Berlin", async (page) => {
    const { data } = await ask(server, analyst, '{ leadCohorts(by: MONTH, months: 12, timezone: "Europe/Berlin") { size periods { converted active } } }');
    const [{ size, periods }] = data.leadCohorts;
    const customers = periods.reduce((sum, { converted }) => sum + converted, 0);
    const cells = await panel(page, "Customer retention").getByRole("row").nth(1).getByRole("cell").allInnerTexts();
    assert.deepEqual(cells.slice(0, 2), [count(size), count(customers)]);
    assert.equal(cells.at(-1), `${Math.round((100 * periods.at(-1).active) / customers)}%`);
  }));

test("period, campaign, country and time zone change the figures and stand in the address", () =>
  open("", async (page) => {
    const address = () => Object.fromEntries(new URL(page.url()).searchParams);
    await page.getByLabel("Period", { exact: true }).selectOption({ label: "Last quarter" });
    await page.getByLabel("Compared to", { exact: true }).selectOption({ label: "Previous year" });
    await page.getByLabel("Time zone", { exact: true }).fill("auckland");
    await page.keyboard.press("Enter");
    const period = 'period: { last: { count: 1, unit: QUARTER } }, timezone: "Pacific/Auckland"';
    const all = figuresOf(await totals(period));
    assert.deepEqual(await shown(page), all);
    assert.deepEqual(address(), { period: "last-1-quarter", compare: "year", timezone: "Pacific/Auckland" });

    const { data } = await ask(server, analyst, "{ campaigns(first: 1, orderBy: { field: NAME }) { nodes { id name } } }");
    const [{ id, name }] = data.campaigns.nodes;
    await page.getByLabel("Campaign", { exact: true }).selectOption({ label: name });
    const ofCampaign = figuresOf(await totals(`${period}, filter: { campaignId: { eq: "${id}" } }`));
    assert.notDeepEqual(ofCampaign, all, "the campaign is not all");
    assert.deepEqual(await shown(page), ofCampaign);

    await page.getByLabel("Campaign", { exact: true }).selectOption("");
    await page.getByLabel("Country", { exact: true }).selectOption("US");
    assert.deepEqual(await shown(page), figuresOf(await totals(`${period}, filter: { country: { eq: "US" } }`)));
    assert.equal(address().country, "US");
    await page.goBack();
    assert.deepEqual(await shown(page), all, "the browser's Back shows what was there before");
  }));

test("custom dates are days of the zone, both included, and wait until they make a period", () =>
  open("?timezone=America/New_York", async (page) => {
    await page.getByLabel("Period", { exact: true }).selectOption({ label: "Custom dates" });
    await page.getByLabel("From", { exact: true }).fill("2999-01-01");
    await page.getByText("The last day is before the first.").waitFor();
    await page.getByLabel("From", { exact: true }).fill("2026-02-01");
    await page.getByLabel("To", { exact: true }).fill("2026-03-31");
    const expected = await totals('period: { dates: { from: "2026-02-01", to: "2026-03-31" } }, timezone: "America/New_York"');
    await page.getByText("Feb 1 – Mar 31, 2026").waitFor();
    assert.deepEqual(await shown(page), figuresOf(expected));
    assert.equal(new URL(page.url()).searchParams.get("period"), "2026-02-01..2026-03-31");
  }));

test("a copied link shows the same to somebody else, and does not hold the token", () =>
  open("?period=last-2-month&timezone=Asia/Tokyo&country=DE", async (page, browser) => {
    await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByText("Link copied").waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(!link.includes(analyst));
    const other = await browser.context.newPage();
    await other.goto(link);
    await signIn(other, admin);
    assert.deepEqual(await shown(other), await shown(page));
    assert.equal(await other.getByLabel("Time zone", { exact: true }).inputValue(), "Asia/Tokyo");
    assert.equal(await other.getByLabel("Country", { exact: true }).inputValue(), "DE");
  }));

test("a figure opens in GraphiQL with the query that made it", () =>
  open("?period=last-2-month&timezone=UTC", async (page) => {
    for (const [title, root] of [["Revenue", "performance"], ["Campaigns", "performance"], ["Funnel", "referrals"], ["Customer retention", "leadCohorts"], ["Webhooks", "freshness"]]) {
      const link = new URL(await page.getByRole("link", { name: `${title}: open in GraphiQL`, exact: true }).evaluate(({ href }) => href));
      assert.equal(link.pathname, "/graphiql");
      const parameters = new URLSearchParams(link.hash.slice(1));
      assert.match(parameters.get("query"), /^query \w+[^]*\n {2}\w/, "the query is readable");
      const { data, errors } = await ask(server, analyst, parameters.get("query"), JSON.parse(parameters.get("variables") ?? "{}"));
      assert.equal(errors, undefined, title);
      assert.ok(data[root], title);
      if (title === "Revenue") assert.equal((await shown(page)).Revenue, money(data.performance.totals.revenue));
    }
  }));

test("a measure is explained where the keyboard is, until Escape", () =>
  open("", async (page) => {
    const { data } = await ask(server, analyst, "{ measures { name description } }");
    const { description } = data.measures.find(({ name }) => name === "payoutsPaid");
    const explanation = page.getByRole("tooltip").filter({ hasText: description });
    await page.locator(".figure").getByRole("button", { name: "Payouts paid in cash" }).focus();
    await explanation.waitFor({ state: "visible" });
    await page.keyboard.press("Escape");
    await explanation.waitFor({ state: "hidden" });
  }));

test("a promoter's name leads to the promoter's page, in the same period; an analyst sees a masked address", () =>
  open("?period=last-12-month&timezone=UTC", async (page) => {
    const link = panel(page, "Top promoters").getByRole("row").nth(1).getByRole("link");
    assert.match(await link.innerText(), /^.\*\*\*@/);
    await link.click();
    const { searchParams } = new URL(page.url());
    assert.equal(searchParams.get("period"), "last-12-month");
    assert.ok(searchParams.get("promoter"));
  }));
