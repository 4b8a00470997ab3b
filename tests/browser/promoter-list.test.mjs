/** The list of all promoters, while its figures change, load or fail. PROMOGRAPH_BINARY names the server to test. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ask, onPage, signIn } from "./on-page.mjs";
import { shownRows, table, waitForRows } from "./tables.mjs";
import { ROOT, startServer, until } from "../support/server.mjs";

const ADDRESS = "?promoter=all&period=2025-01-01..2025-12-31&timezone=UTC";

let server;
let admin;

before(async () => {
  server = await startServer({ demo: ["--promoters", "20", "--leads", "300", "--today", "2026-01-01"] });
  admin = await server.issueToken("--role", "admin");
});

after(() => server?.stop());

const csvButton = (page) => page.getByRole("button", { name: "All promoters as CSV" });

/** Answers the figures' query alone. */
const onFigures = (page, answer) =>
  page.route("**/graphql", (route) => (route.request().postDataJSON()?.query.includes("query PromoterListFigures(") ? answer(route) : route.fallback()));

test("a new promoter appears in the list without a reload", () =>
  onPage(`${server.origin}/${ADDRESS}`, async (page) => {
    await signIn(page, admin);
    await waitForRows(page, "All promoters");
    await page.getByText("Live", { exact: true }).waitFor();
    const event = JSON.parse(await readFile(join(ROOT, "tests/fixtures/webhooks/promoter_signed_up.json"), "utf8"));
    Object.assign(event.data.promoter, { id: 4_712, email: "late@example.com", name: "Late Comer" });
    await server.deliver(JSON.stringify(event));
    await page.getByText("21 rows").waitFor();
  }));

test("figures that load are told apart from none, and are not saved as none", () =>
  onPage(`${server.origin}/${ADDRESS}`, async (page) => {
    let answer;
    const isHeld = new Promise((resolve) => (answer = resolve));
    await onFigures(page, async (route) => {
      await isHeld;
      await route.fallback();
    });
    await signIn(page, admin);
    await waitForRows(page, "All promoters");
    const headings = await table(page, "All promoters").getByRole("columnheader").allInnerTexts();
    const column = headings.findIndex((heading) => heading.includes("Referrals"));
    const referrals = async () => new Set((await shownRows(page, "All promoters")).map((cells) => cells[column]));
    assert.deepEqual(await referrals(), new Set(["…"]));
    assert.ok(await csvButton(page).isDisabled());
    answer();
    await page.waitForFunction((name) => !document.querySelector(`button[aria-label="${name}"]`).disabled, "All promoters as CSV");
    assert.ok([...(await referrals())].every((cell) => /^\d/.test(cell)));
  }));

test("figures that fail are told above the table, are not saved, and can be tried again", () =>
  onPage(`${server.origin}/${ADDRESS}`, async (page) => {
    const message = "The database is too busy.";
    await onFigures(page, (route) => route.fulfill({ json: { errors: [{ message, extensions: { code: "UNAVAILABLE" } }] } }));
    await signIn(page, admin);
    await waitForRows(page, "All promoters");
    const alert = page.getByRole("region", { name: "All promoters", exact: true }).getByRole("alert");
    await alert.getByText(`Without figures: ${message}`).waitFor();
    const [above, below] = await Promise.all([alert.boundingBox(), table(page, "All promoters").boundingBox()]);
    assert.ok(above.y < below.y);
    assert.ok(await csvButton(page).isDisabled());
    await page.unroute("**/graphql");
    await alert.getByRole("button", { name: "Try again" }).click();
    await alert.waitFor({ state: "detached" });
    await until(() => csvButton(page).isEnabled(), "the figures are there");
  }));

test("the list opens in GraphiQL with both of its queries", () =>
  onPage(`${server.origin}/${ADDRESS}`, async (page) => {
    await signIn(page, admin);
    await waitForRows(page, "All promoters");
    for (const [title, root] of [["All promoters", "promoters"], ["Figures of all promoters", "performance"]]) {
      const { hash } = new URL(await page.getByRole("link", { name: `${title}: open in GraphiQL`, exact: true }).evaluate(({ href }) => href));
      const parameters = new URLSearchParams(hash.slice(1));
      const { data, errors } = await ask(server, admin, parameters.get("query"), JSON.parse(parameters.get("variables")));
      assert.equal(errors, undefined, title);
      assert.ok(data[root].nodes.length > 0, title);
    }
  }));
