/** Figures, money and times as people read them, in the browser's language. */

/** Money that arrives in minor units, exact up to 2^53; without a currency as a plain number with two decimals. */
export function money(minor: number | string | null | undefined, currency: string | null | undefined): string {
  if (minor === null || minor === undefined) return "–";
  const digits = minorDigits(currency);
  const value = Number(minor) / 10 ** digits;
  if (!currency) return value.toLocaleString(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return value.toLocaleString(undefined, { style: "currency", currency });
}

/** Money in major units, as a sheet wants it. Null stays empty. */
export function majorUnits(minor: number | string | null | undefined, currency: string | null | undefined): number | null {
  return minor === null || minor === undefined ? null : Number(minor) / 10 ** minorDigits(currency);
}

/** Money on a chart's axis: short, without cents. */
export function axisMoney(minor: number, currency: string | null | undefined): string {
  const options = { notation: "compact", maximumFractionDigits: 1 } as const;
  return (majorUnits(minor, currency) ?? 0).toLocaleString(undefined, currency ? { style: "currency", currency, ...options, minimumFractionDigits: 0 } : options);
}

/** The decimals of a currency: 2 for USD, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string | null | undefined): number {
  if (!currency) return 2;
  return new Intl.NumberFormat(undefined, { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** A count or another plain number. */
export function count(value: number | string | null | undefined): string {
  return value === null || value === undefined ? "–" : Number(value).toLocaleString();
}

/** A rate such as 0.125 as 12.5 %. */
export function percent(rate: number | string | null | undefined): string {
  if (rate === null || rate === undefined) return "–";
  return Number(rate).toLocaleString(undefined, { style: "percent", maximumFractionDigits: 1 });
}

/** A time span in milliseconds as its largest one or two units: "3 d 4 h". */
export function duration(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined) return "–";
  const seconds = Math.round(milliseconds / 1000);
  const units: [number, string][] = [[86_400, "d"], [3_600, "h"], [60, "min"], [1, "s"]];
  const first = units.findIndex(([length]) => seconds >= length);
  if (first < 0) return "0 s";
  let rest = seconds;
  return units
    .slice(first, first + 2)
    .map(([length, name]) => {
      const whole = Math.floor(rest / length);
      rest -= whole * length;
      return whole ? `${whole} ${name}` : "";
    })
    .filter(Boolean)
    .join(" ");
}

/** An instant in a zone, date and time. */
export function dateTime(instant: string | null | undefined, timeZone?: string): string {
  if (!instant) return "–";
  return new Date(instant).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short", timeZone });
}

/** An instant in a zone, the date alone. */
export function date(instant: string | null | undefined, timeZone?: string): string {
  if (!instant) return "–";
  return new Date(instant).toLocaleDateString(undefined, { dateStyle: "medium", timeZone });
}

/** `2026-03-01 14:05` in a zone, as sheets read it: Swedish is written so. */
export function localTime(instant: string, timeZone: string): string {
  return new Date(instant).toLocaleString("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone });
}
