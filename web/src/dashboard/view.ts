/** What the page shows, as its address has it: a link shows the same to everybody who may see it. Never the token. */
import { useMemo, useSyncExternalStore } from "react";

/** Complete units before the running one, the running one, or days of the zone, both included. */
export type Period =
  | { kind: "last"; count: number; unit: PeriodUnit }
  | { kind: "current"; unit: PeriodUnit }
  | { kind: "dates"; from: string; to: string };
export type PeriodUnit = "DAY" | "WEEK" | "MONTH" | "QUARTER" | "YEAR";
export type Comparison = "PREVIOUS_PERIOD" | "PREVIOUS_YEAR" | null;

export interface View {
  period: Period;
  compareTo: Comparison;
  /** An IANA zone. */
  timezone: string;
  /** Id of a campaign; null for all. */
  campaign: string | null;
  /** ISO 3166 code of a country; null for all. */
  country: string | null;
  /** Id of the promoter whose page is shown; null for the overview. */
  promoter: string | null;
}

const UNITS: readonly string[] = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"];
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** "last-3-month", "current-quarter", "2026-01-01..2026-03-31". */
export function periodText(period: Period): string {
  switch (period.kind) {
    case "last":
      return `last-${period.count}-${period.unit.toLowerCase()}`;
    case "current":
      return `current-${period.unit.toLowerCase()}`;
    case "dates":
      return `${period.from}..${period.to}`;
  }
}

export function periodOf(text: string | null): Period {
  const [kind, ...rest] = (text ?? "").split("-");
  const unit = rest.at(-1)?.toUpperCase() ?? "";
  const count = Number(rest[0]);
  if (kind === "last" && UNITS.includes(unit) && Number.isInteger(count) && count > 0 && count <= 1000) return { kind, count, unit: unit as PeriodUnit };
  if (kind === "current" && UNITS.includes(unit)) return { kind, unit: unit as PeriodUnit };
  const [from, to] = (text ?? "").split("..");
  if (from && to && DATE.test(from) && DATE.test(to) && from <= to) return { kind: "dates", from, to };
  return { kind: "last", count: 12, unit: "MONTH" };
}

function viewOf(search: string): View {
  const parameters = new URLSearchParams(search);
  const compareTo = parameters.get("compare");
  return {
    period: periodOf(parameters.get("period")),
    compareTo: compareTo === "none" ? null : compareTo === "year" ? "PREVIOUS_YEAR" : "PREVIOUS_PERIOD",
    timezone: zoneOf(parameters.get("timezone")),
    campaign: parameters.get("campaign"),
    country: parameters.get("country"),
    promoter: parameters.get("promoter"),
  };
}

/** The zone of the address if the browser knows it, else the user's own. */
function zoneOf(text: string | null): string {
  try {
    if (text) return new Intl.DateTimeFormat(undefined, { timeZone: text }).resolvedOptions().timeZone && text;
  } catch {
    // Fall through: an unknown zone.
  }
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The address that shows a view. */
export function searchOf(view: View): string {
  const parameters = new URLSearchParams();
  parameters.set("period", periodText(view.period));
  if (view.compareTo !== "PREVIOUS_PERIOD") parameters.set("compare", view.compareTo === null ? "none" : "year");
  parameters.set("timezone", view.timezone);
  if (view.campaign) parameters.set("campaign", view.campaign);
  if (view.country) parameters.set("country", view.country);
  if (view.promoter) parameters.set("promoter", view.promoter);
  return `?${parameters}`;
}

const listeners = new Set<() => void>();
addEventListener("popstate", () => listeners.forEach((listener) => listener()));

export function useView(): { view: View; setView: (change: Partial<View>) => void } {
  const search = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => location.search,
  );
  const view = useMemo(() => viewOf(search), [search]);
  const setView = (change: Partial<View>) => {
    history.pushState(null, "", searchOf({ ...view, ...change }));
    listeners.forEach((listener) => listener());
  };
  return { view, setView };
}
