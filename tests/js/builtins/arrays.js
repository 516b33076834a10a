// Array methods, holes, sorting, copying, typed arrays.
const a = [5, 1, 10, 2];
console.log(a.toSorted().join(), a.sort((x, y) => x - y).join(), a.toReversed().join(), a.with(0, 9).join());   // expect: 1,10,2,5 1,2,5,10 10,5,2,1 9,2,5,10
console.log([1, [2, [3, [4]]]].flat().length, [1, [2, [3, [4]]]].flat(Infinity).join(), [1, 2].flatMap(x => [x, x * 2]).join());   // expect: 3 1,2,3,4 1,2,2,4
const h = [1, , 3];
console.log(h.length, 1 in h, h.indexOf(undefined), h.includes(undefined), h.map(x => x * 2).join(), Object.keys(h).join());   // expect: 3 false -1 true 2,,6 0,2
console.log([3, 4, 5].findLast(x => x < 5), [3, 4].findIndex(x => x === 9), [1, 2, 3].at(-1), [1, 2, 3].lastIndexOf(3));   // expect: 4 -1 3 2
const s = [1, 2, 3, 4, 5];
console.log(s.splice(1, 2, 'a', 'b', 'c').join(), s.join(), s.toSpliced(0, 4).join());   // expect: 2,3 1,a,b,c,4,5 4,5
console.log([1, 2, 3, 4, 5].copyWithin(0, 3).join(), new Array(3).fill(0).join(), Array.of(7).length);   // expect: 4,5,3,4,5 0,0,0 1
console.log([1, 2, 3].reduceRight((x, y) => x + '-' + y), [1, 2].concat(3, [4, [5]]).length, [..."ab"].entries().next().value.join());   // expect: 3-2-1 5 0,a
const people = [['b', 1], ['a', 2], ['c', 1], ['d', 2]];
console.log(people.sort((x, y) => x[1] - y[1]).map(p => p[0]).join(''));   // expect: bcad
const big = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000).sort((x, y) => x - y);
console.log(big.every((x, i) => x === i), big.some(x => x < 0));   // expect: true false
const l = [1, 2, 3];
l.length = 1; l[3] = 'x';
console.log(l.length, String(l), Array.isArray(l), typeof l);   // expect: 4 1,,,x true object
try { l.length = -1; } catch (e) { console.log(e.name); }   // expect: RangeError
const like = { length: 2, 0: 'p', 1: 'q' };
console.log(Array.prototype.map.call(like, x => x + x).join(), Array.from(like).join());   // expect: pp,qq p,q
const q = [];
for (let i = 0; i < 100; i++) { q.push(i); if (i % 3 === 0) q.shift(); }
console.log(q.length, q[0], q.pop(), q.unshift('u', 'v'), q[1]);   // expect: 66 34 99 67 v
// An element of the template must not come back when a length from 2^31 on jumps over it.
const cut = [1, 2, 3, 4, 5];
cut.length = 2;
cut[4294967294] = 'far';
console.log(cut.length, 2 in cut, Object.keys(cut).join());   // expect: 4294967295 false 0,1,4294967294
