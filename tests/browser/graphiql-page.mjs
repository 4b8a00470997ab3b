/** What the tests of GraphiQL share: its editors, its answer, and how a user opens it. */
import { onPage } from "./on-page.mjs";
import { until } from "../support/server.mjs";

/** Runs `check` on GraphiQL's page in a browser of its own, once its editor is there. `fragment` is what a shared link ends with. */
export function onGraphiql(server, check, fragment = "") {
  return onPage(`${server.origin}/graphiql${fragment}`, async (page, browser) => {
    await page.locator(".graphiql-query-editor .view-line").first().waitFor();
    await check(page, browser);
  });
}

/** The text that an editor holds ("operation", "variables", "response"): what is on the screen is only the part that fits. */
export function editorText(page, name) {
  return page.evaluate((part) => {
    const models = globalThis.__MONACO.editor.getEditors().map((editor) => editor.getModel());
    return models.find((model) => model?.uri.path.includes(part))?.getValue() ?? "";
  }, name);
}

export const answerText = (page) => editorText(page, "response");

export function type(page, name, text) {
  return page.evaluate(
    ([part, value]) => globalThis.__MONACO.editor.getEditors().find((editor) => editor.getModel()?.uri.path.includes(part)).setValue(value),
    [name, text],
  );
}

/** Has the page run this, as somebody who typed it would; `name` is its operation's. */
export async function run(page, name, document, variables = "") {
  await type(page, "operation", document);
  await type(page, "variables", variables);
  await until(async () => (await page.locator(".graphiql-tab-active").innerText()).includes(name), "the editor has read it");
  await page.getByRole("button", { name: "Execute query" }).click();
}

/** The answer to what the user runs next, not to what the page itself asks. */
export async function nextAnswer(page) {
  const response = await page.waitForResponse((each) => /"operationName":"(?!Introspection)/.test(each.request().postData() ?? ""));
  return await response.json();
}

export const form = (page, name) => page.getByRole("group", { name: "Form of the answer" }).getByRole("button", { name });
