/** Figures, money and times as people read them, in the browser's language. */

/** Long tables are formatted again with each letter that is looked for, and to make a formatter takes long. */
function kept<Options, Format>(make: (options: Options) => Format): (options: Options) => Format {
  const formats = new Map<string, Format>();
  return (options) => {
    const key = JSON.stringify(options);
    const format = formats.get(key) ?? make(options);
    formats.set(key, format);
    return format;
  };
}

const numbers = kept((options: Intl.NumberFormatOptions) => new Intl.NumberFormat(undefined, options));
const sheetTimes = kept((timeZone: string) => new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone }));
const times = kept((options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(undefined, options));

/** Money that arrives in minor units, exact up to 2^53; without a currency as a plain number with two decimals. */
export function money(minor: number | string | null | undefined, currency: string | null | undefined): string {
  if (minor === null || minor === undefined) return "–";
  const digits = minorDigits(currency);
  const value = Number(minor) / 10 ** digits;
  return numbers(currency ? { style: "currency", currency } : { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
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
function minorDigits(currency: string | null | undefined): number {
  if (!currency) return 2;
  return numbers({ style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** A count or another plain number. */
export function count(value: number | string | null | undefined): string {
  return value === null || value === undefined ? "–" : numbers({}).format(Number(value));
}

/** A rate such as 0.125 as 12.5 %. */
export function percent(rate: number | string | null | undefined): string {
  if (rate === null || rate === undefined) return "–";
  return numbers({ style: "percent", maximumFractionDigits: 1 }).format(Number(rate));
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
  return times({ dateStyle: "medium", timeStyle: "short", timeZone }).format(new Date(instant));
}

/** An instant in a zone, the date alone. */
export function date(instant: string | null | undefined, timeZone?: string): string {
  if (!instant) return "–";
  return times({ dateStyle: "medium", timeZone }).format(new Date(instant));
}

/** `2026-03-01 14:05` in a zone, as sheets read it: Swedish is written so. */
export function localTime(instant: string, timeZone: string): string {
  return sheetTimes(timeZone).format(new Date(instant));
}
