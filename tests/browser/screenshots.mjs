/** Takes the pictures of README and docs, from a made-up programme: `make screenshots`. */
import { join } from "node:path";
import { startBrowser } from "./browser.mjs";
import { panel, settled } from "./dashboard.mjs";
import { signIn } from "./on-page.mjs";
import { ROOT, startServer } from "../support/server.mjs";

const QUERY = `query BestCampaigns {
  performance(
    period: {
      last: { count: 1, unit: QUARTER }
    }
    by: [CAMPAIGN]
    orderBy: [{
      measure: NET_REVENUE
      direction: DESC
    }]
  ) {
    nodes {
      campaign { name }
      referrals
      customers
      netRevenue
    }
  }
}`;

const server = await startServer({ demo: [], settings: { PROMOGRAPH_CURRENCY: "USD" } });
const browser = await startBrowser();
try {
  // The names are as made-up as the rest.
  const token = await server.issueToken("--role", "admin", "--name", "Jo Example");
  const page = await browser.context.newPage();
  const picture = (name) => page.screenshot({ path: join(ROOT, "docs", `${name}.png`), animations: "disabled" });

  await page.goto(`${server.origin}/?period=last-12-month&timezone=Europe%2FBerlin`);
  await signIn(page, token);
  await page.getByText("Live", { exact: true }).waitFor();
  await settled(page);
  await picture("dashboard");

  await panel(page, "Top promoters").getByRole("row").nth(1).getByRole("link").click();
  await settled(page);
  await picture("promoter");

  await page.goto(`${server.origin}/graphiql#query=${encodeURIComponent(QUERY)}&view=chart`);
  await page.locator(".graphiql-tab-active").getByText("BestCampaigns").waitFor();
  await page.getByRole("button", { name: "Execute query" }).click();
  await page.getByRole("img", { name: /by campaign/ }).waitFor();
  await picture("graphiql");
} finally {
  await browser.stop();
  await server.stop();
}
