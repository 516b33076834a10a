// Methods with callbacks: order, holes, changes during the walk, this, errors.
const log = [];
[1, , 3].forEach((v, i, arr) => log.push(v + ":" + i + ":" + arr.length)); print(log.join());   // expect: 1:0:3,3:2:3
print([1, , 3].map(x => x * 2).hasOwnProperty(1), [1, 2, 3].map(String).join(), [1, 2, 3, 4].filter(x => x & 1).join(), [, 1].filter(() => true).length);
// expect: false 1,2,3 1,3 1
print([1, 2].every(x => x > 0), [].every(() => false), [1, 2].some(x => x > 1), [].some(() => true), [, 1].some(x => x === undefined));
// expect: true true true false false
print([5, 6].find(x => x > 5), [5, 6].findIndex(x => x > 5), [5, 6, 7].findLast(x => x < 7), [5, 6].findLastIndex(x => x > 9), [, 1].find(x => x === undefined), [, 1].findIndex(x => x === undefined));
// expect: 6 1 6 -1 undefined 0
print([1, 2, 3].reduce((a, b) => a + b), [1, 2, 3].reduce((a, b) => a + b, "s"), ["a", "b", "c"].reduceRight((a, b) => a + b), [, 4].reduce((a, b) => a + b), [[0, 1], [2]].reduceRight((a, b) => a.concat(b)).join());
// expect: 6 s123 cba 4 2,0,1
for (const f of ["reduce", "reduceRight"]) try { [][f]((a, b) => a); } catch (e) { print(e.name, e.message); }
// expect: TypeError Reduce of empty array with no initial value
// expect: TypeError Reduce of empty array with no initial value
for (const f of ["forEach", "map", "filter", "some", "every", "find", "findLast", "reduce", "flatMap"]) try { [1][f]({}); print(f); } catch (e) { print(f, e.name); }
// expect: forEach TypeError
// expect: map TypeError
// expect: filter TypeError
// expect: some TypeError
// expect: every TypeError
// expect: find TypeError
// expect: findLast TypeError
// expect: reduce TypeError
// expect: flatMap TypeError
const shrink = [1, 2, 3, 4]; const seen = [];
shrink.forEach(v => { seen.push(v); shrink.pop(); }); print(seen.join(), shrink.length);   // expect: 1,2 2
const grow = [1, 2]; let calls = 0; grow.map(v => { calls++; grow.push(v); }); print(calls, grow.length);   // expect: 2 4
const cut = [1, 2, 3, 4].map((v, i, arr) => { arr.length = 2; return v; }); print(cut.length, 2 in cut, cut.join());   // expect: 4 false 1,2,,
const holes = [1, 2, 3, 4].filter((v, i, arr) => { delete arr[i + 1]; return true; }); print(holes.join());   // expect: 1,3
print([1, 2].map(function () { return this.k; }, { k: 5 }).join(), [1].map(function () { "use strict"; return this; })[0]);
// expect: 5,5 undefined
let n = 0; try { [1, 2, 3].forEach(v => { n++; if (v === 2) throw new RangeError("stop"); }); } catch (e) { print(n, e.message); }
// expect: 2 stop
print(Array.prototype.map.call("abc", c => c + c).join(), Array.prototype.filter.call({ length: 3, 1: "x" }, () => true).join());
// expect: aa,bb,cc x
const sp = [1, 2, 3]; sp.constructor = { [Symbol.species]: function (len) { this.made = len; } };
const r = sp.map(x => x); print(r.made, r[2], Array.isArray(r), sp.filter(x => x > 1)[0], sp.slice(1)[1], sp.concat([9]).length);
// expect: 3 3 false 2 3 4
sp.constructor = { [Symbol.species]: null }; print(Array.isArray(sp.map(x => x)));   // expect: true
sp.constructor = 5; try { sp.map(x => x); } catch (e) { print(e.name); }   // expect: TypeError
print([3, [4, [5]]].flatMap(x => x).length, [1, 2].flatMap((x, i) => [x, i]).join(), [[1, , 2], , [3]].flat().length);   // expect: 3 1,0,2,1 3
print([1, 2, 3, 4, 5].map(x => x * x).filter(x => x % 2).reduce((a, x) => a + x, 0));   // expect: 35
const endless = []; endless.push(endless);
try { endless.flat(Infinity); print("flat"); } catch (e) { print(e.name); }   // expect: RangeError
const acc = { get length() { print("len"); return 2; }, get 0() { print("get0"); return 1; }, 1: 2 };
// expect: len
// expect: get0
print(Array.prototype.some.call(acc, v => v === 1));   // expect: true
