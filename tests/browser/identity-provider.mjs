/** A small OpenID provider on this machine: whoever gives a name there is signed in with that name's claims. */
import { once } from "node:events";
import { createServer } from "node:http";
import { Provider, interactionPolicy } from "oidc-provider";

const AUDIENCE = "urn:promograph-tests";
const CLIENT = "dashboard";
const FORM = `<!doctype html><html lang="en"><title>Provider</title><link rel="icon" href="data:,">
<form><label>Name <input name="name"></label><button>Continue</button><button name="refuse" value="1">Cancel</button></form>`;

/**
 * Starts it, with the pages of any port of this machine as its only client. `claims` are those of each user's access token.
 * `settings` let Promograph accept its tokens.
 */
export async function startIdentityProvider({ claims }) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const client = {
    client_id: CLIENT,
    // A page keeps no secret.
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code"],
    response_types: ["code"],
    redirect_uris: ["http://127.0.0.1/"],
    // Only a native client may have an address with http, at any port of this machine.
    application_type: "native",
  };
  // Signing in is all that is asked, as a company asks its own people.
  const policy = interactionPolicy.base();
  policy.get("consent").checks.clear();
  const provider = new Provider(issuer, {
    clients: [client],
    clientBasedCORS: () => true,
    interactions: { policy, url: (_, { uid }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: "", accessTokenFormat: "jwt", jwt: { sign: { alg: "RS256" } } }),
      },
    },
    extraTokenClaims: (_, { accountId }) => claims[accountId],
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    async loadExistingGrant({ oidc }) {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope("openid");
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, issuer);
    if (!pathname.startsWith("/interaction/")) return answer(request, response);
    if (searchParams.has("refuse")) return provider.interactionFinished(request, response, { error: "access_denied", error_description: "not today" });
    if (searchParams.has("name")) return provider.interactionFinished(request, response, { login: { accountId: searchParams.get("name") } });
    response.setHeader("content-type", "text/html").end(FORM);
  });
  return {
    issuer,
    settings: {
      PROMOGRAPH_JWKS: `${issuer}/jwks`,
      PROMOGRAPH_JWT_ISSUER: issuer,
      PROMOGRAPH_JWT_AUDIENCE: AUDIENCE,
      PROMOGRAPH_OIDC_CLIENT_ID: CLIENT,
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
