/** The dashboard, signed in and with all its answers. */
import assert from "node:assert/strict";
import { onPage, signIn } from "./on-page.mjs";

/** Runs `check` on the dashboard at `search`, signed in with `token`, which never gets into the address. */
export const openDashboard = (server, search, token, check) =>
  onPage(`${server.origin}/${search}`, async (page, browser) => {
    await signIn(page, token);
    await settled(page);
    await check(page, browser);
    assert.ok(!page.url().includes(token), "the token is not in the address");
  });

/** Waits until every panel shows its own answer to the present question. */
export async function settled(page) {
  await page.locator(".panel").first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy="true"]'));
}

export const panel = (page, name) => page.getByRole("region", { name, exact: true });
