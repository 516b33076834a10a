// streams_bytes.js: streams of bytes, BYOB readers.
import('./lib/cases.mjs').then(({ test, log, fails, throws, tick, run }) => {
const u8 = (...x) => new Uint8Array(x);
test('a default reader', async () => {
	const rs = new ReadableStream({ type: 'bytes', start(c) { log(c.desiredSize); c.enqueue(u8(1, 2)); c.enqueue(u8(3)); log(c.desiredSize); c.close(); } });
	const r = rs.getReader();
	log((await r.read()).value, (await r.read()).value, (await r.read()).done);
});
test('other views become Uint8Array; their buffer is taken', async () => {
	const a = new Uint16Array([1, 2]);
	const rs = new ReadableStream({ type: 'bytes', start(c) { c.enqueue(a); log(a.length); } });
	log((await rs.getReader().read()).value);
});
test('BYOB: from the queue', async () => {
	const rs = new ReadableStream({ type: 'bytes', start(c) { c.enqueue(u8(1, 2, 3)); c.enqueue(u8(4, 5)); } });
	const r = rs.getReader({ mode: 'byob' });
	const view = new Uint8Array(4);
	const x = await r.read(view);
	log(x.value, x.done, view.byteLength, x.value.buffer.byteLength);
	log((await r.read(new Uint8Array(10))).value);
});
test('BYOB: request of a pull', async () => {
	const rs = new ReadableStream({ type: 'bytes', pull(c) { const v = c.byobRequest.view; log(v.byteLength, v.byteOffset); v[0] = 7; v[1] = 8; c.byobRequest.respond(2); log(c.byobRequest === null); } });
	const x = await rs.getReader({ mode: 'byob' }).read(new Uint8Array(new ArrayBuffer(8), 2, 5));
	log(x.value, x.value.byteOffset);
});
test('BYOB: respond later', async () => {
	let c;
	const rs = new ReadableStream({ type: 'bytes', start(k) { c = k; } });
	const p = rs.getReader({ mode: 'byob' }).read(new Uint8Array(3));
	await tick();
	const q = c.byobRequest;
	q.view[0] = 9;
	q.respond(1);
	log((await p).value, q.view === null);
	throws(() => q.respond(1));
});
test('BYOB: enqueue while a request waits', async () => {
	let c;
	const rs = new ReadableStream({ type: 'bytes', start(k) { c = k; } });
	const r = rs.getReader({ mode: 'byob' });
	const p = r.read(new Uint8Array(2));
	c.enqueue(u8(1, 2, 3));
	log((await p).value);
	log((await r.read(new Uint8Array(2))).value);
});
test('BYOB: larger elements', async () => {
	let c;
	const rs = new ReadableStream({ type: 'bytes', start(k) { c = k; } });
	const r = rs.getReader({ mode: 'byob' });
	const p = r.read(new Uint16Array(2));
	c.enqueue(u8(1));
	await tick();
	c.enqueue(u8(2, 3));
	const x = await p;
	log(x.value.constructor.name, x.value.length, x.value);
	log((await r.read(new Uint8Array(4))).value);
	const d = r.read(new DataView(new ArrayBuffer(4)));
	c.enqueue(u8(5, 6));
	log((await d).value.constructor.name, (await d).value.byteLength);
});
test('BYOB: respondWithNewView', async () => {
	const rs = new ReadableStream({ type: 'bytes', pull(c) {
		const v = c.byobRequest.view;
		throws(() => c.byobRequest.respondWithNewView(new Uint8Array(100)));
		throws(() => c.byobRequest.respondWithNewView(5));
		v[0] = 4;
		c.byobRequest.respondWithNewView(new Uint8Array(v.buffer, v.byteOffset, 1));
	} });
	log((await rs.getReader({ mode: 'byob' }).read(new Uint8Array(3))).value);
});
test('BYOB: bad responses', async () => {
	let c;
	const rs = new ReadableStream({ type: 'bytes', start(k) { c = k; } });
	const p = rs.getReader({ mode: 'byob' }).read(new Uint8Array(3));
	await tick();
	throws(() => c.byobRequest.respond(4));
	c.byobRequest.respond(3);
	log((await p).value);
	log(c.byobRequest);
});
test('BYOB: bad views', async () => {
	const r = new ReadableStream({ type: 'bytes' }).getReader({ mode: 'byob' });
	await fails(r.read());
	await fails(r.read({}));
	await fails(r.read(new Uint8Array(0)));
	const gone = new Uint8Array(4);
	structuredClone(0, { transfer: [gone.buffer] });
	await fails(r.read(gone));
});
test('BYOB: close', async () => {
	let c;
	const rs = new ReadableStream({ type: 'bytes', start(k) { c = k; } });
	const r = rs.getReader({ mode: 'byob' });
	const p = r.read(new Uint8Array(3));
	await tick();
	c.close();
	c.byobRequest.respond(0);
	const x = await p;
	log(x.done, x.value);
	const y = await r.read(new Uint8Array(2));
	log(y.done, y.value, await r.closed);
});
test('BYOB: close with half an element', async () => {
	let c;
	const rs = new ReadableStream({ type: 'bytes', start(k) { c = k; } });
	const p = rs.getReader({ mode: 'byob' }).read(new Uint16Array(2));
	c.enqueue(u8(1));
	throws(() => c.close());
	await fails(p);
});
test('BYOB: cancel', async () => {
	const rs = new ReadableStream({ type: 'bytes', cancel(r) { log('cancel', r); } });
	const r = rs.getReader({ mode: 'byob' });
	const p = r.read(new Uint8Array(3));
	await r.cancel('why');
	const x = await p;
	log(x.done, x.value);
});
test('BYOB: error', async () => {
	let c;
	const rs = new ReadableStream({ type: 'bytes', start(k) { c = k; } });
	const r = rs.getReader({ mode: 'byob' });
	const p = r.read(new Uint8Array(3));
	c.error(new RangeError('e'));
	await fails(p);
	await fails(r.read(new Uint8Array(1)));
	await fails(r.closed);
});
test('BYOB: release', async () => {
	let c;
	const rs = new ReadableStream({ type: 'bytes', start(k) { c = k; } });
	const r = rs.getReader({ mode: 'byob' });
	const p = r.read(new Uint8Array(3));
	r.releaseLock();
	await fails(p);
	await fails(r.read(new Uint8Array(1)));
	const q = rs.getReader().read();
	c.enqueue(u8(6));
	log((await q).value);
});
test('back-pressure in bytes', async () => {
	let n = 0;
	const rs = new ReadableStream({ type: 'bytes', pull(c) { n++; c.enqueue(new Uint8Array(4)); log('pull', c.desiredSize); } }, { highWaterMark: 10 });
	await tick();
	log(n);
	await rs.getReader().read();
	await tick();
	log(n);
});
test('autoAllocateChunkSize', async () => {
	const rs = new ReadableStream({ type: 'bytes', autoAllocateChunkSize: 4, pull(c) { const v = c.byobRequest.view; log(v.byteLength); v[0] = 3; c.byobRequest.respond(1); } });
	log((await rs.getReader().read()).value);
	throws(() => new ReadableStream({ type: 'bytes', autoAllocateChunkSize: 0 }));
});
test('bad chunks', () => {
	new ReadableStream({ type: 'bytes', start(c) {
		throws(() => c.enqueue('x'));
		throws(() => c.enqueue(new ArrayBuffer(2)));
		throws(() => c.enqueue(new Uint8Array(0)));
		throws(() => c.enqueue());
		c.close();
		throws(() => c.enqueue(u8(1)));
		throws(() => c.close());
	} });
	throws(() => new ReadableStream({ type: 'bytes' }, { size() { return 1; } }));
	throws(() => new ReadableByteStreamController());
	throws(() => new ReadableStreamBYOBRequest());
});
test('tee with default readers', async () => {
	const rs = new ReadableStream({ type: 'bytes', start(c) { c.enqueue(u8(1, 2)); c.close(); } });
	const [a, b] = rs.tee();
	const x = (await a.getReader().read()).value, y = (await b.getReader().read()).value;
	log(x, y, x.buffer === y.buffer);
});
test('tee: cancel', async () => {
	const rs = new ReadableStream({ type: 'bytes', cancel(r) { log('cancel', r); } });
	const [a, b] = rs.tee();
	const p = a.cancel(1);
	await tick();
	await Promise.all([p, b.cancel(2)]);
});
test('pipe of bytes', async () => {
	const rs = new ReadableStream({ type: 'bytes', start(c) { c.enqueue(u8(104, 105)); c.close(); } });
	await rs.pipeThrough(new TextDecoderStream()).pipeTo(new WritableStream({ write(c) { log(c); } }));
});
test('for await', async () => {
	for await (const x of new ReadableStream({ type: 'bytes', start(c) { c.enqueue(u8(1)); c.enqueue(u8(2)); c.close(); } })) log(x);
});
run();
});
