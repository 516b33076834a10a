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
  // PKCS #8 whose parts are longer than the key is
  const tlv = (t, ...v) => { const b = v.flat(), n = b.length; return [t, ...(n < 128 ? [n] : n < 256 ? [129, n] : [130, n >> 8, n & 255]), ...b]; };
  const int = (n, last = 255) => tlv(2, [0, ...new Array(n - 1).fill(255), last]);
  const oid = (h) => tlv(6, [...bytes(h)]), pkcs8 = (about, key) => new Uint8Array(tlv(48, tlv(2, [0]), about, tlv(4, key)));
  const rsaKey = (d, p, q) => pkcs8(tlv(48, oid("2a864886f70d010101"), [5, 0]),
    tlv(48, tlv(2, [0]), int(256), tlv(2, [1, 0, 1]), int(d), int(p), int(q), int(p), int(q), int(p)));
  const ecKey = (n) => pkcs8(tlv(48, oid("2a8648ce3d0201"), oid("2a8648ce3d030107")), tlv(48, tlv(2, [1]), tlv(4, new Array(n).fill(1))));
  const rs = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, ec = { name: "ECDSA", namedCurve: "P-256" };
  for (const [about, key] of [[rs, rsaKey(256, 128, 128)], [rs, rsaKey(257, 128, 128)], [rs, rsaKey(256, 1000, 128)], [rs, rsaKey(256, 128, 5000)],
    [rs, rsaKey(5000, 5000, 5000)], [ec, ecKey(32)], [ec, ecKey(33)], [ec, ecKey(2000)]])
    try { console.log((await crypto.subtle.importKey("pkcs8", key, about, false, ["sign"])).algorithm.name); } catch (e) { console.log(e.name, e.message); }
})();
var pbkdf2;
crypto.subtle.importKey("raw", new Uint8Array(8), "PBKDF2", false, ["deriveBits"]).then((k) => { pbkdf2 = k; });
