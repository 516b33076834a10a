// Blob, File and FormData.
const out = (...a) => console.log(a.map(x => typeof x === 'string' ? x : JSON.stringify(x) ?? String(x)).join(' '));
const thrown = f => { try { f(); return 'nothing'; } catch (e) { return e.name; } };
const b = new Blob(['héllo ', new Uint8Array([119, 111]), new Blob(['rld']), 42, { toString: () => '!' }], { type: 'Text/Plain;X=é' });
out(b.size, b.type, Object.prototype.toString.call(b), String(new Blob(['a'], { type: 'Text/HTML' }).type));
out(await b.text(), [...new Uint8Array(await b.arrayBuffer())].length);
for (const [from, to] of [[0, 5], [-3], [2, -2], [100], [3, 1], [0, 4], ['1', '3'], [-100, 2], [undefined, undefined]]) {
  const s = b.slice(from, to, 'A/B');
  out('slice', String(from), String(to), s.size, await s.text(), s.type);
}
const two = b.slice(3, 9).slice(1, 4);
out(await two.text(), two.size, new Blob().size, new Blob([]).type);
out(await new Blob(['a\r\nb\nc'], { endings: 'native' }).text());
out(await new Blob(['\uFEFFbom']).text(), await new Blob(['\ud800']).text(), await new Blob([new Uint8Array([0xff, 65])]).text());
const u = new Uint8Array([1, 2, 3, 4]);
const c = new Blob([u.subarray(1, 3), u.buffer, new DataView(u.buffer, 2)]);
u[0] = 9;
out([...new Uint8Array(await c.arrayBuffer())]);
out(await new Blob(new Set(['x', 'y'])).text(), await new Blob([[1, 2], null, undefined, {}]).text());
out(thrown(() => new Blob('abc')), thrown(() => new Blob(1)), thrown(() => new Blob([], { endings: 'x' })), thrown(() => Blob()), thrown(() => new Blob([Symbol()])));
await Blob.prototype.text.call({}).catch(e => out('rejected', e.name));

const f = new File(['data'], 'näme.txt', { type: 'text/plain', lastModified: 1234 });
out(f.name, f.size, f.type, f.lastModified, f instanceof Blob, Object.prototype.toString.call(f), await f.text());
out(typeof new File([], 'x').lastModified, thrown(() => new File([])), thrown(() => new File()), f.slice(0, 2) instanceof File);

const d = new FormData();
d.append('a', 1); d.append('a', 'two'); d.append('b', new Blob(['blob'], { type: 'x/y' })); d.append('c', f); d.append('c', f, 'other');
out([...d.keys()], d.get('a'), d.getAll('a'), d.has('b'), d.has('z'), d.get('z'));
out(d.get('b').name, d.get('b').type, d.get('b') instanceof File, d.getAll('c').map(x => x.name), d.get('c') === f);
d.set('a', 'three'); d.set('n', 'new'); d.delete('b');
out([...d].map(([k, v]) => k + '=' + (typeof v === 'string' ? v : v.name)));
d.forEach(function (v, k, o) { out('each', k, typeof v, o === d, this.t); }, { t: 1 });
out(thrown(() => d.append('x')), thrown(() => d.append('x', 'y', 'z')), thrown(() => new FormData(1)), thrown(() => d.get()), thrown(() => FormData()));
out(Object.prototype.toString.call(d), Object.prototype.toString.call(d.entries()), d[Symbol.iterator] === d.entries);
const live = new FormData(); live.append('1', '1'); live.append('2', '2');
for (const [k] of live) { if (k === '1') live.append('3', '3'); out(k); }
out(JSON.stringify([...new FormData().keys()]));
