/** Which days the overview's figures and charts are about. PROMOGRAPH_BINARY names the server to test. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openDashboard, panel, settled } from "./dashboard.mjs";
import { dataOf } from "./on-page.mjs";
import { csvOf, numberOf } from "./tables.mjs";
import { startServer } from "../support/server.mjs";

let server;
let analyst;

before(async () => {
  server = await startServer({ demo: ["--promoters", "30", "--leads", "600"], settings: { PROMOGRAPH_CURRENCY: "USD" } });
  analyst = await server.issueToken("--role", "analyst");
});

after(() => server?.stop());

const open = (search, check) => openDashboard(server, search, analyst, check);

const today = () => new Date().toISOString().slice(0, 10);
const changes = (page) => page.locator(".figure-change").allInnerTexts();
const tones = (page) => page.locator(".figure-change .good, .figure-change .bad").count();

/** What the API says of days, by the arguments after them. */
async function totals(from, to, more = "") {
  const { performance } = await dataOf(server, analyst, `{
    performance(period: { dates: { from: "${from}", to: "${to}" } }, timezone: "UTC"${more}) { totals { referrals previous { referrals } } }
  }`);
  return performance.totals;
}

test("a running period ends today and is compared with as much time before; the running year with the same days of last year", async () => {
  const [year, month] = today().split("-");
  for (const [period, from, compareTo] of [["current-month", `${year}-${month}-01`, "PREVIOUS_PERIOD"], ["current-year", `${year}-01-01`, "PREVIOUS_YEAR"]]) {
    await open(`?period=${period}&timezone=UTC`, async (page) => {
      const expected = await totals(from, today(), `, compareTo: ${compareTo}`);
      const referrals = page.locator(".figure").filter({ hasText: /^Referrals/ });
      assert.equal(numberOf(await referrals.locator(".figure-value").innerText()), expected.referrals);
      assert.match(await referrals.locator(".figure-change").innerText(), new RegExp(` from ${expected.previous.referrals}$`));
      assert.equal(new URL(page.url()).searchParams.get("period"), period, "the address keeps meaning the running period");
    });
  }
});

test("changes of a period that goes on are said to be so far, and are neither good nor bad; those of one that is over are", () =>
  open(`?period=2026-01-01..${today()}&timezone=UTC`, async (page) => {
    await page.getByText("Custom dates so far").waitFor();
    for (const change of await changes(page)) assert.match(change, /So far|nothing to compare/);
    assert.equal(await tones(page), 0);
    await page.getByLabel("Period", { exact: true }).selectOption({ label: "Last quarter" });
    await settled(page);
    for (const change of await changes(page)) assert.doesNotMatch(change, /So far/);
    assert.ok((await tones(page)) > 0);
  }));

test("CSV of intervals and cohorts has the days of the zone, as lists have them", () =>
  open("?period=2026-01-30..2026-04-12&timezone=Asia/Tokyo", async (page) => {
    const weeks = (await csvOf(page, "Over time, by week")).slice(1).map(([start]) => start);
    assert.deepEqual(weeks.slice(0, 3), ["2026-01-30", "2026-02-02", "2026-02-09"]);
    for (const [cohort] of (await csvOf(page, "Customer retention")).slice(1)) assert.match(cohort, /^\d{4}-\d{2}-01$/);
  }));

test("a week reads as its days, and what is cut by the period as the days that it has", () =>
  open("?period=2026-01-30..2026-04-14&timezone=UTC", async (page) => {
    const weeks = await panel(page, "Over time, by week").getByRole("table", { name: "Referrals by week" }).locator("tbody th").allTextContents();
    const plain = weeks.map((week) => week.replaceAll(/[\s\u2009]+/g, " "));
    assert.deepEqual([plain[0], plain[1], plain.at(-1)], ["Jan 30 – Feb 1, 2026", "Feb 2 – 8, 2026", "Apr 13 – 14, 2026"]);
  }));
