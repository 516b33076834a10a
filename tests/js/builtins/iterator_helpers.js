// Iterator, its helpers, Iterator.from, closing.
const nat = () => { let i = 0; return { __proto__: Iterator.prototype, next() { return { value: i++, done: false }; }, return() { print("return"); return {}; } }; };
print(nat().map(x => x * 2).take(3).toArray().join());                // expect: return
                                                                      // expect: 0,2,4
print([1, 2, 3, 4].values().filter(x => x & 1).map(x => x * 10).toArray().join()); // expect: 10,30
print([1, 2, 3, 4].values().drop(2).toArray().join(), [1].values().drop(5).toArray().length); // expect: 3,4 0
print([1, 2].values().flatMap(x => [x, x]).toArray().join());         // expect: 1,1,2,2
print([1, 2, 3].values().reduce((a, b) => a + b), [1].values().reduce((a, b) => a + b, "s")); // expect: 6 s1
print([1, 2].values().some(x => x === 2), [1, 2].values().every(x => x === 2), [1, 2].values().find(x => x > 1), [].values().find(x => x)); // expect: true false 2 undefined
let sum = 0; [1, 2, 3].values().forEach((v, i) => { sum += v * i; }); print(sum); // expect: 8
try { new Iterator(); } catch (e) { print(e.name); }                  // expect: TypeError
try { Iterator(); } catch (e) { print(e.name); }                      // expect: TypeError
class My extends Iterator { next() { return { done: true }; } }
print(new My() instanceof Iterator, new My().toArray().length, Object.prototype.toString.call(new My())); // expect: true 0 [object Iterator]
print(Iterator.from("ab").toArray().join(), Iterator.from([5]).next().value, Iterator.from({ next: () => ({ done: true, value: 3 }) }).next().value); // expect: a,b 5 3
const w = Iterator.from({ next() { return { done: false, value: 1 }; }, return() { return { done: true, value: "r" }; } });
print(w instanceof Iterator, w.return().value, Iterator.from({ next() { } }).return().done); // expect: true r true
try { Iterator.from(5); } catch (e) { print(e.name); }                // expect: TypeError
try { nat().take(-1); } catch (e) { print(e.name); }                  // expect: return
                                                                      // expect: RangeError
try { nat().drop(NaN); } catch (e) { print(e.name); }                 // expect: return
                                                                      // expect: RangeError
try { nat().map(1); } catch (e) { print(e.name); }                    // expect: return
                                                                      // expect: TypeError
try { nat().map(() => { throw new Error("cb"); }).next(); } catch (e) { print(e.message); } // expect: return
                                                                      // expect: cb
try { [].values().reduce((a, b) => a); } catch (e) { print(e.name); } // expect: TypeError
print(nat().some(x => x === 2));                                      // expect: return
                                                                      // expect: true
const h = nat().map(x => x); print(Object.prototype.toString.call(h), h[Symbol.iterator]() === h); // expect: [object Iterator Helper] true
print(h.next().value, h.return().done, h.next().done, h.return().value); // expect: return
                                                                      // expect: 0 true true undefined
const fresh = nat().filter(x => x); print(fresh.return().done, fresh.next().done); // expect: return
                                                                      // expect: true true
let self; const loop = { __proto__: Iterator.prototype, next() { return self.next(); } };
self = loop.map(x => x); try { self.next(); } catch (e) { print(e.name); } // expect: TypeError
const inner = { __proto__: Iterator.prototype, next() { return { done: false, value: "i" }; }, return() { print("inner"); return {}; } };
const fm = nat().flatMap(() => inner); print(fm.next().value, fm.return().done); // expect: inner
                                                                      // expect: return
                                                                      // expect: i true
try { [1].values().flatMap(x => "str").next(); } catch (e) { print(e.name); } // expect: TypeError
print(Iterator.prototype[Symbol.toStringTag], Iterator.prototype.constructor === Iterator); // expect: Iterator true
const own = Object.create(Iterator.prototype); own[Symbol.toStringTag] = "Own"; own.constructor = 1;
print(own[Symbol.toStringTag], own.constructor, Object.keys(own).join()); // expect: Own 1 constructor
try { Iterator.prototype.constructor = 1; } catch (e) { print(e.name); } // expect: TypeError
try { (function () { "use strict"; Iterator.prototype[Symbol.toStringTag] = "x"; })(); } catch (e) { print(e.name); } // expect: TypeError
print(typeof Object.getOwnPropertyDescriptor(Iterator.prototype, "constructor").get, Object.getPrototypeOf(Object.getPrototypeOf([].values())) === Iterator.prototype); // expect: function true
print([1, 2, 3, 4, 5, 6].values().map(x => x + 1).filter(x => x % 2).take(2).drop(1).flatMap(x => [x, -x]).toArray().join()); // expect: 5,-5
let deep = [1].values(); for (let i = 0; i < 80000; i++) deep = deep.map(x => x);
try { deep.next(); print("value"); } catch (e) { print(e.name); }     // expect: RangeError
const ai = [1].values(); print([...ai].length, [...ai].length, Object.prototype.toString.call(ai)); // expect: 1 0 [object Array Iterator]
try { [].values().next.call({}); } catch (e) { print(e.name); }       // expect: TypeError
