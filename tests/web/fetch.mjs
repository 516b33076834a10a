// Request, Response and Headers.
const out = (...a) => console.log(a.map(x => typeof x === 'string' ? x : JSON.stringify(x) ?? String(x)).join(' '));
const thrown = f => { try { f(); return 'nothing'; } catch (e) { return e.name; } };
const caught = async p => { try { await p; return 'nothing'; } catch (e) { return e.name; } };
const text = b => new TextDecoder().decode(b);

// Headers
const h = new Headers({ 'X-B': '2', 'x-a': ' 1\t', Accept: 'a' });
h.append('accept', 'b'); h.append('Set-Cookie', 'a=1'); h.append('set-cookie', 'b=2');
out([...h], [...h.keys()], [...h.values()], h.get('ACCEPT'), h.get('none'), h.has('X-a'), h.getSetCookie());
h.set('accept', 'c'); h.delete('x-a'); h.delete('none');
h.forEach(function (v, k, o) { out('each', k, v, o === h, this.t); }, { t: 1 });
out([...new Headers([['a', 'b'], new Set(['c', 'd'])])], [...new Headers(h)].length, [...new Headers()].length, [...new Headers(undefined)]);
for (const bad of [null, 1, 'x', [['a']], [['a', 'b', 'c']], [1], { 'a b': 'c' }, { a: 'b\r\nc' }, { a: '\u0100' }, { '': 'x' }, { 'é': 'x' }, { a: 'b\0' }])
  out('bad', JSON.stringify(bad), thrown(() => new Headers(bad)));
out(thrown(() => h.get()), thrown(() => h.set('a')), thrown(() => h.append('a\n', 'b')), thrown(() => h.has('')), thrown(() => Headers.prototype.get.call({}, 'a')), thrown(() => Headers()));
out(new Headers({ a: '\u00ff' }).get('a').charCodeAt(0), new Headers({ a: 5 }).get('a'), new Headers({ a: '' }).get('a') === '', new Headers([['a', '\r\n b \n']]).get('a'));
out(Object.prototype.toString.call(h), Object.prototype.toString.call(h.keys()), h[Symbol.iterator] === h.entries, typeof h.keys()[Symbol.iterator]);
const live = new Headers({ b: '1', c: '2' });
for (const [k] of live) { if (k === 'b') { live.delete('c'); live.append('d', '3'); } out('live', k); }

// Response
const r = new Response('héllo', { status: 201, statusText: 'Made', headers: { 'x-a': '1' } });
out(r.status, r.ok, r.statusText, r.type, r.url, r.redirected, r.bodyUsed, [...r.headers]);
out(await r.text(), r.bodyUsed, await caught(r.text()), await caught(r.json()), thrown(() => r.clone()));
for (const init of [{ status: 199 }, { status: 600 }, { status: 0 }, { status: '404' }, { status: 200.9 }, { status: NaN }, { statusText: 'a\nb' }, { statusText: 'ok' }, { headers: { 'a b': 'c' } }, null, undefined, {}])
  out('init', JSON.stringify(init), thrown(() => out(new Response('', init).status)));
for (const status of [204, 205, 304]) out(status, thrown(() => new Response('x', { status })), thrown(() => new Response(null, { status })), thrown(() => new Response('', { status })));
out(thrown(() => Response('x')), thrown(() => new Response('x', 1)), Object.prototype.toString.call(r), Response.length, Response.name);
const e = Response.error(); out(e.type, e.status, e.ok, thrown(() => e.headers.set('a', 'b')), e.statusText);
const d = Response.redirect('http://h/x y?q#f', 307); out(d.status, d.headers.get('location'), thrown(() => d.headers.append('a', 'b')), d.type);
out(thrown(() => Response.redirect('http://h', 200)), thrown(() => Response.redirect()), Response.redirect('http://h').status);
const j = Response.json({ a: [1, 'é'] }, { status: 202, headers: { b: 'c' } });
out(j.status, [...j.headers], await j.clone().text(), await j.json(), j.bodyUsed);
out([...Response.json(1, { headers: { 'Content-Type': 'x/y' } }).headers], thrown(() => Response.json(undefined)), thrown(() => Response.json(Symbol())), thrown(() => Response.json(1n)));

// bodies
const form = new FormData(); form.append('a', '1');
for (const [name, body] of Object.entries({
  none: null, undef: undefined, empty: '', string: 'x', number: 42, object: { a: 1 }, bytes: new Uint8Array([104, 105]), sub: new Uint8Array([1, 104, 105]).subarray(1),
  buffer: new Uint8Array([104]).buffer, view: new DataView(new Uint8Array([1, 2, 104]).buffer, 2), blob: new Blob(['b'], { type: 'a/b' }), plain: new Blob(['c']),
  params: new URLSearchParams({ a: 'b c', d: 'é' }), lone: '\ud800', bom: '\uFEFFx' })) {
  const x = new Response(body), y = new Response(body), z = new Response(body), w = new Response(body);
  out(name, x.headers.get('content-type'), await x.text(), [...new Uint8Array(await y.arrayBuffer())], (await z.blob()).type, (await w.blob()).size, x.bodyUsed);
}
const f = new Response(form);
out(f.headers.get('content-type').replace(/boundary=.*/, ''), [...await f.formData()]);
out([...await new Response('a=b+c&d=%C3%A9&&e', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }).formData()]);
out([...await new Response(new URLSearchParams('x=1&x=2')).formData()], await caught(new Response('x').formData()), await caught(new Response(null).formData()));
const multi = (type, body) => new Response(body, { headers: { 'content-type': type } }).formData();
const m = await multi('multipart/form-data; boundary=X', '--X\r\nContent-Disposition: form-data; name="a%22b"\r\n\r\nvalue\r\nline\r\n--X\r\ncontent-disposition: form-data; name="f"; filename="n.txt"\r\nContent-Type: text/css\r\n\r\nbody{}\r\n--X\r\nContent-Disposition: form-data; name="g"; filename=""\r\n\r\n\r\n--X--\r\n');
out([...m.keys()], m.get('a"b'), m.get('f').name, m.get('f').type, await m.get('f').text(), m.get('g').size);
for (const [type, body] of [['multipart/form-data', '--X--'], ['multipart/form-data; boundary=X', ''], ['multipart/form-data; boundary=X', '--X\r\n\r\nx\r\n--X--'], ['multipart/form-data; boundary=X', '--X\r\nContent-Disposition: form-data; name="a"\r\n\r\nx'], ['text/plain', '--X--']])
  out('multi', type, await caught(multi(type, body)));
const big = new FormData();
big.append('näme"\r\n', 'text\nlines\r\nmore\rend'); big.append('file', new File(['\0\x01--'], 'fi"le\n.bin', { type: 'x/y' })); big.append('blob', new Blob(['q']));
const back = await new Response(big).formData();
out([...back.keys()], back.get('näme"\r\n'), back.get('file').name, back.get('file').type, await back.get('file').text(), back.get('blob').name, back.get('blob').type);
const raw = await new Response(big).text();
out(raw.replaceAll(raw.slice(2, raw.indexOf('\r')), 'B'));
out(await caught(new Response('{').json()), await caught(new Response('').json()), await caught(new Response(null).json()), await new Response('[1,{"a":null}]').json(), await new Response('\uFEFF1').json());
const n = new Response(null); out(await n.text(), n.bodyUsed, await n.text(), n.body);
const c = new Response('twice'), c2 = c.clone(); out(await c.text(), await c2.text(), c.headers !== c2.headers);
out(await caught(Response.prototype.text.call({})), thrown(() => Object.getOwnPropertyDescriptor(Response.prototype, 'status').get.call({})));

// Request
const q = new Request('http://h:80/a b?c#d');
out(q.method, q.url, q.mode, q.credentials, q.cache, q.redirect, q.referrer, q.referrerPolicy, q.integrity, q.keepalive, q.destination, q.duplex, q.body, q.bodyUsed, [...q.headers], q.signal instanceof AbortSignal, q.signal === q.signal);
const p = new Request('http://h/', { method: 'post', body: 'x', headers: [['X', 'y']], mode: 'same-origin', credentials: 'omit', cache: 'no-store', redirect: 'manual', integrity: 'i', keepalive: true });
out(p.method, [...p.headers], p.mode, p.credentials, p.cache, p.redirect, p.integrity, p.keepalive);
const p2 = new Request(p, { headers: { z: '1' } });
out(p.bodyUsed, p2.bodyUsed, p2.method, [...p2.headers], p2.redirect, await p2.text(), p2.bodyUsed, thrown(() => new Request(p)), thrown(() => p.clone()), await caught(p.text()));
const p3 = new Request(p2, { body: 'new' }); out(await p3.text(), thrown(() => new Request(p2)));
const p4 = new Request('http://h/', { method: 'PUT', body: '{"a":1}' }); const p5 = p4.clone();
out(await p4.json(), await p5.text(), p5.headers.get('content-type'));
for (const m of ['get', 'Post', 'PATCH', 'foo', 'TRACE', 'connect', 'a b', '', 'HEAD'])
  out('method', m, thrown(() => out(new Request('http://h', { method: m }).method)));
for (const [u, init] of [['/x y', {}], ['x', {}], ['', {}], ['http://u:p@h/', {}], ['http://h/', { body: 'x' }], ['http://h/', { method: 'HEAD', body: 'x' }], ['http://h/', { mode: 'navigate' }], ['http://h/', { mode: 'bad' }], ['http://h/', { redirect: '' }], ['http://h/', { signal: 1 }], ['http://h/', { signal: null }], ['http://h/', { headers: { 'a b': '' } }], ['http://h', 1], ['http://h', null], ['http://h', { body: null }]])
  if (u !== '/x y') out('new', u, JSON.stringify(init), thrown(() => new Request(u, init)));
out(thrown(() => new Request()), thrown(() => Request('http://h')), new Request(new URL('http://h/x')).url, Object.prototype.toString.call(q), Request.length);
const ac = new AbortController(), s = new Request('http://h', { signal: ac.signal }), s2 = new Request(s), s3 = s.clone();
let aborted = 0; s2.signal.onabort = () => aborted++;
ac.abort('why'); out(s.signal.aborted, s.signal.reason, s2.signal.aborted, s3.signal.aborted, s.signal !== ac.signal, aborted, new Request(s).signal.aborted);
class Sub extends Request { get extra() { return this.method + '!'; } } out(new Sub('http://h', { method: 'PUT' }).extra, new Sub('http://h') instanceof Request);
class SubR extends Response { } const sr = new SubR('z'); out(sr instanceof SubR, await sr.text());
const big2 = new Request('http://h', { method: 'POST', body: new URLSearchParams('a=1') }); out(big2.headers.get('content-type'), [...await big2.formData()]);
out(Object.keys(Response.prototype).filter(k => !['path', 'query', 'params', 'href', 'bytes'].includes(k)).sort());
