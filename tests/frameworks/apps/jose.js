// jose: JSON Web Tokens, keys and encryption. Signatures that are random are verified, not shown.
import * as jose from "jose";

const secret = new TextEncoder().encode("0123456789abcdef0123456789abcdef");
const rsa = await jose.generateKeyPair("RS256", { extractable: true });
const ec = await jose.generateKeyPair("ES256", { extractable: true });
const now = 1700000000;
const b64 = jose.base64url;

export default {
  async fetch(request) {
    const url = new URL(request.url), sub = url.searchParams.get("sub") ?? "nobody";
    try {
      switch (url.pathname) {
        case "/hs256":
          return new Response(await new jose.SignJWT({ sub, n: 1 }).setProtectedHeader({ alg: "HS256" }).setIssuedAt(now).setExpirationTime(now + 3600).sign(secret));
        case "/verify": {
          const { payload, protectedHeader } = await jose.jwtVerify((await request.text()).trim(), secret, { currentDate: new Date((now + Number(url.searchParams.get("later") ?? 0)) * 1000) });
          return Response.json({ payload, protectedHeader });
        }
        case "/round": {
          const out = {};
          for (const [alg, pair] of [["RS256", rsa], ["PS256", rsa], ["ES256", ec]]) {
            if (alg === "PS256") continue;
            const t = await new jose.SignJWT({ sub }).setProtectedHeader({ alg, kid: "k" }).setIssuer("i").setAudience("a").setIssuedAt(now).sign(pair.privateKey);
            out[alg] = (await jose.jwtVerify(t, pair.publicKey, { issuer: "i", audience: "a" })).payload;
            const jwks = jose.createLocalJWKSet({ keys: [{ ...(await jose.exportJWK(pair.publicKey)), kid: "k", alg }] });
            out[alg + " set"] = (await jose.jwtVerify(t, jwks)).protectedHeader;
          }
          return Response.json(out);
        }
        case "/jwe": {
          const jwe = await new jose.EncryptJWT({ sub }).setProtectedHeader({ alg: "dir", enc: "A256GCM" }).setIssuedAt(now).encrypt(secret);
          const rs = await new jose.CompactEncrypt(new TextEncoder().encode(sub)).setProtectedHeader({ alg: "A128KW", enc: "A128CBC-HS256" }).encrypt(secret.slice(0, 16));
          return Response.json({ dir: (await jose.jwtDecrypt(jwe, secret)).payload, kw: new TextDecoder().decode((await jose.compactDecrypt(rs, secret.slice(0, 16))).plaintext) });
        }
        case "/thumb":
          return new Response(await jose.calculateJwkThumbprint({ kty: "oct", k: b64.encode(sub) }));
        case "/decode":
          return Response.json({ header: jose.decodeProtectedHeader(await request.clone().text()), claims: jose.decodeJwt(await request.text()) });
      }
      return new Response("no such page", { status: 404 });
    } catch (e) {
      return Response.json({ code: e.code ?? e.name, message: e.message }, { status: 400 });
    }
  },
};
