/**
 * A link to GraphiQL with a query in it: `graphiql#query=...&variables=...`. The part behind `#` stays in the browser, so
 * no server and no log sees it. Never the token.
 */
import { parseExactly } from "./exact-json";

export interface SharedQuery {
  query: string;
  variables?: Record<string, unknown>;
  /** What else the page shows: names and values of GraphiQL's own, such as the form of the answer. */
  view?: Record<string, string>;
}

/** The fragment, with its "#". */
export function shareFragment({ query, variables, view = {} }: SharedQuery): string {
  const parts: [string, string][] = [["query", query.trim()]];
  if (variables && Object.keys(variables).length) parts.push(["variables", JSON.stringify(variables, null, 2)]);
  parts.push(...Object.entries(view));
  return `#${parts.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
}

/** What a fragment holds; null if it holds no query. Variables that are no JSON object are left out. */
export function sharedQueryOf(fragment: string): SharedQuery | null {
  const parameters = new Map(
    fragment.replace(/^#/, "").split("&").map((part): [string, string] => {
      const [name = "", value = ""] = part.split("=", 2);
      return [name, decoded(value)];
    }),
  );
  const query = parameters.get("query");
  if (!query) return null;
  const variables = objectOf(parameters.get("variables"));
  parameters.delete("query");
  parameters.delete("variables");
  return { query, variables, view: Object.fromEntries(parameters) };
}

/** The address of GraphiQL with a query, relative to the dashboard's. */
export function graphiqlLink(shared: SharedQuery): string {
  return `graphiql${shareFragment(shared)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

function objectOf(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value = parseExactly(text ?? "");
    return value && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
