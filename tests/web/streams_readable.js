// streams_readable.js: ReadableStream: default streams and readers.
import('./lib/cases.mjs').then(({ test, log, fails, throws, tick, shape, run }) => {
test('start, enqueue, close', async () => {
	const rs = new ReadableStream({ start(c) { c.enqueue('a'); c.enqueue('b'); log(c.desiredSize); c.close(); log(c.desiredSize); } });
	const r = rs.getReader();
	log(rs.locked, await r.read(), await r.read(), await r.read());
	log(await r.closed);
});
test('pull is called as the queue has room', async () => {
	let n = 0;
	const rs = new ReadableStream({ pull(c) { c.enqueue(n++); log('pull', n, c.desiredSize); if (n === 5) c.close(); } }, { highWaterMark: 2 });
	await tick();
	const r = rs.getReader();
	for (;;) { const x = await r.read(); log(x); if (x.done) break; await tick(); }
});
test('highWaterMark 0: nothing is pulled before a read', async () => {
	const rs = new ReadableStream({ pull(c) { log('pull', c.desiredSize); c.enqueue(1); } }, { highWaterMark: 0 });
	await tick();
	log('reading');
	log(await rs.getReader().read());
});
test('pull that returns a promise is not called again until it is settled', async () => {
	let go;
	const rs = new ReadableStream({ pull(c) { log('pull'); c.enqueue(1); return new Promise((r) => { go = r; }); } }, { highWaterMark: 3 });
	await tick();
	go();
	await tick();
	go();
	await tick();
	log(await rs.getReader().read());
});
test('an error in start is thrown', () => throws(() => new ReadableStream({ start() { throw new RangeError('x'); } })));
test('a rejected start errors the stream', async () => {
	const rs = new ReadableStream({ start() { return Promise.reject(new SyntaxError('s')); } });
	await fails(rs.getReader().read());
});
test('an error in pull errors the stream', async () => {
	const r = new ReadableStream({ pull() { throw new URIError('p'); } }).getReader();
	await fails(r.read());
	await fails(r.closed);
});
test('controller.error drops what is queued', async () => {
	const rs = new ReadableStream({ start(c) { c.enqueue(1); c.error(new EvalError('e')); log(c.desiredSize); throws(() => c.enqueue(2)); throws(() => c.close()); c.error(1); } });
	await fails(rs.getReader().read());
});
test('enqueue and close after close throw', () => {
	new ReadableStream({ start(c) { c.close(); throws(() => c.enqueue(1)); throws(() => c.close()); c.error(2); } });
});
test('cancel gives the reason and closes', async () => {
	const rs = new ReadableStream({ start(c) { c.enqueue(1); }, cancel(r) { log('cancel', r); return 'ignored'; } });
	log(await rs.cancel('why'));
	const r = rs.getReader();
	log(await r.read());
	r.releaseLock();
	log(await rs.cancel('again'));
});
test('cancel that fails', async () => {
	await fails(new ReadableStream({ cancel() { throw new RangeError('c'); } }).cancel());
	await fails(new ReadableStream({ cancel() { return Promise.reject(new SyntaxError('c')); } }).cancel());
});
test('cancel of a locked stream, through its reader', async () => {
	const rs = new ReadableStream({ cancel(r) { log('cancel', r); } });
	const r = rs.getReader();
	await fails(rs.cancel(1));
	const p = r.read();
	log(await r.cancel(2), await p, await r.closed);
});
test('cancel of an errored stream', async () => {
	const rs = new ReadableStream({ start(c) { c.error(new RangeError('x')); }, cancel() { log('never'); } });
	await fails(rs.cancel());
});
test('cancel while start is pending', async () => {
	let go;
	const rs = new ReadableStream({ start() { return new Promise((r) => { go = r; }); }, pull() { log('pull'); }, cancel(r) { log('cancel', r); } });
	await rs.cancel('now');
	go();
	await tick();
	log('end');
});
test('getReader locks; releaseLock unlocks', async () => {
	const rs = new ReadableStream();
	const r = rs.getReader();
	throws(() => rs.getReader());
	r.releaseLock();
	log(rs.locked);
	await fails(r.read());
	await fails(r.cancel());
	await fails(r.closed);
	r.releaseLock();
	log(rs.getReader() instanceof ReadableStreamDefaultReader);
});
test('releaseLock rejects pending reads', async () => {
	const rs = new ReadableStream();
	const r = rs.getReader(), p = r.read();
	r.releaseLock();
	await fails(p);
});
test('the reader of a closed stream that is released', async () => {
	const rs = new ReadableStream({ start(c) { c.close(); } });
	const r = rs.getReader();
	log(await r.closed);
	r.releaseLock();
	await fails(r.closed);
});
test('reads that wait are served in order', async () => {
	let c;
	const r = new ReadableStream({ start(x) { c = x; } }).getReader();
	const all = [r.read(), r.read(), r.read()];
	c.enqueue(1); c.enqueue(2); c.close();
	log(await Promise.all(all));
});
test('sizes and desiredSize', () => {
	new ReadableStream({ start(c) { log(c.desiredSize); c.enqueue('abc'); log(c.desiredSize); c.enqueue('defgh'); log(c.desiredSize); } },
		{ highWaterMark: 5, size(x) { return x.length; } });
	new ReadableStream({ start(c) { c.enqueue(new Uint8Array(3)); log(c.desiredSize); } }, new ByteLengthQueuingStrategy({ highWaterMark: 10 }));
	new ReadableStream({ start(c) { c.enqueue(1); log(c.desiredSize); } }, new CountQueuingStrategy({ highWaterMark: 10 }));
});
test('bad sizes', async () => {
	for (const bad of [-1, NaN, Infinity, 'x', undefined]) {
		let c;
		const rs = new ReadableStream({ start(x) { c = x; } }, { size() { return bad; } });
		throws(() => c.enqueue(1));
		await fails(rs.getReader().closed);
	}
});
test('a size that throws', async () => {
	let c;
	const rs = new ReadableStream({ start(x) { c = x; } }, { size() { throw new EvalError('s'); } });
	throws(() => c.enqueue(1));
	await fails(rs.getReader().read());
});
test('bad arguments', () => {
	throws(() => new ReadableStream({ type: 'x' }));
	throws(() => new ReadableStream({ pull: 1 }));
	throws(() => new ReadableStream({}, { highWaterMark: -1 }));
	throws(() => new ReadableStream({}, { highWaterMark: NaN }));
	throws(() => new ReadableStream({}, { size: 1 }));
	throws(() => new ReadableStream().getReader({ mode: 'x' }));
	throws(() => new ReadableStream().getReader({ mode: 'byob' }));
	throws(() => new ReadableStreamDefaultReader({}));
	throws(() => new ReadableStreamDefaultController());
	throws(() => ReadableStream());
	throws(() => Object.getOwnPropertyDescriptor(ReadableStream.prototype, 'locked').get.call({}));
});
test('tee', async () => {
	const rs = new ReadableStream({ start(c) { c.enqueue(1); c.enqueue(2); c.close(); } });
	const [a, b] = rs.tee();
	log(rs.locked);
	const ra = a.getReader(), rb = b.getReader();
	log(await ra.read(), await rb.read(), await ra.read(), await ra.read(), await rb.read(), await rb.read());
});
test('tee: the same objects', async () => {
	const o = { x: 1 };
	const [a, b] = ReadableStream.from([o]).tee();
	log((await a.getReader().read()).value === (await b.getReader().read()).value);
});
test('tee: cancel reaches the source when both branches did', async () => {
	const rs = new ReadableStream({ cancel(r) { log('cancel', r); } });
	const [a, b] = rs.tee();
	const p = a.cancel('one');
	await tick();
	log('first');
	log(await Promise.all([p, b.cancel('two')]));
});
test('tee: one branch goes on when the other is cancelled', async () => {
	let c;
	const rs = new ReadableStream({ start(x) { c = x; } });
	const [a, b] = rs.tee();
	a.cancel();
	c.enqueue(1);
	log(await b.getReader().read());
});
test('tee: errors reach both', async () => {
	const [a, b] = new ReadableStream({ pull() { throw new RangeError('x'); } }).tee();
	await fails(a.getReader().read());
	await fails(b.getReader().closed);
});
test('tee: back-pressure is that of the faster branch', async () => {
	let n = 0;
	const rs = new ReadableStream({ pull(c) { c.enqueue(n++); } }, { highWaterMark: 0 });
	const [a] = rs.tee();
	await tick();
	log(n);
	const r = a.getReader();
	await r.read();
	await tick();
	log(n);
});
test('for await', async () => {
	const rs = new ReadableStream({ start(c) { c.enqueue(1); c.enqueue(2); c.close(); } });
	for await (const x of rs) log(x);
	log(rs.locked);
});
test('for await with break cancels', async () => {
	const rs = new ReadableStream({ start(c) { c.enqueue(1); }, cancel(r) { log('cancel', r); } });
	for await (const x of rs) { log(x); break; }
	log(rs.locked, await rs.getReader().read());
});
test('values({ preventCancel })', async () => {
	const rs = new ReadableStream({ start(c) { c.enqueue(1); c.enqueue(2); }, cancel() { log('never'); } });
	for await (const x of rs.values({ preventCancel: true })) { log(x); break; }
	log(await rs.getReader().read());
});
test('for await over an error', async () => {
	await fails((async () => { for await (const x of new ReadableStream({ start(c) { c.enqueue(1); }, pull() { throw new SyntaxError('x'); } })) log(x); })());
});
test('concurrent next', async () => {
	const it = ReadableStream.from([1, 2]).values();
	const all = await Promise.all([it.next(), it.next(), it.next(), it.return('r'), it.next()]);
	log(all.map((x) => [x.value, x.done]));
});
test('from: arrays, strings, generators, promises', async () => {
	const all = async (x) => { const out = []; for await (const v of ReadableStream.from(x)) out.push(v); return out; };
	log(await all([1, Promise.resolve(2)]), await all('ab'), await all(new Set([5])));
	log(await all((function* () { yield 1; yield 2; })()), await all((async function* () { yield 3; })()));
	log(await all(new ReadableStream({ start(c) { c.enqueue(9); c.close(); } })));
});
test('from: errors', async () => {
	throws(() => ReadableStream.from(5));
	throws(() => ReadableStream.from({}));
	throws(() => ReadableStream.from(null));
	await fails(ReadableStream.from((function* () { throw new RangeError('g'); })()).getReader().read());
	await fails(ReadableStream.from({ [Symbol.asyncIterator]() { return { next() { return 5; } }; } }).getReader().read());
});
test('from: cancel calls return', async () => {
	const it = { [Symbol.asyncIterator]() { return { next: async () => ({ value: 1, done: false }), return(r) { log('return', r); return {}; } }; } };
	const rs = ReadableStream.from(it);
	const r = rs.getReader();
	log(await r.read());
	await r.cancel('why');
	await fails(ReadableStream.from({ [Symbol.asyncIterator]() { return { next() {}, return() { return 1; } }; } }).cancel());
});
test('shape of the classes', () => {
	for (const C of [ReadableStream, ReadableStreamDefaultReader, ReadableStreamDefaultController, ReadableStreamBYOBReader,
		ReadableByteStreamController, ReadableStreamBYOBRequest]) {
		shape(C);
	}
	log(ReadableStream.prototype[Symbol.asyncIterator] === ReadableStream.prototype.values);
	log(Object.getOwnPropertyDescriptor(ReadableStream, 'from').enumerable);
});
run();
});
