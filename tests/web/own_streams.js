// own_streams.js: streams where Node 20 is behind the standard.
import('./lib/cases.mjs').then(({ test, log, fails, throws, tick, run }) => {
const u8 = (...x) => new Uint8Array(x);
test('BYOB: min', async () => {
	let c;
	const rs = new ReadableStream({ type: 'bytes', start(k) { c = k; } });
	const r = rs.getReader({ mode: 'byob' });
	const p = r.read(new Uint8Array(5), { min: 3 });
	let done = false;
	p.then(() => { done = true; });
	c.enqueue(u8(1));
	c.enqueue(u8(2));
	await tick();
	log(done);
	c.enqueue(u8(3, 4));
	log((await p).value);
	await fails(r.read(new Uint8Array(2), { min: 3 }));
	await fails(r.read(new Uint8Array(2), { min: 0 }));
	await fails(r.read(new Uint16Array(2), { min: 3 }));
	const q = r.read(new Uint16Array(3), { min: 2 });
	c.enqueue(u8(1, 2, 3));
	await tick();
	c.enqueue(u8(4, 5));
	log((await q).value, (await r.read(u8(0))).value);
});
test('BYOB: answers of 0 bytes', async () => {
	let c;
	const rs = new ReadableStream({ type: 'bytes', start(k) { c = k; } });
	const p = rs.getReader({ mode: 'byob' }).read(new Uint8Array(3));
	await tick();
	throws(() => c.byobRequest.respond(0));
	throws(() => c.byobRequest.respond(-1));
	throws(() => c.byobRequest.respond());
	throws(() => c.byobRequest.respondWithNewView(new Uint8Array(c.byobRequest.view.buffer, 0, 0)));
	c.byobRequest.respond(1);
	log((await p).value);
});
test('BYOB: a released request is filled for the next reader', async () => {
	let c;
	const rs = new ReadableStream({ type: 'bytes', start(k) { c = k; } });
	const r = rs.getReader({ mode: 'byob' });
	const p = r.read(new Uint8Array(3));
	const request = c.byobRequest;
	r.releaseLock();
	await fails(p);
	const q = rs.getReader({ mode: 'byob' }).read(new Uint8Array(2));
	request.view[0] = 8;
	request.respond(1);
	log((await q).value);
});
test('tee of bytes with a BYOB reader', async () => {
	let c;
	const rs = new ReadableStream({ type: 'bytes', start(k) { c = k; } });
	const [a, b] = rs.tee();
	const ra = a.getReader({ mode: 'byob' }), rb = b.getReader({ mode: 'byob' });
	const pa = ra.read(new Uint8Array(4)), pb = rb.read(new Uint8Array(1));
	await tick();
	c.byobRequest.view[0] = 1;
	c.byobRequest.view[1] = 2;
	c.byobRequest.respond(2);
	log((await pa).value, (await pb).value, (await rb.read(new Uint8Array(3))).value);
	c.close();
	c.byobRequest?.respond(0);
	log((await ra.read(new Uint8Array(1))).done, (await rb.read(new Uint8Array(1))).done);
});
test('a transformer with cancel', async () => {
	const make = () => new TransformStream({ cancel(r) { log('cancel', r); }, flush() { log('flush'); } });
	await make().readable.cancel('by the reader');
	await make().writable.abort('by the writer');
	await make().writable.close().catch(() => {});
	const bad = new TransformStream({ cancel() { throw new RangeError('c'); } });
	await fails(bad.readable.cancel());
	await fails(bad.writable.getWriter().closed);
});
test('write after close', async () => {
	const w = new WritableStream().getWriter();
	const p = w.close();
	await fails(w.close());
	await fails(w.write(1));
	await p;
	await fails(w.write(1));
	await fails(w.close());
});
test('an aborted pipe aborts first, then cancels', async () => {
	const ac = new AbortController();
	const rs = new ReadableStream({ cancel(r) { log('cancel', r); } });
	const p = rs.pipeTo(new WritableStream({ abort(r) { log('abort', r); } }), { signal: ac.signal });
	await tick();
	ac.abort('why');
	await fails(p);
});
test('a pipe ends its current write before it stops', async () => {
	const ac = new AbortController();
	let go;
	const rs = new ReadableStream({ start(c) { c.enqueue(1); } });
	const p = rs.pipeTo(new WritableStream({ write() { log('write'); return new Promise((r) => { go = r; }); }, abort() { log('abort'); } }), { signal: ac.signal });
	await tick();
	ac.abort(new SyntaxError('x'));
	await tick();
	log('still writing');
	go();
	await fails(p);
});
test('TextEncoderStream: what is no string', async () => {
	const ts = new TextEncoderStream();
	const w = ts.writable.getWriter();
	w.closed.catch(() => {});
	const p = ts.readable.getReader().read();
	await fails(w.write(Symbol()));
	await fails(p);
});
test('data behind the end of compressed data', async () => {
	const all = async (rs) => { const out = []; for await (const x of rs) out.push(...x); return out; };
	const z = await all(ReadableStream.from([u8(1, 2, 3)]).pipeThrough(new CompressionStream('deflate')));
	log(await all(ReadableStream.from([new Uint8Array(z)]).pipeThrough(new DecompressionStream('deflate'))));
	await fails(all(ReadableStream.from([new Uint8Array([...z, 0])]).pipeThrough(new DecompressionStream('deflate'))));
	await fails(all(ReadableStream.from([new Uint8Array(z), u8(0)]).pipeThrough(new DecompressionStream('deflate'))));
	await fails(all(ReadableStream.from([new Uint8Array(z.slice(0, -1))]).pipeThrough(new DecompressionStream('deflate'))));
	await fails(all(ReadableStream.from([u8(1, 2)]).pipeThrough(new DecompressionStream('deflate-raw'))));
	await fails(all(ReadableStream.from(['text']).pipeThrough(new CompressionStream('gzip'))));
});
test('source of bytes that is closed with a view waiting', async () => {
	const rs = new ReadableStream({ type: 'bytes', autoAllocateChunkSize: 8, pull(c) { c.close(); c.byobRequest.respond(0); } });
	log((await rs.getReader().read()).done);
});
test('reentrancy: size() closes, errors, reads', async () => {
	let c;
	const rs = new ReadableStream({ start(k) { c = k; } }, { size() { c.error(new RangeError('in size')); return 1; }, highWaterMark: 5 });
	c.enqueue(1);
	await fails(rs.getReader().read());
	let d;
	const rs2 = new ReadableStream({ start(k) { d = k; } }, { size() { d.close(); return 1; }, highWaterMark: 5 });
	d.enqueue(1);
	log(await rs2.getReader().read());
	let w;
	const ws = new WritableStream({}, { size() { w.releaseLock(); return 1; } });
	w = ws.getWriter();
	await fails(w.write(1));
});
run();
});
