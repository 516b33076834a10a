// Promises, async functions and generators: order of jobs, errors, loops.
const log = [];
const say = s => console.log(s);
say('start');                                      // expect: start
async function f() {
	say('f in');
	await null;
	say('f after');
	return 'f result';
}
f().then(say);
// expect: f in
Promise.resolve().then(() => say('job 1')).then(() => say('job 2'));
queueMicrotask(() => say('micro'));
(async () => {
	try { await Promise.reject(new RangeError('no')); }
	catch (e) { say(e.name + ' ' + e.message); }
	finally { say('cleanup'); }
	async function* gen() { for (let i = 0; i < 3; i++) yield i; }
	let sum = 0;
	for await (const v of gen()) sum += v;
	for await (const v of [Promise.resolve(10), 20]) sum += v;
	say('sum ' + sum);
	const all = await Promise.all([1, Promise.resolve(2), f2(3)]);
	say(all.join());
	const settled = await Promise.allSettled([Promise.reject('x'), 5]);
	say(settled.map(s => s.status).join());
	say(await Promise.race([new Promise(() => { }), Promise.resolve('race')]));
	say(await Promise.any([Promise.reject(1), Promise.resolve('any')]));
	try { await Promise.any([Promise.reject(1)]); } catch (e) { say(e instanceof AggregateError); }
	const { promise, resolve } = Promise.withResolvers();
	resolve({ then(ok) { ok('thenable'); } });
	say(await promise);
})();
async function f2(x) { return x; }
say('end');
// expect: end
// expect: f after
// expect: job 1
// expect: micro
// expect: RangeError no
// expect: cleanup
// expect: f result
// expect: job 2
// expect: sum 33
// expect: 1,2,3
// expect: rejected,fulfilled
// expect: race
// expect: any
// expect: true
// expect: thenable
