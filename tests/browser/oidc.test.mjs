/** Signing in at an identity provider. PROMOGRAPH_BINARY names the server to test. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible } from "./accessible.mjs";
import { startIdentityProvider } from "./identity-provider.mjs";
import { onPage, signIn, signedIn } from "./on-page.mjs";
import { startServer } from "../support/server.mjs";

let provider;
let server;

before(async () => {
  provider = await startIdentityProvider({ claims: { ann: { role: "analyst" }, guest: {} } });
  server = await startServer({ settings: provider.settings });
});

after(async () => {
  await server?.stop();
  await provider?.stop();
});

const onPath = (path, check) => onPage(`${server.origin}${path}`, check, { origins: [provider.issuer] });
const button = (page) => page.getByRole("button", { name: `Sign in with ${new URL(provider.issuer).host}` });
const problem = (page) => page.locator(".sign-in").getByRole("alert");
const kept = (page) => page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage, cookie: document.cookie }));

/** Gives a name at the provider. */
async function giveName(page, name) {
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Continue" }).click();
}

test("who signs in at the provider comes back to the page that was left, signed in until signing out", async () => {
  for (const path of ["/?period=last-2-quarter&timezone=Asia%2FTokyo", "/graphiql"]) {
    await onPath(path, async (page, browser) => {
      const view = page.url();
      await button(page).click();
      await giveName(page, "ann");
      await signedIn(page).getByText("ann").waitFor();
      assert.match(await signedIn(page).innerText(), /Analyst/);
      assert.equal(page.url(), view);
      const token = await page.evaluate(() => sessionStorage.getItem("promograph.token"));
      assert.deepEqual(browser.requests.filter((url) => url.includes(token)), [], "the token is no part of an address");
      assert.ok(!(await kept(page)).includes("verifier"), "nothing is left of the attempt");
      await page.reload();
      await signedIn(page).waitFor();
      await page.getByRole("button", { name: "Sign out" }).click();
      await button(page).waitFor();
      assert.ok(!(await kept(page)).includes(token));
    });
  }
});

test("an answer with another state, and one that nobody asked for, is refused without asking the provider", () =>
  onPath("/", async (page, browser) => {
    const asked = () => browser.requests.filter((url) => url.startsWith(`${provider.issuer}/token`));
    await page.goto(`${server.origin}/?code=stolen&state=unasked`);
    await problem(page).getByText("not begun in this tab").waitFor();
    assert.ok(!page.url().includes("stolen"));
    await button(page).click();
    await page.getByLabel("Name").waitFor();
    await page.goto(`${server.origin}/?code=stolen&state=wrong`);
    await problem(page).getByText("not begun in this tab").waitFor();
    assert.deepEqual(asked(), []);
    assert.equal(await signedIn(page).count(), 0);
    await button(page).click();
    await giveName(page, "ann");
    await signedIn(page).waitFor();
  }));

test("what the provider refuses, and whom Promograph does not know, is told in words", () =>
  onPath("/?period=last-2-quarter", async (page) => {
    const view = page.url();
    await button(page).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await problem(page).getByText("The identity provider refused: not today").waitFor();
    assert.equal(page.url(), view);
    await assertAccessible(page, "refused");
    await button(page).click();
    await giveName(page, "guest");
    await problem(page).getByText("does not accept this token").waitFor();
    await signIn(page, await server.issueToken("--role", "admin"));
    assert.match(await signedIn(page).innerText(), /Admin/);
  }));

test("a provider that does not answer is told in words", async () => {
  const gone = await startIdentityProvider({ claims: {} });
  const own = await startServer({ settings: gone.settings });
  try {
    await gone.stop();
    await onPage(
      own.origin,
      async (page, browser) => {
        await page.getByRole("button", { name: "Sign in with" }).click();
        await problem(page).getByText("The identity provider does not answer").waitFor();
        // The browser says so in the console, too.
        browser.complaints.splice(0);
      },
      { origins: [gone.issuer] },
    );
  } finally {
    await own.stop();
  }
});
