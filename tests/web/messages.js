// messages.js: MessageChannel.
import('./lib/cases.mjs').then(({ test, log, fails, throws, run }) => {
const next = (port) => new Promise((r) => { port.onmessage = (e) => { port.onmessage = null; r(e.data); }; });
test('there and back', async () => {
	const { port1, port2 } = new MessageChannel();
	port2.onmessage = (e) => { log(e.type, e.data, e instanceof MessageEvent, e.target === port2); port2.postMessage(e.data.n + 1); };
	const p = next(port1);
	port1.postMessage({ n: 1 });
	log(await p);
	port1.close();
});
test('messages come one by one, after promises', async () => {
	const { port1, port2 } = new MessageChannel();
	const order = [];
	const done = new Promise((r) => { port2.onmessage = (e) => { order.push(e.data); Promise.resolve().then(() => order.push('job')); if (e.data === 2) setTimeout(r, 5); }; });
	port1.postMessage(1);
	port1.postMessage(2);
	order.push('sync');
	Promise.resolve().then(() => order.push('microtask'));
	await done;
	log(order);
	port1.close();
});
test('messages are kept until somebody listens', async () => {
	const { port1, port2 } = new MessageChannel();
	port1.postMessage('early');
	log(await next(port2));
	port1.close();
});
test('messages are clones', async () => {
	const { port1, port2 } = new MessageChannel();
	const o = { a: [1, new Date(0)], m: new Map([[1, 2]]) };
	port1.postMessage(o);
	const got = await next(port2);
	log(got !== o, got.a[1] instanceof Date, got.m.get(1));
	throws(() => port1.postMessage(() => 1));
	const b = new Uint8Array([1, 2]);
	port1.postMessage(b, [b.buffer]);
	log(b.length, [...await next(port2)]);
	const c = new Uint8Array([3]);
	port1.postMessage(c, { transfer: [c.buffer] });
	log(c.length, [...await next(port2)]);
	port1.close();
});
test('addEventListener and start', async () => {
	const { port1, port2 } = new MessageChannel();
	const p = new Promise((r) => port2.addEventListener('message', (e) => r(e.data), { once: true }));
	port2.start();
	port1.postMessage('x');
	log(await p);
	port1.close();
});
test('close', async () => {
	const { port1, port2 } = new MessageChannel();
	port2.onmessage = () => log('never');
	port2.close();
	port1.postMessage(1);
	await new Promise((r) => setTimeout(r, 10));
	log('quiet');
	port1.close();
});
test('classes', () => {
	throws(() => new MessagePort());
	const e = new MessageEvent('x', { data: 5, origin: 'o', lastEventId: 'i' });
	log(e.type, e.data, e.origin, e.lastEventId, e.source, e.ports, e instanceof Event);
	log(new MessageEvent('y').data, new MessageChannel().port1 instanceof EventTarget);
});
run();
});
