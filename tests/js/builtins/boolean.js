// Boolean.
print(Boolean(), Boolean(''), Boolean('0'), Boolean(0), Boolean(-0), Boolean(NaN), Boolean({}), Boolean([]), Boolean(null), Boolean(Symbol()), Boolean(1e-300));   // expect: false false true false false false true true false true true
print(typeof new Boolean(false), new Boolean(false) ? 'truthy' : 'falsy', new Boolean(true).toString(), new Boolean(false).valueOf(), true.toString(), Boolean.length);   // expect: object truthy true false true 1
print(Object.prototype.toString.call(Boolean.prototype), Boolean.prototype.valueOf(), String(new Boolean(true)), new Boolean(true) + 1, new Boolean(false) == false);   // expect: [object Boolean] false true 2 true
for (const m of ['toString', 'valueOf']) try { Boolean.prototype[m].call(1); } catch (e) { print(e.name); }   // expect: TypeError
// expect: TypeError
class B extends Boolean { }
print(new B(1).valueOf(), new B() instanceof Boolean, Object.getPrototypeOf(Reflect.construct(Boolean, [], B)) === B.prototype);   // expect: true true true
