/** The time zone that an operation asks for, so that a chart's days are those of its figures. */
import { type DocumentNode, Kind, visit } from "graphql";

/** The value of the first argument `timezone`; UTC, the API's default, if there is none that the browser knows. */
export function timeZoneOf(document: DocumentNode | null | undefined, variables: Record<string, unknown>): string {
  let zone: unknown;
  if (document) {
    visit(document, {
      Argument({ name, value }) {
        if (name.value !== "timezone" || zone !== undefined) return;
        if (value.kind === Kind.STRING) zone = value.value;
        if (value.kind === Kind.VARIABLE) zone = variables[value.name.value];
      },
    });
  }
  try {
    return new Intl.DateTimeFormat(undefined, { timeZone: typeof zone === "string" ? zone : "UTC" }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}
