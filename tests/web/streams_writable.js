// streams_writable.js: WritableStream and its writer.
import('./lib/cases.mjs').then(({ test, log, fails, throws, tick, shape, run }) => {
test('start, write, close', async () => {
	const ws = new WritableStream({ start() { log('start'); }, write(c) { log('write', c); }, close() { log('close'); } });
	const w = ws.getWriter();
	log(w.desiredSize, ws.locked);
	const p = w.write('a');
	log(w.desiredSize);
	log(await p, await w.write('b'), await w.close(), await w.closed, w.desiredSize);
});
test('ready and back-pressure', async () => {
	const go = [];
	const ws = new WritableStream({ write(c) { log('write', c); return new Promise((r) => go.push(r)); } }, { highWaterMark: 2 });
	const w = ws.getWriter();
	await w.ready;
	w.write(1);
	log(w.desiredSize);
	w.write(2);
	log(w.desiredSize);
	const ready = w.ready;
	ready.then(() => log('ready'));
	await tick();
	go.shift()();
	await tick();
	log(w.desiredSize, ready === w.ready);
	go.shift()();
	await tick();
	log(w.desiredSize);
});
test('one write at a time, in order', async () => {
	let busy = 0;
	const ws = new WritableStream({ async write(c) { busy++; log(c, busy); await tick(3); busy--; } });
	const w = ws.getWriter();
	await Promise.all([w.write(1), w.write(2), w.write(3), w.close()]);
	log(busy);
});
test('writes wait for start', async () => {
	let go;
	const ws = new WritableStream({ start() { return new Promise((r) => { go = r; }); }, write(c) { log('write', c); } });
	const p = ws.getWriter().write(1);
	await tick();
	log('starting');
	go();
	await p;
});
test('an error in start', async () => {
	throws(() => new WritableStream({ start() { throw new RangeError('s'); } }));
	const w = new WritableStream({ start() { return Promise.reject(new SyntaxError('s')); } }).getWriter();
	await fails(w.closed);
	await fails(w.ready);
	await fails(w.write(1));
});
test('an error in write', async () => {
	const w = new WritableStream({ write() { throw new EvalError('w'); } }).getWriter();
	const p = w.write(1), q = w.write(2);
	await fails(p);
	await fails(q);
	await fails(w.closed);
	await fails(w.ready);
	await fails(w.close());
	log(w.desiredSize);
});
test('an error in close', async () => {
	const w = new WritableStream({ close() { return Promise.reject(new RangeError('c')); } }).getWriter();
	await fails(w.close());
	await fails(w.closed);
});
test('write while the stream closes', async () => {
	const w = new WritableStream().getWriter();
	const p = w.close();
	await fails(w.write(1));
	log(await p);
});
test('close of the stream', async () => {
	const ws = new WritableStream({ close() { log('close'); } });
	log(await ws.close());
	await fails(ws.close());
	const locked = new WritableStream();
	locked.getWriter();
	await fails(locked.close());
	await fails(locked.abort());
});
test('abort', async () => {
	const ws = new WritableStream({ write(c) { log('write', c); }, abort(r) { log('abort', r); } });
	const w = ws.getWriter();
	log(await w.abort('why'));
	await fails(w.write(1));
	await fails(w.closed);
	log(w.desiredSize, await ws.getWriter === undefined);
	log(await w.abort('again'));
});
test('abort while a write is in flight', async () => {
	let go;
	const ws = new WritableStream({ write(c, k) { log('write', c); k.signal.addEventListener('abort', () => log('signal', k.signal.reason)); return new Promise((r) => { go = r; }); }, abort(r) { log('abort', r); } });
	const w = ws.getWriter();
	await tick();
	const p = w.write(1), q = w.write(2);
	const a = w.abort('stop');
	log(w.desiredSize);
	await tick();
	log('in flight ends');
	go();
	log(await p);
	await q.catch((e) => log('second', e));
	log(await a);
});
test('abort that fails', async () => {
	await fails(new WritableStream({ abort() { throw new SyntaxError('a'); } }).abort('x'));
});
test('abort before start has ended', async () => {
	let go;
	const ws = new WritableStream({ start() { return new Promise((r) => { go = r; }); }, abort(r) { log('abort', r); } });
	const p = ws.abort('early');
	await tick();
	log('go');
	go();
	log(await p);
});
test('abort of a closed stream', async () => {
	const ws = new WritableStream({ abort() { log('never'); } });
	await ws.close();
	log(await ws.abort('x'));
});
test('controller.error', async () => {
	let c;
	const ws = new WritableStream({ start(k) { c = k; } });
	const w = ws.getWriter();
	await w.ready;
	c.error(new RangeError('e'));
	c.error(new SyntaxError('later'));
	await fails(w.closed);
	await fails(w.write(1));
	await fails(w.close());
	log(await w.abort());
});
test('controller.error while a write is in flight', async () => {
	let c, go;
	const ws = new WritableStream({ start(k) { c = k; }, write() { return new Promise((r) => { go = r; }); } });
	const w = ws.getWriter();
	await w.ready;
	const p = w.write(1);
	await tick();
	c.error(new URIError('e'));
	await fails(w.ready);
	go();
	log(await p);
	await fails(w.closed);
});
test('releaseLock', async () => {
	const ws = new WritableStream({ write(c) { log('write', c); } });
	const w = ws.getWriter();
	throws(() => ws.getWriter());
	w.releaseLock();
	log(ws.locked);
	await fails(w.write(1));
	await fails(w.close());
	await fails(w.abort());
	await fails(w.closed);
	await fails(w.ready);
	throws(() => w.desiredSize);
	w.releaseLock();
	await ws.getWriter().write(2);
});
test('a write that was queued goes on after releaseLock', async () => {
	const ws = new WritableStream({ write(c) { log('write', c); } });
	const w = ws.getWriter(), p = w.write(1);
	w.releaseLock();
	log(await p);
});
test('sizes', async () => {
	const ws = new WritableStream({}, { highWaterMark: 10, size(x) { return x.length; } });
	const w = ws.getWriter();
	w.write('abc');
	log(w.desiredSize);
	w.write('defgh');
	log(w.desiredSize);
	const bad = new WritableStream({}, { size() { return -1; } }).getWriter();
	await fails(bad.write(1));
	await fails(bad.closed);
	const worse = new WritableStream({}, { size() { throw new EvalError('s'); } }).getWriter();
	await fails(worse.write(1));
	await fails(worse.closed);
});
test('bad arguments', () => {
	throws(() => new WritableStream({ type: 'bytes' }));
	throws(() => new WritableStream({ write: 1 }));
	throws(() => new WritableStream({}, { highWaterMark: -1 }));
	throws(() => new WritableStreamDefaultWriter({}));
	throws(() => new WritableStreamDefaultController());
	throws(() => Object.getOwnPropertyDescriptor(WritableStream.prototype, 'locked').get.call({}));
});
test('methods on other objects', async () => {
	await fails(WritableStream.prototype.abort.call({}));
	await fails(WritableStreamDefaultWriter.prototype.write.call({}, 1));
	throws(() => WritableStream.prototype.getWriter.call({}));
	throws(() => WritableStreamDefaultController.prototype.error.call({}));
});
test('shape of the classes', () => {
	for (const C of [WritableStream, WritableStreamDefaultWriter, WritableStreamDefaultController]) shape(C);
});
run();
});
