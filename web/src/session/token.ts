/** A token as text: how it is cleaned, and what a JWT says about itself. For display only; the server decides. */

/** Takes away what comes along with a pasted token: white space, zero-width characters, quotes, `Authorization: Bearer`. */
export function cleanToken(text: string): string {
  return text
    .replace(/[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+/g, " ")
    .trim()
    .replace(/^["'`“”‘’]+|["'`“”‘’]+$/g, "")
    .replace(/^authorization\s*:\s*/i, "")
    .replace(/^bearer\s+/i, "")
    .replace(/["'`“”‘’\s]/g, "");
}

/** Whether the text can be a token in a header at all: visible ASCII characters. */
export function isSendable(token: string): boolean {
  return /^[\x21-\x7e]*$/.test(token);
}

/** When the token ends, in milliseconds since 1970, if it is a JWT that says so. */
export function expiryOf(token: string): number | null {
  try {
    const claims = token.split(".")[1] ?? "";
    const json = atob(claims.replace(/-/g, "+").replace(/_/g, "/"));
    const { exp } = JSON.parse(json) as { exp?: unknown };
    return typeof exp === "number" ? exp * 1000 : null;
  } catch {
    return null;
  }
}
