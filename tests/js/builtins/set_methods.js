// The set operations, on sets, on set-like objects, while things change.
const A = new Set([1, 2, 3, 4]), B = new Set([4, 3, 9]);
const str = s => [...s].join();
print(str(A.union(B)), str(A.intersection(B)), str(B.intersection(A)), str(A.difference(B)), str(A.symmetricDifference(B)));   // expect: 1,2,3,4,9 4,3 4,3 1,2 1,2,9
print(A.isSubsetOf(new Set([1, 2, 3, 4, 5])), A.isSubsetOf(B), A.isSupersetOf(new Set([2])), B.isSupersetOf(A), A.isDisjointFrom(B), A.isDisjointFrom(new Set([7])));   // expect: true false true false false true
print(str(new Set([1, 2]).intersection(A)), str(A.union(new Map([['k', 1]]))), str(A.difference(new Map([[1, 0]]))));   // expect: 1,2 1,2,3,4,k 2,3,4
const calls = [];
const like = { get size() { calls.push('size'); return { valueOf() { calls.push('valueOf'); return 2; } }; }, get has() { calls.push('get has'); return x => { calls.push('has ' + x); return x === 1; }; }, get keys() { calls.push('get keys'); return () => [1, -0, 1][Symbol.iterator](); } };
print(str(new Set([1]).union(like)), calls.join());   // expect: 1,0 size,valueOf,get has,get keys
calls.length = 0;
print(str(new Set([1, 5]).difference(like)), calls.join());   // expect: 5 size,valueOf,get has,get keys,has 1,has 5
print(str(new Set([1, 5, 7]).difference(like)), str(new Set([1, 5, 7]).intersection(like)), new Set([1, 0, 7]).isSupersetOf(like));   // expect: 5,7 1 true
const grow = new Set([1, 2, 3]);
print(grow.isSubsetOf({ size: 9, has(x) { if (x === 1) { grow.delete(2); grow.add(8); } return true; }, keys() {} }), str(grow));   // expect: true 1,3,8
let closed = 0;
const endless = { size: 1, has: () => true, keys: () => ({ next: () => ({ value: 'other', done: false }), return() { closed++; return {}; } }) };
print(A.isSupersetOf(endless), closed, new Set([1, 'other', 3]).isDisjointFrom(endless), closed);   // expect: false 1 false 2
for (const [bad, kind] of [[5, TypeError], [{ size: NaN, has() {}, keys() {} }, TypeError], [{ size: -1, has() {}, keys() {} }, RangeError], [{ size: 1, has: 1, keys() {} }, TypeError], [{ size: 1, has() {}, keys: 1 }, TypeError], [{ size: 1, has() {}, keys: () => 5 }, TypeError], [[1], TypeError]]) {
	let ok = false;
	try { A.union(bad); } catch (e) { ok = e instanceof kind; }
	if (!ok) throw new Error('wrong error');
}
print(A.union(new Set) instanceof Set, new (class S3 extends Set {})([1]).union(A).constructor === Set, Set.prototype.union.length, str(A));   // expect: true true 1 1,2,3,4
print(A.isSubsetOf({ size: Infinity, has: () => true, keys() {} }), str(A.symmetricDifference(new Set)), str(new Set().symmetricDifference(A)));   // expect: true 1,2,3,4 1,2,3,4
