// streams_transform.js: TransformStream, TextEncoderStream, TextDecoderStream,
// CompressionStream, DecompressionStream.
import('./lib/cases.mjs').then(({ test, log, fails, throws, tick, shape, run }) => {
const all = async (rs) => { const out = []; for await (const x of rs) out.push(x); return out; };
test('identity', async () => {
	log(await all(ReadableStream.from([1, 2]).pipeThrough(new TransformStream())));
});
test('start, transform, flush', async () => {
	const ts = new TransformStream({ start(c) { c.enqueue('s'); }, transform(x, c) { c.enqueue(x + x); if (x === 'b') c.enqueue('more'); }, flush(c) { c.enqueue('f'); } });
	log(await all(ReadableStream.from(['a', 'b']).pipeThrough(ts)));
});
test('asynchronous transform', async () => {
	const ts = new TransformStream({ async transform(x, c) { await tick(3); c.enqueue(x * 10); } });
	log(await all(ReadableStream.from([1, 2, 3]).pipeThrough(ts)));
});
test('back-pressure', async () => {
	const ts = new TransformStream({ transform(x, c) { log('transform', x, c.desiredSize); c.enqueue(x); } });
	const w = ts.writable.getWriter();
	log(w.desiredSize);
	const p = w.write(1);
	log(w.desiredSize);
	await tick();
	log('reading');
	const r = ts.readable.getReader();
	log(await r.read());
	await p;
	log(w.desiredSize);
	w.write(2);
	log(await r.read());
});
test('strategies', async () => {
	const ts = new TransformStream({ transform(x, c) { log('transform', x, c.desiredSize); c.enqueue(x); } }, { highWaterMark: 3 }, { highWaterMark: 2 });
	const w = ts.writable.getWriter();
	log(w.desiredSize);
	for (let i = 0; i < 5; i++) w.write(i);
	await tick();
	log(w.desiredSize);
});
test('an error in transform', async () => {
	const ts = new TransformStream({ transform() { throw new RangeError('t'); } });
	const w = ts.writable.getWriter(), r = ts.readable.getReader();
	const p = r.read();
	await fails(w.write(1));
	await fails(p);
	await fails(w.closed);
});
test('an error in flush', async () => {
	const ts = new TransformStream({ flush() { throw new SyntaxError('f'); } });
	const w = ts.writable.getWriter(), r = ts.readable.getReader();
	await fails(w.close());
	await fails(r.read());
});
test('an error in start', async () => {
	throws(() => new TransformStream({ start() { throw new EvalError('s'); } }));
	const ts = new TransformStream({ start() { return Promise.reject(new URIError('s')); } });
	await fails(ts.readable.getReader().read());
	await fails(ts.writable.getWriter().closed);
});
test('controller.error', async () => {
	let c;
	const ts = new TransformStream({ start(k) { c = k; } });
	c.error(new RangeError('e'));
	await fails(ts.readable.getReader().read());
	await fails(ts.writable.getWriter().write(1));
	throws(() => c.enqueue(1));
	log(c.desiredSize);
});
test('controller.terminate', async () => {
	let c;
	const ts = new TransformStream({ start(k) { c = k; } });
	c.terminate();
	log(await ts.readable.getReader().read());
	await fails(ts.writable.getWriter().write(1));
	throws(() => c.enqueue(1));
	log(c.desiredSize);
});
test('cancel of the readable side', async () => {
	const ts = new TransformStream();
	await ts.readable.cancel(new SyntaxError('c'));
	await fails(ts.writable.getWriter().write(1));
});
test('abort of the writable side', async () => {
	const ts = new TransformStream();
	const p = ts.readable.getReader().read();
	await ts.writable.abort(new EvalError('a'));
	await fails(p);
});
test('bad arguments', () => {
	throws(() => new TransformStream({ readableType: 'bytes' }));
	throws(() => new TransformStream({ writableType: 1 }));
	throws(() => new TransformStream({ transform: 1 }));
	throws(() => new TransformStream({}, { highWaterMark: -1 }));
	throws(() => new TransformStreamDefaultController());
	throws(() => new CompressionStream('lzma'));
	throws(() => new DecompressionStream());
	throws(() => new TextDecoderStream('nonsense'));
});
test('this is right in callbacks', async () => {
	const t = { n: 5, transform(x, c) { c.enqueue(x + this.n); } };
	log(await all(ReadableStream.from([1]).pipeThrough(new TransformStream(t))));
});
test('TextEncoderStream', async () => {
	log(await all(ReadableStream.from(['a', '', 'ä€', '\ud83d', '\ude00!', '\ud800', 'x', 5]).pipeThrough(new TextEncoderStream())));
	log(await all(ReadableStream.from(['a\ud83d']).pipeThrough(new TextEncoderStream())));
	log(new TextEncoderStream().encoding);
});
test('TextDecoderStream', async () => {
	const bytes = new TextEncoder().encode('a€😀b');
	for (const cut of [1, 2, 3, 5, 6])
		log((await all(ReadableStream.from([bytes.slice(0, cut), bytes.slice(cut).buffer]).pipeThrough(new TextDecoderStream()))).join(''));
	log((await all(ReadableStream.from([bytes.slice(0, 3)]).pipeThrough(new TextDecoderStream()))).join(''));
	const d = new TextDecoderStream('UTF-16', { fatal: true, ignoreBOM: true });
	log(d.encoding, d.fatal, d.ignoreBOM);
});
test('TextDecoderStream: fatal, and what is not bytes', async () => {
	await fails(all(ReadableStream.from([new Uint8Array([0xff])]).pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))));
	await fails(all(ReadableStream.from([new Uint8Array([0xe2])]).pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))));
	await fails(all(ReadableStream.from(['text']).pipeThrough(new TextDecoderStream())));
});
const joined = async (rs) => { let n = 0, sum = 0; for await (const c of rs) { for (const b of c) sum = (sum * 31 + b) % 1000003; n += c.length; } return [n, sum]; };
test('compression there and back', async () => {
	const data = new Uint8Array(300000).map((_, i) => (i * i) >> 5);
	const parts = () => ReadableStream.from([data.slice(0, 1), data.slice(1, 200000), new Uint8Array(0), data.slice(200000)]);
	log(await joined(parts()));
	for (const f of ['gzip', 'deflate', 'deflate-raw'])
		log(f, await joined(parts().pipeThrough(new CompressionStream(f)).pipeThrough(new DecompressionStream(f))));
});
test('compression of nothing', async () => {
	for (const f of ['gzip', 'deflate'])
		log(f, await joined(ReadableStream.from([]).pipeThrough(new CompressionStream(f)).pipeThrough(new DecompressionStream(f))));
});
test('known gzip, byte by byte', async () => {
	const z = Uint8Array.from(atob('H4sIAAAAAAAAA8tIzcnJVyjPL8pJAQCFEUoNCwAAAA=='), (c) => c.charCodeAt(0));
	const text = ReadableStream.from([...z].map((b) => new Uint8Array([b]))).pipeThrough(new DecompressionStream('gzip')).pipeThrough(new TextDecoderStream());
	log((await all(text)).join(''));
});
test('bad compressed data', async () => {
	const caught = async (p) => { try { log('no error', await p); } catch { log('rejected'); } };
	await caught(joined(ReadableStream.from([new Uint8Array([1, 2, 3, 4])]).pipeThrough(new DecompressionStream('gzip'))));
	await caught(joined(ReadableStream.from([new Uint8Array([120, 156, 3])]).pipeThrough(new DecompressionStream('deflate'))));
	await caught(joined(ReadableStream.from(['text']).pipeThrough(new DecompressionStream('deflate'))));
});
test('shape of the classes', () => {
	for (const C of [TransformStream, TransformStreamDefaultController, CompressionStream, DecompressionStream]) shape(C);
	for (const C of [TextEncoderStream, TextDecoderStream]) log(C.name, C.length, Object.keys(C.prototype).sort());
});
run();
});
