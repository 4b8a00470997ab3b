/** What every browser test does: open a page of the server, sign in, ask the API the same. */
import assert from "node:assert/strict";
import { startBrowser } from "./browser.mjs";

/** The one thing a browser may complain about: that the server refused a token, as it should. */
const REFUSED = "Failed to load resource: the server responded with a status of 401 (Unauthorized)";

/**
 * Runs `check` on the page at `url` in a browser of its own. Nothing may be loaded from another origin than the page's,
 * except from those in `origins`, and the console stays quiet.
 */
export async function onPage(url, check, { origins = [] } = {}) {
  const browser = await startBrowser();
  try {
    const page = await browser.context.newPage();
    await page.goto(url);
    await check(page, browser);
    const expected = [new URL(url).origin, ...origins];
    const strangers = browser.requests.filter((request) => !request.startsWith("data:") && !expected.includes(new URL(request).origin));
    assert.deepEqual(strangers, [], "nothing is loaded from elsewhere");
    assert.deepEqual(browser.complaints.filter((text) => text !== REFUSED), [], "the console stays quiet");
  } finally {
    await browser.stop();
  }
}

/** Types a token into the page's box, whatever the server will say to it. */
export async function giveToken(page, token) {
  await page.getByLabel("Token").fill(token);
  // Not the box's own: it may be gone by now, as a whole token counts without Enter.
  await page.keyboard.press("Enter");
}

/** The page's words about who is signed in. */
export const signedIn = (page) => page.getByRole("status").filter({ hasText: "Signed in as" });

/** Signs in with a token that counts, instead of another one if there is one. */
export async function signIn(page, token) {
  const box = page.getByLabel("Token");
  const signOut = page.getByRole("button", { name: "Sign out" });
  await box.or(signOut).first().waitFor();
  if (await signOut.isVisible()) await signOut.click();
  await giveToken(page, token);
  await signedIn(page).waitFor();
}

/** The server's answer to a GraphQL document. */
export async function ask(server, token, query, variables = {}) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(`${server.origin}/graphql`, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return await response.json();
}

/** The same without errors: its data. */
export async function dataOf(server, token, query, variables) {
  const { data, errors } = await ask(server, token, query, variables);
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}
