/** Tables of the pages as a test reads them: on the screen, and as CSV. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

export const table = (page, name) => page.getByRole("table", { name, exact: true });
/** The rows in the page, without the heading: the texts of their cells. */
export const shownRows = (page, name) =>
  table(page, name).locator(".data-table-item").evaluateAll((rows) =>
    rows
      .map((row) => [Number(row.dataset.index), [...row.querySelectorAll('[role="cell"]')].map((cell) => cell.innerText.trim())])
      .sort(([a], [b]) => a - b)
      .map(([, cells]) => cells),
  );
export const waitForRows = (page, name) => table(page, name).locator(".data-table-item").first().waitFor();
/** A number as the page writes it, however it is written: "≈€1,234.50" is 1234.5. */
export const numberOf = (text) => Number(text.replace(/[^\d.-]/g, ""));

export async function csvOf(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: `${name} as CSV`, exact: true }).click()]);
  return parseCsv(await readFile(await download.path(), "utf8"));
}

/** RFC 4180, and nothing that only looks like it. */
export function parseCsv(text) {
  const rows = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    assert.ok(match, "no CSV by RFC 4180");
    const [, value, end] = match;
    rows.at(-1).push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end !== ",") rows.push([]);
  }
  assert.deepEqual(rows.pop(), [], "the last row ends with a line break");
  return rows;
}
