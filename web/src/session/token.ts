/** A token as text. Whether it counts only the server can tell. */

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

/** Whether nothing is missing: a JWT with a signature, of which the shortest has 43 characters. */
export function looksComplete(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]{43,}$/.test(cleanToken(text));
}
