// streams_safe.js: what a program does to the language's prototypes does not reach the
// streams; classes can be extended.
import('./lib/cases.mjs').then(async ({ test, log, run }) => {
test('a subclass', async () => {
	class Mine extends ReadableStream { first() { return this.getReader().read(); } }
	log((await new Mine({ start(c) { c.enqueue(1); } }).first()).value);
	class T extends TransformStream { constructor() { super({ transform(x, c) { c.enqueue(-x); } }); } }
	for await (const x of ReadableStream.from([1]).pipeThrough(new T())) log(x);
});
test('views that are transferred by structuredClone', () => {
	const a = new Uint8Array([1, 2, 3]).subarray(1);
	log([...structuredClone(a, { transfer: [a.buffer] })], a.length);
});
test('prototypes that were changed', async () => {
	const then = Promise.prototype.then, push = Array.prototype.push, call = Function.prototype.call;
	const values = Array.prototype[Symbol.iterator];
	const rs = new ReadableStream({ start(c) { c.enqueue(1); c.enqueue(2); c.close(); } });
	const [a, b] = rs.tee();
	const out = [];
	Array.prototype.push = () => { throw 1; };
	Function.prototype.call = () => { throw 2; };
	Array.prototype[Symbol.iterator] = () => { throw 3; };
	const done = a.pipeThrough(new TransformStream()).pipeTo(new WritableStream({ write(c) { out[out.length] = c; } }));
	const done2 = b.getReader().read();
	Array.prototype.push = push;
	Function.prototype.call = call;
	Array.prototype[Symbol.iterator] = values;
	await done;
	log(out, (await done2).value, then === Promise.prototype.then);
});
run();
});
