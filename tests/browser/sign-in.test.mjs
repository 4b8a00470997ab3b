/** Signing in with a token, on both pages. PROMOGRAPH_BINARY names the server to test. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible } from "./accessible.mjs";
import { ask, giveToken, onPage, signIn, signedIn } from "./on-page.mjs";
import { startServer, until } from "../support/server.mjs";

const PAGES = ["/", "/graphiql"];

let server;
let analyst;

before(async () => {
  server = await startServer();
  analyst = await server.issueToken("--role", "analyst", "--name", "Jane of finance");
});

after(() => server?.stop());

const box = (page) => page.getByLabel("Token");
const problem = (page) => page.locator(".sign-in").getByRole("alert");
const onPath = (path, check) => onPage(`${server.origin}${path}`, check);

for (const path of PAGES) {
  test(`${path} without a token asks for one and names the command that issues it`, () =>
    onPath(path, async (page) => {
      await box(page).waitFor();
      assert.equal(await box(page).getAttribute("type"), "password");
      await page.getByText(`token issue --role analyst --data-dir ${server.dataDir}`).waitFor();
      await page.getByRole("button", { name: "Show", exact: true }).click();
      assert.equal(await box(page).getAttribute("type"), "text");
    }));

  test(`${path} says that a token is wrong, expired or revoked, and takes the next one`, () =>
    onPath(path, async (page) => {
      await giveToken(page, "not.a.token");
      await problem(page).getByText("does not accept this token").waitFor();
      const short = await server.issueToken("--role", "analyst", "--ttl", "1s");
      await until(() => Date.now() / 1000 > claimsOf(short).exp, "the token has ended");
      await giveToken(page, short);
      await problem(page).getByText("has expired").waitFor();
      const revoked = await server.issueToken("--role", "analyst");
      await server.revoke(revoked);
      await giveToken(page, revoked);
      await problem(page).getByText("was revoked").waitFor();
      await signIn(page, analyst);
      assert.equal(await box(page).count(), 0);
    }));

  test(`${path} says whose token it is, and forgets it on signing out`, () =>
    onPath(path, async (page) => {
      await signIn(page, analyst);
      const said = await signedIn(page).innerText();
      for (const part of ["Analyst", "Jane of finance", "contact data masked", "until"]) assert.ok(said.includes(part), `${part}: ${said}`);
      await page.reload();
      await signedIn(page).waitFor();
      const kept = () => page.evaluate(() => ({ session: JSON.stringify(sessionStorage), local: JSON.stringify(localStorage), cookie: document.cookie }));
      const { session, local, cookie } = await kept();
      assert.ok(session.includes(analyst) && !local.includes(analyst) && cookie === "", "the token is kept for the tab alone");
      await page.getByRole("button", { name: "Sign out" }).click();
      await box(page).waitFor();
      assert.ok(!(await kept()).session.includes(analyst));
      assert.equal(await signedIn(page).count(), 0);
    }));
}

test("the sign-in is accessible, in light and dark", () =>
  onPath("/", async (page) => {
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await box(page).waitFor();
      await assertAccessible(page, `signed out, ${colorScheme}`);
      await giveToken(page, "not.a.token");
      await problem(page).waitFor();
      await assertAccessible(page, `refused, ${colorScheme}`);
    }
  }));

test("a pasted token is understood with what came along with it, and counts at once", () =>
  onPath("/", async (page) => {
    const forms = [
      `Authorization: Bearer ${analyst}`,
      `authorization:bearer\n${analyst}\n`,
      `"${analyst}"`,
      `‘Bearer ${analyst}’`,
      `\u200b${analyst.slice(0, 20)}\u00ad${analyst.slice(20)}\ufeff`,
      `{"Authorization": "Bearer ${analyst}"}`,
      `Authorization: "Bearer ${analyst}",`,
      `curl -H 'authorization: B\u200bearer ${analyst}' \\\n  -d '{}'`,
      `„${analyst}“;`,
      `« ${analyst.slice(0, 30)}\u2066\ufe0f${analyst.slice(30)}\u2069 »`,
      `  ${analyst.slice(0, 100)}\r\n  ${analyst.slice(100)}`,
    ];
    for (const form of forms) {
      await box(page).waitFor();
      await paste(page, form);
      await signedIn(page).waitFor();
      await page.getByRole("button", { name: "Sign out" }).click();
    }
  }));

test("a token that cannot be sent is called that, and nothing is sent", () =>
  onPath("/", async (page, browser) => {
    await box(page).waitFor();
    await paste(page, "tökén");
    await problem(page).getByText("holds a character that cannot be in a token").waitFor();
    assert.deepEqual(browser.requests.filter((url) => url.endsWith("/graphql")), []);
  }));

test("a typed token counts without Enter, and so does one that the browser fills in", () =>
  onPath("/", async (page) => {
    await box(page).pressSequentially(analyst);
    await signedIn(page).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await box(page).evaluate((input, token) => {
      // As browsers do it: no key, no paste.
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, token);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }, analyst);
    await signedIn(page).waitFor();
  }));

test("a promoter's token says whose it is, and one with contact data says so", async () => {
  const own = await startServer({ demo: ["--promoters", "10", "--leads", "50"] });
  try {
    const admin = await own.issueToken("--role", "admin");
    const { data } = await ask(own, admin, "{ promoters(first: 1) { nodes { firstPromoterId name email } } }");
    const [promoter] = data.promoters.nodes;
    await onPage(own.origin, async (page) => {
      await signIn(page, await own.issueToken("--role", "promoter", "--promoter", String(promoter.firstPromoterId)));
      await signedIn(page).getByText(promoter.name ?? promoter.email).waitFor();
      assert.match(await signedIn(page).innerText(), /Promoter/);
      await signIn(page, await own.issueToken("--role", "analyst", "--pii"));
      await signedIn(page).getByText("contact data shown").waitFor();
    });
  } finally {
    await own.stop();
  }
});

/** Pastes a text into the box, as it is on the clipboard. */
const paste = (page, text) =>
  box(page).evaluate((input, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);

const claimsOf = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
