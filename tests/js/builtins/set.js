// Set: membership, order, live iteration.
const s = new Set([3, 1, 3, '3', NaN, NaN, 0, -0, undefined]);
print(s.size, [...s].map(String).join(), s.has(-0), s.has(NaN), s.has('1'), s.add(1) === s, s.delete(3), s.has(3), s.size);   // expect: 6 3,1,3,NaN,0,undefined true true false true true false 5
const live = new Set([0]), seen = [];
for (const x of live) { seen.push(x); if (x < 100) live.add(x + 1); live.delete(x); }
print(seen.length, live.size);   // expect: 101 0
print(Set.prototype.keys === Set.prototype.values, Set.prototype[Symbol.iterator] === Set.prototype.values, [...new Set('ab').entries()].join('|'), Set.length, Set.prototype.add.length);   // expect: true true a,a|b,b 0 1
const order = [];
new Set(['x', 'y']).forEach((v, k, set) => order.push(v + k + set.size));
print(order.join(), String(new Set), Object.prototype.toString.call(new Set().values()));   // expect: xx2,yy2 [object Set] [object Set Iterator]
class S2 extends Set { add(v) { return super.add(v * 2); } }
print([...new S2([1, 2, 3])].join());   // expect: 2,4,6
try { Set(); } catch (e) { print(e.name); }   // expect: TypeError
try { new Set(1); } catch (e) { print(e.name); }   // expect: TypeError
try { Set.prototype.has.call(new Map, 1); } catch (e) { print(e.name); }   // expect: TypeError
const cleared = new Set([1, 2, 3]), it = cleared.values();
it.next();
cleared.clear();
cleared.add('fresh');
print(it.next().value, it.next().done, cleared.size);   // expect: fresh true 1
const words = 'the quick brown fox jumps over the lazy dog the end'.split(' ');
print([...new Set(words)].join(' '), new Set(words).size);   // expect: the quick brown fox jumps over lazy dog end 9
