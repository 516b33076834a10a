// What zigttp:* exports, apart from what shares state.
import { sha256, sha256Bytes, hmacSha256, hmacSha256Bytes, base64Encode, base64UrlEncode, base64Decode, base64DecodeBytes, timingSafeEqual } from "zigttp:crypto";
import * as time from "zigttp:time";
import * as text from "zigttp:text";
import * as url from "zigttp:url";
import * as http from "zigttp:http";
import * as id from "zigttp:id";
import { routerMatch } from "zigttp:router";
import { env } from "zigttp:env";
import * as log from "zigttp:log";
import { guard, pipe } from "zigttp:compose";
print(sha256("abc"), sha256Bytes("").length, hmacSha256("key","x"));  // expect: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 32 4fc3b7eaf34d7e594a6f51d9517ba543abf41067b27587ffd82ba3584e4d3cdd
print(base64Encode("hé"), base64UrlEncode(new Uint8Array([251,255])), base64Decode("aMOp"), base64Decode("a"), base64DecodeBytes("-_8"));  // expect: aMOp -_8 hé undefined 251,255
print(timingSafeEqual("a","a"), timingSafeEqual("a","b"));  // expect: true false
print(time.formatIso(0), time.formatHttp(784111777000), time.parseIso("2024-02-29"), time.parseIso("2023-02-29"), time.parseIso("1969-12-31T23:59:59.5-01:00"), time.parseHttp("Sun, 06 Nov 1994 08:49:37 GMT"), time.addSeconds(0, 5), time.formatIso(-1), time.formatIso(8.64e15), new Date(8.64e15).toISOString(), time.formatIso(-8.64e15), new Date(-8.64e15).toISOString());  // expect: 1970-01-01T00:00:00.000Z Sun, 06 Nov 1994 08:49:37 GMT 1709164800000 undefined 3599500 784111777000 5000 1969-12-31T23:59:59.999Z +275760-09-13T00:00:00.000Z +275760-09-13T00:00:00.000Z -271821-04-20T00:00:00.000Z -271821-04-20T00:00:00.000Z
print(text.escapeHtml(`<a href="x">'&`), text.unescapeHtml("&lt;&#x41;&#66;&amp;amp;&nbsp;&bogus;"), text.slugify("  Crème Brûlée: l'été & Straße!  "), text.truncate("hello world", 8), text.truncate("héllo", 5), text.truncate("hello", 3, "..."), text.mask("4111111111111111"), text.mask("abc"));  // expect: &lt;a href=&quot;x&quot;&gt;&#39;&amp; <AB&amp; &bogus; creme-brulee-lete-strasse hello w… héllo ... ************1111 ***
print(JSON.stringify(url.urlParse("../b?x=1#h", "https://u:p@ex.com:8080/a/")), url.urlParse("nope"), JSON.stringify(url.urlSearchParams("?a=1&b=2&a=3&__proto__=4&c")), url.urlEncode("a b/ü"), url.urlDecode("a%20b%zz+"));  // expect: {"href":"https://u:p@ex.com:8080/b?x=1#h","protocol":"https:","username":"u","password":"p","host":"ex.com:8080","hostname":"ex.com","port":"8080","pathname":"/b","search":"?x=1","hash":"#h","origin":"https://ex.com:8080"} undefined {"a":["1","3"],"b":"2","__proto__":"4","c":""} a%20b%2F%C3%BC a b%zz+
print(JSON.stringify(http.parseCookies('a=1; b="x%20y"; a=2; __proto__=p; c')), http.setCookie("s","a b;%", {path:"/", maxAge: 60, httpOnly:true, secure:true, sameSite:"lax", expires: 0}));  // expect: {"a":"1","b":"x y","__proto__":"p"} s=a%20b%3B%25; Path=/; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax
print(http.negotiate("text/*;q=0.5, text/html;q=0.9, */*;q=0.1", "text/plain,text/html,image/png"), http.negotiate("text/html;level=1, text/html;q=0.4", ["text/html", "text/html;level=1"]), http.negotiate("application/json", "text/html"), http.negotiate("", "text/html"), http.negotiate("*/*, text/html;q=0", ["text/html"]));  // expect: text/html text/html;level=1 undefined text/html undefined
print(JSON.stringify(http.parseContentType('Text/HTML; Charset="UTF-8"; boundary=abc')), http.parseContentType("garbage"));  // expect: {"type":"text/html","charset":"utf-8","boundary":"abc","parameters":{"charset":"UTF-8","boundary":"abc"}} undefined
print(JSON.stringify(http.cors("https://a.com", {origins:["https://a.com"], methods:"GET, POST", headers:["x-a"], maxAge: 600, credentials:true})), JSON.stringify(http.cors("https://b.com", {origins:["https://a.com"]})), JSON.stringify(http.cors("x")));  // expect: {"vary":"Origin","access-control-allow-origin":"https://a.com","access-control-allow-credentials":"true","access-control-allow-methods":"GET, POST","access-control-allow-headers":"x-a","access-control-max-age":"600"} {"vary":"Origin"} {"access-control-allow-origin":"*"}
print(hmacSha256Bytes("key", new Uint8Array([120]))[0].toString(16), hmacSha256Bytes("k".repeat(65), "").length, sha256(new Uint8Array([97, 98, 99])) === sha256("abc"));  // expect: 4f 32 true
const hex = "[0-9a-f]";
print(new RegExp(`^${hex}{8}-${hex}{4}-4${hex}{3}-[89ab]${hex}{3}-${hex}{12}$`).test(id.uuid()), new RegExp(`^${hex}{8}-${hex}{4}-7${hex}{3}-[89ab]${hex}{3}-${hex}{12}$`).test(id.uuidV7()));  // expect: true true
print(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id.ulid()), /^[\w-]{21}$/.test(id.nanoid()), /^[ab]{5}$/.test(id.nanoid(5, "ab")));  // expect: true true true
print(Math.abs(parseInt(id.uuidV7().replaceAll("-", "").slice(0, 12), 16) - Date.now()) < 60000, new Set(Array.from({ length: 100 }, id.uuid)).size);  // expect: true 100
const routes = { "GET /": 1, "GET /a/:id": 2, "GET /a/me": 3, "/a/*": 4, "POST /a/:id": 5, "GET /f/*": 6, "* /any": 7 };
for (const [m,p] of [["GET","/"],["GET","/a/x"],["GET","/a/me"],["PUT","/a/x/y"],["POST","/a/9"],["HEAD","/a/1"],["GET","/f/"],["GET","/f"],["GET","/f/a/b"],["DELETE","/any"],["GET","/none"],["GET","/a/x/"]])
  print(m, p, JSON.stringify(routerMatch(routes, {method:m, path:p})));
// expect: GET / {"handler":1,"params":{},"route":"GET /"}
// expect: GET /a/x {"handler":2,"params":{"id":"x"},"route":"GET /a/:id"}
// expect: GET /a/me {"handler":3,"params":{},"route":"GET /a/me"}
// expect: PUT /a/x/y {"handler":4,"params":{"*":"x/y"},"route":"/a/*"}
// expect: POST /a/9 {"handler":5,"params":{"id":"9"},"route":"POST /a/:id"}
// expect: HEAD /a/1 {"handler":2,"params":{"id":"1"},"route":"GET /a/:id"}
// expect: GET /f/ {"handler":6,"params":{"*":""},"route":"GET /f/*"}
// expect: GET /f undefined
// expect: GET /f/a/b {"handler":6,"params":{"*":"a/b"},"route":"GET /f/*"}
// expect: DELETE /any {"handler":7,"params":{},"route":"* /any"}
// expect: GET /none undefined
// expect: GET /a/x/ {"handler":4,"params":{"*":"x/"},"route":"/a/*"}
print(routerMatch(routes, {method:"GET", url:"http://h/a/7?x=1"}).params.id);  // expect: 7
print(env("NOPE"), env("NOPE", "d"), typeof env("PATH"));  // expect: undefined d string
print(log.logInfo.name);  // expect: logInfo
const p = pipe(guard((r) => r.ok ? undefined : "no"), (r) => r.v, async (v) => v + 1, (v) => v * 2);
print(await p({ok:true, v:1}), p({ok:false}));  // expect: 4 no
print(guard((x) => x > 1, (x) => "next" + x)(2), guard((x) => x > 1 ? true : "less", (x) => "next" + x)(0));  // expect: next2 less
const ns = await import("zigttp:text");
print(ns === text, Object.keys(ns).join(), ns[Symbol.toStringTag]);  // expect: true escapeHtml,mask,slugify,truncate,unescapeHtml Module
try { await import("zigttp:txt"); } catch (e) {
	print(String(e).slice(0, 99));  // expect: TypeError: Cannot import 'zigttp:txt': there is no such module; did you mean 'zigttp:text'? There a
}
print(sha256.name, sha256.length, String(sha256), import.meta.resolve("zigttp:log"));  // expect: sha256 1 function sha256() { [native code] } zigttp:log
