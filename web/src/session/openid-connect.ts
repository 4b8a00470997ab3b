/** OpenID Connect in a page: the code flow with PKCE. Loaded only when somebody signs in at the provider. */
import * as oauth from "oauth4webapi";
import type { Attempt, IdentityProvider } from "./identity-provider";

/** How far the clocks of the provider and of this machine may be apart, in seconds. */
const CLOCK_TOLERANCE = 60;

const clientOf = ({ clientId }: IdentityProvider): oauth.Client => ({ client_id: clientId, [oauth.clockTolerance]: CLOCK_TOLERANCE });

/** The server lets an issuer have http only on its own machine. */
const optionsFor = ({ issuer }: IdentityProvider) => ({ [oauth.allowInsecureRequests]: issuer.startsWith("http:") });

/** An address of the provider that asks its user to sign in, and what its answer is checked with. */
export async function authorization(provider: IdentityProvider, redirectUri: string): Promise<{ attempt: Omit<Attempt, "returnTo">; url: string }> {
  if (!isSecureContext) throw new Error("Signing in at the identity provider needs https.");
  const server = await discover(provider);
  const attempt = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
  };
  const url = endpoint(provider, server, "authorization_endpoint");
  const parameters = {
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: provider.scope,
    // Auth0 issues a JWT only for an audience; others ignore it.
    audience: provider.audience,
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { attempt, url: url.href };
}

/** The access token for the answer that the provider put into the address. */
export async function redeem(provider: IdentityProvider, redirectUri: string, answer: URLSearchParams, attempt: Attempt): Promise<string> {
  const client = clientOf(provider);
  const server = await discover(provider);
  try {
    const parameters = oauth.validateAuthResponse(server, client, answer, attempt.state);
    const response = await oauth.authorizationCodeGrantRequest(
      server, client, oauth.None(), parameters, redirectUri, attempt.verifier, optionsFor(provider),
    );
    const { access_token } = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: attempt.nonce,
      requireIdToken: true,
    });
    if (access_token.split(".").length !== 3) {
      throw new Error("its access token is no JWT for this server, see docs/identity.md");
    }
    return access_token;
  } catch (error) {
    throw inWords(error);
  }
}

async function discover(provider: IdentityProvider): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(provider.issuer);
  let server: oauth.AuthorizationServer;
  try {
    server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, optionsFor(provider)));
  } catch (error) {
    throw inWords(error);
  }
  // The page may ask no other origin.
  if (endpoint(provider, server, "token_endpoint").origin !== issuer.origin) {
    throw new Error("The identity provider's token endpoint has another origin than its issuer, which this page cannot use.");
  }
  return server;
}

/** An address that the provider names: https, or http where its issuer has that. */
function endpoint({ issuer }: IdentityProvider, server: oauth.AuthorizationServer, name: "authorization_endpoint" | "token_endpoint"): URL {
  const address: unknown = server[name];
  const url = typeof address === "string" ? URL.parse(address) : null;
  if (!url || !["https:", new URL(issuer).protocol].includes(url.protocol)) throw new Error(`The identity provider names no ${name} that can be used.`);
  return url;
}

/** What went wrong, without anything secret: the library's messages hold none. */
function inWords(error: unknown): Error {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    return new Error(`The identity provider refused: ${error.error_description ?? error.error}`);
  }
  // How `fetch` says it.
  if (error instanceof TypeError) return new Error("The identity provider does not answer this page.");
  return new Error(`Signing in at the identity provider failed: ${error instanceof Error ? error.message : String(error)}.`);
}
