// Namespace objects: sorted names, read-only, no prototype; stars and ambiguity.
import * as ns from './_lib/reexport.mjs';
import * as same from './_lib/reexport.mjs';
print(Object.keys(ns).join());                    // expect: Counter,a,b,count,counter,own
print(ns === same, Object.getPrototypeOf(ns), Object.isExtensible(ns)); // expect: true null false
print(Object.prototype.toString.call(ns), Reflect.ownKeys(ns).length); // expect: [object Module] 7
print(ns.a, ns.own, ns.both, 'both' in ns, 'default' in ns); // expect: a own undefined false false
print(JSON.stringify(Object.getOwnPropertyDescriptor(ns, 'b'))); // expect: {"value":"b","writable":true,"enumerable":true,"configurable":false}
print(Reflect.set(ns, 'b', 1), Reflect.deleteProperty(ns, 'b'), Reflect.deleteProperty(ns, 'zz')); // expect: false false true
print(Reflect.defineProperty(ns, 'b', { value: 'b' }), Reflect.defineProperty(ns, 'b', { value: 2 })); // expect: true false
print(Reflect.setPrototypeOf(ns, null), Reflect.setPrototypeOf(ns, {}), Object.isFrozen(ns)); // expect: true false false
print({ ...ns.counter }.count, Object.entries(ns.counter).length); // expect: 0 5
const { a, b, ...rest } = ns;
print(a + b, Object.keys(rest).join());           // expect: ab Counter,count,counter,own
print(ns.counter.names[0], ns.counter.default === ns.Counter); // expect: counter true
for (const k in ns) if (k === 'own') print(k);    // expect: own
print(await import('./_lib/reexport.mjs') === ns); // expect: true
