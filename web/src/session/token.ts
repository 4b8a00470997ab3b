/** A token as text. Whether it counts only the server can tell. */

/** A JWT with a signature, of which the shortest has 43 characters. */
const JWT = /eyJ[\w-]*\.[\w-]+\.[\w-]{43,}/;

/**
 * The token in what was pasted: with invisible characters, line breaks, quotes, a header's name, as JSON or as an argument of
 * curl. Without anything that looks like one, the text without its white space: the server says what it thinks of it.
 */
export function cleanToken(text: string): string {
  // Format characters and marks that combine with others, which nobody sees.
  const visible = text.replace(/[\p{Cf}\p{Mn}]/gu, "").replace(/[\r\n\u2028\u2029]+\s*/g, "");
  const words = visible.replace(/\s+/g, "");
  return JWT.exec(visible)?.[0] ?? JWT.exec(words)?.[0] ?? words.replace(/^authorization:/i, "").replace(/^bearer/i, "");
}

/** Whether the text can be a token in a header at all: visible ASCII characters. */
export function isSendable(token: string): boolean {
  return /^[\x21-\x7e]*$/.test(token);
}

/** Whether nothing is missing. */
export function looksComplete(text: string): boolean {
  return JWT.test(cleanToken(text));
}
