// crypto.js: getRandomValues, randomUUID and crypto.subtle: known answers, round trips, errors.
const hex = (b) => Array.from(new Uint8Array(b), (x) => x.toString(16).padStart(2, "0")).join("");
const te = new TextEncoder();
(async () => {
  console.log(crypto.randomUUID().length, crypto.getRandomValues(new Uint8Array(4)).length);
  for (const h of ["SHA-1", "sha-256", "SHA-384", "SHA-512"]) console.log(h, hex(await crypto.subtle.digest(h, te.encode("abc"))));
  const k = await crypto.subtle.importKey("raw", te.encode("key"), { name: "HMAC", hash: "SHA-256" }, true, ["sign", "verify"]);
  const s = await crypto.subtle.sign("HMAC", k, te.encode("The quick brown fox jumps over the lazy dog"));
  console.log(hex(s), await crypto.subtle.verify("HMAC", k, s, te.encode("The quick brown fox jumps over the lazy dog")));
  console.log(JSON.stringify(await crypto.subtle.exportKey("jwk", k)), JSON.stringify(k.algorithm), k.usages.join());
  const aes = await crypto.subtle.importKey("raw", new Uint8Array(16).fill(7), "AES-GCM", true, ["encrypt", "decrypt"]);
  const iv = new Uint8Array(12).fill(3);
  const c = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: te.encode("aad") }, aes, te.encode("hello"));
  console.log(hex(c), new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: te.encode("aad") }, aes, c)));
  try { await crypto.subtle.decrypt({ name: "AES-GCM", iv }, aes, c); } catch (e) { console.log(e.name); }
  for (const m of ["AES-CBC", "AES-CTR"]) {
    const k2 = await crypto.subtle.importKey("raw", new Uint8Array(32).fill(9), m, false, ["encrypt", "decrypt"]);
    const p = m === "AES-CBC" ? { name: m, iv: new Uint8Array(16).fill(1) } : { name: m, counter: new Uint8Array(16).fill(255), length: 8 };
    try {
    const x = await crypto.subtle.encrypt(p, k2, te.encode("some text that is longer than a block"));
    console.log(m, hex(x), new TextDecoder().decode(await crypto.subtle.decrypt(p, k2, x))); } catch (e) { console.log(m, e.name); }
  }
  const pw = await crypto.subtle.importKey("raw", te.encode("password"), "PBKDF2", false, ["deriveBits", "deriveKey"]);
  console.log(hex(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-1", salt: te.encode("salt"), iterations: 4096 }, pw, 160)));
  const ikm = await crypto.subtle.importKey("raw", new Uint8Array(22).fill(11), "HKDF", false, ["deriveBits"]);
  console.log(hex(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array([0,1,2,3,4,5,6,7,8,9,10,11,12]), info: new Uint8Array([0xf0,0xf1,0xf2,0xf3,0xf4,0xf5,0xf6,0xf7,0xf8,0xf9]) }, ikm, 336)));
  const data = te.encode("data");
  for (const a of [{ name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }, { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512" }, { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" },
    { name: "RSA-PSS", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-384", saltLength: 32 }]) {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(a, true, ["sign", "verify"]);
    const sig = await crypto.subtle.sign(a, privateKey, data);
    const jwk = await crypto.subtle.exportKey("jwk", publicKey), pj = await crypto.subtle.exportKey("jwk", privateKey);
    const pub2 = await crypto.subtle.importKey("jwk", jwk, a, true, ["verify"]), priv2 = await crypto.subtle.importKey("jwk", pj, a, true, ["sign"]);
    const spki = await crypto.subtle.exportKey("spki", pub2), pkcs8 = await crypto.subtle.exportKey("pkcs8", priv2);
    const pub3 = await crypto.subtle.importKey("spki", spki, a, true, ["verify"]), priv3 = await crypto.subtle.importKey("pkcs8", pkcs8, a, true, ["sign"]);
    const sig3 = await crypto.subtle.sign(a, priv3, data);
    console.log(a.name, await crypto.subtle.verify(a, pub3, sig, data), await crypto.subtle.verify(a, publicKey, sig3, data), await crypto.subtle.verify(a, pub3, sig, te.encode("x")),
      Object.keys(jwk).sort().join(), Object.keys(pj).sort().join(), new Uint8Array(sig).length, JSON.stringify(pub3.algorithm));
  }
  const oaep = { name: "RSA-OAEP", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
  const kp = await crypto.subtle.generateKey(oaep, true, ["encrypt", "decrypt", "wrapKey", "unwrapKey"]);
  const ct = await crypto.subtle.encrypt({ name: "RSA-OAEP", label: data }, kp.publicKey, data);
  console.log(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "RSA-OAEP", label: data }, kp.privateKey, ct)));
  for (const n of [{ name: "ECDH", namedCurve: "P-384" }, { name: "X25519" }]) {
    const x = await crypto.subtle.generateKey(n, true, ["deriveBits", "deriveKey"]), y = await crypto.subtle.generateKey(n, true, ["deriveBits"]);
    const s1 = hex(await crypto.subtle.deriveBits({ name: n.name, public: y.publicKey }, x.privateKey, 256)), s2 = hex(await crypto.subtle.deriveBits({ name: n.name, public: x.publicKey }, y.privateKey, 256));
    const raw = await crypto.subtle.exportKey("raw", x.publicKey), again = await crypto.subtle.importKey("raw", raw, n, true, []);
    console.log(n.name, s1 === s2, s1.length, raw.byteLength, again.type, again.usages.length);
    const dk = await crypto.subtle.deriveKey({ name: n.name, public: y.publicKey }, x.privateKey, { name: "AES-GCM", length: 256 }, true, ["encrypt"]);
    console.log(JSON.stringify(dk.algorithm));
  }
  const kw = await crypto.subtle.importKey("raw", new Uint8Array(16).fill(1), "AES-KW", false, ["wrapKey", "unwrapKey"]);
  const w = await crypto.subtle.wrapKey("raw", aes, kw, "AES-KW"), u = await crypto.subtle.unwrapKey("raw", w, kw, "AES-KW", "AES-GCM", true, ["decrypt"]);
  console.log(hex(w), hex(await crypto.subtle.exportKey("raw", u)));
  for (const f of [() => crypto.subtle.digest("MD5", data), () => crypto.subtle.importKey("raw", new Uint8Array(5), "AES-GCM", true, ["encrypt"]), () => crypto.subtle.importKey("raw", new Uint8Array(16), "AES-GCM", true, ["sign"]),
    () => crypto.subtle.generateKey("AES-GCM", true, []), () => crypto.subtle.sign("HMAC", aes, data), () => crypto.subtle.importKey("jwk", { kty: "oct", k: "a" }, "AES-GCM", true, ["encrypt"]),
    () => crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", x: "AAAA", y: "AAAA" }, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]), () => crypto.subtle.importKey("spki", new Uint8Array(9), { name: "Ed25519" }, true, ["verify"]),
    () => crypto.getRandomValues(new Float32Array(2)), () => crypto.getRandomValues(new Uint8Array(65537)), () => crypto.subtle.digest("SHA-256", "x")])
    try { await f(); console.log("none"); } catch (e) { console.log(e.name, e instanceof DOMException); }
  console.log(Object.prototype.toString.call(crypto), Object.prototype.toString.call(crypto.subtle), Object.prototype.toString.call(aes), typeof CryptoKey, typeof SubtleCrypto, crypto.subtle === crypto.subtle);
})();
