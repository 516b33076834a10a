// Generators: values in, return, throw, delegation, finally, infinite ones.
const log = [];
function* talk() {
	const x = yield 'first';
	try {
		log.push('got ' + x);
		yield 'second';
	} catch (e) {
		log.push('caught ' + e);
		yield 'third';
	} finally {
		log.push('finally');
	}
	return 'end';
}
const t = talk();
console.log(t.next().value);                       // expect: first
console.log(t.next('A').value);                    // expect: second
console.log(t.throw('B').value);                   // expect: third
console.log(JSON.stringify(t.next()));             // expect: {"value":"end","done":true}
console.log(JSON.stringify(t.next()));             // expect: {"done":true}
console.log(log.join());                           // expect: got A,caught B,finally
function* inner() { const r = yield 1; return 'r' + r; }
function* outer() { const v = yield* inner(); yield v; yield* [7, 8]; }
const o = outer();
console.log(o.next().value, o.next('x').value, o.next().value, o.next().value, o.next().done);   // expect: 1 rx 7 8 true
function* naturals() { for (let i = 0; ; i++) yield i; }
for (const n of naturals()) { if (n > 3) break; log[n] = n; }
console.log(log.join());                           // expect: 0,1,2,3
const r = talk();
r.next(); r.next();
console.log(JSON.stringify(r.return('bye')), log[log.length - 1]);   // expect: {"value":"bye","done":true} finally
const it = { *[Symbol.iterator]() { yield 'a'; yield 'b'; } };
console.log([...it].join(''), Array.from(it, s => s + s).join(''), Math.max(...[3, 9, 4]));   // expect: ab aabb 9
function* args() { yield* arguments; }
console.log([...args(1, 2, 3)].length);            // expect: 3
try { const g = (function* () { g.next(); yield 1; })(); g.next(); } catch (e) { console.log(e.name); }   // expect: TypeError
