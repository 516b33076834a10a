// Promise: states, combinators, thenables, subclassing, the order of jobs.
const show = (label) => [(v) => console.log(label, JSON.stringify(v)), (e) => console.log(label, 'rejected', e instanceof Error ? e.name + (e.errors ? ' ' + e.errors : '') : e)];
const order = [];
queueMicrotask(() => order.push('m1'));
Promise.resolve().then(() => order.push('t1')).then(() => order.push('t2'));
Promise.resolve(Promise.resolve()).then(() => order.push('t1b'));
new Promise((r) => r(Promise.resolve())).then(() => order.push('late'));
queueMicrotask(() => order.push('m2'));
order.push('sync');

class Sub extends Promise { static made = 0; constructor(f) { super(f); Sub.made++; } }
const { promise, resolve } = Promise.withResolvers();
const cycle = new Promise((r) => queueMicrotask(() => r(cycle)));

async function main() {
	await promise;
	console.log(order.join());
	await Promise.all([1, Promise.resolve(2), { then(f) { f(3); } }]).then(...show('all'));
	await Promise.all([1, Promise.reject('x'), Promise.reject('y')]).then(...show('all'));
	await Promise.allSettled([1, Promise.reject('x')]).then(...show('settled'));
	await Promise.any([Promise.reject('x'), 7]).then(...show('any'));
	await Promise.any([Promise.reject('x'), Promise.reject('y')]).then(...show('any'));
	await Promise.race([new Promise(() => {}), Promise.reject('first')]).then(...show('race'));
	await Promise.all([]).then(...show('none'));
	await cycle.then(...show('cycle'));
	await Promise.try((a, b) => a + b, 1, 2).then(...show('try'));
	await Promise.try(() => { throw 'thrown'; }).then(...show('try'));
	await Promise.resolve(4).finally(() => { throw 'from finally'; }).then(...show('finally'));
	const s = Sub.resolve(1).then((v) => v + 1);
	console.log(s instanceof Sub, Sub.made, await s);
	try { Promise(); } catch (e) { console.log(e.message); }
	try { new Promise(1); } catch (e) { console.log(e.message); }
	const seen = [];
	Object.defineProperty(Promise, Symbol.species, { get() { seen.push('species'); return this; }, configurable: true });
	await Promise.resolve(1).then(() => 0);
	console.log(seen.join());
	const then = Promise.prototype.then;
	Promise.prototype.then = function (...a) { seen.push('then'); return then.apply(this, a); };
	await new Promise((r) => r(Promise.resolve(1)));
	Promise.prototype.then = then;
	console.log(seen.join());
	try { queueMicrotask(1); } catch (e) { console.log(e.name); }
}
main();
Promise.resolve().then(() => {}).then(() => {}).then(() => {}).then(resolve);
// expect: sync,m1,t1,t1b,m2,t2,late
// expect: all [1,2,3]
// expect: all rejected x
// expect: settled [{"status":"fulfilled","value":1},{"status":"rejected","reason":"x"}]
// expect: any 7
// expect: any rejected AggregateError x,y
// expect: race rejected first
// expect: none []
// expect: cycle rejected TypeError
// expect: try 3
// expect: try rejected thrown
// expect: finally rejected from finally
// expect: true 2 2
// expect: Constructor Promise requires 'new'
// expect: Promise resolver 1 is not a function
// expect: species
// expect: species,then,species
// expect: TypeError
fromAsync();
function fromAsync() {
	Promise.resolve().then(async () => {
		for (let i = 0; i < 60; i++) await i;       // behind main
		console.log(JSON.stringify(await Array.fromAsync([1, Promise.resolve(2)], async (x, i) => x * 10 + i)));   // expect: [10,21]
		async function* g() { try { yield 1; yield 2; } finally { console.log('closed'); } }
		console.log(JSON.stringify(await Array.fromAsync(g())), await Array.fromAsync({ length: 2, 0: 'a', 1: 'b' }));   // expect: closed
		// expect: [1,2] [ 'a', 'b' ]
		await Array.fromAsync(g(), () => { throw 'stop'; }).catch((e) => console.log(e));   // expect: closed
		// expect: stop
	});
}
