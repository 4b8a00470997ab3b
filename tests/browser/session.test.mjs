/** What becomes of a session: its token ends, or the server goes away. PROMOGRAPH_BINARY names the server to test. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBrowser } from "./browser.mjs";
import { onPage, signIn, signedIn } from "./on-page.mjs";
import { startServer, until } from "../support/server.mjs";

let server;
let analyst;

before(async () => {
  server = await startServer();
  analyst = await server.issueToken("--role", "analyst");
});

after(() => server?.stop());

const problem = (page) => page.locator(".sign-in").getByRole("alert");

test("a token that is revoked or expires in mid-session leads back to the box, and the next one to the same view", () =>
  onPage(`${server.origin}/?period=last-2-quarter&timezone=Asia%2FTokyo`, async (page) => {
    const view = page.url();
    const revoked = await server.issueToken("--role", "analyst");
    await signIn(page, revoked);
    await server.revoke(revoked);
    await until(async () => {
      await page.evaluate(() => dispatchEvent(new Event("visibilitychange")));
      return await problem(page).isVisible();
    }, "the revocation is noticed");
    await problem(page).getByText("was revoked").waitFor();
    assert.equal(page.url(), view);
    // Nothing is done until it has ended: the page notices by itself.
    await signIn(page, await server.issueToken("--role", "analyst", "--ttl", "3s"));
    await problem(page).getByText("has expired").waitFor();
    assert.equal(page.url(), view);
    await signIn(page, analyst);
    assert.equal(page.url(), view);
  }));

test("a server that goes away in mid-session is told, and the page goes on by itself when it is back", async () => {
  const own = await startServer();
  const token = await own.issueToken("--role", "analyst");
  const browser = await startBrowser();
  try {
    const page = await browser.context.newPage();
    await page.goto(own.origin);
    await signIn(page, token);
    await own.halt();
    await until(async () => {
      await page.evaluate(() => dispatchEvent(new Event("visibilitychange")));
      return await page.getByText("The server does not answer").isVisible();
    }, "the page says that the server is away");
    await page.getByText("Not connected").waitFor();
    assert.equal(await page.getByText("Refreshed every minute").count(), 0, "nothing is refreshed");
    await own.resume();
    await page.getByText("The server does not answer").waitFor({ state: "hidden" });
    await signedIn(page).waitFor();
  } finally {
    await browser.stop();
    await own.stop();
  }
});
