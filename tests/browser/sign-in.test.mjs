/** Signing in with a token, on both pages. PROMOGRAPH_BINARY names the server to test. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { onPage, giveToken, signIn } from "./on-page.mjs";
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
const who = (page) => page.getByRole("status").filter({ hasText: "Signed in as" });
const onPath = (path, check) => onPage(`${server.origin}${path}`, check);

for (const path of PAGES) {
  test(`${path} without a token asks for one and names the command that issues it`, () =>
    onPath(path, async (page) => {
      await box(page).waitFor();
      assert.equal(await box(page).getAttribute("type"), "password");
      await page.getByText("promograph token issue --role analyst").waitFor();
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
      const said = await who(page).innerText();
      for (const part of ["Analyst", "Jane of finance", "contact data masked", "until"]) assert.ok(said.includes(part), `${part}: ${said}`);
      await page.reload();
      await who(page).waitFor();
      const kept = () => page.evaluate(() => ({ session: JSON.stringify(sessionStorage), local: JSON.stringify(localStorage), cookie: document.cookie }));
      const { session, local, cookie } = await kept();
      assert.ok(session.includes(analyst) && !local.includes(analyst) && cookie === "", "the token is kept for the tab alone");
      await page.getByRole("button", { name: "Sign out" }).click();
      await box(page).waitFor();
      assert.ok(!(await kept()).session.includes(analyst));
      assert.equal(await who(page).count(), 0);
    }));

  test(`${path} is accessible, signed out and refused`, () =>
    onPath(path, async (page, browser) => {
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.reload();
        await giveToken(page, "not.a.token");
        await problem(page).waitFor();
        await browser.judge(() => accessible(page, ".sign-in, .bar"));
        await signIn(page, analyst);
        await browser.judge(() => accessible(page, ".bar"));
        await page.getByRole("button", { name: "Sign out" }).click();
      }
    }));
}
