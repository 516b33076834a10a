// Property order, accessors, attributes, prototypes, spread, Proxy, Reflect, Symbol.
const o = { b: 1, 2: 'two', a: 2, 1: 'one', [Symbol.iterator]: 0, get g() { return this.b + 1; }, set g(v) { this.b = v; } };
console.log(Object.keys(o).join(), o.g);           // expect: 1,2,b,a,g 2
o.g = 41;
console.log(o.g, 'g' in o, delete o.a, 'a' in o);  // expect: 42 true true false
const copy = { ...o, ...null, ...'hi', b: 0 };
console.log(JSON.stringify(copy));                 // expect: {"0":"h","1":"i","2":"two","b":0,"g":42}
const frozen = Object.freeze({ x: 1, inner: { y: 1 } });
frozen.x = 2; frozen.inner.y = 2;
console.log(frozen.x, frozen.inner.y, Object.isFrozen(frozen));      // expect: 1 2 true
(function () { 'use strict'; try { frozen.x = 3; } catch (e) { console.log(e.name); } })();   // expect: TypeError
Object.defineProperty(o, 'hidden', { value: 1, enumerable: false });
console.log(Object.keys(o).includes('hidden'), Object.entries({ p: 1, q: 2 }).join(';'));     // expect: false p,1;q,2
const proto = { inherited: true };
const child = Object.create(proto, { own: { value: 1, enumerable: true } });
const names = [];
for (const k in child) names.push(k);
console.log(names.join(), Object.hasOwn(child, 'inherited'), Object.getPrototypeOf(child) === proto);   // expect: own,inherited false true
const seen = [];
const px = new Proxy({}, {
	get(t, k, r) { seen.push('get ' + String(k)); return Reflect.get(t, k, r) ?? 'none'; },
	has(t, k) { seen.push('has ' + k); return k === 'yes'; },
	set(t, k, v) { seen.push('set ' + k); t[k] = v * 2; return true; },
	ownKeys() { return ['k1', 'k2']; },
	getOwnPropertyDescriptor() { return { value: 1, enumerable: true, configurable: true }; },
	deleteProperty(t, k) { seen.push('delete ' + k); return true; }
});
px.v = 4;
console.log(px.v, px.w, 'yes' in px, 'no' in px, Object.keys(px).join(), delete px.z);   // expect: 8 none true false k1,k2 true
console.log(seen.join());                          // expect: set v,get v,get w,has yes,has no,delete z
const s = Symbol('desc');
console.log(s.description, String(s), Symbol.for('k') === Symbol.for('k'));   // expect: desc Symbol(desc) true
const conv = { [Symbol.toPrimitive](hint) { return hint === 'number' ? 42 : hint; } };
console.log(+conv, `${conv}`, conv + '');          // expect: 42 string default
console.log([1, 2, { valueOf() { return 3; } }].reduce((x, y) => x + y));     // expect: 6
const big = {};
for (let i = 0; i < 2000; i++) big['key' + i] = i;
for (let i = 0; i < 2000; i += 2) delete big['key' + i];
console.log(Object.keys(big).length, big.key1999, big.key1998);      // expect: 1000 1999 undefined
console.log(Object.fromEntries(new Map([['m', 1]])).m, Object.groupBy([1, 2, 3], x => x % 2 ? 'odd' : 'even').odd.join());   // expect: 1 1,3
console.log(structuredCloneLike({ a: [1, { b: 2 }] }));              // expect: {"a":[1,{"b":2}]}
function structuredCloneLike(x) { return JSON.stringify(JSON.parse(JSON.stringify(x))); }
// super[k] op= v settles where to look before it converts the key; `caller` of sloppy functions is silent.
const sup = { __proto__: { p: 1 }, m() { return ++super[{ toString() { Object.setPrototypeOf(sup, { p: -1 }); return 'p'; } }]; } };
console.log(sup.m(), (function () { return arguments.callee.caller; })(), (() => { try { return (function () { 'use strict'; }).caller; } catch (e) { return e.name; } })());   // expect: 2 undefined TypeError
