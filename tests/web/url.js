// URL and URLSearchParams over a table and over inputs made by rules. Runs under
// `zigttp run` and under Node; the output is the same. With the argument "full" each
// case has its line, else sixteen of them share a hash.
const full = (globalThis.scriptArgs ?? process.argv).includes("full");
const out = [];

function show(u) {
  return [u.href, u.origin, u.protocol, u.username, u.password, u.host, u.hostname, u.port, u.pathname, u.search, u.hash].join(" | ");
}
function attempt(f) {
  try { return f(); } catch (e) { return e.name; }
}
function parse(input, base) {
  if (deviates(input, base)) return "";
  const r = attempt(() => show(base === undefined ? new URL(input) : new URL(input, base)));
  const can = /[^\0-\x7f]/.test(input + base) ? "" : base === undefined ? URL.canParse(input) : URL.canParse(input, base);
  return JSON.stringify(base === undefined ? [input] : [input, base]) + " " + can + " " + r;
}

// Left out: where Node 20 does not follow the standard. Inputs with a # (not in front)
// relative to an opaque base, or with only that to a base with an empty query; a last segment ".." of a path that gets empty, if the scheme
// is not special; ports and empty hosts set on hosts of such schemes; values of port that
// begin with no digit; canParse of hosts that are not ASCII; drive letters' look-alikes in file URLs; new URLSearchParams(null).
function deviates(input, base) {
  if (base !== undefined && base.endsWith("?") && input.startsWith("#")) return true;
  if (base !== undefined && input.slice(1).includes("#") && /^(about|mailto|data|foo):[^/]/.test(base)) return true;
  return /(\.|%2e)(\.|%2e)/i.test(input + base) && !/^\s*(https?|ftp|wss?):/i.test(base === undefined || /^[a-z0-9+.-]+:/i.test(input) ? input : base);
}
function deviates_set(s, k, v) {
  const special = /^\s*(https?|ftp|wss?):/i.test(s);
  return k === "host" && !special && (v === "" || /^[/?#]|:\d/.test(v)) || k === "hostname" && !special && /^[/?#]|^$/.test(v) ||
    k === "pathname" && !special && /(\.|%2e)(\.|%2e)/i.test(v) || k === "port" && !/^[\t\d]/.test(v) && v !== "";
}

// ---- a table ----
const bases = ["http://example.org/foo/bar", "file:///tmp/mock/path", "about:blank", "mailto:x@x", "http://u:p@h:81/a/b/c?q#f", "non-special://h/a/b?q", "file:///C:/d/e", "data:text/plain,hi", "web+demo:/.//not-a-host/"];
const inputs = [
  "", " ", "\t :foo.com \n", "foo.com", "a:\t foo.com", "http://user:pass@foo:21/bar;par?b#c", "https://test:@test", "https://:@test",
  "non-special://test:@test/x", "non-special://:@test/x", "http:foo.com", "\t   :foo.com   \n", " foo.com  ", "http://f:21/ b ? d # e ",
  "lolscheme:x x#x x", "http://f:c/b", "http://f: /c", "http://f:0/c", "http://f:00000000000000/c", "http://f:00000000000000000000080/c",
  "http://f:b/c", "http://f:\n/c", "http://f:fifty-two/c", "http://f:65536/c", "http://f:65535/c", "non-special://f:65536/c", "http://f: 21 / b ? d # e ",
  "  \t", ":foo.com/", ":foo.com", ":", ":a", ":/", ":\\", ":#", "#", "#/", "#\\", "#;?", "?", "/", ":23", "/:23", "\\x", "\\\\x\\hello", "::", "::23",
  "http://", "http://::@c@d:2", "http://foo.com:b@d/", "http://foo/bar@c", "http:\\\\foo.com\\", "http:\\\\a\\b:c\\d@foo.com\\", "foo:/", "foo:/bar.com/",
  "foo://///////", "foo://///////bar.com/", "foo:////://///", "c:/foo", "//foo/bar", "http://foo/path;a??e#f#g", "http://foo/abcd?efgh?ijkl", "http://foo/abcd#foo?bar",
  "[61:24:74]:98", "http:[61:27]/:foo", "http:", "http:/example.com/", "ftp:/example.com/", "https:/example.com/", "madeupscheme:/example.com/", "file:/example.com/",
  "ftps:/example.com/", "gopher:/example.com/", "ws:/example.com/", "wss:/example.com/", "javascript:/example.com/", "data:/example.com/", "mailto:/example.com/",
  "http:example.com/", "ftp:example.com/", "https:example.com/", "file:example.com/", "javascript:example.com/", "/a/b/c", "/a/ /c", "/a%2fc", "/a/%2f/c", "#β",
  "file:c:\\foo\\bar.html", "  File:c|////foo\\bar.html", "C|/foo/bar", "/C|\\foo\\bar", "//C|/foo/bar", "//server/file", "\\\\server\\file", "/\\server/file",
  "file:///foo/bar.txt", "file:///home/me", "//", "///", "///test", "file://test", "file://localhost", "file://localhost/test", "test", "file:test", "http://example.com/././foo",
  "http://example.com/./.foo", "http://example.com/foo/.", "http://example.com/foo/./", "http://example.com/foo/bar/..", "http://example.com/foo/bar/../", "http://example.com/foo/bar/..bar",
  "http://example.com/foo/bar/../ton", "http://example.com/foo/bar/../ton/../../a", "http://example.com/foo/../../..", "http://example.com/foo/../../../ton", "http://example.com/foo/%2e",
  "http://example.com/foo/%2e%2", "http://example.com/foo/%2e./%2e%2e/.%2e/%2e.bar", "http://example.com////../..", "http://example.com/foo/bar//../..", "http://example.com/foo/bar//..",
  "http://example.com/foo", "http://example.com/%20foo", "http://example.com/foo%", "http://example.com/foo%2", "http://example.com/foo%2zbar", "http://example.com/foo%2©zbar",
  "http://example.com/foo%41%7a", "http://example.com/foo\t\x91%91", "http://example.com/foo%00%51", "http://example.com/(%28:%3A%29)", "http://example.com/%3A%3a%3C%3c", "http://example.com/foo\tbar",
  "http://example.com\\\\foo\\\\bar", "http://example.com/%7Ffp3%3Eju%3Dduvgw%3Dd", "http://example.com/@asdf%40", "http://example.com/你好你好", "http://example.com/‥/foo", "http://example.com/\uFEFF/foo",
  "http://www.google.com/foo?bar=baz#", "http://www.google.com/foo?bar=baz# »", "data:test# »", "http://www", "http://192.0x00A80001", "http://www/foo%2Ehtml", "http://www/foo/%2E/html", "http://user:pass@/",
  "http://%25DOMAIN:foobar@foodomain.com/", "http:\\\\www.google.com\\foo", "http://foo:80/", "http://foo:81/", "httpa://foo:80/", "http://foo:-80/", "https://foo:443/", "https://foo:80/", "ftp://foo:21/", "ws://foo:80/", "wss://foo:443/", "wss://foo:815/",
  "http:/@www.example.com", "http:@www.example.com", "http://@www.example.com", "http:a:b@www.example.com", "http://a:b@www.example.com", "http://@pple.com", "http::@/www.example.com", "http:/@/www.example.com", "http://www.@pple.com",
  "http://@:www.example.com", "http://:@www.example.com", "/", "/test.txt", ".", "..", "test.txt", "./test.txt", "../test.txt", "../aaa/test.txt", "../../test.txt",
  "http://GOO  goo.com", "\x00http://example.com\x1f", "http://GOO\u200b\u2060\ufeffgoo.com", "http://www.foo。bar.com", "http://\ufdd0zyx.com", "https://\ufffd", "https://x/\ufffd?\ufffd#\ufffd", "http://a.b.c.xn--pokxncvks/",
  "http://10000000000", "http://4294967295", "http://4294967296", "http://0xffffffff", "http://0xffffffff1", "http://256.256.256.256", "http://1.2.3", "http://1.2.3.4.5", "http://01.02.03.04", "http://0x.0x.0", "http://0..0x300/", "http://1.", "http://1..", "http://.1", "http://a.1", "http://a.0x", "http://09", "http://foo.09", "http://foo.09.", "http://foo.0x4",
  "http://[www.google.com]/", "http://[google.com]", "http://[::1.2.3.4x]", "http://[::1.2.3.]", "http://[::.1.2]", "http://[::1.2.3.4]", "http://[::127.0.0.1]", "http://[0:0:0:0:0:0:13.1.68.3]", "http://[2001::1]", "http://[1:0::]", "http://[0:1:2:3:4:5:6:7:8]", "https://[0::0::0]", "https://[0:.0]", "https://[0:0:]", "https://[0:1:2:3:4:5:6:7.0.0.0.1]", "https://[0:1.00.0.0.0]", "https://[0:1.290.0.0.0]", "https://[0:1.23.23]", "http://[::1%eth0]", "http://[1::2:0:0:3:0:0]", "http://[a:b:c:d:e:f:0:0]", "http://[::]", "http://[", "http://]", "http://[]", "http://[:::]", "http://[1:2:3:4:5:6:7::]", "http://[::2:3:4:5:6:7:8]",
  "http://?", "http://#", "sc://ñ", "sc://ñ?x", "sc://?", "sc:///", "////", "////x/", "http://hello%00", "http://192.168.0.257", "http://%3g%78%63%30%2e%30%32%35%30%2E.01", "http://192.168.0.1 hello", "http://example example.com", "https://x x:12",
  "http://a^b", "http://a|b", "http://a<b", "http://ab>", "http://a%b", "http://a%41", "http://ho%20st/", "http://ho%7Cst/", "foo://!\"$%&'()*+,-.;=_`{}~/", "sc://a\0b/", "sc://a b/", "sc://%/", "sc://[/", "sc://\\/", "sc://]/", "sc://@/", "sc://te@s:t@/", "sc://:/", "sc://:12/",
  "tftp://foobar.com/x;mode=netascii", "telnet://user:pass@foobar.com:23/", "ssh://alice@foo/bar.git", "urn:ietf:rfc:2648", "tag:joe@example.org,2001:foo/bar", "non-special:opaque  ?hi", "non-special:opaque  #hi", "non-special:opaque  x?hi", "non-special:x/../y", "blob:https://example.com:443/", "blob:d3958f5c", "blob:blob:https://a/", "blob:ws://x/", "blob:ftp://host/path",
  "file:///C|/x", "file:///C:/../..", "file:/C:/", "file:///C|", "file:C|", "file:C|x", "file://C:/", "file://h/C|/", "file:..", "file:?q", "file:#f", "file:\\c:\\foo", "C|", "C|a", "C|/", "C|\n/", "C|\\", "/c:/foo/bar", "\\C|/foo", "..//C:/x", "file:///./C:/x", "file:////foo", "file:/..//x", "file:///x//../C:/", "http://h/C|/",
  "http://a/?%27'", "foo://a/?%27'", "http://a/?\"<>#\"<>`", "http://a/x?\u0000\u0001", "http://a/`{}^|\\", "foo://a/`{}^|\\", "http://u`{}^|@h/", "http://u;=,$&+!*'()@h", "http://[::1]:x", "http:///////a", "http://\\/a", "https://a:b:c@d", "https://a@b@c", "https://a@b:c@d", "http://x:", "http://x:/", "http://x:?q", "http://x:#f",
  "web+demo:/..//x", "web+demo:/a/..//x", "web+demo:////x", "non-special:.//p", "non-special:/.//p", "non-special:/..//p", "non-special:/..//path", "h:.", "h://.", "h:/.", "h://a/./", "h:///../", "http://1e2", "http://256", "http://0x7f.1", "http://0x7f.0.0.0x1", "http://00.0.0.08", "http://999999999999999999999.1",
];
for (const i of inputs) {
  out.push(parse(i));
  for (const b of bases) out.push(parse(i, b));
}
out.push(parse("http://a", ""), parse("a", "b"), attempt(() => new URL()), attempt(() => URL("http://a")));

// ---- setters ----
const values = {
  href: ["http://x/?y", "bad", ""],
  protocol: ["https", "http:", "ftp:x", "wss", "foo", "file", "", "h ttp", "5x", "data:"],
  username: ["", "me", "a:b@c/d", "ü", "%41"],
  password: ["", "secret", "a:b@c", "%"],
  host: ["h2", "h2:99", "h2:443", "h2/p", "h2?q", "", ":80", "[::1]:8", "1.2", "a b", "h@x", "h2:abc", "h2:99999", "x:", "\tnew\nhost", "C|", "%41"],
  hostname: ["h3", "h3:99", "", "[::2]", "a/b", "a#b", "0x1", "x y", "localhost"],
  port: ["", "81", "80", "443", "65536", "8080x", "x", " 9", "9\t9", "00090", "-1", "1e2", "7/8"],
  pathname: ["", "/", "x", "/a/../b", "//x", "?q", "#f", "\\a", "a b", "%2e%2e/x", "/..", "é", "C|/x"],
  search: ["", "?", "?a=b", "a=b", "??x", "#y", "é'", "a b\""],
  hash: ["", "#", "#x", "x", "##", "a b`<>\"", "é"],
};
const starts = ["http://u:p@h:8080/a/b?c=d#e", "https://h/", "file:///C:/x", "file://host/x", "foo://h:1/a", "foo:///a", "foo:/a", "foo:opaque  ?q#f", "data:x  ", "blob:https://a/", "http://127.1/", "ws://h", "non-special:/.//p", "mailto:a@b"];
for (const s of starts)
  for (const k of Object.keys(values))
    for (const v of values[k]) {
      if (deviates_set(s, k, v)) continue;
      const u = new URL(s), p = u.searchParams;
      out.push(s + " " + k + "=" + JSON.stringify(v) + " " + attempt(() => { u[k] = v; return ""; }) + show(u) + " " + p + " " + p.size);
    }

// ---- URLSearchParams ----
const P = URLSearchParams;
const texts = ["", "?", "a", "a=", "=a", "=", "&", "a&b", "a=1&a=2&b=3", "?a=1", "a=b=c", "%61=%62", "a+b=c+d", "a%2Bb", "%", "%f", "%zz=1", "%ff%fe", "é=ü", "a=%F0%9F%98%80", "%EF%BB%BFx=%EF%BB%BF", "&&a&&", "a=1#b", "a=\ud800", "%e2%98=%83", "\u0000=\u0001", "~!*'()-._=x y"];
for (const t of texts) {
  const p = new P(t);
  out.push(JSON.stringify(t) + " " + JSON.stringify([...p]) + " " + p + " " + p.size + " " + new URL("http://h/?" + t).searchParams);
}
const made = [() => new P({ a: 1, b: "x y", c: null }), () => new P([["a", 1], ["a", 2]]), () => new P(new Map([["k", "v"]])), () => new P(new P("a=1&b=2")), () => new P([["a"]]), () => new P([["a", "b", "c"]]),
  () => new P([1]), () => new P(5), () => new P(undefined), () => new P({ [Symbol.iterator]: 5 }), () => new P({}), () => P("x"), () => new P([["a", "b"], ["c"]]), () => new P(function () {}), () => new P("ab=cd", 1),
  () => new P({ "\ud800": "\udc00" }), () => new P([new Set(["x", "y"])]), () => new P(Symbol())];
for (const m of made) out.push(attempt(() => String(m())));
{
  const p = new P("a=1&b=2&a=3&c=4");
  out.push([p.get("a"), p.get("z"), p.getAll("a"), p.has("b"), p.has("a", "3"), p.has("a", "9"), p.has("a", undefined)].join());
  p.delete("a", "1"); out.push(String(p)); p.delete("a"); out.push(String(p));
  p.append("d", "5"); p.set("b", "9"); p.set("new", "x"); out.push(String(p));
  p.append("b", "10"); p.set("b", "1"); out.push(String(p), [...p.keys()].join(), [...p.values()].join(), JSON.stringify([...p.entries()]));
  const seen = []; p.forEach((v, k, o) => { seen.push(k + v + (o === p)); if (k === "b") p.delete("c"); }); out.push(seen.join());
  for (const n of ["append", "delete", "get", "getAll", "has", "set"]) out.push(n + attempt(() => p[n]()) + p[n].length);
  for (const t of ["z=b&a=b&z=a&a=a", "ﬃ&🌈", "\ufffd=x&\ufffc&\ufffd=a", "é&e\ufffd&é", "z=z&a=a&b=y&b=x&a=1", "bbb&bb&aaa&aa=x&aa=y", "z=z&=f&=t&=x", "a🌈&a💩", "\ue000&🌈&\ud7ff"]) {
    const q = new P(t); q.sort(); out.push(String(q));
  }
  const it = p[Symbol.iterator](); out.push(JSON.stringify(it.next()), Object.prototype.toString.call(it), Object.prototype.toString.call(p));
  const u = new URL("http://h/?a=1#f"), q = u.searchParams;
  q.append("b", "x y"); out.push(u.href); q.delete("a"); q.delete("b"); out.push(u.href); q.set("é", "&"); out.push(u.href); u.href = "http://g/?z=1"; out.push(String(q), q === u.searchParams ? "same" : "not");
  u.search = ""; out.push(String(q)); q.sort(); out.push(u.href);
  for (const [k] of new P("a=1&b=2&c=3&d=4").entries()) out.push(k);
  const live = new P("a=1&b=2&c=3"), keys = []; for (const [k] of live) { keys.push(k); live.delete(k); } out.push(keys.join() + live);
}
out.push(JSON.stringify({ u: new URL("http://h/ü") }), String(new URL("a:b")), Object.keys(URL.prototype).sort().join(), Object.keys(P.prototype).length > 0 ? "" : "");

// ---- made inputs ----
let seed = 20251;
function rnd(n) { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return (seed >>> 8) % n; }
function pick(list) { return list[rnd(list.length)]; }
const schemes = ["http:", "https:", "ftp:", "ws:", "file:", "foo:", "data:", "mailto:", "HTTP:", "h+-.1:", "1x:", ""];
const slashes = ["//", "/", "", "\\\\", "///", "/\\", "//", "//"];
const auths = ["", "", "", "u@", "u:p@", ":@", "u:@", "a b:c%@", "@@", "x:y:z@", "é@"];
const hosts = ["example.com", "h", "LOCALHOST", "", "1.2.3.4", "0x10.1", "300.1", "[::1]", "[1:2::3:4]", "[::ffff:1.2.3.4]", "[12345::]", "a.b.", "a..b", "ex%61mple", "a%2fb", "a_b", "*", "~", "a,b", "C:", "c|", "1", "0", "4294967295.", "0x", "0xg", "x y", "a;b=c", "+-", "9.9.9.9.9", "1.2.3.08", "%", "%00", "xn--", "xn--a", "xn--mnchen-3ya.de"];
const ports = ["", "", ":80", ":443", ":8080", ":", ":0", ":99999", ":x", ":1 2", ":21", ":65535"];
const segs = ["a", "..", ".", "", "%2e", "%2E%2e", ".%2e", "b c", "é", "C:", "D|", "a;x", "%zz", "{}", "`\"<>", "\\", "a\\..\\b", "^|", "~!$&'()*+,=:@", "\t", "..a", "...", "%"];
const tails = ["", "", "?", "#", "?a=b&c", "#x y", "?'\"<>#`", "??##", "?\\/..", "#é?", " ", "?%00%zz"];
function path() { let s = ""; for (let n = rnd(5); n > 0; n--) s += pick(["/", "/", "\\", ""]) + pick(segs); return s; }
function input() {
  if (rnd(8) === 0) { let s = ""; for (let n = rnd(9); n > 0; n--) s += pick("ah:/\\?#@[].%0x1| \tZ-é".split("")); return s; }
  return pick(schemes) + pick(slashes) + pick(auths) + pick(hosts) + pick(ports) + path() + pick(tails);
}
for (let i = 0; i < 6000; i++) {
  const s = i % 3 === 0 ? path() + pick(tails) : input();
  const line = i % 2 ? parse(s, pick(bases.concat([input()]))) : parse(s);
  let set = "";
  if (URL.canParse(s) && i % 4 === 0) {
    const u = new URL(s), k = pick(Object.keys(values)), v = pick([pick(values[k]), path(), pick(hosts) + pick(ports)]);
    if (!deviates_set(s, k, v) && !deviates(s)) set = " " + k + "=" + JSON.stringify(v) + " " + attempt(() => { u[k] = v; return ""; }) + show(u) + u.searchParams;
  }
  out.push(line + set);
}

function hashes(lines) {
  const r = [];
  for (let i = 0; i < lines.length; i += 16) {
    let h = 2166136261;
    for (const c of lines.slice(i, i + 16).join("\n")) h = Math.imul(h ^ c.codePointAt(0), 16777619) >>> 0;
    r.push(i + " " + h.toString(16));
  }
  return r;
}
console.log((full ? out : hashes(out)).join("\n"));
