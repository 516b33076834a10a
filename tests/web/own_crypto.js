// own_crypto.js: where Node 20 is not up to the standards: Ed25519, names of errors.
const hex = (b) => Array.from(new Uint8Array(b), (x) => x.toString(16).padStart(2, "0")).join("");
const bytes = (h) => new Uint8Array(h.match(/../g).map((x) => parseInt(x, 16)));
(async () => {
  // RFC 8032 7.1, test 2
  const jwk = { kty: "OKP", crv: "Ed25519", d: "TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs", x: "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw" };
  const key = await crypto.subtle.importKey("jwk", jwk, "Ed25519", true, ["sign"]);
  const sig = await crypto.subtle.sign("Ed25519", key, bytes("72"));
  console.log(hex(sig));
  const pub = await crypto.subtle.importKey("jwk", { kty: "OKP", crv: "Ed25519", x: jwk.x }, "Ed25519", true, ["verify"]);
  console.log(await crypto.subtle.verify("Ed25519", pub, sig, bytes("72")), await crypto.subtle.verify("Ed25519", pub, sig, bytes("73")));
  console.log(hex(await crypto.subtle.exportKey("raw", pub)), JSON.stringify(await crypto.subtle.exportKey("jwk", pub)));
  // RFC 7748 6.1
  const a = await crypto.subtle.importKey("jwk", { kty: "OKP", crv: "X25519", d: "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo", x: "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo" }, "X25519", false, ["deriveBits"]);
  const b = await crypto.subtle.importKey("raw", bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"), "X25519", true, []);
  console.log(hex(await crypto.subtle.deriveBits({ name: "X25519", public: b }, a, null)));
  for (const f of [() => crypto.subtle.exportKey("raw", a), () => crypto.getRandomValues({}), () => crypto.subtle.digest.call({}, "SHA-1", new Uint8Array(1)),
    () => new SubtleCrypto(), () => new CryptoKey(), () => new Crypto(), () => crypto.subtle.digest(),
    () => crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(8), iterations: 4294967295 }, pbkdf2, 256)])
    try { await f(); console.log("none"); } catch (e) { console.log(e.name, e.message); }
  // base64url of RFC 7515: no padding, no other alphabet, no bits beyond the last byte
  for (const k of ["AQ", "-_8", "AQID", "AR", "AQ==", "A", "AQIDB", "+/8", "A Q", "\u0100Q", "AQ\n", 5])
    try {
      const made = await crypto.subtle.importKey("jwk", { kty: "oct", k }, { name: "HMAC", hash: "SHA-256" }, true, ["sign"]);
      console.log(JSON.stringify(k), hex(await crypto.subtle.exportKey("raw", made)));
    } catch (e) { console.log(JSON.stringify(k), e.name, e.message); }
})();
var pbkdf2;
crypto.subtle.importKey("raw", new Uint8Array(8), "PBKDF2", false, ["deriveBits"]).then((k) => { pbkdf2 = k; });
