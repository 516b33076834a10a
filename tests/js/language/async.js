// Async functions, await, async generators, for await: order and values.
const log = [];
const note = (...a) => { log.push(a.join(' ')); };
const sleep = (n) => n ? Promise.resolve().then(() => sleep(n - 1)) : Promise.resolve();

async function add(a, b) { return (await a) + (await b); }
class Counter {
	#n = 0;
	async inc(by = 1) { this.#n += await by; return this.#n; }
	static async *upTo(n) { for (let i = 1; i <= n; i++) yield i; }
	async *[Symbol.asyncIterator]() { try { yield this.#n; yield Promise.resolve('two'); } finally { await sleep(2); note('closed'); } }
}
async function order() {
	note('a');
	const p = (async () => { note('b'); await null; note('d'); return 'p'; })();
	note('c');
	note(await p);
}
async function failures() {
	try { await Promise.reject(new TypeError('no')); } catch (e) { note(e.name, e.message); }
	try { await (async ({ x }) => x)(); } catch (e) { note(e.name); }
	try { for await (const x of 5) note(x); } catch (e) { note(e.message); }
	const r = await Promise.resolve(1).then(() => { throw 2; }).catch((e) => e * 2).finally(() => 9);
	note(r);
	note(await { then(f) { f('thenable'); } });
	const f = async () => { try { return await Promise.reject(1); } catch { return 'caught'; } finally { note('finally'); } };
	note(await f());
}
async function* inner() { const got = yield 'i1'; note('inner got', got); try { yield 'i2'; } finally { note('inner done'); } return 'r'; }
async function* outer() { note('result', yield* inner()); yield* ['x', Promise.resolve('y')]; }
async function generators() {
	const g = outer();
	note((await g.next()).value, (await g.next('v')).value, (await g.next()).value, (await g.next()).value);
	note(JSON.stringify(await g.return('end')), JSON.stringify(await g.next()));
	const h = outer();
	const three = [h.next(), h.next(1), h.throw(new Error('thrown'))];
	note((await three[0]).value, (await three[1]).value, await three[2].catch((e) => e.message));
	let s = 0;
	for await (const i of Counter.upTo(4)) { if (i === 2) continue; s += i; }
	note(s);
	for await (const v of new Counter()) { if (v === 'two') break; note('v', v); }
	const c = new Counter();
	note(await c.inc(), await c.inc(Promise.resolve(5)));
	label: for await (const a of [1, 2]) for await (const b of [Promise.resolve(3)]) { note(a, b); continue label; }
	const sync = { [Symbol.iterator]() { return { i: 0, next() { return { value: Promise.resolve(++this.i), done: this.i > 2 }; }, return() { note('sync closed'); return {}; } }; } };
	for await (const v of sync) { note('sync', v); if (v === 2) break; }
}
const kinds = [async () => {}, async function* () {}];
console.log(kinds.map((f) => f.constructor.name + ' ' + Object.hasOwn(f, 'prototype')).join());   // expect: AsyncFunction false,AsyncGeneratorFunction true
console.log(Object.prototype.toString.call(inner()));   // expect: [object AsyncGenerator]
new kinds[0].constructor('x', 'return await x * 2')(21).then((v) => console.log('made', v));
order().then(failures).then(generators).then(async () => {
	note(await add(1, Promise.resolve(2)));
	let deep = 0;
	for (let i = 0; i < 20000; i++) deep += await i;
	note(deep);
	console.log(log.join('\n'));
});
console.log('main done');   // expect: main done
// expect: made 42
// expect: a
// expect: b
// expect: c
// expect: d
// expect: p
// expect: TypeError no
// expect: TypeError
// expect: 5 is not async iterable
// expect: 4
// expect: thenable
// expect: finally
// expect: caught
// expect: inner got v
// expect: inner done
// expect: result r
// expect: i1 i2 x y
// expect: {"value":"end","done":true} {"done":true}
// expect: inner got 1
// expect: inner done
// expect: i1 i2 thrown
// expect: 8
// expect: v 0
// expect: closed
// expect: 1 6
// expect: 1 3
// expect: 2 3
// expect: sync 1
// expect: sync 2
// expect: sync closed
// expect: 3
// expect: 199990000
