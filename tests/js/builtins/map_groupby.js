// Map.groupBy and Object.groupBy.
const g = Map.groupBy([1, 2, 3, 4, -0], (x, i) => x === 0 ? -0 : x % 2 ? 'odd' : 'even');
print([...g].map(([k, v]) => Object.is(k, -0) + String(k) + ':' + v.join('/')).join());   // expect: falseodd:1/3,falseeven:2/4,false0:0
const og = Object.groupBy(['b', 'a', 'b', 3], (x, i) => typeof x === 'number' ? 0 : x);
print(Object.keys(og).join(), og.b.length, Object.getPrototypeOf(og), og[0][0]);   // expect: 0,b,a 2 null 3
print(Object.keys(Object.groupBy('hello', c => c)).join());   // expect: h,e,l,o
let closed = 0;
const it = { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }), return() { closed++; return {}; } }) };
try { Object.groupBy(it, () => { throw new RangeError('cb'); }); } catch (e) { print(e.name, closed); }   // expect: RangeError 1
try { Map.groupBy([], 1); } catch (e) { print(e.name); }   // expect: TypeError
try { Map.groupBy(null, x => x); } catch (e) { print(e.name); }   // expect: TypeError
