/**
 * JSON whose integers beyond 2^53 keep every digit: `JSON.parse` alone rounds them. Such a number is held as the browser's
 * raw JSON, which `JSON.stringify` writes as it was. Browsers from before 2025 lack this, and round.
 */
interface RawJson {
  rawJSON: string;
}
/** Not in TypeScript's library yet. */
const { rawJSON, isRawJSON } = JSON as typeof JSON & { rawJSON?: (text: string) => RawJson; isRawJSON?: (value: unknown) => value is RawJson };

/** For `JSON.parse`. */
export function exactly(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === "number" && context?.source ? exactNumber(value, context.source) : value;
}

/** A parsed number as it was written: itself, unless digits would be lost. The API takes digits in a string, too. */
export function exactNumber(value: number, source: string): unknown {
  if (Number.isSafeInteger(value) || !/^-?\d+$/.test(source)) return value;
  return rawJSON ? rawJSON(source) : source;
}

export function parseExactly(text: string): unknown {
  // Only a text with sixteen digits in a row can hold such a number; others need no look at each of their values.
  return /\d{16}/.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
}

/** The integer that a value holds digit by digit; null for every other value. */
export function bigIntegerOf(value: unknown): bigint | null {
  return isRawJSON?.(value) ? BigInt(value.rawJSON) : null;
}
