// Creation, revocation, traps that are missing or wrong, calls, private names.
const name = (f) => { try { return String(f()); } catch (e) { return e.name; } };
print(Proxy.length, Proxy.name, 'prototype' in Proxy, typeof Proxy.revocable, Proxy.revocable.length);
// expect: 2 Proxy false function 2
print(name(() => Proxy({}, {})), name(() => new Proxy(1, {})), name(() => new Proxy({}, null)), name(() => new Proxy({})));
// expect: TypeError TypeError TypeError TypeError
print(name(() => new Proxy.revocable({}, {})), Object.keys(Proxy.revocable({}, {})).join());
// expect: TypeError proxy,revoke

// Revocation.
{
	const { proxy, revoke } = Proxy.revocable(function () {}, {});
	const { proxy: arr, revoke: revokeArr } = Proxy.revocable([], {});
	print(revoke.name === '', revoke.length, name(() => new revoke()), Array.isArray(arr)); // expect: true 0 TypeError true
	print(revoke(), revoke(), revokeArr()); // expect: undefined undefined undefined
	print(typeof proxy, typeof arr); // expect: function object
	const uses = {
		get: () => proxy.x, set: () => proxy.x = 1, has: () => 'x' in proxy, del: () => delete proxy.x, call: () => proxy(),
		new: () => new proxy(), keys: () => Object.keys(proxy), proto: () => Object.getPrototypeOf(proxy),
		ext: () => Object.isExtensible(proxy), isArray: () => Array.isArray(arr), json: () => JSON.stringify(arr),
		replacer: () => JSON.stringify({}, arr), concat: () => [].concat(arr), str: () => '' + proxy,
		tag: () => Object.prototype.toString.call(arr), inst: () => ({}) instanceof proxy, iter: () => [...arr],
		forin: () => { for (const k in proxy); }, class: () => class extends proxy {}, wrap: () => typeof new Proxy(proxy, proxy),
		fromEntries: () => Object.assign({}, proxy),
	};
	for (const k in uses) print(k, name(uses[k]));
	// expect: get TypeError
	// expect: set TypeError
	// expect: has TypeError
	// expect: del TypeError
	// expect: call TypeError
	// expect: new TypeError
	// expect: keys TypeError
	// expect: proto TypeError
	// expect: ext TypeError
	// expect: isArray TypeError
	// expect: json TypeError
	// expect: replacer TypeError
	// expect: concat TypeError
	// expect: str TypeError
	// expect: tag TypeError
	// expect: inst TypeError
	// expect: iter TypeError
	// expect: forin TypeError
	// expect: class TypeError
	// expect: wrap function
	// expect: fromEntries TypeError
}
// A trap that revokes its own proxy: the operation under way goes on.
{
	const r = Proxy.revocable({ x: 5 }, { get(t, k) { r.revoke(); return t[k]; } });
	print(r.proxy.x, name(() => r.proxy.x)); // expect: 5 TypeError
	const s = Proxy.revocable({ y: 6 }, { get get() { s.revoke(); return undefined; } });
	print(s.proxy.y, name(() => s.proxy.y)); // expect: 6 TypeError
	const n = Proxy.revocable(function () {}, { get(t, k) { n.revoke(); return undefined; } });
	print(name(() => new n.proxy()), name(() => Reflect.construct(Array, [], n.proxy))); // expect: TypeError TypeError
}
// Traps: null and undefined mean none, anything else not callable is an error.
for (const trap of ['get', 'apply', 'ownKeys', 'has'])
	print(trap, [null, undefined, 1, {}, 'f'].map((v) => name(() => {
		const p = new Proxy(function () { return 7; }, { [trap]: v });
		return trap === 'get' ? p.length : trap === 'apply' ? p() : trap === 'has' ? 'name' in p : Reflect.ownKeys(p).length > 2;
	})).join());
	// expect: get 0,0,TypeError,TypeError,TypeError
	// expect: apply 7,7,TypeError,TypeError,TypeError
	// expect: ownKeys true,true,TypeError,TypeError,TypeError
	// expect: has true,true,TypeError,TypeError,TypeError
// The handler is `this` of a trap and its prototype chain counts.
{
	const h = Object.create({ get(t, k, r) { return [this === h, t === target, String(k), r === p].join(); } }), target = {};
	const p = new Proxy(target, h);
	print(p.foo, p[1], p[Symbol.iterator].length > 0); // expect: true,true,foo,true true,true,1,true true
	print(Object.create(p).bar); // expect: true,true,bar,false
}
// apply and construct.
{
	const p = new Proxy(function f() {}, {
		apply(t, self, args) { return [typeof t, self, Array.isArray(args), args.length, ...args].join(); },
		construct(t, args, nt) { return { n: args.length, same: nt === p }; },
	});
	print(p(1, 2), p.call('s', ...[3, 4, 5]), p.apply(null, { length: 2 }), Reflect.apply(p, 1, []));
	// expect: function,,true,2,1,2 function,s,true,3,3,4,5 function,,true,2,, function,1,true,0
	print(JSON.stringify(new p(1, 2, 3)), JSON.stringify(new p(...[1])), JSON.stringify(Reflect.construct(p, [], Object)));
	// expect: {"n":3,"same":true} {"n":1,"same":true} {"n":0,"same":false}
	print(name(() => new (new Proxy(function () {}, { construct: () => 1 }))()), name(() => new (new Proxy(() => {}, { construct: () => ({}) }))()));
	// expect: TypeError TypeError
	print(name(() => new Proxy({}, { apply: () => 1 })()), typeof new Proxy({}, { apply: () => 1 }), typeof new Proxy(class {}, {}));
	// expect: TypeError object function
	class A { constructor() { this.nt = new.target; } }
	const PA = new Proxy(A, {});
	print(new PA().nt === PA, new PA() instanceof A, new PA() instanceof PA, Object.getPrototypeOf(new PA()) === A.prototype);
	// expect: true true true true
	class B extends PA { f = 1; }
	print(new B().nt === B, new B().f, Object.getPrototypeOf(B) === PA); // expect: true 1 true
	class D extends new Proxy(A, { construct: (t, args, nt) => Reflect.construct(t, args, nt) }) {}
	print(new D() instanceof D, new D().nt === D); // expect: true true
	const bound = PA.bind(null);
	print(new bound().nt === PA, [1, 2].map(new Proxy((x) => x + 1, {})).join(), [3, 1, 2].sort(new Proxy((a, b) => a - b, {})).join());
	// expect: true 2,3 1,2,3
	print(new Proxy(function () { return this; }, {}).call(5) == 5, new Proxy({ m() { return this === q; } }, {}).m());
	// expect: true false
	var q = new Proxy({ m() { return this === q; }, get g() { return this === q; } }, {});
	print(q.m(), q.g); // expect: true true
}
// Private members belong to the object itself, not to a proxy's target.
{
	class P { #x = 1; static has(o) { return #x in o; } x() { return this.#x; } set(v) { this.#x = v; return this.#x; } }
	const t = new P(), p = new Proxy(t, {});
	print(P.has(t), P.has(p), t.x(), name(() => p.x()), name(() => p.set(1))); // expect: true false 1 TypeError TypeError
	class Stamp extends function (o) { return o; } { #y = 2; static y(o) { return o.#y; } static in(o) { return #y in o; } }
	const log = [], s = new Proxy({}, new Proxy({}, { get(_, k) { log.push(k); } }));
	new Stamp(s);
	print(Stamp.in(s), Stamp.y(s), name(() => new Stamp(s)), log.join()); // expect: true 2 TypeError 
}
// Prototypes, receivers, setters.
{
	const seen = [], p = new Proxy({}, { set(t, k, v, r) { seen.push(k + v + (r === c)); return true; }, has(t, k) { seen.push('has ' + k); return false; } });
	const c = Object.create(p);
	c.a = 1; c[2] = 3; 'z' in c;
	print(seen.join(), Object.keys(c).length); // expect: a1true,23true,has z 0
	const target = { set v(x) { this._v = x; } }, q = new Proxy(target, {});
	q.v = 9; q.w = 8;
	print(target._v, target.w, Object.keys(q).join()); // expect: 9 8 v,_v,w
	const base = new Proxy({ plain: 1 }, { defineProperty(t, k, d) { seen.push('def ' + k); return Reflect.defineProperty(t, k, d); } });
	base.plain = 2; base.fresh = 3;
	print(seen.slice(3).join(), base.plain, base.fresh); // expect: def plain,def fresh 2 3
	print(Reflect.set({}, 'k', 1, base), base.k, Reflect.set(base, 'k', 1, 1), Reflect.get(base, 'k', 5));
	// expect: true 1 false 1
	const arr = new Proxy([], {});
	arr[0] = 'a'; arr[3] = 'd'; arr.push('e');
	print(arr.length, JSON.stringify(arr), arr.concat([1]).length, [].concat(arr).length, Array.isArray(arr.map((x) => x)));
	// expect: 5 ["a",null,null,"d","e"] 6 5 true
	arr.length = 1;
	print(arr.join(), Object.prototype.toString.call(arr), Object.prototype.toString.call(new Proxy(function () {}, {})));
	// expect: a [object Array] [object Function]
	class Sub extends Array {}
	print(new Proxy(new Sub(1, 2), {}).map((x) => x) instanceof Sub, Array.from(new Proxy([5, 6], {})).join());
	// expect: true 5,6
	print(new Map([[1, 2]]).get.call.length, name(() => new Proxy(new Map(), {}).size), name(() => new Proxy(new Set(), {}).has(1)));
	// expect: 1 TypeError TypeError
	print(JSON.stringify(new Proxy({ a: [new Proxy([1], {})], toJSON: undefined }, {})), JSON.stringify({ b: 1, c: 2 }, new Proxy(['c'], {})));
	// expect: {"a":[[1]]} {"c":2}
	const w = new WeakMap([[arr, 1]]);
	print(w.has(arr), new Set([arr, arr]).size, arr == arr, Object.is(arr, arr)); // expect: true 1 true true
}
// Set on a frozen target without a trap, sloppy and strict.
{
	const f = new Proxy(Object.freeze({ x: 1 }), {});
	print((f.x = 2, f.x), name(() => { 'use strict'; f.x = 2; }), name(() => { 'use strict'; delete f.x; }));
	// expect: 1 TypeError TypeError
}
// Chains of proxies and cycles end in a RangeError or in a result, not in a crash.
{
	const safe = (f) => { try { f(); return true; } catch (e) { return e instanceof RangeError; } };
	let p = function () {};
	for (let i = 0; i < 100000; i++) p = new Proxy(p, {});
	print([() => p.x, () => p.x = 1, () => 'x' in p, () => p(), () => new p(), () => Object.keys(p), () => typeof p].every(safe));
	// expect: true
	print([() => Array.isArray(p), () => p + '', () => ({}) instanceof p, () => Object.freeze(p), () => ({ ...p })].every(safe));
	// expect: true
	const a = {};
	Object.setPrototypeOf(a, new Proxy(a, {}));
	print(name(() => a.x), name(() => a.x = 1), name(() => 'x' in a)); // expect: RangeError RangeError RangeError
	print(safe(() => { for (const k in a) ; }), name(() => a instanceof Map), name(() => Map.prototype.isPrototypeOf(a)));
	// expect: true RangeError RangeError
	let q = {};
	for (let i = 0; i < 100000; i++) q = Object.create(new Proxy(q, {}));
	print(safe(() => q.x), safe(() => 'x' in q), safe(() => q.x = 1), Array.isArray(new Proxy(new Proxy([], {}), {})));
	// expect: true true true true
}
