/** The periods that the filter bar offers, and how any period reads. */
import { type Period, periodText } from "./view";

export const PRESETS: Period[] = [
  { kind: "current", unit: "MONTH" },
  { kind: "last", count: 1, unit: "MONTH" },
  { kind: "last", count: 30, unit: "DAY" },
  { kind: "last", count: 12, unit: "MONTH" },
  { kind: "current", unit: "QUARTER" },
  { kind: "last", count: 1, unit: "QUARTER" },
  { kind: "current", unit: "YEAR" },
  { kind: "last", count: 1, unit: "YEAR" },
];

export function periodName(period: Period): string {
  if (period.kind === "dates") return "Custom dates";
  const unit = period.unit.toLowerCase();
  if (period.kind === "current") return unit === "day" ? "Today" : `This ${unit}`;
  if (period.count > 1) return `Last ${period.count} ${unit}s`;
  return unit === "day" ? "Yesterday" : `Last ${unit}`;
}

/** The days of a report in its zone: "Nov 1, 2025 – Oct 31, 2026". The end is the first instant after it. */
export function daysInWords(start: string | null, end: string | null, timeZone: string): string {
  if (!start || !end) return "";
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone }).formatRange(new Date(start), new Date(Date.parse(end) - 1));
}

/** The day of an instant in a zone, as a date field wants it. */
export function dayOf(instant: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant);
}

export function isPreset(period: Period): boolean {
  return PRESETS.some((preset) => periodText(preset) === periodText(period));
}
