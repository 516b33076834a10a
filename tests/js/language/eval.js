// Direct eval: sees and changes the names around it, and makes variables of the function.
function f(a) { var b = 2; let c = 3; eval('var d = 4; b += 10; c += 10; a += 1'); return [a, b, c, d, arguments[0]].join(); }
print(f(1));   // expect: 2,12,13,4,2
function made() { eval('var x = 1; function y() { return x; }'); const inner = () => x + y(); const r = inner(); return [r, delete x, typeof x].join(); }
print(made());   // expect: 2,true,undefined
var x = 'outer';
function shadow(s) { const g = () => x; const r = [g()]; eval(s); r.push(g(), x); return r.join(); }
print(shadow('var x = "inner"'));   // expect: outer,inner,inner
print(shadow('let x = "block"'));   // expect: outer,outer,outer
print((function () { 'use strict'; eval('var s = 1'); return typeof s; })());   // expect: undefined
print(eval('1; if (true) { 2; }'), eval('var q = 3; {}'), eval(), eval(5), typeof eval('(function () {})'));   // expect: 2 undefined undefined 5 function
print(q, delete q, typeof q);   // expect: 3 true undefined
function tries(g) { try { return g(); } catch (e) { return e.name; } }
print(tries(() => { let v; eval('var v'); }), tries((a = eval('var a')) => a), tries(() => { try { throw 1; } catch (e) { eval('var e = 2'); return e; } }));   // expect: SyntaxError SyntaxError 2
print(tries(() => { eval('late'); let late; }), tries(() => { const k = 1; eval('k = 2'); }));   // expect: ReferenceError TypeError
print((function (a = eval('var z = 3'), b = () => z) { var z = 4; return [b(), z].join(); })());   // expect: 3,4
class A { #p = 3; static #q = 1; m() { return eval('this.#p + A.#q'); } static n() { return eval('super.toString === Function.prototype.toString'); } }
print(new A().m(), A.n());   // expect: 4 true
class B extends A { constructor() { eval('super()'); this.z = eval('new.target === B'); } f = eval('1 + 1'); g() { return eval('() => super.m()')(); } }
const b = new B;
print(b.z, b.f, b.g(), tries(() => { class C { x = eval('arguments'); } new C; }));   // expect: true 2 4 SyntaxError
print((function () { return (() => eval('[this.v, arguments[1]]'))(); }).call({ v: 7 }, 1, 2).join());   // expect: 7,2
const fs = [];
for (let i = 0; i < 3; i++) fs.push(eval('() => i++'));
print(fs.map(g => g() + g()).join());   // expect: 1,3,5
function* gen() { let s = '0'; for (;;) s = yield eval(s); }
const g = gen();
g.next();
g.next('var acc = 5');
print(g.next('acc *= 2').value, g.next('eval("acc + 1")').value);   // expect: 10 11
print((0, eval)('typeof fs'), (function (eval) { return eval('fs'); })(v => v + '!'), eval(...['1 + 1', '2']), eval?.('typeof b'));   // expect: object fs! 2 object
print((() => { eval('{ function h() { return 9; } }'); return h(); })(), (() => { let h = 1; eval('{ { function h() { } } }'); return h; })());   // expect: 9 1
function mapped(a) { eval('arguments[0] = 9'); return a; }
print(mapped(1));   // expect: 9
const deep = 'a=>'.repeat(40) + 'eval("a")';
print(eval(`(${deep})` + '(8)'.repeat(40)));   // expect: 8
print(tries(() => { const o = { eval }; return o.eval('typeof tries') + typeof o; }));   // expect: functionobject
