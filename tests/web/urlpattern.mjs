// URLPattern over patterns and inputs made by rules; some written by hand. Under Node
// without a URLPattern of its own, URLPATTERN names the file index.js of the package
// urlpattern-polyfill. Left out, where that is not up to the standard: ASCII capitals, percent
// signs and other than ASCII in hosts, "scheme:host:port", a backslash at a pattern's end.
// With the argument "full" each pattern has its line, else sixteen of them share a hash.
const full = (globalThis.scriptArgs ?? process.argv).includes("full");
if (!globalThis.URLPattern) await import(process.env.URLPATTERN);
let seed = 12345;
const rnd = n => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return Math.floor(seed / 4294967296 * n); };
const pick = a => a[rnd(a.length)];
const paths = ['/', '/*', '/foo', '/foo/bar', '/foo/:bar', '/:a/:b', '/foo/:bar?', '/foo/:bar*', '/foo/:bar+', '/foo{/bar}?', '/foo{/:x}*', '/([a-z]+)', '/:id(\\d+)', '/:id(\\d+).html', '/foo.*', '/a{b}?c', '/a-:x-b', '/{:x}y', '/:x{y}', '/(.*)', '/*.png', '/caf\u00e9', '/%20', '/a b', 'foo', './x', '../y', '/a/../b', '/\\:esc', '/{}', '/((?:x|y)z)', '/:a:b', '/:a(.*)', '/é/:ü', '/x(y)?z', '/{a:b}c', '/{a:b}+', '/{:a-:b}?', '/(a)(b)', '/*/*', '/foo/*?', '/foo/*+', '*', ':p', '(.*)', '/foo{-:x(\\w+)}?', '/:x?.txt', '/{foo/}?bar', '/?', '/a+', '/[x]', '/(', '/:', '/{', '/}', '/a)', '/(?:a)', '/(a(?!b)c)', '/:a/:a', '/(\u00e9)', '/{a{b}}', '/(()', '/()'];
const hosts = ['example.com', '*.example.com', ':sub.example.com', '{:sub.}?example.com', '(www|api).example.com', '[::1]', '[:a]', '127.0.0.1', '*', ':h', 'example.com:8080', 'example.com:443', 'example.com:80', 'example.com:*', 'example.com:(80|81)', 'example.com:', 'u:p@example.com', 'u@example.com', ':u@h', 'localhost', 'a.b.c', 'bad host', 'x_y'];
const schemes = ['http', 'https', 'http{s}?', '*', ':s', '(http|https)', 'data', 'ws', 'ftp', 'foo', 'file', 'java(script)', 'HTTP', '(h.*)'];
const searches = ['', '', '', '?a=b', '?*', '?a=:v', '?(x)', '?', '?a=b&c=*', '?\u00e9', '?q=\\?'];
const hashes = ['', '', '', '', '#h', '#*', '#:h', '#', '#(a|b)', '#\u00e9 x'];
const urls = ['http://example.com/', 'https://example.com/foo', 'https://example.com/foo/bar', 'https://www.example.com/foo/bar/baz', 'https://example.com:8080/foo/12', 'http://example.com/foo?a=b', 'http://example.com/foo#h', 'http://u:p@example.com/a/b/c?x#y', 'data:foo', 'foo:bar', 'foo://h/x', 'http://[::1]/a.png', 'https://api.example.com/12.html', 'http://localhost/caf%C3%A9', 'http://example.com/a-b-b', 'http://example.com/abc', 'ws://a.b.c/foo/', 'file:///foo/bar', 'javascript:x', 'http://xn--exmple-cua.com/', '/foo/bar', 'nonsense', '', 'https://example.com/foo/a/b/c', 'https://example.com/foo.txt', 'http://example.com/y', 'http://example.com/xy', 'http://example.com/foo-bar', 'http://example.com:81/b'];
const inits = ['pathname', 'hostname', 'protocol', 'search', 'hash', 'port', 'username', 'password'];
const part = { pathname: () => pick(paths), hostname: () => pick(hosts.slice(0, 12).concat(['a.:b', 'bad:host', 'x/y', 'x y', '', '{a.}b', 'a#b'])), protocol: () => pick(schemes.concat(['http:', 'bad scheme', ''])), search: () => pick(searches).slice(rnd(2)), hash: () => pick(hashes).slice(rnd(2)), port: () => pick(['80', '443', '8080', '*', ':p', '(80|81)', 'x', '99999', '', '{8}?0']), username: () => pick(['u', '*', ':u', 'a b', '', 'u@']), password: () => pick(['p', '*', ':u', 'a:b', '']) };
const rooted = paths.filter((p) => p[0] === '/' || p === '*');
const out = [];
for (let i = 0; i < 1500; i++) {
  let args;
  const k = rnd(10);
  if (k < 4) args = [pick(schemes) + '://' + pick(hosts) + pick(rooted) + pick(searches) + pick(hashes)];
  else if (k < 6) args = [pick(paths) + pick(searches) + pick(hashes), pick(['http://example.com/', 'https://example.com/foo/bar?x=1#y', 'data:foo', 'nonsense', 'foo://h/a/b'])];
  else { const o = {}; for (let n = 1 + rnd(3); n > 0; n--) { const p = pick(inits); o[p] = part[p](); } if (rnd(4) === 0) o.baseURL = pick(['http://example.com/x/y?q#h', 'https://u:p@example.com:8080/a/b', 'data:foo', 'bad']); args = [o]; if (rnd(8) === 0) args.push({ ignoreCase: true }); }
  const ins = [];
  for (let n = 0; n < 6; n++) {
    if (rnd(4) === 0) { const o = {}; for (let m = 1 + rnd(3); m > 0; m--) { const p = pick(inits); o[p] = { pathname: () => pick(['/foo', '/foo/bar', '/12', '/FOO', 'x', '/a b', '']), hostname: () => pick(['example.com', 'a.b', 'x y']), protocol: () => pick(['http', 'https:', 'foo', '']), search: () => pick(['a=b', '?a=b', '']), hash: () => pick(['h', '#h', '']), port: () => pick(['80', '', '8080', 'x']), username: () => pick(['u', 'a b']), password: () => pick(['p', '']) }[p](); } if (rnd(4) === 0) o.baseURL = pick(['http://example.com/a/b', 'bad']); ins.push([o]); }
    else ins.push(rnd(4) === 0 ? [pick(urls), 'http://example.com/base/x'] : [pick(urls)]);
  }
  out.push([args, ins]);
}
const COMPONENTS = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];
function attempt(f) {
  try { return f(); } catch (e) { return e.name; }
}
const lines = out.map(([args, inputs]) => JSON.stringify(args) + ' ' + attempt(() => {
  const p = new URLPattern(...args);
  return JSON.stringify([COMPONENTS.map((c) => p[c]), p.hasRegExpGroups,
    inputs.map((i) => attempt(() => { const r = p.exec(...i); return [p.test(...i), r && COMPONENTS.map((c) => r[c])]; }))]);
}));

function digests(lines) {
  const r = [];
  for (let i = 0; i < lines.length; i += 16) {
    let h = 2166136261;
    for (const c of lines.slice(i, i + 16).join("\n")) h = Math.imul(h ^ c.codePointAt(0), 16777619) >>> 0;
    r.push(i + " " + h.toString(16));
  }
  return r;
}
console.log((full ? lines : digests(lines)).join("\n"));

// by hand
const p = new URLPattern({ pathname: '/books/:id(\\d+){/:chapter}?' });
const m = p.exec('https://h/books/12/intro');
console.log(m.pathname.input, JSON.stringify(m.pathname.groups), JSON.stringify(m.inputs), p.exec('https://h/books/12').pathname.groups.chapter, p.test('https://h/books/x'));
console.log(JSON.stringify(new URLPattern('https://*.example.com/:file.:ext').exec('https://a.b.example.com/x.y.png')?.pathname.groups));
console.log(new URLPattern({ pathname: '/Foo' }, { ignoreCase: true }).test({ pathname: '/fOO' }), new URLPattern({ pathname: '/Foo' }).test({ pathname: '/fOO' }));
console.log(JSON.stringify(new URLPattern('/a/:b', 'https://h/x?y').exec('/a/c', 'https://h')?.pathname.groups), new URLPattern().test('foo:bar'), new URLPattern({}).pathname);
for (const f of [() => new URLPattern('/relative'), () => new URLPattern('/a', 'bad'), () => new URLPattern({ pathname: '/(' }), () => URLPattern({}), () => new URLPattern({}, 'http://h'), () => p.test({}, 'http://h')])
  console.log(attempt(() => { f(); return 'nothing'; }));
console.log(Object.prototype.toString.call(p));
