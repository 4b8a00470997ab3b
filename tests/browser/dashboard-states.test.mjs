/** The overview while things change, fail or are missing, and on every screen. PROMOGRAPH_BINARY names the server to test. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { assertAccessible, assertLooksAccessible } from "./accessible.mjs";
import { openDashboard, panel, settled } from "./dashboard.mjs";
import { dataOf, onPage, signIn } from "./on-page.mjs";
import { ROOT, startServer } from "../support/server.mjs";

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

/** The headline figure. */
const referrals = (page) => page.locator(".figure").filter({ hasText: /^Referrals/ }).locator(".figure-value");

test("a change arrives without a reload, for admins and analysts", async () => {
  for (const [token, leadId] of [[admin, 90_000_001], [analyst, 90_000_002]]) {
    await open("?period=2025-03-01..2025-03-31&timezone=UTC", async (page) => {
      await page.getByText("Live", { exact: true }).waitFor();
      await page.evaluate(() => (globalThis.isSamePage = true));
      const before = Number(await referrals(page).innerText());
      const lead = JSON.parse(await readFile(join(ROOT, "tests/fixtures/webhooks/lead_signup.json"), "utf8"));
      await server.deliver(JSON.stringify({ ...lead, event: { ...lead.event, id: leadId }, data: { ...lead.data, id: leadId, email: `${leadId}@example.com`, uid: `u${leadId}` } }));
      await referrals(page).getByText(String(before + 1), { exact: true }).waitFor();
      assert.equal(await page.evaluate(() => globalThis.isSamePage), true);
    }, token);
  }
});

test("a panel that fails says why, leaves the others alone, and can be tried again", () =>
  open("", async (page) => {
    const fails = (route) =>
      route.request().postDataJSON()?.query.includes("query Liability")
        ? route.fulfill({ json: { errors: [{ message: "The database is too busy.", extensions: { code: "UNAVAILABLE" } }] } })
        : route.fallback();
    await page.route("**/graphql", fails);
    await page.getByLabel("Country", { exact: true }).selectOption("US");
    const owed = panel(page, "Owed to promoters");
    await owed.getByRole("alert").getByText("The database is too busy.").waitFor();
    await settled(page);
    assert.equal(await page.locator(".figure").count(), 8);
    assert.equal(await page.getByRole("alert").count(), 1);
    await page.unroute("**/graphql", fails);
    await owed.getByRole("button", { name: "Try again" }).click();
    await owed.getByText("Over 90 days").waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
  }));

test("the funnel says why when the report fails that tells its period", () =>
  onPage(`${server.origin}/`, async (page) => {
    const fails = (route) =>
      route.request().postDataJSON()?.query.includes("query HeadlineFigures")
        ? route.fulfill({ json: { errors: [{ message: "The database is too busy.", extensions: { code: "UNAVAILABLE" } }] } })
        : route.fallback();
    await page.route("**/graphql", fails);
    await signIn(page, analyst);
    await panel(page, "Funnel").getByRole("alert").getByText("The database is too busy.").waitFor();
    await page.unroute("**/graphql", fails);
    await panel(page, "Funnel").getByRole("button", { name: "Try again" }).click();
    await panel(page, "Funnel").getByRole("listitem").first().waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
  }));

test("what is not answered yet has no days and cannot be saved; files are named by the days of their answer", () =>
  open("?period=last-1-quarter&timezone=UTC", async (page) => {
    const days = page.locator(".period-line");
    const before = await days.innerText();
    assert.match(before, / compared with /);
    let answer;
    const answered = new Promise((resolve) => (answer = resolve));
    await page.route("**/graphql", async (route) => {
      await answered;
      await route.fallback();
    });
    await page.getByLabel("Period", { exact: true }).selectOption({ label: "Last month" });
    await panel(page, "Campaigns").locator(".outdated").waitFor();
    assert.equal((await days.innerText()).trim(), "Last month");
    const buttons = [page.getByRole("button", { name: "Figures as CSV" }), ...["Copy", "CSV"].map((name) => panel(page, "Campaigns").getByText(name, { exact: true }))];
    for (const button of buttons) assert.ok(await button.isDisabled());
    answer();
    await settled(page);
    const { performance } = await dataOf(server, analyst, "{ performance(period: { last: { count: 1, unit: MONTH } }) { start end } }");
    const [first, last] = [performance.start, new Date(Date.parse(performance.end) - 1).toISOString()].map((instant) => instant.slice(0, 10));
    for (const [name, file] of [["Figures", "figures"], ["Campaigns", "campaigns"], ["Funnel", "funnel"]]) {
      const saved = page.waitForEvent("download");
      await page.getByRole("button", { name: `${name} as CSV`, exact: true }).click();
      assert.equal((await saved).suggestedFilename(), `${file}-${first}-${last}.csv`);
    }
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Owed to promoters as CSV" }).click();
    assert.match((await saved).suggestedFilename(), /^owed-to-promoters-\d{4}-\d{2}-\d{2}\.csv$/);
  }));

test("before the first webhook the page says where it has to be sent, and then shows it by itself", async () => {
  const empty = await startServer();
  try {
    const token = await empty.issueToken("--role", "admin");
    await onPage(`${empty.origin}/?period=2025-03-01..2025-03-31&timezone=UTC`, async (page) => {
      await signIn(page, token);
      await page.getByText(`${empty.origin}/webhooks/firstpromoter/{token}`).waitFor();
      await assertAccessible(page, "without webhooks");
      await page.getByText("Live", { exact: true }).waitFor();
      for (const name of ["promoter_signed_up", "lead_signup"]) await empty.deliver(await readFile(join(ROOT, "tests/fixtures/webhooks", `${name}.json`)));
      await referrals(page).getByText("1", { exact: true }).waitFor();
    });
  } finally {
    await empty.stop();
  }
});

test("the page is accessible in light and dark, on a screen and on a phone, and fits its width", () =>
  open("", (page) => assertLooksAccessible(page, "the overview")));

test("the first load of the dashboard is at most 250 kB, compressed, and nothing of GraphiQL", () =>
  open("", async (page) => {
    const files = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.includes("/assets/")));
    const sizes = await Promise.all(files.map(async (name) => gzipSync(await page.evaluate((url) => fetch(url).then((response) => response.text()), name)).length));
    assert.ok(sizes.length > 0);
    assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= 250_000, files.map((name, index) => `${name}: ${sizes[index]}`).join("\n"));
    assert.ok(!files.some((name) => /graphiql|monaco/.test(name)), files.join(" "));
  }));
