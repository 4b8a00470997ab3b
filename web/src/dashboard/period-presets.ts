/** The periods that the filter bar offers, and how any period reads. */
import { dayOf } from "../ui/file-name";
import { type Comparison, type Period, type PeriodUnit, periodText } from "./view";

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

interface Span {
  start: string;
  /** The first instant after it. */
  end: string;
}

/** The days of a report in its zone: "Nov 1, 2025 – Oct 31, 2026". */
export function daysInWords({ start, end }: Span, timeZone: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone }).formatRange(new Date(start), new Date(Date.parse(end) - 1));
}

const MONTHS: Partial<Record<PeriodUnit, true>> = { MONTH: true, QUARTER: true, YEAR: true };

/** The days that a report is compared with, by the API's rules: it does not tell them. */
export function comparedDays(period: Period, { start, end }: Span, compareTo: NonNullable<Comparison>, timeZone: string): string {
  const [first, after] = [start, end].map((instant) => new Date(dayOf(Date.parse(instant), timeZone))) as [Date, Date];
  const back = (day: Date, months: number) => Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - months, day.getUTCDate());
  const span = (from: number, to: number) => daysInWords({ start: new Date(from).toISOString(), end: new Date(to).toISOString() }, "UTC");
  if (compareTo === "PREVIOUS_YEAR") return span(back(first, 12), back(after, 12));
  const isOfMonths = period.kind === "last" ? MONTHS[period.unit] : first.getUTCDate() === 1 && after.getUTCDate() === 1;
  const months = 12 * (after.getUTCFullYear() - first.getUTCFullYear()) + after.getUTCMonth() - first.getUTCMonth();
  return span(isOfMonths ? back(first, months) : 2 * Number(first) - Number(after), Number(first));
}

export function isPreset(period: Period): boolean {
  return PRESETS.some((preset) => periodText(preset) === periodText(period));
}
