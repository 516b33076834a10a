// Methods that change their receiver: dense, with holes, frozen, generic.
const a = [1, 2, 3];
print(a.push(4, 5), a.pop(), a.shift(), a.unshift("x", "y"), a.join());   // expect: 5 5 1 5 x,y,2,3,4
print([].pop(), [].shift(), [].push(), [].unshift(), [, 1].shift(), [1, ,].pop());   // expect: undefined undefined 0 0 undefined undefined
const s = [0, 1, 2, 3, 4, 5];
print(s.splice(1, 2).join(), s.join(), s.splice(-1, 1, "a", "b").join(), s.join(), s.splice(1).join(), s.join(), s.splice().length);
// expect: 1,2 0,3,4,5 5 0,3,4,a,b 3,4,a,b 0 0
print([1, 2, 3].splice(undefined).length, [1, 2, 3].splice(1, undefined, 9).length, [1, , 3, 4].splice(1, 2).hasOwnProperty(0));
// expect: 3 0 false
const h = [1, , 3, , 5]; h.reverse(); print(h.join("-"), 1 in h, h.length);   // expect: 5--3--1 false 5
h.shift(); print(h.join("-"), 0 in h); h.unshift(0, 9); print(h.join("-"), 2 in h);
// expect: -3--1 false
// expect: 0-9--3--1 false
print([1, 2, 3, 4, 5].copyWithin(0, 3).join(), [1, 2, 3, 4, 5].copyWithin(1, 0, 3).join(), [1, , 3, 4].copyWithin(2, 0).hasOwnProperty(3));
// expect: 4,5,3,4,5 1,1,2,3,5 false
print(new Array(4).fill(0).join(), [1, 2, 3].fill(9, 1).join(), [1, 2, 3].fill(9, -2, -1).join(), new Array(3).fill().includes(undefined));
// expect: 0,0,0,0 1,9,9 1,9,3 true
const big = new Array(2000000).fill(7); print(big.length, big[1999999], big.indexOf(undefined));   // expect: 2000000 7 -1
const o = { length: 2, 0: "a", 1: "b" };
Array.prototype.push.call(o, "c"); print(o.length, o[2], Array.prototype.shift.call(o), o.length, JSON.stringify(o));   // expect: 3 c a 2 {"0":"b","1":"c","length":2}
Array.prototype.unshift.call(o, "z"); Array.prototype.reverse.call(o); print(JSON.stringify(o), Array.prototype.splice.call(o, 0, 1, 1, 2).join(), JSON.stringify(o));
// expect: {"0":"c","1":"b","2":"z","length":3} c {"0":1,"1":2,"2":"b","3":"z","length":4}
const fz = Object.freeze([1, 2]);
for (const f of ["push", "pop", "shift", "unshift", "reverse", "sort", "splice", "fill", "copyWithin"]) {
	try { fz[f](0, 1, 1); print(f, "did not throw"); } catch (e) { print(f, e.name); }
// expect: push TypeError
// expect: pop TypeError
// expect: shift TypeError
// expect: unshift TypeError
// expect: reverse TypeError
// expect: sort TypeError
// expect: splice TypeError
// expect: fill did not throw
// expect: copyWithin did not throw
}
print(fz.join());   // expect: 1,2
const sealed = Object.seal([3, 1, 2]); sealed.sort(); print(sealed.join());   // expect: 1,2,3
try { sealed.push(1); } catch (e) { print(e.name, sealed.length); }   // expect: TypeError 3
const ro = [1, 2]; Object.defineProperty(ro, "length", { writable: false });
try { ro.push(3); } catch (e) { print(e.name, ro.length, 2 in ro); }   // expect: TypeError 2 false
const lenient = [1, 2, 3, 4]; Object.defineProperty(lenient, 2, { configurable: false });
try { lenient.splice(0, 3); } catch (e) { print(e.name, lenient.join()); }   // expect: TypeError 4,2,3,
try { Array.prototype.push.call({ length: 2 ** 53 - 1 }, 1); } catch (e) { print(e.name); }   // expect: TypeError
print(Array.prototype.push.call({ length: 2 ** 53 - 1 }), Array.prototype.pop.call({ length: 2 ** 53 + 2, [2 ** 53 - 2]: "last" }));
// expect: 9007199254740991 last
const lit = () => [1, 2, 3]; lit().push(4); lit().reverse(); lit().sort((x, y) => y - x); lit()[0] = 9; print(lit().join());
// expect: 1,2,3
const q = []; for (let i = 0; i < 5000; i++) q.push(i); let sum = 0; while (q.length) sum += q.shift(); print(sum);   // expect: 12497500
Object.defineProperty(Array.prototype, 5, { get() { return "proto"; }, set(v) { print("setter", v); }, configurable: true });
// expect: setter v
const p5 = [0, 1, 2, 3, 4]; p5.push("v"); print(p5.length, p5.hasOwnProperty(5), [, , , , , ,].indexOf("proto"), [0, 0, 0, 0, 0, , 1].slice(5)[0]);
// expect: 6 false 5 proto
delete Array.prototype[5];
const tail = [1, 2, 3]; tail.length = 1; tail.push("n"); print(tail.join(), tail.length);   // expect: 1,n 2
class Stack extends Array { } const st = new Stack(); st.push(1, 2); print(st.pop(), st.length, st instanceof Stack);   // expect: 2 1 true
