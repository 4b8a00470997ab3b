/** The time zone that an operation asks for, and times in it: days are those of the figures. */
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

/** A day, or an instant with its hour unless it begins a day. */
export function timeLabel(value: string, timeZone: string): string {
  if (!value.includes("T")) return value;
  const instant = new Date(value);
  const isMidnight = instant.toLocaleTimeString("en-GB", { timeZone }) === "00:00:00";
  return instant.toLocaleString(undefined, { timeZone, dateStyle: "medium", timeStyle: isMidnight ? undefined : "short" });
}
