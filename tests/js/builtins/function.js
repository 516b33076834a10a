// Function.prototype: call, apply, bind, toString, instanceof hook, poison.
function show() { return `${typeof this}:${this === globalThis ? 'global' : this}|${[].slice.call(arguments).join()}`; }
print(show.call('t', 1, 2), show.call(), show.apply('t', [1, 2, 3]), show.apply(null), show.apply('x', { length: 2, 0: 'a', 1: 'b' }));   // expect: object:t|1,2 object:global| object:t|1,2,3 object:global| object:x|a,b
print(Math.max.apply(null, [3, 9, 4]), Math.max.call(null, 3, 1), Math.max.apply(null, [1, , 3]));   // expect: 9 3 NaN
try { show.apply(1, 5); } catch (e) { print(e.message); }   // expect: CreateListFromArrayLike called on non-object
try { Function.prototype.call.call({}); } catch (e) { print(e.name); }   // expect: TypeError
function add(a, b, c) { return [this && this.k, a, b, c].join(); }
const bound = add.bind({ k: 'K' }, 1);
print(bound(2, 3), bound.name, bound.length, bound.call({ k: 'no' }, 5), 'prototype' in bound);   // expect: K,1,2,3 bound add 2 K,1,5, false
const twice = bound.bind(null, 2);
print(twice(9), twice.name, twice.length);   // expect: K,1,2,9 bound bound add 1
function Point(x, y) { this.x = x; this.y = y; this.t = new.target === Point; }
Point.prototype.sum = function () { return this.x + this.y; };
const P10 = Point.bind(null, 10);
const p = new P10(5);
print(p.sum(), p instanceof Point, p instanceof P10, p.t, Object.getPrototypeOf(p) === Point.prototype);   // expect: 15 true true true true
class Base {}
class Derived extends Base {}
print(Object.getPrototypeOf(Derived.bind()) === Base, Derived.bind().name);   // expect: true bound Derived
try { new (add.bind.bind(add))(); } catch (e) { print(e.name); }   // expect: TypeError
const odd = function () {};
Object.defineProperty(odd, 'length', { value: Infinity });
Object.defineProperty(odd, 'name', { value: 5 });
print(odd.bind(null, 1).length, JSON.stringify(odd.bind().name));   // expect: Infinity "bound "
Object.defineProperty(odd, 'length', { value: -3.5 });
print(odd.bind().length, (() => {}).bind().length);   // expect: 0 0
print((function  named ( a,b ) { return a  /* c */ }).toString());   // expect: function  named ( a,b ) { return a  /* c */ }
print((x => x * 2).toString(), String(class A { m() {} }), Object.getOwnPropertyDescriptor({ get g() { return 1; } }, 'g').get.toString());   // expect: x => x * 2 class A { m() {} } get g() { return 1; }
print(Math.max.toString(), bound.toString());   // expect: function max() { [native code] } function () { [native code] }
try { Function.prototype.toString.call({}); } catch (e) { print(e.name); }   // expect: TypeError
print(Function.prototype[Symbol.hasInstance].call(Array, []), Function.prototype[Symbol.hasInstance].call({}, []), [] instanceof Object);   // expect: true false true
const even = { [Symbol.hasInstance](n) { return n % 2 === 0; } };
print(2 instanceof even, 3 instanceof even, Object.getOwnPropertyDescriptor(Function.prototype, Symbol.hasInstance).writable);   // expect: true false false
const caller = Object.getOwnPropertyDescriptor(Function.prototype, 'caller');
print(caller.get === caller.set, Object.isFrozen(caller.get), caller.get.name === '', caller.enumerable);   // expect: true true true false
try { (() => {}).caller; } catch (e) { print(e.name); }   // expect: TypeError
print(Function.prototype(), typeof Function.prototype, Function.prototype.length, JSON.stringify(Function.prototype.name), Function.length);   // expect: undefined function 0 "" 1
print(Object.getOwnPropertyNames(function f(a, b) {}).filter(n => n !== 'arguments' && n !== 'caller').join(), Object.getOwnPropertyNames(() => {}).join());   // expect: length,name,prototype length,name
print([5, 1, 4].sort(Function.prototype.call.bind((a, b) => a - b, null)).join());   // expect: 1,4,5
let calls = 0;
(function again(n) { calls++; if (n) again.apply(this, [n - 1]); })(50);
print(calls);   // expect: 51
print(Math.max.apply(null, Array.from({ length: 5000 }, (v, i) => i)));   // expect: 4999
try { Math.max.apply(null, { length: 1e9 }); } catch (e) { print(e instanceof RangeError); }   // expect: true
