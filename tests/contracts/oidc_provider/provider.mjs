// An OpenID provider by others (npm oidc-provider), with two people: `second` signs in at level 2, `first` at level 1.
// Usage: node provider.mjs '<JSON: port, client, levels, modules>'; prints "ready" when it listens.
import { createRequire } from "node:module";
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const settings = JSON.parse(process.argv[2]);
const require = createRequire(pathToFileURL(`${settings.modules}/`));
const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));

const issuer = `http://127.0.0.1:${settings.port}`;
const key = { ...generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" }), use: "sig", alg: "ES256" };
const people = settings.people; // login -> claims of ours

const provider = new Provider(issuer, {
  clients: [{ ...settings.client, token_endpoint_auth_method: "private_key_jwt", id_token_signed_response_alg: "ES256", grant_types: ["authorization_code"], response_types: ["code"] }],
  jwks: { keys: [key] },
  cookies: { keys: ["not a secret: two invented people live here"] },
  acrValues: Object.values(settings.levels),
  claims: { openid: ["sub", "acr", "amr", "auth_time", "sid", ...settings.claims] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  // WHY: its own calls refuse loopback addresses, and the client's keys and its place for sign-outs are there.
  fetch: (address, options) => fetch(address, { ...options, dispatcher: undefined }),
  findAccount: (_, login) => (people[login] ? { accountId: login, claims: () => ({ sub: login, ...people[login] }) } : undefined),
  // Nobody is asked for consent: an e-ID system of the State asks for none.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
});
provider.on("server_error", (_, error) => console.error(error));

const ofProvider = provider.callback();
createServer(async (request, response) => {
  const at = new URL(request.url, issuer);
  if (at.pathname.startsWith("/interaction/") && request.method === "POST") {
    let body = "";
    for await (const part of request) body += part;
    const form = new URLSearchParams(body);
    const login = form.get("login");
    const level = login === "first" ? "1" : "2";
    await provider.interactionFinished(request, response, { login: { accountId: login, acr: settings.levels[level], amr: ["pwd"] } });
  } else if (at.pathname.startsWith("/interaction/")) {
    response.end("who are you?");
  } else {
    ofProvider(request, response);
  }
}).listen(settings.port, "127.0.0.1", () => console.log("ready"));
