/** GraphiQL as an analyst meets it. PROMOGRAPH_BINARY names the server to test. */
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startBrowser } from "./browser.mjs";
import { answerText, nextAnswer, onGraphiql as onPageOf, run } from "./graphiql-page.mjs";
import { ask, giveToken, signIn } from "./on-page.mjs";
import { ROOT, startServer, until } from "../support/server.mjs";

const SHOTS = join(ROOT, "target", "browser");

let server;
let analyst;
let admin;

before(async () => {
  await mkdir(SHOTS, { recursive: true });
  server = await startServer();
  analyst = await server.issueToken("--role", "analyst");
  admin = await server.issueToken("--role", "admin");
  for (const name of ["promoter_signed_up", "lead_signup", "reward_created"]) {
    await server.deliver(await readFile(join(ROOT, "tests/fixtures/webhooks", `${name}.json`)));
  }
  await until(async () => (await ask(server, admin, "{ leads { totalCount } }")).data?.leads.totalCount > 0, "the lead is visible");
});

after(() => server?.stop());

const onGraphiql = (check) => onPageOf(server, check);
const answer = (page) => page.locator(".result-window");

test("the refusal of a wrong token is the answer until another token counts", () =>
  onGraphiql(async (page) => {
    await giveToken(page, "not.a.token");
    await until(async () => (await answerText(page)).includes("UNAUTHENTICATED"), "the refusal is the answer");
    await page.screenshot({ path: join(SHOTS, "refused.png") });
    await signIn(page, analyst);
    await until(async () => (await answerText(page)) === "", "the old refusal is gone");
  }));

test("with a token an analyst runs a ready-made query and sees data", () =>
  onGraphiql(async (page) => {
    await signIn(page, analyst);
    await page.getByRole("button", { name: "Newest leads" }).click();
    await answer(page).getByText('"totalCount"').waitFor();
    await page.screenshot({ path: join(SHOTS, "answered.png") });
  }));

test("every ready-made query is answered without an error to those it is for", () =>
  onGraphiql(async (page) => {
    for (const [role, token] of [["analyst", analyst], ["admin", admin]]) {
      await signIn(page, token);
      const presets = page.locator(".presets li button");
      const count = await presets.count();
      assert.ok(count >= 15);
      for (let index = 0; index < count; index += 1) {
        const preset = presets.nth(index);
        const tags = await preset.locator("i").allInnerTexts();
        // What is live has no one answer: see below.
        if (tags.includes("live") || (role === "analyst" && tags.includes("admin"))) continue;
        const title = await preset.locator("b").innerText();
        const answered = nextAnswer(page);
        await preset.click();
        const { data, errors } = await answered;
        assert.equal(errors, undefined, `${title}: ${JSON.stringify(errors)}`);
        assert.ok(data, title);
        await until(async () => (await answerText(page)).includes(Object.keys(data)[0]), `${title} is shown`);
        assert.match(await page.locator(".graphiql-tab-active").innerText(), /^[A-Z]\w+/);
      }
    }
  }));

let leads = 7_000_000;
/** Delivers the sign-up of a new lead. */
async function signUp() {
  leads += 1;
  const event = { id: leads, type: "lead_signup", created_at: new Date(1_741_000_000_000 + leads).toISOString() };
  await server.deliver(JSON.stringify({ event, data: { id: leads, state: "signup", email: `lead-${leads}@customer.example` } }));
}

test("a subscription runs until it is stopped, and shows what comes", () =>
  onGraphiql(async (page) => {
    await signIn(page, analyst);
    const sockets = [];
    page.on("websocket", (socket) => sockets.push(socket));
    await run(page, "LeadsLive", "subscription LeadsLive { leadChanged { lead { firstPromoterId state } lastEventId } }");
    const stop = page.getByRole("button", { name: "Stop query" });
    await stop.waitFor();
    // When it is heard is not told: sign leads up until one is shown.
    await until(async () => {
      await signUp();
      return /"firstPromoterId": 70000/.test(await answerText(page));
    }, "a new lead is shown");
    await page.screenshot({ path: join(SHOTS, "live.png") });
    assert.equal(sockets.length, 1);
    assert.ok(!sockets[0].url().includes(analyst), "the token is no part of an address");
    await stop.click();
    await until(async () => sockets[0].isClosed(), "the connection is closed after the last subscription");
  }));

test("the ready-made subscription shows each change until it is stopped", () =>
  onGraphiql(async (page) => {
    await signIn(page, analyst);
    await page.getByRole("button", { name: "Leads as they change" }).click();
    const stop = page.getByRole("button", { name: "Stop query" });
    await stop.waitFor();
    const shown = async () => Number(/"firstPromoterId": (70000\d\d)/.exec(await answerText(page))?.[1] ?? 0);
    const next = async (before) => {
      await until(async () => {
        await signUp();
        return (await shown()) > before;
      }, "a newer lead is shown");
      return await shown();
    };
    await next(await next(0));
    await page.screenshot({ path: join(SHOTS, "live-preset.png") });
    await stop.click();
    await page.getByRole("button", { name: "Execute query" }).waitFor();
  }));

test("a server that does not answer is told in a sentence, to queries and to subscriptions", async () => {
  const own = await startServer();
  const token = await own.issueToken("--role", "analyst");
  const browser = await startBrowser();
  try {
    const page = await browser.context.newPage();
    await page.goto(`${own.origin}/graphiql`);
    await signIn(page, token);
    await own.stop();
    const said = { errors: [{ message: "The server does not answer. Is it still running?" }] };
    const isSaid = async () => (await answerText(page)) === JSON.stringify(said, null, 2);
    await page.getByRole("button", { name: "Newest leads" }).click();
    await until(isSaid, "the query's answer is the sentence, and nothing else");
    await page.getByRole("alert").getByText("Is it still running?").waitFor();
    await page.screenshot({ path: join(SHOTS, "no-answer.png") });
    const attempt = page.waitForEvent("websocket");
    await page.getByRole("button", { name: "Leads as they change" }).click();
    await attempt;
    await page.getByRole("button", { name: "Execute query" }).waitFor();
    await until(isSaid, "so is the subscription's");
  } finally {
    await browser.stop();
    await own.stop();
  }
});

test("why a subscription is refused, or ends, is shown", () =>
  onGraphiql(async (page) => {
    const token = await server.issueToken("--role", "analyst");
    await signIn(page, token);
    await run(page, "Refused", 'subscription Refused { leadChanged(after: "nonsense") { lead { id } } }');
    await until(async () => (await answerText(page)).includes("BAD_USER_INPUT"), "the refusal is shown");
    await run(page, "Ended", "subscription Ended { leadChanged { lead { firstPromoterId } } }");
    await until(async () => {
      await signUp();
      return /"firstPromoterId": 70000/.test(await answerText(page));
    }, "a new lead is shown");
    await server.revoke(token);
    await until(async () => {
      await signUp();
      return (await answerText(page)).includes("errors");
    }, "the end is shown");
    const { errors } = JSON.parse(await answerText(page));
    assert.deepEqual(errors.map(Object.keys), [["message"]]);
    assert.match(errors[0].message, /UNAUTHENTICATED.*\(4403\)$/);
    await page.getByText("Your token was revoked").waitFor();
    await page.getByRole("button", { name: "Execute query" }).waitFor();
    await page.screenshot({ path: join(SHOTS, "ended.png") });
  }));

test("the browser asks whether an answer to GET still holds, and loads it only when it changed", () =>
  onGraphiql(async (page) => {
    for (let lead = 0; lead < 20; lead += 1) await signUp();
    const query = encodeURIComponent("{ leads { totalCount nodes { id firstPromoterId email state createdAt } } }");
    const read = () =>
      page.evaluate(
        async ([url, token]) => {
          const answer = await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json();
          const { transferSize, encodedBodySize } = performance.getEntriesByName(url).at(-1);
          return { answer, loaded: transferSize >= encodedBodySize };
        },
        [`${server.origin}/graphql?query=${query}`, analyst],
      );
    const isUnchanged = async () => {
      const [one, two] = [await read(), await read()];
      return JSON.stringify(one.answer) === JSON.stringify(two.answer) && !two.loaded;
    };
    await until(isUnchanged, "an answer is not loaded again");
    const before = await read();
    await signUp();
    await until(async () => {
      const { answer, loaded } = await read();
      const isNew = answer.data.leads.totalCount > before.answer.data.leads.totalCount;
      return isNew && loaded;
    }, "the changed answer is loaded");
  }));

test("what GraphiQL keeps beyond the tab is free of the token", () =>
  onGraphiql(async (page) => {
    await signIn(page, analyst);
    // What GraphiQL keeps, it keeps a moment after a change.
    await page.getByRole("button", { name: "Newest leads" }).click();
    await answer(page).getByText('"totalCount"').waitFor();
    const local = () => page.evaluate(() => JSON.stringify(localStorage));
    await until(async () => (await local()).includes("NewestLeads"), "GraphiQL has kept its tabs");
    assert.ok(!(await local()).includes(analyst));
    assert.ok(!page.url().includes(analyst));
  }));

test("the dark scheme of the system is followed", () =>
  onGraphiql(async (page) => {
    await page.emulateMedia({ colorScheme: "dark" });
    await page.reload();
    await signIn(page, analyst);
    const lightness = await page.evaluate(() => {
      const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
      return (red + green + blue) / 3;
    });
    assert.ok(lightness < 64);
    await page.screenshot({ path: join(SHOTS, "dark.png") });
  }));
