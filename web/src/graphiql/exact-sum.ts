/** Sums that keep every digit: of integers beyond 2^53, and of decimals. */
const DECIMAL = /^-?\d+(\.\d+)?$/;

/** The sum of two numbers as text. Those with an exponent are added as JavaScript does. */
export function exactSum(a: string, b: string): string {
  if (!DECIMAL.test(a) || !DECIMAL.test(b)) return String(Number(a) + Number(b));
  const decimals = Math.max(decimalsOf(a), decimalsOf(b));
  const sum = scaled(a, decimals) + scaled(b, decimals);
  if (!decimals) return String(sum);
  const digits = String(sum < 0n ? -sum : sum).padStart(decimals + 1, "0");
  return `${sum < 0n ? "-" : ""}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

const decimalsOf = (text: string) => text.split(".")[1]?.length ?? 0;

function scaled(text: string, decimals: number): bigint {
  const [whole = "", fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(decimals, "0"));
}
