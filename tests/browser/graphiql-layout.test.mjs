/** GraphiQL's page as it is laid out: what hides nothing, what is in sight, on a phone too, and for everybody. */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertAccessible } from "./accessible.mjs";
import { form, nextAnswer, onGraphiql, type } from "./graphiql-page.mjs";
import { signIn } from "./on-page.mjs";
import { ROOT, startServer, until } from "../support/server.mjs";

const SHOTS = join(ROOT, "target", "browser");
/** GraphiQL puts a button to close a tab into the tab, which axe counts as nested controls; and Monaco's own text area. */
const GRAPHIQLS_OWN = [".graphiql-tabs", ".monaco-editor"];

let server;
let analyst;

before(async () => {
  await mkdir(SHOTS, { recursive: true });
  server = await startServer({ demo: ["--promoters", "20", "--leads", "300"] });
  analyst = await server.issueToken("--role", "analyst");
});

after(() => server?.stop());

test("dialogs close by a cross that can be seen", () =>
  onGraphiql(server, async (page) => {
    await signIn(page, analyst);
    for (const name of ["Open short keys dialog", "Open settings dialog"]) {
      await page.getByRole("button", { name }).click();
      const close = page.getByRole("button", { name: "Close dialog" });
      const room = await close.locator("svg").evaluate((cross) => {
        const { width, paddingLeft, paddingRight, boxSizing } = getComputedStyle(cross);
        return parseFloat(width) - (boxSizing === "border-box" ? parseFloat(paddingLeft) + parseFloat(paddingRight) : 0);
      });
      assert.ok(room >= 8, `${name}: ${room} pixels are left of the cross`);
      await close.click();
      await close.waitFor({ state: "detached" });
    }
  }));

test("on a phone the settings stay within their dialog", () =>
  onGraphiql(server, async (page) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await signIn(page, analyst);
    await page.getByRole("button", { name: "Open settings dialog" }).click();
    const dialog = page.locator(".graphiql-dialog");
    await dialog.getByRole("button", { name: "Dark" }).waitFor();
    assert.ok(await dialog.evaluate((element) => element.scrollWidth <= element.clientWidth));
  }));

test("a preset opens with its first line in sight, however far the editor was scrolled", () =>
  onGraphiql(server, async (page) => {
    // So narrow that the preset's lines do not fit.
    await page.setViewportSize({ width: 1100, height: 800 });
    await signIn(page, analyst);
    const left = (offset) =>
      page.evaluate((wanted) => {
        const editor = globalThis.__MONACO.editor.getEditors().find((each) => each.getModel()?.uri.path.includes("operation"));
        if (wanted) editor.setScrollLeft(wanted);
        return editor.getScrollLeft();
      }, offset);
    const preset = page.getByRole("button", { name: "Best campaigns" });
    await preset.click();
    await until(async () => (await left(60)) > 0, "it is scrolled");
    await preset.click();
    assert.equal(await left(), 0);
  }));

test("the key that the documentation's search box names leads to it", () =>
  onGraphiql(server, async (page) => {
    await signIn(page, analyst);
    await page.keyboard.press("Control+Alt+k");
    const box = page.getByPlaceholder("Ctrl Alt K");
    await box.waitFor();
    assert.ok(await box.evaluate((element) => element === document.activeElement));
  }));

test("an answer shows nothing on hover: GraphiQL would load what looks like the address of an image", () =>
  onGraphiql(server, async (page) => {
    await signIn(page, analyst);
    const hover = () =>
      page.evaluate(() => {
        const editor = globalThis.__MONACO.editor.getEditors().find((each) => each.getModel()?.uri.path.includes("response"));
        return editor.getRawOptions().hover?.enabled;
      });
    await until(async () => (await hover()) === false, "the answer shows nothing on hover");
  }));

test("a subscription that waits for its first message has the answer's whole pane", () =>
  onGraphiql(server, async (page) => {
    await signIn(page, analyst);
    await page.getByRole("button", { name: "Leads as they change" }).click();
    await page.getByRole("button", { name: "Stop query" }).click();
    await page.getByRole("button", { name: "Execute query" }).click();
    await page.getByText("waiting for the first message").waitFor();
    const [pane, bar] = [await page.locator(".graphiql-response").boundingBox(), await page.locator(".bench-bar").boundingBox()];
    assert.ok(bar.width > pane.width - 24, JSON.stringify([pane, bar]));
  }));

test("the find box hides neither the first line nor, once closed, the tabs", () =>
  onGraphiql(server, async (page) => {
    await signIn(page, analyst);
    await type(page, "operation", "query Found { viewer { role } }");
    await page.locator(".graphiql-query-editor .view-line").first().click();
    await page.keyboard.press("Control+f");
    const box = page.locator(".graphiql-query-editor .find-widget");
    await page.locator(".graphiql-query-editor .find-widget.visible").waitFor();
    const top = async () => (await page.locator(".graphiql-query-editor .view-line").first().boundingBox()).y;
    await until(async () => {
      const { y, height } = await box.boundingBox();
      return (await top()) >= y + height;
    }, "the first line stands below the box");
    await page.keyboard.press("Escape");
    await page.locator(".graphiql-query-editor .find-widget:not(.visible)").waitFor({ state: "attached" });
    // A click on the middle of the tab meets the tab.
    await page.locator(".graphiql-tab-active .graphiql-tab-button").click();
    // A long answer, which could be scrolled out of the way.
    const answer = nextAnswer(page);
    await page.getByRole("button", { name: "What each measure means" }).click();
    await answer;
    await form(page, "JSON").click();
    await page.locator(".result-window .view-line").nth(3).click();
    await page.keyboard.press("Control+f");
    const found = page.locator(".result-window .find-widget.visible");
    await found.waitFor();
    await until(async () => {
      const { y, height } = await found.boundingBox();
      const lines = await page.locator(".result-window .view-line").evaluateAll((all) => all.map((line) => line.getBoundingClientRect().top));
      return Math.min(...lines) >= y + height - 1;
    }, "the answer's first line stands below the box");
  }));

test("the tab that is open is in sight, however many there are", () =>
  onGraphiql(server, async (page) => {
    await signIn(page, analyst);
    const presets = page.locator(".presets li button:not(:has(i))");
    for (let index = 0; index < 12; index += 1) {
      const answer = nextAnswer(page);
      await presets.nth(index).click();
      await answer;
    }
    const isInSight = (tab) => tab.evaluate((element) => {
      const [own, all] = [element.getBoundingClientRect(), element.parentElement.getBoundingClientRect()];
      return own.left >= all.left - 1 && own.right <= all.right + 1;
    });
    await until(() => isInSight(page.locator(".graphiql-tab-active")), "the last tab is in sight");
    await presets.first().click();
    await until(() => isInSight(page.locator(".graphiql-tab-active")), "the first tab is in sight again");
  }));

test("the documentation begins with where to begin, and leads to the fields", () =>
  onGraphiql(server, async (page) => {
    await signIn(page, analyst);
    await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    await page.getByRole("region", { name: "Where to begin" }).getByRole("button", { name: "performance" }).click();
    await page.locator(".graphiql-doc-explorer-title").getByText("performance").waitFor();
    await page.getByRole("link", { name: "Go back to Docs" }).click();
    await page.getByRole("region", { name: "Where to begin" }).getByRole("button", { name: "leadChanged" }).click();
    await page.locator(".graphiql-doc-explorer-title").getByText("leadChanged").waitFor();
  }));

test("on a phone editor and answer stand one above the other, and a panel gives way to the answer", () =>
  onGraphiql(server, async (page) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.reload();
    await signIn(page, analyst);
    await page.getByRole("button", { name: "Show Queries" }).or(page.getByRole("button", { name: "Hide Queries" })).first().waitFor();
    if (!(await page.locator(".presets").isVisible())) await page.getByRole("button", { name: "Show Queries" }).click();
    await page.getByRole("button", { name: "Top promoters" }).click();
    await page.locator(".bench-pane .data-table-body [role=row]").first().waitFor();
    await page.locator(".presets").waitFor({ state: "hidden" });
    const [editor, response] = [await page.locator(".graphiql-editors").boundingBox(), await page.locator(".graphiql-response").boundingBox()];
    assert.ok(editor.width > 300 && response.width > 300 && editor.height > 150 && response.height > 200, JSON.stringify([editor, response]));
    assert.ok(response.y >= editor.y + editor.height);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing hangs over the edge");
    for (const name of ["Chart", "JSON", "Table"]) await form(page, name).click();
    await page.screenshot({ path: join(SHOTS, "bench-phone.png") });
    await assertAccessible(page, "phone", GRAPHIQLS_OWN);
  }));

test("the bench is accessible in every form, light and dark", () =>
  onGraphiql(server, async (page) => {
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await signIn(page, analyst);
      await page.getByRole("button", { name: "Revenue by campaign" }).click();
      await page.locator(".chart").waitFor();
      for (const name of ["Table", "Chart", "JSON"]) {
        await form(page, name).click();
        await assertAccessible(page, `${colorScheme} ${name}`, GRAPHIQLS_OWN);
      }
    }
  }));
