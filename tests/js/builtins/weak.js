// WeakMap, WeakSet, WeakRef, FinalizationRegistry.
const k = {}, f = () => {}, sy = Symbol('free');
const wm = new WeakMap([[k, 1], [f, 2]]);
print(wm.get(k), wm.get(f), wm.get({}), wm.get(1), wm.has(f), wm.has('x'), wm.set(k, 5) === wm, wm.get(k), wm.delete(k), wm.delete(k), wm.has(k));   // expect: 1 2 undefined undefined true false true 5 true false false
print(wm.set(sy, 'symbol').get(sy), wm.has(Symbol('free')), wm.delete(1));   // expect: symbol false false
for (const bad of [1, 'a', null, undefined, Symbol.for('registered')]) {
	let n = 0;
	for (const t of [() => wm.set(bad, 1), () => new WeakSet().add(bad), () => new WeakRef(bad), () => new WeakMap([[bad, 1]])])
		try { t(); } catch (e) { n += e instanceof TypeError; }
	if (n !== 4) throw new Error('accepted ' + String(bad));
}
const ws = new WeakSet([k]);
print(ws.has(k), ws.has(f), ws.add(f).has(f), ws.delete(k), ws.has(k), ws.has(1), ws.add(Symbol.iterator).has(Symbol.iterator));   // expect: true false true true false false true
const many = [], wide = new WeakMap();
for (let i = 0; i < 2000; i++) { many.push({ i }); wide.set(many[i], i); }
let ok = true;
for (let i = 0; i < 2000; i++) ok = ok && wide.get(many[i]) === i;
print(ok, 'size' in wide, Symbol.iterator in wide, String(wm), String(ws));   // expect: true false false [object WeakMap] [object WeakSet]
const ref = new WeakRef(k);
print(ref.deref() === k, String(ref), WeakRef.length, typeof FinalizationRegistry);   // expect: true [object WeakRef] 1 function
const fr = new FinalizationRegistry(() => { throw 1; }), token = {};
print(fr.register(k, 'held', token), fr.unregister(token), fr.unregister(token), fr.register(f, 1), String(fr));   // expect: undefined true false undefined [object FinalizationRegistry]
for (const t of [() => fr.register(k, k), () => fr.register(1, 2), () => fr.unregister(1), () => new FinalizationRegistry(1), () => WeakMap(), () => WeakRef({}), () => WeakMap.prototype.get.call(new Map, k), () => fr.register(k, 1, 2)]) {
	let caught = false;
	try { t(); } catch (e) { caught = e instanceof TypeError; }
	if (!caught) throw new Error('no TypeError ' + t);
}
const priv = new WeakMap();
class Counter { constructor() { priv.set(this, 0); } inc() { priv.set(this, priv.get(this) + 1); return priv.get(this); } }
const c1 = new Counter(), c2 = new Counter();
print(c1.inc(), c1.inc(), c2.inc());   // expect: 1 2 1
