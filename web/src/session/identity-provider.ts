/** Signing in at the identity provider, if the server names one, from leaving the page until the token is there. */
import { setToken } from "./session";

/** The client that this page is at the provider. */
export interface IdentityProvider {
  issuer: string;
  clientId: string;
  audience: string;
  scope: string;
}

/** What is kept in the tab while the user is at the provider. */
export interface Attempt {
  state: string;
  nonce: string;
  verifier: string;
  /** The address that was left, without its origin. */
  returnTo: string;
}

const KEY = "promograph.sign-in";

export const PROVIDER = providerOf(document.querySelector<HTMLMetaElement>('meta[name="promograph-identity-provider"]')?.content);

function providerOf(content: string | undefined): IdentityProvider | null {
  return content ? (JSON.parse(content) as IdentityProvider) : null;
}

/** The one address that the provider leads back to, whichever page was left: the dashboard's. */
export const redirectUri = (): string => new URL(".", location.href).href;

/** Leaves for the provider. */
export async function beginSignIn(provider: IdentityProvider): Promise<void> {
  const { authorization } = await import("./openid-connect");
  const { attempt, url } = await authorization(provider, redirectUri());
  const returnTo = location.pathname + location.search + location.hash;
  sessionStorage.setItem(KEY, JSON.stringify({ ...attempt, returnTo } satisfies Attempt));
  setToken("");
  location.assign(url);
}

let answer: { parameters: URLSearchParams; attempt: Attempt | null } | null = null;

/** Takes the provider's answer out of the page's address, and puts back the address that was left. */
export function takeAnswer(): void {
  const kept = sessionStorage.getItem(KEY);
  // Once: neither the answer nor the attempt counts again, nor an attempt that was left without an answer.
  sessionStorage.removeItem(KEY);
  const parameters = new URLSearchParams(location.search);
  if (!PROVIDER || !parameters.has("state") || !(parameters.has("code") || parameters.has("error"))) return;
  const attempt = kept ? (JSON.parse(kept) as Attempt) : null;
  answer = { parameters, attempt };
  history.replaceState(null, "", attempt && isHere(attempt.returnTo) ? attempt.returnTo : withoutAnswer());
}

/** The present address without what a provider answers. */
function withoutAnswer(): string {
  const rest = new URLSearchParams(location.search);
  for (const name of ["code", "state", "iss", "session_state", "error", "error_description", "error_uri"]) rest.delete(name);
  return rest.size ? `${location.pathname}?${rest}` : location.pathname;
}

export const hasAnswer = (): boolean => answer !== null;

/** Gets the token for the answer, and goes back to the page that was left. */
export async function finishSignIn(provider: IdentityProvider): Promise<void> {
  const given = answer;
  answer = null;
  if (!given) return;
  const { parameters, attempt } = given;
  if (!attempt || attempt.state !== parameters.get("state")) {
    throw new Error("This sign-in was not begun in this tab. Sign in again.");
  }
  const { redeem } = await import("./openid-connect");
  setToken(await redeem(provider, redirectUri(), parameters, attempt));
  if (!isHere(attempt.returnTo)) location.replace(attempt.returnTo);
}

function isHere(address: string): boolean {
  return new URL(address, location.href).pathname === location.pathname;
}
