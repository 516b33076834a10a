// with: names that are properties.
var o = { x: 1, f() { return this === o; }, get g() { return this.x; } }, y = 'y';
function w(o) { var local = 1; with (o) { x = 5; y = 6; local = x; var x2 = g; return [x, y, local, x2, f(), typeof nothing, delete o.x, typeof x].join(); } }
print(w(o), y);   // expect: 5,6,5,5,true,undefined,true,undefined 6
const log = [];
const spy = new Proxy({ a: 1 }, { has(t, k) { log.push('has ' + String(k)); return k in t; }, get(t, k) { log.push('get ' + String(k)); return t[k]; }, set(t, k, v) { log.push('set ' + k); t[k] = v; return true; },
  getOwnPropertyDescriptor(t, k) { return Reflect.getOwnPropertyDescriptor(t, k); }, defineProperty(t, k, d) { log.push('def ' + k); return Reflect.defineProperty(t, k, d); }, deleteProperty(t, k) { log.push('del ' + k); return delete t[k]; } });
with (spy) { a += 1; }
print(log.splice(0).join());   // expect: has a,get Symbol(Symbol.unscopables),has a,get a,has a,set a
with (spy) { delete a; }
print(log.splice(0).join());   // expect: has a,get Symbol(Symbol.unscopables),del a
print((() => { with ({ [Symbol.unscopables]: { hh: true }, hh: 1, i: 2 }) return typeof hh + i; })());   // expect: undefined2
with ([3, 4]) { print(length, join('-'), typeof values); }   // expect: 2 3-4 undefined
const fs = [];
for (let i = 0; i < 2; i++) with ({ n: i * 10 }) fs.push(() => n++ + i);
print(fs.map(f => f() + f()).join());   // expect: 1,23
try { with (null) { } } catch (e) { print(e.name); }   // expect: TypeError
print((() => { with ({ e: 1 }) { eval('var e = 2, made = 3'); } return [typeof e, made].join(); })());   // expect: undefined,3
print((() => { with ({ v: 1 }) { var v = 2; for (v of [7, 8]); return v; } })(), (() => { with ({ v: 1 }) { var v = 2; } return v; })());   // expect: 8 undefined
print((() => { const p = { q: 1 }; with (p) { [q, r = 5] = [2]; ({ q: q } = { q: q + 1 }); q ??= 9; q ||= 9; q &&= q + 1; q++; } return p.q; })(), r);   // expect: 5 5
print((() => { with ({ undefined: 1, NaN: 2 }) return undefined + NaN; })(), (() => { with ({ typeof_: 1 }) return typeof typeof_; })());   // expect: 3 number
print((function () { with ({ x: 1 }) return (function () { 'use strict'; return [x, this]; })(); })().join());   // expect: 1,
print((() => { const o = { get z() { delete this.z; return 2; } }; try { with (o) { (function () { 'use strict'; z++; })(); } } catch (e) { return e.name; } })());   // expect: ReferenceError
print(new Function('o', 'with (o) { return a + b; }')({ a: 1, b: 2 }));   // expect: 3
print(eval('1; with ({}) { }'), eval('with ({ k: 4 }) k;'));   // expect: undefined 4
