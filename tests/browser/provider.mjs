// An OpenID Connect provider of an invented organisation: node provider.mjs PORT REDIRECT_URI SECRET
//
// Its sign-in page takes any password. Who signs in as NAME has the address NAME@example.org, which it has
// verified; as NAME.unverified, the same address, unverified; as NAME.again, the same address with another identity.

import Provider from "oidc-provider";

const [port, redirectUri, secret] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "cre-toolkit",
      client_secret: secret,
      redirect_uris: [redirectUri],
      require_auth_time: true,
      // Only requests with a proof of who began them are answered.
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  pkce: { required: () => true },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: [secret] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      email: `${id.replace(/\.(unverified|again)$/, "")}@example.org`,
      email_verified: !id.endsWith(".unverified"),
    }),
  }),
});

provider.listen(Number(port), "127.0.0.1", () => console.log(`Ready: ${issuer}`));
