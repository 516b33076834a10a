// Object and Object.prototype: enumeration order, assign, descriptors, integrity.
const sym = Symbol('s');
const o = { b: 1, 2: 'two', a: 3, [sym]: 4, 1: 'one' };
print(Object.keys(o).join(), Object.values(o).join(), JSON.stringify(Object.entries(o)));   // expect: 1,2,b,a one,two,1,3 [["1","one"],["2","two"],["b",1],["a",3]]
print(Object.getOwnPropertyNames('ab').join(), Object.getOwnPropertySymbols(o).length, Object.keys('ab').join());   // expect: 0,1,length 1 0,1
const log = [];
const src = { get x() { log.push('get x'); return 1; }, y: 2, [sym]: 3 };
const dst = { set x(v) { log.push('set x ' + v); }, set y(v) { log.push('set y ' + v); delete src[sym]; } };
Object.assign(dst, src, null, undefined, 'hi', 5, true);
print(log.join(), dst[0], dst[1], dst[sym]);   // expect: get x,set x 1,set y 2 h i undefined
const plain = { p: 1, q: 2, r: 3 };
Object.assign({ set p(v) { delete plain.q; plain.r = 30; plain.s = 4; } }, plain);
const target = { set p(v) { plain.r = 'changed'; plain.extra = 1; } };
print(Object.keys(Object.assign(target, { p: 1, q: 2 })).join(), Object.keys(plain).join());   // expect: p,q p,r,s,extra
try { Object.assign(Object.freeze({ a: 1 }), { a: 2 }); } catch (e) { print(e.name); }   // expect: TypeError
print(JSON.stringify(Object.fromEntries([['a', 1], ['b', 2], [3, 'c']])), JSON.stringify(Object.fromEntries(new Map([['k', 'v']]))));   // expect: {"3":"c","a":1,"b":2} {"k":"v"}
try { Object.fromEntries([1]); } catch (e) { print(e instanceof TypeError); }   // expect: true
print(JSON.stringify(Object.getOwnPropertyDescriptor(o, 'b')), Object.getOwnPropertyDescriptor([], 'length').writable);   // expect: {"value":1,"writable":true,"enumerable":true,"configurable":true} true
const dp = Object.defineProperties({}, { a: { value: 1, enumerable: true }, b: { get() { return 2; }, configurable: true } });
print(Object.keys(dp).join(), dp.b, JSON.stringify(Object.getOwnPropertyDescriptors(dp)));   // expect: a 2 {"a":{"value":1,"writable":false,"enumerable":true,"configurable":false},"b":{"enumerable":false,"configurable":true}}
try { Object.defineProperties({}, { a: { value: 1 }, b: 5 }); } catch (e) { print(e.message); }   // expect: Property description must be an object: 5
try { Object.defineProperty(dp, 'a', { value: 2 }); } catch (e) { print(e.message); }   // expect: Cannot redefine property: a
try { Object.defineProperty(1, 'a', {}); } catch (e) { print(e.message); }   // expect: Object.defineProperty called on non-object
try { Object.create(1); } catch (e) { print(e.message); }   // expect: Object prototype may only be an Object or null: 1
const proto = { inherited: 1 };
const c = Object.create(proto, { own: { value: 2, enumerable: true } });
print(c.inherited, c.own, Object.getPrototypeOf(c) === proto, proto.isPrototypeOf(c), Object.hasOwn(c, 'inherited'), c.hasOwnProperty('own'));   // expect: 1 2 true true false true
print(Object.is(NaN, NaN), Object.is(0, -0), Object.is('a', 'a'), Object.is({}, {}));   // expect: true false true false
const f = Object.freeze({ a: 1, n: { m: 1 } });
print(Object.isFrozen(f), Object.isSealed(f), Object.isExtensible(f), Object.isFrozen(1), Object.isFrozen(f.n), Object.isExtensible('x'));   // expect: true true false true false false
const se = Object.seal({ a: 1 });
se.a = 2;
print(se.a, Object.isSealed(se), Object.isFrozen(se), delete Object.preventExtensions({ x: 1 }).x);   // expect: 2 true false true
print(Object.isFrozen(Object.freeze([1, 2, 3])), Object.isFrozen(Object.preventExtensions({})));   // expect: true true
try { Object.setPrototypeOf(Object.prototype, {}); } catch (e) { print(e.name); }   // expect: TypeError
try { const x = {}; Object.setPrototypeOf(x, Object.create(x)); } catch (e) { print(e.name); }   // expect: TypeError
try { Object.setPrototypeOf(Object.preventExtensions({}), {}); } catch (e) { print(e.name); }   // expect: TypeError
try { Object.setPrototypeOf({}, 1); } catch (e) { print(e.name); }   // expect: TypeError
print(Object.setPrototypeOf(1, null), Object.setPrototypeOf(Object.prototype, null) === Object.prototype, ({}).__proto__ === Object.prototype);   // expect: 1 true true
const viaProto = { __proto__: { z: 1 }, y: 2 };
print(viaProto.z, Object.keys(viaProto).join(), Object.keys(JSON.parse('{"__proto__":1}')).join());   // expect: 1 y __proto__
viaProto.__proto__ = null;
print(viaProto.z, Object.getPrototypeOf(viaProto));   // expect: undefined null
print([{}, [], null, undefined, 1, 'a', true, print, new Error, Symbol(), new Map, JSON, Math, (function () { return arguments; })()].map(v => Object.prototype.toString.call(v)).join());   // expect: [object Object],[object Array],[object Null],[object Undefined],[object Number],[object String],[object Boolean],[object Function],[object Error],[object Symbol],[object Map],[object JSON],[object Math],[object Arguments]
print(Object.prototype.toString.call({ [Symbol.toStringTag]: 'Mine' }), String({ toString() { return 'ts'; } }), ({}).toLocaleString());   // expect: [object Mine] ts [object Object]
const acc = {};
acc.__defineGetter__('g', () => 7);
acc.__defineSetter__('g', function (v) { this.got = v; });
acc.g = 9;
print(acc.g, acc.got, acc.__lookupGetter__('g')(), typeof acc.__lookupSetter__('g'), acc.__lookupGetter__('nope'), acc.propertyIsEnumerable('g'));   // expect: 7 9 7 function undefined true
print(new Object(1) instanceof Number, typeof Object('s'), Object(o) === o, new (class extends Object { constructor() { super(5); } })() instanceof Number);   // expect: true object true false
print(Object.entries([7, 8]).join('|'), Object.entries('hi').join('|'), Object.values({ get a() { return 1; } }).join());   // expect: 0,7|1,8 0,h|1,i 1
class K { #secret = 1; visible = 2; }
print(Object.keys(new K).join(), JSON.stringify(Object.assign({}, new K)));   // expect: visible {"visible":2}
const many = {};
for (let i = 0; i < 300; i++) many['k' + i] = i;
print(Object.keys(many).length, Object.entries(many)[299].join(), Object.keys(Object.assign({}, many)).length);   // expect: 300 k299,299 300
const big = { 4294967295: 'not index', 4294967294: 'idx', 2147483648: 'big', 5: 'five', s: 1 };
print(Object.keys(big).join());   // expect: 5,2147483648,4294967294,4294967295,s
print(Object.getOwnPropertyNames(Object.prototype).sort().join());   // expect: __defineGetter__,__defineSetter__,__lookupGetter__,__lookupSetter__,__proto__,constructor,hasOwnProperty,isPrototypeOf,propertyIsEnumerable,toLocaleString,toString,valueOf
print(Object.length, Object.name, Object.assign.length, Object.getOwnPropertyDescriptor(Object, 'prototype').writable);   // expect: 1 Object 2 false
