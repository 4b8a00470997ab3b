/** GraphiQL as an analyst's bench: answers as tables and charts, taken away, shared, and exact to the last digit. */
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertAccessible } from "./accessible.mjs";
import { answerText, editorText, form, nextAnswer, onGraphiql, run, type } from "./graphiql-page.mjs";
import { ask, giveToken, signIn } from "./on-page.mjs";
import { ROOT, startServer, until } from "../support/server.mjs";

const SHOTS = join(ROOT, "target", "browser");
/** The first integer that JavaScript cannot hold, and would round. */
const BIG = "9007199254740993";
const BY_CAMPAIGN = `query ByCampaign {
  performance(period: { last: { count: 6, unit: MONTH } }, by: [CAMPAIGN]) {
    totals { revenue }
    nodes { campaign { name } revenue netRevenue referrals }
  }
}`;
const OVER_TIME = `query OverTime {
  performance(period: { last: { count: 6, unit: MONTH } }, timezone: "America/New_York", interval: MONTH) {
    nodes { start referrals }
  }
}`;
const BOTH = `query Both {
  performance(period: { last: { count: 6, unit: MONTH } }, interval: MONTH, by: [CAMPAIGN], first: 1000) {
    nodes { start campaign { name } referrals }
  }
}`;
const LEAD = "query Lead($id: BigInt) { leads(filter: { firstPromoterId: { eq: $id } }) { nodes { firstPromoterId state } } }";

let server;
let analyst;

before(async () => {
  await mkdir(SHOTS, { recursive: true });
  server = await startServer({ demo: ["--promoters", "20", "--leads", "300"] });
  analyst = await server.issueToken("--role", "analyst");
  await signUp(BIG);
  await until(async () => (await ask(server, analyst, "{ leads { totalCount } }")).data.leads.totalCount > 300, "the lead is visible");
});

after(() => server?.stop());

/** Delivers the sign-up of a new lead. */
let events = 7_000_000;
async function signUp(id) {
  events += 1;
  const event = `{ "id": ${events}, "type": "lead_signup", "created_at": "2026-01-01T00:00:00.000Z" }`;
  await server.deliver(`{ "event": ${event}, "data": { "id": ${id}, "state": "signup", "email": "lead-${id}@customer.example" } }`);
}

const rows = (page) => page.locator(".bench-pane .data-table-body [role=row]");
const cells = async (page) => await rows(page).evaluateAll((all) => all.map((row) => [...row.querySelectorAll("[role=cell]")].map((cell) => cell.textContent)));
const csvOf = async (page) => {
  const downloaded = page.waitForEvent("download");
  await page.getByRole("button", { name: /as CSV$/ }).click();
  return await readFile(await (await downloaded).path(), "utf8");
};
const dayOf = (instant) => new Date(instant).toLocaleDateString("en-US", { dateStyle: "medium", timeZone: "UTC" });
const chartKind = (page) => page.getByRole("combobox", { name: "Chart" }).inputValue();

/** Signs in, runs the document, and gives its answer. */
async function answered(page, name, document, variables) {
  await signIn(page, analyst);
  const answer = nextAnswer(page);
  await run(page, name, document, variables);
  const { data } = await answer;
  await until(async () => (await answerText(page)).includes('"data"'), "the answer is shown");
  return data;
}

test("the table holds the rows of the JSON, and sorts them", () =>
  onGraphiql(server, async (page) => {
    const { performance } = await answered(page, "ByCampaign", BY_CAMPAIGN);
    await form(page, "Table").click();
    const expected = performance.nodes.map(({ campaign, ...row }) => [campaign?.name ?? "–", row.revenue, row.netRevenue, row.referrals].map(String));
    assert.deepEqual(await cells(page), expected);
    const headings = await page.locator(".bench-pane [role=columnheader]").allInnerTexts();
    assert.deepEqual(headings, ["campaign.name", "revenue", "netRevenue", "referrals"]);
    await page.getByRole("columnheader", { name: "netRevenue" }).getByRole("button").click();
    const sorted = expected.toSorted((a, b) => Number(b[2]) - Number(a[2]));
    await until(async () => JSON.stringify(await cells(page)) === JSON.stringify(sorted), "the largest stand first");
    const csv = sorted.map((row) => `${row.map((cell) => (cell === "–" ? "" : cell)).join(",")}\r\n`).join("");
    assert.equal(await csvOf(page), `campaign.name,revenue,netRevenue,referrals\r\n${csv}`);
    await page.screenshot({ path: join(SHOTS, "bench-table.png") });
    // What stands in no list has a table of its own.
    await page.getByLabel("Rows of").selectOption({ label: "single values (1)" });
    await until(async () => (await cells(page)).length === 1, "the total is shown");
    assert.deepEqual(await cells(page), [["performance.totals.revenue", String(performance.totals.revenue)]]);
  }));

test("a list in a row opens below it, and is a table of its own", () =>
  onGraphiql(server, async (page) => {
    const document = "query Retention { leadCohorts(by: MONTH, months: 3) { cohort size periods { offset active } } }";
    const { leadCohorts } = await answered(page, "Retention", document);
    await form(page, "Table").click();
    await page.getByRole("button", { name: `Details of ${leadCohorts[0].cohort}` }).click();
    const inner = page.locator(".data-table-details [role=rowgroup]:last-child [role=row]");
    await until(async () => (await inner.count()) === leadCohorts[0].periods.length, "the periods are shown");
    await page.getByLabel("Rows of").selectOption({ label: "leadCohorts.periods (6)" });
    const expected = leadCohorts.flatMap(({ cohort, size, periods }) => periods.map(({ offset, active }) => [dayOf(cohort), size, offset, active].map(String)));
    await until(async () => JSON.stringify(await cells(page)) === JSON.stringify(expected), "each period stands beside its cohort");
  }));

test("edges are rows, and errors beside data are told", () =>
  onGraphiql(server, async (page) => {
    const document = "query Edges { leads(first: 2) { edges { cursor node { state events { totalCount } } } pageInfo { hasNextPage } } }";
    const { leads } = await answered(page, "Edges", document);
    await form(page, "Table").click();
    const { errors } = JSON.parse(await answerText(page));
    await page.getByRole("alert").getByText(errors[0].message).waitFor();
    assert.deepEqual((await cells(page)).map(([state]) => state), leads.edges.map(({ node }) => node.state));
  }));

test("the chart follows the answer's shape, and can be changed", () =>
  onGraphiql(server, async (page) => {
    const { performance } = await answered(page, "OverTime", OVER_TIME);
    await form(page, "Chart").click();
    assert.equal(await chartKind(page), "line");
    const figures = () => page.locator(".chart tbody tr").evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    // In the zone of the query each month begins on its first day.
    assert.ok((await figures()).every(([label]) => /\b1,? /.test(label) && !label.includes(":")), JSON.stringify(await figures()));
    assert.deepEqual((await figures()).map(([, value]) => value), performance.nodes.map(({ referrals }) => String(referrals)));
    await answered(page, "ByCampaign", BY_CAMPAIGN);
    assert.match(await chartKind(page), /^(bar|across)$/);
    const both = await answered(page, "Both", BOTH);
    assert.equal(await chartKind(page), "stacked");
    const names = new Set(both.performance.nodes.map(({ campaign }) => campaign.name));
    assert.equal(await page.locator(".chart thead th[scope=col]").filter({ hasText: /./ }).count(), names.size);
    await page.screenshot({ path: join(SHOTS, "bench-chart.png") });
    await page.getByRole("combobox", { name: "Chart" }).selectOption("line");
    await page.getByRole("combobox", { name: "Series" }).selectOption("");
    assert.deepEqual(await page.locator(".chart thead th[scope=col]").filter({ hasText: /./ }).allInnerTexts(), ["referrals"]);
  }));

test("a chart's figures are saved as the answer has them: exact, with its times", () =>
  onGraphiql(server, async (page) => {
    const { performance } = await answered(page, "OverTime", OVER_TIME);
    await form(page, "Chart").click();
    const lines = performance.nodes.map(({ start, referrals }) => `${start},${referrals}\r\n`);
    assert.equal(await csvOf(page), `start,referrals\r\n${lines.join("")}`);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy the chart's figures for a sheet" }).click();
    await page.getByText("Copied").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, ["start\treferrals", ...performance.nodes.map(({ start, referrals }) => `${start}\t${referrals}`)].join("\n"));
    // Rows of one month, added up: no digit is lost, and none made up.
    await page.route("**/graphql", (route) => {
      if (!route.request().postData()?.includes("query Exact")) return route.fallback();
      const nodes = [["a", BIG], ["a", "1"], ["b", "0.1"], ["b", "0.2"], ["c", "-1.5"]].map(([name, value]) => ({ name, value }));
      return route.fulfill({ json: { data: { list: { nodes } } } });
    });
    await answered(page, "Exact", "query Exact { viewer { role } }");
    await page.getByRole("combobox", { name: "X axis" }).selectOption("name");
    await page.getByRole("combobox", { name: "Series" }).selectOption("");
    assert.equal(await csvOf(page), "name,value\r\na,9007199254740994\r\nb,0.3\r\nc,-1.5\r\n");
  }));

test("cohorts are drawn by the months since, one curve each; figures that repeat are no measures", () =>
  onGraphiql(server, async (page) => {
    const document = "query Cohorts { leadCohorts(by: MONTH, months: 3) { cohort size periods { offset active } } }";
    const { leadCohorts } = await answered(page, "Cohorts", document);
    await form(page, "Chart").click();
    await page.getByLabel("Rows of").selectOption({ label: "leadCohorts.periods (6)" });
    assert.deepEqual(await page.getByRole("combobox", { name: "Measure" }).locator("option").allInnerTexts(), ["periods.active", "number of rows"]);
    const figures = await page.locator(".chart tbody tr").evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    assert.deepEqual(figures.map(([offset]) => offset), ["0", "1", "2"]);
    const total = figures.flatMap(([, ...values]) => values).reduce((sum, value) => sum + Number(value), 0);
    assert.equal(total, leadCohorts.flatMap(({ periods }) => periods).reduce((sum, { active }) => sum + active, 0));
  }));

test("a shared link shows the same query, variables and view, and never holds the token", () =>
  onGraphiql(server, async (page, browser) => {
    await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await answered(page, "Lead", LEAD, `{ "id": ${BIG} }`);
    await form(page, "Table").click();
    const shown = await cells(page);
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByText("Link copied").waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(!link.includes(analyst) && !page.url().includes(analyst));
    const other = await browser.context.newPage();
    await other.goto(link);
    // Another tab: nobody is signed in there yet.
    await giveToken(other, analyst);
    await until(async () => JSON.stringify(await cells(other)) === JSON.stringify(shown), "the same rows are shown");
    assert.equal(await form(other, "Table").getAttribute("aria-pressed"), "true");
    assert.equal((await editorText(other, "operation")).trim(), LEAD);
    assert.match(await editorText(other, "variables"), new RegExp(`: ${BIG}\\b`));
    assert.equal(new URL(other.url()).hash, "", "a reload shows the tab as it was left");
  }));

test("without a clipboard a shared link is in the address bar, and the page says so", () =>
  onGraphiql(server, async (page) => {
    await answered(page, "Lead", LEAD, `{ "id": ${BIG} }`);
    await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByText("Link is in the address bar").waitFor();
    assert.match(new URL(page.url()).hash, /^#query=query%20Lead/);
  }));

test("a shared mutation or subscription waits until it is run", () =>
  onGraphiql(
    server,
    async (page) => {
      const sent = [];
      page.on("request", (request) => sent.push(request.postData() ?? ""));
      await signIn(page, analyst);
      await until(async () => (await editorText(page, "operation")).includes("mutation Shared"), "it is shown");
      // Had it run, then before this.
      await page.getByRole("button", { name: "Newest leads" }).click();
      await until(async () => (await answerText(page)).includes('"totalCount"'), "another answer is there");
      assert.ok(!sent.some((body) => body.includes("mutation Shared")));
      assert.ok(sent.some((body) => body.includes("query NewestLeads")));
    },
    `#query=${encodeURIComponent('mutation Shared { replayEvents(input: { types: ["none"] }) { replayed } }')}`,
  ));

test("integers beyond 2^53 keep every digit: in the answer, the table, the CSV and the variables", () =>
  onGraphiql(server, async (page) => {
    await signIn(page, analyst);
    const sent = page.waitForRequest((request) => request.postData()?.includes('"operationName":"Lead"'));
    await run(page, "Lead", LEAD, `{\n  // a comment\n  "id": ${BIG},\n}`);
    assert.match((await sent).postData(), new RegExp(`"id":${BIG}\\b`));
    await until(async () => (await answerText(page)).includes(`"firstPromoterId": ${BIG},`), "the answer is exact");
    await form(page, "Table").click();
    assert.deepEqual(await cells(page), [[BIG, "SIGNUP"]]);
    assert.equal(await csvOf(page), `firstPromoterId,state\r\n${BIG},SIGNUP\r\n`);
  }));

test("a query that runs is stopped by the button, and by opening another tab", () =>
  onGraphiql(server, async (page) => {
    await signIn(page, analyst);
    // Answers to this query do not come while the test looks.
    const held = [];
    await page.route("**/graphql", (route) => (route.request().postData()?.includes("query Slow") ? held.push(route) : route.fallback()));
    for (const leave of [() => page.getByRole("button", { name: "Stop query" }).click(), () => page.getByRole("button", { name: "New tab" }).click()]) {
      const failed = page.waitForEvent("requestfailed", (request) => request.postData()?.includes("query Slow"));
      await run(page, "Slow", "query Slow { viewer { role } }");
      await leave();
      assert.match((await failed).failure().errorText, /ABORTED/);
      await page.getByRole("button", { name: "Execute query" }).waitFor();
      assert.equal(await answerText(page), "");
    }
  }));

test("an answer's duration, size and cost are told", () =>
  onGraphiql(server, async (page) => {
    await signIn(page, analyst);
    const response = nextAnswer(page);
    await run(page, "OverTime", OVER_TIME);
    const { extensions } = await response;
    const facts = page.locator(".facts");
    await facts.getByText(`cost ${extensions.cost.requested.toLocaleString("en-US")}`).waitFor();
    assert.match(await facts.innerText(), /\d ms · [\d.]+ k?B[^]*points left/);
  }));

test("a subscription's messages are listed, newest first, beside the JSON of the last", () =>
  onGraphiql(server, async (page) => {
    await signIn(page, analyst);
    await page.getByRole("button", { name: "Leads as they change" }).click();
    const list = page.getByRole("region", { name: "Messages" });
    let id = 8_000_000;
    await until(async () => {
      id += 1;
      await signUp(id);
      return (await list.getByRole("listitem").count()) >= 3;
    }, "messages are listed");
    await page.screenshot({ path: join(SHOTS, "bench-live.png") });
    const items = await list.getByRole("listitem").allInnerTexts();
    const ids = items.map((text) => Number(/\b8\d{6}\b/.exec(text)?.[0]));
    assert.deepEqual(ids, ids.toSorted((a, b) => b - a));
    assert.match(items[0], /^[012]\d:\d\d:\d\d\.\d{3}/);
    await until(async () => /"firstPromoterId": 8/.test(await answerText(page)), "the last is shown as JSON");
    await form(page, "Table").click();
    assert.equal((await page.locator(".bench-pane [role=columnheader]").first().innerText()).trim(), "time");
  }));

test("a preset that is clicked while a subscription runs does run, and ends it", () =>
  onGraphiql(server, async (page) => {
    await signIn(page, analyst);
    const socket = page.waitForEvent("websocket");
    await page.getByRole("button", { name: "Leads as they change" }).click();
    await page.getByRole("button", { name: "Stop query" }).waitFor();
    const answer = nextAnswer(page);
    await page.getByRole("button", { name: "Newest leads" }).click();
    assert.ok((await answer).data.leads);
    const ended = await socket;
    await until(async () => ended.isClosed(), "the subscription has ended");
    await until(async () => (await answerText(page)).includes('"totalCount"'), "the answer is shown");
  }));
