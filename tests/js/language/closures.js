// Captured variables: per-iteration bindings, shared environments, shadowing.
const fs = [];
for (let i = 0; i < 3; i++) fs.push(() => i++);
console.log(fs[0](), fs[0](), fs[1](), fs[2]());   // expect: 0 1 1 2
var gs = [];
for (var j = 0; j < 3; j++) gs.push(() => j);
console.log(gs.map(g => g()).join());              // expect: 3,3,3
function counter() {
	let n = 0;
	return { up: () => ++n, down: () => --n, get value() { return n; } };
}
const a = counter(), b = counter();
a.up(); a.up(); b.down();
console.log(a.value, b.value);                     // expect: 2 -1
let x = 'outer';
{
	let x = 'inner';
	console.log(x);                                // expect: inner
}
console.log(x);                                    // expect: outer
try { early; let early = 1; } catch (e) { console.log(e.name); }    // expect: ReferenceError
function defaults(p, q = () => p, r = q()) { p = 9; return r + ':' + q(); }
console.log(defaults(4));                          // expect: 4:9
const named = function self(n) { return n ? n * self(n - 1) : 1; };
console.log(named(5));                             // expect: 120
console.log(typeof hoisted, hoisted());            // expect: function 7
function hoisted() { return 7; }
for (const k in { p: 1, q: 2 }) fs.push(() => k);
console.log(fs[3]() + fs[4]());                    // expect: pq
