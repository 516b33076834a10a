// Bodies and streams: Request, Response, Blob.
const out = (...a) => console.log(a.map(x => typeof x === 'string' ? x : JSON.stringify(x) ?? String(x)).join(' '));
const thrown = f => { try { f(); return 'nothing'; } catch (e) { return e.name; } };
const caught = async p => { try { await p; return 'nothing'; } catch (e) { return e?.name ?? e; } };
const enc = new TextEncoder();
const streamOf = (...chunks) => new ReadableStream({ start(c) { for (const x of chunks) c.enqueue(typeof x === 'string' ? enc.encode(x) : x); c.close(); } });
const readAll = async s => { let t = ''; const d = new TextDecoder(); for await (const c of s) t += d.decode(c, { stream: true }); return t; };

const r = new Response('héllo');
out(r.body instanceof ReadableStream, r.body === r.body, r.body.locked, r.bodyUsed, await readAll(r.body), r.bodyUsed, await caught(r.text()));
const locked = new Response('x'); locked.body.getReader();
out(locked.bodyUsed, await caught(locked.text()), thrown(() => locked.clone()), thrown(() => new Response(locked.body)));
const looked = new Response('looked at'); looked.body; out(await looked.text(), looked.bodyUsed, looked.body.locked);
const used = new Response('x'); await used.text(); out(used.body instanceof ReadableStream, used.bodyUsed);
out(new Response(null).body, new Response().body, new Request('http://h').body, new Response('').body instanceof ReadableStream);

for (const [name, f] of Object.entries({ text: r => r.text(), json: r => r.json(), buffer: async r => [...new Uint8Array(await r.arrayBuffer())], blob: async r => { const b = await r.blob(); return [b.size, b.type, await b.text()]; } })) {
  const s = new Response(streamOf('[1,', '2', ']'), { headers: { 'content-type': 'A/B' } });
  out(name, s.headers.get('content-type'), s.bodyUsed, await f(s), s.bodyUsed, await caught(s.text()));
}
out(new Response(streamOf()).headers.get('content-type'), await new Response(streamOf()).text(), await new Response(streamOf('\uFEFFb', 'om')).text());
out(await caught(new Response(streamOf('{')).json()), await caught(new Response(new ReadableStream({ start(c) { c.enqueue('string'); c.close(); } })).text()));
out(await caught(new Response(new ReadableStream({ start(c) { c.error(new RangeError('broken')); } })).text()));
out(await caught(new Response(new ReadableStream({ pull() { throw new SyntaxError('pull'); } })).text()));
const fd = await new Response(streamOf('a=1&', 'b=2'), { headers: { 'content-type': 'application/x-www-form-urlencoded' } }).formData(); out([...fd]);

const c = new Response(streamOf('one', 'two')), c2 = c.clone();
out(await c.text(), await c2.text(), c.bodyUsed, c2.bodyUsed);
const d = new Response('plain'); d.body; const d2 = d.clone(); out(await d2.text(), await d.text());
const slow = new Response(new ReadableStream({ async start(c) { for (const x of ['a', 'b', 'c']) { await new Promise(f => setTimeout(f, 2)); c.enqueue(enc.encode(x)); } c.close(); } }));
out(await slow.text());
const pulls = []; let n = 0;
const lazy = new Response(new ReadableStream({ pull(c) { pulls.push(n); if (n++ === 3) c.close(); else c.enqueue(enc.encode('p' + n)); } }, { highWaterMark: 0 }));
out(pulls.length, await lazy.text(), pulls);

const q = new Request('http://h', { method: 'POST', body: streamOf('req', 'uest'), duplex: 'half' });
out(q.headers.get('content-type'), q.body instanceof ReadableStream, q.bodyUsed);
const q2 = new Request(q); out(q.bodyUsed, q2.bodyUsed, await q2.text(), q2.bodyUsed);
out(thrown(() => new Request('http://h', { method: 'POST', body: streamOf('x') })), thrown(() => new Request('http://h', { method: 'POST', body: streamOf('x'), duplex: 'full' })));
const q3 = new Request('http://h', { method: 'POST', body: 'json' }), q4 = q3.clone(); out(await readAll(q4.body), await q3.text(), q3.bodyUsed, q4.bodyUsed);
const disturbed = streamOf('x'); await disturbed.getReader().read(); out(thrown(() => new Response(disturbed)));

const b = new Blob(['ab', 'cd', new Uint8Array([0xc3]), new Uint8Array([0xa9])]);
out(await readAll(b.stream()), await readAll(b.slice(1, 3).stream()), await readAll(new Blob([]).stream()), b.stream() instanceof ReadableStream, b.stream() === b.stream());
out(await new Response(b.stream()).text(), await new Response(new Response('chained').body).text());
const up = new TransformStream({ transform(chunk, c) { c.enqueue(enc.encode(new TextDecoder().decode(chunk).toUpperCase())); } });
out(await new Response(new Response('loud').body.pipeThrough(up)).text());
const cancelled = new Response('x'); await cancelled.body.cancel('why'); out(cancelled.bodyUsed, await caught(cancelled.text()));
