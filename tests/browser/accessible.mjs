/** Judges a page by axe: what WCAG 2.2 AA asks for and a machine can tell. */
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** `exclude`: selectors of what others have made and we cannot mend. */
export async function assertAccessible(page, what, exclude = []) {
  const axe = exclude.reduce((builder, selector) => builder.exclude(selector), new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).withTags(RULES));
  const { violations } = await axe.analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`));
  assert.deepEqual(found, [], what);
}

/** The same in light, in the dark, and on a phone, where nothing is wider than the page. */
export async function assertLooksAccessible(page, what) {
  await page.locator(".skeleton").first().waitFor({ state: "detached" });
  for (const [colorScheme, width] of [["light", 1440], ["dark", 1440], ["light", 390]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    await assertAccessible(page, `${what}, ${colorScheme}, ${width} px`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} fits into ${width} px`);
  }
}
