// Map: keys, order, live iteration, deletion while iterating, growth, subclassing.
const m = new Map([[1, 'int'], ['1', 'str'], [NaN, 'nan'], [-0, 'zero'], [null, 'null'], [undefined, 'undef'], [true, 'true']]);
print(m.size, m.get(1), m.get('1'), m.get(NaN), m.get(0), m.get(null), m.get(), m.get(true), m.get(1.0), Object.is([...m.keys()][3], 0));   // expect: 7 int str nan zero null undef true int true
print(m.get(0.1 + 0.2 - 0.3 + 1 - 1 === 0 ? 0 : 1), m.has(2 ** 31), m.set(2 ** 31, 'u').get(2147483648), m.set(1e300, 'huge').get(1e300), m.get(4 / 4));   // expect: zero false u huge int
const cat = (a, b) => a + b;
m.set(cat('long key that is made of ', 'two parts and is a rope'), 'rope');
print(m.get('long key that is made of two parts and is a rope'), m.has(cat('1', '')), m.get('ünï' + ''), m.set('\u4f60', 'wide').get(String.fromCharCode(0x4f60)));   // expect: rope true undefined wide
const o1 = {}, s1 = Symbol();
m.set(o1, 'obj').set(s1, 'sym').set(m, 'self');
print(m.get(o1), m.get({}), m.get(s1), m.get(m), m.set(1, 'again') === m, m.get(1), [...m.keys()].length, [...m.values()][0]);   // expect: obj undefined sym self true again 14 again
print(m.delete(1), m.delete(1), m.has(1), m.size);   // expect: true false false 13
const order = new Map();
for (let i = 0; i < 20; i++) order.set(i, i);
for (let i = 0; i < 20; i += 2) order.delete(i);
order.set(0, 'back').set(3, 'same place');
print([...order.keys()].join(), order.get(3));   // expect: 1,3,5,7,9,11,13,15,17,19,0 same place
const live = new Map([[0, 0]]), visited = [];
for (const [k] of live) { visited.push(k); if (k < 40) { live.set(k + 1, 0); if (k % 3) live.delete(k); } }
print(visited.length, visited[40], live.size, [...live.keys()].slice(0, 4).join());   // expect: 41 40 15 0,3,6,9
const again = new Map([['a', 1], ['b', 2], ['c', 3]]), seq = [];
again.forEach((v, k) => { seq.push(k); if (k === 'a' && v === 1) { again.delete('a'); again.delete('b'); again.set('a', 9); } if (seq.length > 9) throw 1; });
print(seq.join());   // expect: a,c,a
const cl = new Map([[1, 1], [2, 2], [3, 3]]), it = cl.entries();
print(it.next().value.join(), (cl.clear(), cl.size), (cl.set('n', 1), it.next().value.join()), it.next().done, (cl.set('late', 1), it.next().done));   // expect: 1,1 0 n,1 true true
const shrink = new Map();
for (let i = 0; i < 1000; i++) shrink.set(i, i);
const sit = shrink.keys();
for (let i = 0; i < 500; i++) sit.next();
for (let i = 0; i < 990; i++) if (i !== 700) shrink.delete(i);
for (let i = 2000; i < 3100; i++) shrink.set(i, i);
print(sit.next().value, sit.next().value, shrink.size, [...shrink.keys()].slice(0, 3).join());   // expect: 700 990 1111 700,990,991
print(m[Symbol.toStringTag], String(m), m.entries === m[Symbol.iterator], Map.name, Map.length, Map.prototype.set.length, Map[Symbol.species] === Map);   // expect: Map [object Map] true Map 0 2 true
print(Object.prototype.toString.call(it), typeof it[Symbol.iterator], it[Symbol.iterator]() === it, Object.getPrototypeOf(it).hasOwnProperty('next'));   // expect: [object Map Iterator] function true true
for (const bad of [() => Map(), () => new Map(5), () => new Map([1]), () => Map.prototype.get.call({}, 1), () => Map.prototype.get.call(new Set, 1), () => m.forEach(1), () => it.next.call({}), () => Object.getOwnPropertyDescriptor(Map.prototype, 'size').get.call({})]) {
	let ok = false;
	try { bad(); } catch (e) { ok = e instanceof TypeError; }
	if (!ok) throw new Error('no TypeError: ' + bad);
}
class Def extends Map { get(k) { return super.has(k) ? super.get(k) : 'default'; } set(k, v) { return super.set(k, v + '!'); } }
const d = new Def([['a', 'x']]);
print(d.get('a'), d.get('b'), d instanceof Map, d.size);   // expect: x! default true 1
let closed = 0;
const iter = { [Symbol.iterator]() { return { next() { return { value: 5, done: false }; }, return() { closed++; return {}; } }; } };
try { new Map(iter); } catch (e) { print(e.name, closed); }   // expect: TypeError 1
print([...new Map([[{}, 1]]).keys()].length, JSON.stringify([...new Map(Object.entries({ x: 1, y: 2 }))]), JSON.stringify(new Map([[1, 2]])));   // expect: 1 [["x",1],["y",2]] {}
const lru = new Map();
for (let i = 0; i < 5000; i++) { lru.set(i, i); if (lru.size > 100) lru.delete(lru.keys().next().value); }
print(lru.size, lru.keys().next().value);   // expect: 100 4900
