// What a trap may claim about targets in various states: the invariants of
// ECMA-262 10.5. One letter a case: T/F result, E TypeError, v a value.
const accessor = (get, set, configurable) => Object.defineProperty({}, 'p', { get, set, configurable });
const data = (value, writable, configurable, enumerable = true) =>
	Object.defineProperty({}, 'p', { value, writable, enumerable, configurable });
const targets = [
	() => ({}),
	() => Object.preventExtensions({}),
	() => data(1, true, true),
	() => Object.preventExtensions(data(1, true, true)),
	() => data(1, true, false),
	() => data(1, false, false),
	() => data(1, false, true),
	() => data(NaN, false, false),
	() => accessor(() => 1, undefined, false),
	() => accessor(undefined, () => {}, false),
	() => accessor(() => 1, () => {}, true),
	() => Object.freeze({ p: 1, q: 2 }),
	() => Object.seal({ p: 1 }),
];
function letter(f) {
	try {
		const r = f();
		return r === true ? 'T' : r === false ? 'F' : r === undefined ? 'u' : r === null ? 'n' : 'v';
	} catch (e) {
		return e instanceof TypeError ? 'E' : '?';
	}
}
function row(what, trap, results, use) {
	let s = '';
	for (const t of targets) {
		for (const r of results)
			s += letter(() => use(new Proxy(t(), { [trap]: () => typeof r === 'function' ? r() : r })));
		s += ' ';
	}
	print(what + ': ' + s.trim());
}
row('getPrototypeOf', 'getPrototypeOf', [null, Object.prototype, {}, 1, undefined], (p) => Object.getPrototypeOf(p));
// expect: getPrototypeOf: nvvEE EvEEE nvvEE EvEEE nvvEE nvvEE nvvEE nvvEE nvvEE nvvEE nvvEE EvEEE EvEEE
row('setPrototypeOf null', 'setPrototypeOf', [true, false, 0, 'x'], (p) => Reflect.setPrototypeOf(p, null));
// expect: setPrototypeOf null: TFFT EFFE TFFT EFFE TFFT TFFT TFFT TFFT TFFT TFFT TFFT EFFE EFFE
row('setPrototypeOf same', 'setPrototypeOf', [true, false], (p) => Reflect.setPrototypeOf(p, Object.prototype));
// expect: setPrototypeOf same: TF TF TF TF TF TF TF TF TF TF TF TF TF
row('isExtensible', 'isExtensible', [true, false, 1, ''], (p) => Object.isExtensible(p));
// expect: isExtensible: TETE EFEF TETE EFEF TETE TETE TETE TETE TETE TETE TETE EFEF EFEF
row('preventExtensions', 'preventExtensions', [true, false], (p) => Reflect.preventExtensions(p));
// expect: preventExtensions: EF TF EF TF EF EF EF EF EF EF EF TF TF
row('Object.preventExtensions', 'preventExtensions', [true, false], (p) => Object.preventExtensions(p));
// expect: Object.preventExtensions: EE vE EE vE EE EE EE EE EE EE EE vE vE
row('has', 'has', [true, false, 1, null], (p) => 'p' in p);
// expect: has: TFTF TFTF TFTF TETE TETE TETE TFTF TETE TETE TETE TFTF TETE TETE
row('get', 'get', [1, 2, undefined, NaN], (p) => p.p);
// expect: get: vvuv vvuv vvuv vvuv vvuv vEEE vvuv EEEv vvuv EEuE vvuv vEEE vvuv
row('set', 'set', [true, false], (p) => Reflect.set(p, 'p', 1)); // expect: set: TF TF TF TF TF TF TF EF EF TF TF TF TF
row('set other', 'set', [true, false], (p) => Reflect.set(p, 'p', 2));
// expect: set other: TF TF TF TF TF EF TF EF EF TF TF EF TF
row('strict set', 'set', [true, false], (p) => { 'use strict'; p.p = 2; return true; });
// expect: strict set: TE TE TE TE TE EE TE EE EE TE TE EE TE
row('delete', 'deleteProperty', [true, false], (p) => Reflect.deleteProperty(p, 'p'));
// expect: delete: TF TF TF EF EF EF TF EF EF EF TF EF EF
row('strict delete', 'deleteProperty', [true, false], (p) => { 'use strict'; return delete p.p; });
// expect: strict delete: TE TE TE EE EE EE TE EE EE EE TE EE EE
const bits = [];
for (let i = 0; i < 8; i++)
	bits.push({ value: 1, writable: !!(i & 1), enumerable: !!(i & 2), configurable: !!(i & 4) });
row('describe', 'getOwnPropertyDescriptor', [undefined, null, 1, {}, ...bits, { value: 2, configurable: true },
	{ get: undefined, configurable: true }, { get() {}, value: 1 }], (p) => Object.getOwnPropertyDescriptor(p, 'p'));
// expect: describe: uEEEEEEEvvvvvvE uEEEEEEEEEEEEEE uEEEEEEEvvvvvvE EEEEEEEEvvvvvvE EEEEEEEvEEEEEEE EEEEEEvEEEEEEEE uEEEEEEEvvvvvvE EEEEEEEEEEEEEEE EEEEEEEEEEEEEEE EEEEEEEEEEEEEEE uEEEEEEEvvvvvvE EEEEEEvEEEEEEEE EEEEEEEvEEEEEEE
for (const d of [{}, { value: 1 }, { value: 2 }, { configurable: false }, { configurable: true }, { writable: false },
	{ value: 1, writable: false, configurable: false }, { get: undefined }, { enumerable: false }, ...bits])
	row('define ' + JSON.stringify(d), 'defineProperty', [true, false], (p) => Reflect.defineProperty(p, 'p', d));
	// expect: define {}: TF EF TF TF TF TF TF TF TF TF TF TF TF
	// expect: define {"value":1}: TF EF TF TF TF TF TF EF EF EF TF TF TF
	// expect: define {"value":2}: TF EF TF TF TF EF TF EF EF EF TF EF TF
	// expect: define {"configurable":false}: EF EF EF EF TF TF EF TF TF TF EF TF TF
	// expect: define {"configurable":true}: TF EF TF TF EF EF TF EF EF EF TF EF EF
	// expect: define {"writable":false}: TF EF TF TF EF TF TF TF EF EF TF TF EF
	// expect: define {"value":1,"writable":false,"configurable":false}: EF EF EF EF EF TF EF EF EF EF EF TF EF
	// expect: define {}: TF EF TF TF EF EF TF EF EF TF TF EF EF
	// expect: define {"enumerable":false}: TF EF TF TF EF EF TF EF TF TF TF EF EF
	// expect: define {"value":1,"writable":false,"enumerable":false,"configurable":false}: EF EF EF EF EF EF EF EF EF EF EF EF EF
	// expect: define {"value":1,"writable":true,"enumerable":false,"configurable":false}: EF EF EF EF EF EF EF EF EF EF EF EF EF
	// expect: define {"value":1,"writable":false,"enumerable":true,"configurable":false}: EF EF EF EF EF TF EF EF EF EF EF TF EF
	// expect: define {"value":1,"writable":true,"enumerable":true,"configurable":false}: EF EF EF EF TF EF EF EF EF EF EF EF TF
	// expect: define {"value":1,"writable":false,"enumerable":false,"configurable":true}: TF EF TF TF EF EF TF EF EF EF TF EF EF
	// expect: define {"value":1,"writable":true,"enumerable":false,"configurable":true}: TF EF TF TF EF EF TF EF EF EF TF EF EF
	// expect: define {"value":1,"writable":false,"enumerable":true,"configurable":true}: TF EF TF TF EF EF TF EF EF EF TF EF EF
	// expect: define {"value":1,"writable":true,"enumerable":true,"configurable":true}: TF EF TF TF EF EF TF EF EF EF TF EF EF
row('ownKeys', 'ownKeys', [() => [], () => ['p'], () => ['p', 'p'], () => ['q', 'p'], () => ['p', 'x'], () => [1], () => [null],
	() => [Symbol.iterator], () => ({ length: 1, 0: 'p' }), () => ({}), undefined, 'p'], (p) => Reflect.ownKeys(p));
// expect: ownKeys: vvEvvEEvvvEE vEEEEEEEEvEE vvEvvEEvvvEE EvEEEEEEvEEE EvEvvEEEvEEE EvEvvEEEvEEE vvEvvEEvvvEE EvEvvEEEvEEE EvEvvEEEvEEE EvEvvEEEvEEE vvEvvEEvvvEE EEEvEEEEEEEE EvEEEEEEvEEE

// What comes back is the trap's list in the trap's order, completed descriptors.
print(Reflect.ownKeys(new Proxy({}, { ownKeys: () => ['z', '1', Symbol.iterator, '0', 'a'] })).map(String).join());
// expect: z,1,Symbol(Symbol.iterator),0,a
print(JSON.stringify(Object.getOwnPropertyDescriptor(new Proxy({}, { getOwnPropertyDescriptor: () => ({ configurable: true, x: 1 }) }), 'p')));
// expect: {"writable":false,"enumerable":false,"configurable":true}
print(Object.keys(new Proxy({}, { ownKeys: () => ['a', 'b'], getOwnPropertyDescriptor: (t, k) => k === 'b' ? { configurable: true, enumerable: true } : undefined })).join());
// expect: b
print(JSON.stringify(Object.keys(Object.getOwnPropertyDescriptor(new Proxy({}, { getOwnPropertyDescriptor: () => ({ set() {}, configurable: true }) }), 'p'))));
// expect: ["get","set","enumerable","configurable"]
new Proxy({}, { defineProperty(t, k, d) { print(k + JSON.stringify(d)); return true; } }).x = 1;
// expect: x{"value":1,"writable":true,"enumerable":true,"configurable":true}
Object.defineProperty(new Proxy({}, { defineProperty(t, k, d) { print(k + Object.keys(d)); return true; } }), 'y', { get: undefined, extra: 1 });
// expect: yget

// Many keys: still a set.
const many = Array.from({ length: 3000 }, (_, i) => 'k' + i), big = {};
for (const k of many) big[k] = 1;
Object.freeze(big);
print(Reflect.ownKeys(new Proxy(big, { ownKeys: () => many.slice().reverse() })).length); // expect: 3000
print(letter(() => Reflect.ownKeys(new Proxy(big, { ownKeys: () => many.slice(1) })))); // expect: E
print(letter(() => Reflect.ownKeys(new Proxy(big, { ownKeys: () => [...many, 'more'] })))); // expect: E
print(letter(() => Reflect.ownKeys(new Proxy(big, { ownKeys: () => [...many, 'k7'] })))); // expect: E
