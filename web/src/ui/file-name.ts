/** Names of files: `campaigns-2026-07-01-2026-09-30.csv`. What shows the state of now has the day on which it is saved. */

/** `days`: what the file is about; today if it is not given. */
export function fileName(title: string, days: string | undefined, extension: string): string {
  const words = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  return `${words}-${days ?? dayOf(Date.now())}.${extension}`;
}

/** The days of a period as a file's name has them, the last one included. The end is the first instant after it. */
export function periodDays(period: { start: string | null; end: string | null } | null | undefined, timeZone: string): string | undefined {
  if (!period?.start || !period.end) return undefined;
  const days = [Date.parse(period.start), Date.parse(period.end) - 1].map((instant) => dayOf(instant, timeZone));
  return [...new Set(days)].join("-");
}

/** The day of an instant in a zone, as a date field wants it. */
export function dayOf(instant: number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant);
}
