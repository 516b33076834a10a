// Map, Set, WeakMap, iteration while changing, set algebra, iterator helpers.
const m = new Map([[NaN, 'nan'], [0, 'zero'], ['0', 'string']]);
m.set(-0, "minus").set({}, "object");
console.log(m.get(NaN), m.get(0), m.get("0"), m.size, m.has({}));   // expect: nan minus string 4 false
const s = new Set([1, 2, 3]);
const seen = [];
for (const x of s) { seen.push(x); if (x === 1) { s.delete(2); s.add(4); } if (x === 4 && !s.has(5)) s.add(5); }
console.log(seen.join());                          // expect: 1,3,4,5
console.log([...new Set('hello')].join(''), [...m.keys()].length, [...m.entries()][1].join());   // expect: helo 4 0,minus
const keys = [];
m.forEach((v, k, self) => { keys.push(v); if (self !== m) throw 1; });
console.log(keys.join());                          // expect: nan,minus,string,object
const A = new Set([1, 2, 3]), B = new Set([3, 4]);
console.log([...A.union(B)].join(), [...A.intersection(B)].join(), [...A.difference(B)].join(), [...A.symmetricDifference(B)].join());   // expect: 1,2,3,4 3 1,2 1,2,4
console.log(new Set([1]).isSubsetOf(A), A.isSupersetOf(new Set([9])), A.isDisjointFrom(B));   // expect: true false false
const wm = new WeakMap(), key = {};
wm.set(key, 1);
console.log(wm.get(key), wm.has({}), wm.delete(key), wm.has(key));   // expect: 1 false true false
try { wm.set(1, 1); } catch (e) { console.log(e.name); }   // expect: TypeError
console.log(Map.groupBy([1, 2, 3], x => x % 2).get(1).join());   // expect: 1,3
function* nat() { let i = 0; while (true) yield i++; }
console.log(nat().filter(x => x % 2).map(x => x * x).drop(1).take(3).toArray().join());   // expect: 9,25,49
console.log(Iterator.from([1, 2, 3]).reduce((x, y) => x + y), nat().some(x => x > 5), nat().take(3).every(x => x < 3), nat().find(x => x > 7));   // expect: 6 true true 8
const big = new Map();
for (let i = 0; i < 5000; i++) big.set('k' + i, i);
for (let i = 0; i < 5000; i += 3) big.delete('k' + i);
let sum = 0;
for (const [k, v] of big) sum += v;
console.log(big.size, sum, big.get('k4'), big.get('k3'));   // expect: 3333 8331667 4 undefined
console.log(new WeakRef(key).deref() === key, typeof FinalizationRegistry);   // expect: true function
