// Reflect: the internal methods as functions.
print(Reflect.apply(Math.max, null, [1, 3, 2]), Reflect.apply(function () { return this.x + arguments.length; }, { x: 1 }, { length: 2 }));
// expect: 3 3
class A { constructor(v) { this.v = v; this.t = new.target; } } class B extends A { }
print(Reflect.construct(A, [1]).v, Reflect.construct(A, [2], B) instanceof B, Reflect.construct(A, [2], B).t === B, Reflect.construct(Array, [3]).length);
// expect: 1 true true 3
for (const f of [() => Reflect.construct(() => 1, []), () => Reflect.construct(A, [], 1), () => Reflect.apply(1), () => Reflect.apply(print, null, 1), () => Reflect.get(1, "a"), () => Reflect.ownKeys("s"), () => Reflect.setPrototypeOf({}, 1)]) {
	try { f(); print("no"); } catch (e) { print(e.name); }
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
}
const o = { a: 1 };
print(Reflect.defineProperty(o, "b", { value: 2 }), Reflect.defineProperty(o, "b", { value: 3 }), o.b, Reflect.deleteProperty(o, "b"), Reflect.deleteProperty(o, "a"), Reflect.has(o, "toString"));
// expect: true false 2 false true true
print(Reflect.get({ get x() { return this.y; } }, "x", { y: 7 }), Reflect.get([5], 0), Reflect.get({}, "none"));   // expect: 7 5 undefined
const rec = {}; print(Reflect.set({ set x(v) { this.got = v; } }, "x", 8, rec), rec.got, Reflect.set(Object.freeze([1]), 0, 2), Reflect.set({}, "k", 1, Object.freeze({})));
// expect: true 8 false false
print(Reflect.ownKeys({ b: 1, 2: 1, a: 1, 1: 1, [Symbol.iterator]: 1 }).map(String).join(), Reflect.ownKeys([1]).join(), Reflect.ownKeys(class { static m() { } }).join());
// expect: 1,2,b,a,Symbol(Symbol.iterator) 0,length length,name,prototype,m
print(JSON.stringify(Reflect.getOwnPropertyDescriptor({ x: 1 }, "x")), Reflect.getOwnPropertyDescriptor({}, "x"));   // expect: {"value":1,"writable":true,"enumerable":true,"configurable":true} undefined
print(Reflect.getPrototypeOf([]) === Array.prototype, Reflect.setPrototypeOf({}, null), Reflect.setPrototypeOf(Object.preventExtensions({}), {}), Reflect.setPrototypeOf(Object.prototype, {}));
// expect: true true false false
const e = {}; print(Reflect.isExtensible(e), Reflect.preventExtensions(e), Reflect.isExtensible(e));   // expect: true true false
print(Object.prototype.toString.call(Reflect), Reflect.apply.length, Reflect.set.name);   // expect: [object Reflect] 3 set
