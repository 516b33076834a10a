// streams_pipe.js: pipeTo and pipeThrough.
import('./lib/cases.mjs').then(({ test, log, fails, throws, tick, run }) => {
const source = (...x) => new ReadableStream({ start(c) { for (const v of x) c.enqueue(v); c.close(); } });
const sink = (extra) => new WritableStream({ write(c) { log('write', c); }, close() { log('close'); }, abort(r) { log('abort', r); }, ...extra });
test('all chunks, then close', async () => {
	const rs = source(1, 2), ws = sink();
	const p = rs.pipeTo(ws);
	log(rs.locked, ws.locked);
	log(await p, rs.locked, ws.locked);
});
test('preventClose', async () => {
	const ws = sink();
	await source(1).pipeTo(ws, { preventClose: true });
	await ws.getWriter().write('more');
});
test('two sources, one sink', async () => {
	const ws = sink();
	await source(1).pipeTo(ws, { preventClose: true });
	await source(2).pipeTo(ws);
});
test('errors of the source abort the sink', async () => {
	await fails(new ReadableStream({ pull() { throw new RangeError('s'); } }).pipeTo(sink()));
});
test('preventAbort', async () => {
	const ws = sink();
	await fails(new ReadableStream({ pull() { throw new RangeError('s'); } }).pipeTo(ws, { preventAbort: true }));
	await ws.getWriter().write('still open');
});
test('an abort that fails wins', async () => {
	await fails(new ReadableStream({ pull() { throw new RangeError('s'); } }).pipeTo(sink({ abort() { throw new SyntaxError('a'); } })));
});
test('errors of the sink cancel the source', async () => {
	const rs = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel(r) { log('cancel', r); } });
	await fails(rs.pipeTo(sink({ write() { throw new EvalError('w'); } })));
});
test('preventCancel', async () => {
	const rs = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel() { log('never'); } });
	await fails(rs.pipeTo(sink({ write() { throw new EvalError('w'); } }), { preventCancel: true }));
	log((await rs.getReader().read()).value);
});
test('a cancel that fails wins', async () => {
	const rs = new ReadableStream({ cancel() { throw new URIError('c'); } });
	await fails(rs.pipeTo(new WritableStream({ start(c) { c.error(new RangeError('x')); } })));
});
test('a sink that is closed', async () => {
	const ws = sink();
	await ws.close();
	const rs = new ReadableStream({ cancel(r) { log('cancel', r); } });
	await fails(rs.pipeTo(ws));
});
test('a source that has errored already', async () => {
	await fails(new ReadableStream({ start(c) { c.error(new RangeError('e')); } }).pipeTo(sink()));
});
test('a sink that has errored already', async () => {
	await fails(source(1).pipeTo(new WritableStream({ start(c) { c.error(new SyntaxError('e')); } })));
});
test('a close of the sink that fails', async () => {
	await fails(source(1).pipeTo(sink({ close() { throw new EvalError('c'); } })));
});
test('back-pressure', async () => {
	let n = 0;
	const go = [];
	const rs = new ReadableStream({ pull(c) { c.enqueue(n++); } }, { highWaterMark: 1 });
	const p = rs.pipeTo(new WritableStream({ write(c) { log('write', c, n); return new Promise((r) => go.push(r)); } }, { highWaterMark: 1 }));
	for (let i = 0; i < 3; i++) { await tick(); log('pulled', n); go.shift()(); }
	await tick();
	log('pulled', n);
});
test('signal: aborted before', async () => {
	const rs = new ReadableStream({ cancel(r) { log('cancel', r); } });
	await fails(rs.pipeTo(sink(), { signal: AbortSignal.abort(new RangeError('sig')) }));
});
test('signal: aborted while it runs', async () => {
	const ac = new AbortController(), seen = [];
	const rs = new ReadableStream({ pull(c) { return tick(3).then(() => c.enqueue(1)); }, cancel(r) { seen.push(`cancel ${r.name}`); } });
	const p = rs.pipeTo(new WritableStream({ abort(r) { seen.push(`abort ${r.name}`); } }), { signal: ac.signal });
	await tick();
	ac.abort(new SyntaxError('stop'));
	await fails(p);
	log(rs.locked, seen.sort());
});
test('signal: with preventAbort and preventCancel', async () => {
	const ac = new AbortController(), ws = sink();
	const rs = new ReadableStream({ cancel() { log('never'); } });
	const p = rs.pipeTo(ws, { signal: ac.signal, preventAbort: true, preventCancel: true });
	ac.abort();
	await fails(p);
	log(rs.locked, ws.locked);
	await ws.getWriter().write('open');
});
test('locked streams and bad arguments', async () => {
	const rs = source(), ws = sink();
	rs.getReader();
	await fails(rs.pipeTo(ws));
	ws.getWriter();
	await fails(source().pipeTo(ws));
	await fails(source().pipeTo({}));
	await fails(source().pipeTo(sink(), { signal: 1 }));
	throws(() => source().pipeThrough({}));
	throws(() => source().pipeThrough({ readable: source(), writable: 1 }));
	throws(() => rs.pipeThrough(new TransformStream()));
});
test('pipeThrough returns the readable side', async () => {
	const t = { readable: source('other'), writable: sink() };
	log(source(1).pipeThrough(t) === t.readable);
	await tick();
});
test('a chain of transforms', async () => {
	const add = (n) => new TransformStream({ transform(x, c) { c.enqueue(x + n); } });
	await source(1, 2).pipeThrough(add(10)).pipeThrough(add(100)).pipeTo(sink());
});
test('an error travels down a chain', async () => {
	const bad = new TransformStream({ transform(x) { if (x === 2) throw new RangeError('two'); } });
	await fails(source(1, 2, 3).pipeThrough(bad).pipeThrough(new TransformStream()).pipeTo(sink()));
});
test('tee, both piped', async () => {
	const [a, b] = source(1, 2).tee();
	await Promise.all([a.pipeTo(new WritableStream()), b.pipeTo(sink())]);
});
run();
});
