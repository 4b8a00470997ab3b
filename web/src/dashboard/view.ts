/** What the page shows, as its address has it: a link shows the same to everybody who may see it. Never the token. */
import { useMemo, useSyncExternalStore } from "react";
import type { Sorting } from "../ui/table-rows";

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
  /** ISO 3166 code of a country; null for all, and on a promoter's page. */
  country: string | null;
  /** Id of the promoter whose page is shown, "all" for their list; null for the overview. */
  promoter: string | null;
  /** How the overview shows campaigns. */
  campaigns: "table" | "chart";
  /** The order of the promoters' list; null for its own. */
  sort: Sorting | null;
}

const UNITS: readonly string[] = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"];
/** "2026-02-28", but no 30 February. */
function isDate(text: string | undefined): text is string {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}

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
  if (isDate(from) && isDate(to) && from <= to) return { kind: "dates", from, to };
  return { kind: "last", count: 12, unit: "MONTH" };
}

export function viewOf(search: string): View {
  const parameters = new URLSearchParams(search);
  const compareTo = parameters.get("compare");
  const promoter = parameters.get("promoter") || null;
  return {
    period: periodOf(parameters.get("period")),
    compareTo: compareTo === "none" ? null : compareTo === "year" ? "PREVIOUS_YEAR" : "PREVIOUS_PERIOD",
    timezone: zoneOf(parameters.get("timezone")),
    campaign: parameters.get("campaign") || null,
    country: isOfMany(promoter) ? parameters.get("country")?.toUpperCase() || null : null,
    promoter,
    campaigns: parameters.get("campaigns") === "chart" ? "chart" : "table",
    sort: sortingOf(parameters.get("sort")),
  };
}

/** A single promoter has one country. */
const isOfMany = (promoter: string | null) => !promoter || promoter === "all";

/** "revenue", or "-revenue" for the largest first. */
function sortingOf(text: string | null): Sorting | null {
  return text ? { key: text.replace(/^-/, ""), descending: text.startsWith("-") } : null;
}

/** The zone of the address if the browser knows it, else the user's own. */
function zoneOf(text: string | null): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // An offset is no zone of the IANA database, which is what the API takes.
  if (!text || /^[+-]/.test(text)) return own;
  try {
    return new Intl.DateTimeFormat(undefined, { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return own;
  }
}

/** The address that shows a view. */
export function searchOf(view: View): string {
  const parameters = new URLSearchParams();
  parameters.set("period", periodText(view.period));
  if (view.compareTo !== "PREVIOUS_PERIOD") parameters.set("compare", view.compareTo === null ? "none" : "year");
  parameters.set("timezone", view.timezone);
  if (view.campaign) parameters.set("campaign", view.campaign);
  if (view.country && isOfMany(view.promoter)) parameters.set("country", view.country);
  if (view.promoter) parameters.set("promoter", view.promoter);
  if (view.campaigns === "chart" && !view.promoter) parameters.set("campaigns", "chart");
  if (view.sort && view.promoter === "all") parameters.set("sort", `${view.sort.descending ? "-" : ""}${view.sort.key}`);
  return `?${parameters}`;
}

const KEY = "promograph.view";

/** What the tab's dashboard last showed, for the way back from GraphiQL. */
export const lastView = (): View => viewOf(sessionStorage.getItem(KEY) ?? "");

export function rememberView(view: View): void {
  const search = searchOf(view);
  sessionStorage.setItem(KEY, search);
  // What was left out, or does not count here, is as it is shown.
  if (location.search !== search) history.replaceState(null, "", search);
}

const listeners = new Set<() => void>();
addEventListener("popstate", () => listeners.forEach((listener) => listener()));

/** `replace`: without a step of the browser's history, for changes that nobody goes back to. */
export type SetView = (change: Partial<View>, options?: { replace?: boolean }) => void;

export function useView(): { view: View; setView: SetView } {
  const search = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => location.search,
  );
  const view = useMemo(() => viewOf(search), [search]);
  return { view, setView };
}

const setView: SetView = (change, { replace = false } = {}) => {
  const before = viewOf(location.search);
  const next = searchOf({ ...before, ...change });
  if (next === searchOf(before)) return;
  if (replace) history.replaceState(null, "", next);
  else history.pushState(null, "", next);
  listeners.forEach((listener) => listener());
};
