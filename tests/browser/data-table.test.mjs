/** Tables: sorting, search, CSV, long lists. On those of promoters, as other tables are the same. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dataOf, onPage, signIn } from "./on-page.mjs";
import { csvOf, numberOf, shownRows, table, waitForRows } from "./tables.mjs";
import { startServer, until } from "../support/server.mjs";

let server;
let admin;
let analyst;

before(async () => {
  server = await startServer({ demo: ["--promoters", "40", "--leads", "1000", "--today", "2026-01-01"] });
  admin = await server.issueToken("--role", "admin");
  analyst = await server.issueToken("--role", "analyst");
});

after(() => server?.stop());

test("a table is sorted by the keyboard alone, and says by what", () =>
  onPage(`${server.origin}/?promoter=all`, async (page) => {
    await signIn(page, admin);
    await waitForRows(page, "All promoters");
    const heading = table(page, "All promoters").getByRole("columnheader", { name: "ID", exact: true });
    assert.equal(await heading.getAttribute("aria-sort"), "none");
    await page.getByRole("searchbox").focus();
    await until(async () => {
      await page.keyboard.press("Tab");
      return await heading.getByRole("button").evaluate((button) => button === document.activeElement);
    }, "the heading has the focus");
    const ids = async () => (await shownRows(page, "All promoters")).map((cells) => Number(cells.at(-1)));
    await page.keyboard.press("Enter");
    assert.equal(await heading.getAttribute("aria-sort"), "ascending");
    assert.deepEqual(await ids(), (await ids()).toSorted((a, b) => a - b));
    await page.keyboard.press("Space");
    assert.equal(await heading.getAttribute("aria-sort"), "descending");
    assert.deepEqual(await ids(), (await ids()).toSorted((a, b) => b - a));
  }));

/** The id of a promoter with many commissions. */
async function busyPromoter() {
  const { promoters } = await dataOf(server, admin, "{ promoters(first: 1, orderBy: { field: COMMISSIONS_COUNT, direction: DESC }) { nodes { id } } }");
  return promoters.nodes[0].id;
}

test("CSV holds the rows and columns that are shown, in their order", async () =>
  onPage(`${server.origin}/?promoter=${await busyPromoter()}`, async (page) => {
    await signIn(page, admin);
    await waitForRows(page, "Commissions");
    const region = page.getByRole("region", { name: "Commissions", exact: true });
    await region.getByRole("searchbox").fill("an");
    await region.getByRole("button", { name: "Sale", exact: true }).click();
    const shown = await shownRows(page, "Commissions");
    const [header, ...rows] = await csvOf(page, "Commissions");
    assert.equal(header.length, shown[0].length);
    assert.ok(shown.length > 3);
    const [date, customer, sale, amount, unit, status] = ["created", "customer", "sale", "amount", "unit", "status"].map((name) => header.indexOf(name));
    const day = (text) => new Date(text).toDateString();
    for (const [index, cells] of shown.entries()) {
      const row = rows[index];
      assert.deepEqual([row[customer], row[unit], row[status]].map((value) => value || "–"), [cells[customer], cells[unit], cells[status]]);
      assert.equal(day(row[date]), day(cells[date]));
      assert.deepEqual([row[sale], row[amount]].map((value) => Number(value).toFixed(2)), [cells[sale], cells[amount]].map((value) => numberOf(value).toFixed(2)));
    }
    const sales = rows.map((row) => Number(row[sale]));
    assert.deepEqual(sales, sales.toSorted((a, b) => b - a), "the largest sale comes first");
  }));

test("a search finds what cells show, money and dates too, and not only what they stand for", async () =>
  onPage(`${server.origin}/?promoter=${await busyPromoter()}`, async (page) => {
    await signIn(page, admin);
    await waitForRows(page, "Commissions");
    const all = await shownRows(page, "Commissions");
    const box = page.getByRole("region", { name: "Commissions", exact: true }).getByRole("searchbox");
    for (const column of [0, 1, 2, 3, 5]) {
      const text = all[0][column];
      await box.fill(text);
      await until(async () => (await shownRows(page, "Commissions")).every((cells) => cells.some((cell) => cell.includes(text))), `only rows with ${text}`);
      assert.ok((await shownRows(page, "Commissions")).length > 0, text);
    }
  }));

const LARGE = 10_000;
const PAGE = 200;
const HOSTILE = ["=HYPERLINK(1)", "+1", "@a", "-cmd", "＝1", 'a "quoted", comma', "two\r\nlines", "\ttab"];

/** Answers for a programme with ten thousand promoters; what else is asked goes to the server. */
const largeProgramme = async (page) =>
  await page.route("**/graphql", async (route) => {
    const { query, variables } = route.request().postDataJSON();
    if (!query.includes("query PromoterList(")) return await route.fallback();
    const from = Number(variables.after ?? 0);
    const nodes = Array.from({ length: PAGE }, (_, index) => ({
      id: `promoter-${from + index}`,
      firstPromoterId: from + index,
      name: HOSTILE[from + index] ?? `Promoter ${from + index} ${"of a long name ".repeat(index % 9)}`,
      email: null,
      status: "ACTIVE",
      archivedAt: null,
      // In no order.
      promotions: { totalCount: (from + index) * 7_919 % 10_007, nodes: [] },
    }));
    const pageInfo = { hasNextPage: from + PAGE < LARGE, endCursor: String(from + PAGE) };
    await route.fulfill({ json: { data: { promoters: { totalCount: LARGE, pageInfo, nodes } } } });
  });

/** Counts React's commits and the rows that are drawn. */
function countWork() {
  globalThis.commits = 0;
  globalThis.drawn = 0;
  globalThis.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    supportsFiber: true,
    inject: () => 1,
    checkDCE() {},
    onCommitFiberUnmount() {},
    onCommitFiberRoot: () => (globalThis.commits += 1),
  };
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.classList?.contains("data-table-item")) globalThis.drawn += 1;
  }).observe(document, { childList: true, subtree: true });
}

test("ten thousand rows stay smooth: only rows in view are in the page, and each is drawn once", () =>
  onPage(`${server.origin}/?promoter=all`, async (page) => {
    await largeProgramme(page);
    await page.addInitScript(countWork);
    await page.reload();
    await signIn(page, analyst);
    await page.getByText("10,000 rows").waitFor();
    const rows = table(page, "All promoters").locator(".data-table-item");
    const scroller = page.locator(".data-table-scroller").first();
    const inView = await scroller.evaluate((element) => Math.ceil(element.clientHeight / 40));
    const MARGIN = 20;
    assert.ok((await rows.count()) <= inView + MARGIN);
    const STEPS = 200;
    const work = await scroller.evaluate(async (element, steps) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const before = { commits: globalThis.commits, drawn: globalThis.drawn };
      for (let step = 0; step < steps; step += 1) {
        element.scrollTop += 40;
        await frame();
      }
      await frame();
      return { commits: globalThis.commits - before.commits, drawn: globalThis.drawn - before.drawn };
    }, STEPS);
    assert.ok(work.drawn >= STEPS - MARGIN && work.drawn <= STEPS + MARGIN, `${work.drawn} rows are drawn for ${STEPS}`);
    assert.ok(work.commits <= STEPS + MARGIN, `${work.commits} commits for ${STEPS} steps`);
    await scroller.evaluate((element) => (element.scrollTop = element.scrollHeight));
    await page.getByText("Promoter 9999").waitFor();
    assert.ok((await rows.count()) <= inView + MARGIN);
    await table(page, "All promoters").getByRole("button", { name: "Campaigns" }).click();
    const csv = await csvOf(page, "All promoters");
    assert.equal(csv.length, LARGE + 1);
    const campaigns = csv.slice(1).map((row) => Number(row[csv[0].indexOf("campaigns")]));
    assert.deepEqual(campaigns, campaigns.toSorted((a, b) => b - a));
    const names = new Map(csv.map((row) => [row[csv[0].indexOf("id")], row[0]]));
    assert.deepEqual(HOSTILE.map((_, index) => names.get(String(index))), HOSTILE.map((name) => (/^[a-z]|^two/.test(name) ? name : `'${name}`)), "no cell is a formula");
  }));

test("loading a long list can be stopped and resumed; what is missing is said", () =>
  onPage(`${server.origin}/?promoter=all`, async (page) => {
    await largeProgramme(page);
    let isHeld = true;
    const waiting = [];
    await page.route("**/graphql", async (route) => {
      const { query, variables } = route.request().postDataJSON();
      if (isHeld && query.includes("query PromoterList(") && variables.after) await new Promise((resolve) => waiting.push(resolve));
      await route.fallback();
    });
    await signIn(page, analyst);
    await page.getByRole("button", { name: "Stop" }).click();
    isHeld = false;
    for (const go of waiting) go();
    await page.getByText("of 10,000. Order, search and CSV know only these.").waitFor();
    assert.ok((await csvOf(page, "All promoters")).length <= 2 * PAGE + 1);
    await page.getByRole("button", { name: "Load more" }).click();
    await page.getByText("10,000 rows").waitFor();
    assert.equal(await page.getByRole("button", { name: "Load more" }).count(), 0);
  }));
