/** What a link may do with a user's token, and what is left in GraphiQL when the user changes. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { answerText, editorText, form, nextAnswer, onGraphiql, run, type } from "./graphiql-page.mjs";
import { ask, giveToken, signIn, signedIn } from "./on-page.mjs";
import { ROOT, startServer, until } from "../support/server.mjs";

let server;
let admin;
let analyst;

before(async () => {
  server = await startServer();
  admin = await server.issueToken("--role", "admin");
  analyst = await server.issueToken("--role", "analyst");
  await server.deliver(await readFile(join(ROOT, "tests/fixtures/webhooks/lead_signup.json")));
  await until(async () => (await ask(server, admin, "{ leads { totalCount } }")).data?.leads.totalCount > 0, "the lead is visible");
});

after(() => server?.stop());

const linkTo = (query) => `#query=${encodeURIComponent(query)}`;
const follow = (page, query) => page.evaluate((hash) => (location.hash = hash), linkTo(query));
const signOut = (page) => page.getByRole("button", { name: "Sign out" }).click();
const tabs = (page) => page.locator(".graphiql-tab-button");
const isOpened = (page, query) => until(async () => (await editorText(page, "operation")) === query, "the link is opened");
const hash = (page) => new URL(page.url()).hash;

/** The operations that the page sends to the server from now on. */
function operationsOf(page) {
  const sent = [];
  page.on("request", (request) => {
    const { query = "", operationName } = JSON.parse(request.postData() ?? "{}");
    if (operationName && !/Introspection|DashboardViewer/.test(query)) sent.push({ query, operationName });
  });
  return sent;
}

let leads = 7_000_000;
async function signUp() {
  leads += 1;
  const event = { id: leads, type: "lead_signup", created_at: new Date(1_741_000_000_000 + leads).toISOString() };
  await server.deliver(JSON.stringify({ event, data: { id: leads, state: "signup", email: `lead-${leads}@customer.example` } }));
}

test("a link with a mutation in it runs nothing by itself, whatever the tab before was called", () =>
  onGraphiql(server, async (page) => {
    const mutation = 'mutation Former { replayEvents(input: { types: ["lead_signup"] }) { replayed } }';
    await signIn(page, admin);
    const answer = nextAnswer(page);
    await run(page, "Former", "query Former { viewer { role } }");
    await answer;
    const sent = operationsOf(page);
    for (const query of [`query ok { viewer { role } } ${mutation}`, mutation, "subscription Live { leadChanged { updatedAt } }"]) {
      await follow(page, query);
      await isOpened(page, query);
    }
    // Had one of them run, then before this one does: of two queries the first, also if the tab before was called as the second.
    await type(page, "operation", "query Second { viewer { role } }");
    await until(async () => (await page.locator(".graphiql-tab-active").innerText()).includes("Second"), "the tab has the name");
    await follow(page, "query First { viewer { role } } query Second { viewer { subject } }");
    await until(() => sent.length > 0, "the queries run");
    assert.deepEqual(sent.map(({ operationName }) => operationName), ["First"]);
  }));

test("a link leaves the address once it is opened, also one that waits for its user", () =>
  onGraphiql(server, async (page) => {
    await follow(page, "subscription Live { leadChanged { updatedAt } }");
    await until(() => hash(page) === "", "a reload shows the tab as it was left");
  }));

test("a link that waits for the sign-in runs its own document, or nothing", () =>
  onGraphiql(server, async (page) => {
    const linked = "query Linked { viewer { role } }";
    const leave = {
      edit: () => type(page, "operation", 'mutation Edited { replayEvents(input: { types: ["none"] }) { replayed } }'),
      tab: async () => {
        await tabs(page).first().click();
        await tabs(page).last().click();
      },
    };
    const sent = operationsOf(page);
    for (const way of Object.values(leave)) {
      await follow(page, linked);
      await isOpened(page, linked);
      await way();
      await signIn(page, admin);
      await until(() => hash(page) === "", "the link is done with");
      await page.getByRole("button", { name: "Newest leads" }).click();
      await until(() => sent.length > 0, "another query runs");
      assert.deepEqual(sent.splice(0).map(({ operationName }) => operationName), ["NewestLeads"]);
      await signOut(page);
    }
    await follow(page, linked);
    await isOpened(page, linked);
    await giveToken(page, admin);
    await until(() => sent.length > 0, "the link's query runs");
    assert.deepEqual(sent, [{ query: linked, operationName: "Linked" }]);
  }));

test("a subscription ends with the token it began with", () =>
  onGraphiql(server, async (page) => {
    await signIn(page, admin);
    const opened = page.waitForEvent("websocket");
    await page.getByRole("button", { name: "Leads as they change" }).click();
    const socket = await opened;
    const messages = page.getByRole("region", { name: "Messages" });
    await until(async () => {
      await signUp();
      return (await messages.getByRole("listitem").count()) > 0;
    }, "a message is shown");
    await signOut(page);
    await until(() => socket.isClosed(), "the connection is closed");
    await signIn(page, analyst);
    await signUp();
    await page.getByRole("button", { name: "Execute query" }).waitFor();
    assert.equal(await messages.count(), 0);
    assert.equal(await answerText(page), "");
  }));

test("no tab shows an answer to the user who comes next", () =>
  onGraphiql(server, async (page) => {
    await signIn(page, admin);
    for (const preset of ["Newest leads", "Top promoters"]) {
      const answer = nextAnswer(page);
      await page.getByRole("button", { name: preset }).click();
      await answer;
      await until(async () => (await answerText(page)).includes('"data"'), "it is answered");
    }
    await signOut(page);
    await page.getByText("Sign in to run queries.").waitFor();
    const assertNothing = async () => {
      for (const tab of await tabs(page).all()) {
        await tab.click();
        assert.ok(!(await answerText(page)).includes('"data"'));
        assert.equal(await page.locator(".facts > *, .bench-pane .data-table-body").count(), 0);
      }
    };
    await assertNothing();
    assert.ok(!(await page.locator(".graphiql-response").innerText()).includes("errors"));
    assert.ok(!(await page.evaluate(() => JSON.stringify(localStorage))).includes("totalCount\\\":"));
    await giveToken(page, analyst);
    await signedIn(page).waitFor();
    await assertNothing();
    await form(page, "Table").click();
    await assertNothing();
  }));
