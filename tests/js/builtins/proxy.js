// Which traps each operation runs, in which order, with which arguments.
const log = [];
const show = (x) => typeof x === 'symbol' ? x.toString() : typeof x === 'string' ? x : typeof x === 'function' ? 'fn' :
	x === null || typeof x !== 'object' ? String(x) : Array.isArray(x) ? 'array' : 'object';
const handler = new Proxy({}, {
	get(_, name) {
		return (...args) => {
			log.push(name + '(' + args.slice(1).map(show).join(' ') + ')');
			return Reflect[name](...args);
		};
	},
});
function ops(what, f) {
	log.length = 0;
	let r;
	try { r = show(f()); } catch (e) { r = e.name; }
	print(what + ': ' + log.join(' ') + ' => ' + r);
}
const make = (t) => new Proxy(t, handler);

const o = make({ a: 1, b: 2, [Symbol.toStringTag]: 'T' });
ops('get', () => o.a); // expect: get: get(a object) => 1
ops('get missing', () => o.zip); // expect: get missing: get(zip object) => undefined
ops('get index', () => o[7]); // expect: get index: get(7 object) => undefined
ops('get big index', () => o[4294967294]); // expect: get big index: get(4294967294 object) => undefined
ops('set', () => o.a = 3); // expect: set: set(a 3 object) getOwnPropertyDescriptor(a) defineProperty(a object) => 3
ops('set new', () => o.n = 3);
// expect: set new: set(n 3 object) getOwnPropertyDescriptor(n) defineProperty(n object) => 3
ops('has', () => 'a' in o); // expect: has: has(a) => true
ops('delete', () => delete o.n); // expect: delete: deleteProperty(n) => true
ops('keys', () => Object.keys(o).join());
// expect: keys: ownKeys() getOwnPropertyDescriptor(a) getOwnPropertyDescriptor(b) => a,b
ops('entries', () => Object.entries(o).join());
// expect: entries: ownKeys() getOwnPropertyDescriptor(a) get(a object) getOwnPropertyDescriptor(b) get(b object) => a,3,b,2
ops('names', () => Object.getOwnPropertyNames(o).join()); // expect: names: ownKeys() => a,b
ops('symbols', () => Object.getOwnPropertySymbols(o).length); // expect: symbols: ownKeys() => 1
ops('assign from', () => Object.assign({}, o).b);
// expect: assign from: ownKeys() getOwnPropertyDescriptor(a) get(a object) getOwnPropertyDescriptor(b) get(b object) getOwnPropertyDescriptor(Symbol(Symbol.toStringTag)) get(Symbol(Symbol.toStringTag) object) => 2
ops('assign to', () => Object.assign(o, { b: 5 }).b);
// expect: assign to: set(b 5 object) getOwnPropertyDescriptor(b) defineProperty(b object) get(b object) => 5
ops('spread', () => ({ ...o }).b);
// expect: spread: ownKeys() getOwnPropertyDescriptor(a) get(a object) getOwnPropertyDescriptor(b) get(b object) getOwnPropertyDescriptor(Symbol(Symbol.toStringTag)) get(Symbol(Symbol.toStringTag) object) => 5
ops('rest', () => { const { a, ...rest } = o; return Object.keys(rest).join(); });
// expect: rest: get(a object) ownKeys() getOwnPropertyDescriptor(b) get(b object) getOwnPropertyDescriptor(Symbol(Symbol.toStringTag)) get(Symbol(Symbol.toStringTag) object) => b
ops('for-in', () => { let s = ''; for (const k in o) s += k; return s; });
// expect: for-in: ownKeys() getOwnPropertyDescriptor(a) getOwnPropertyDescriptor(b) getPrototypeOf() => ab
ops('define', () => Object.defineProperty(o, 'd', { value: 1 })); // expect: define: defineProperty(d object) => object
ops('describe', () => Object.getOwnPropertyDescriptor(o, 'd').value);
// expect: describe: getOwnPropertyDescriptor(d) => 1
ops('describe all', () => Object.keys(Object.getOwnPropertyDescriptors(o)).join());
// expect: describe all: ownKeys() getOwnPropertyDescriptor(a) getOwnPropertyDescriptor(b) getOwnPropertyDescriptor(d) getOwnPropertyDescriptor(Symbol(Symbol.toStringTag)) => a,b,d
ops('hasOwn', () => Object.hasOwn(o, 'a')); // expect: hasOwn: getOwnPropertyDescriptor(a) => true
ops('hasOwnProperty', () => o.hasOwnProperty('a'));
// expect: hasOwnProperty: get(hasOwnProperty object) getOwnPropertyDescriptor(a) => true
ops('propertyIsEnumerable', () => o.propertyIsEnumerable('a'));
// expect: propertyIsEnumerable: get(propertyIsEnumerable object) getOwnPropertyDescriptor(a) => true
ops('getPrototypeOf', () => Object.getPrototypeOf(o) === Object.prototype);
// expect: getPrototypeOf: getPrototypeOf() => true
ops('setPrototypeOf', () => Object.setPrototypeOf(o, Object.prototype) === o);
// expect: setPrototypeOf: setPrototypeOf(object) => true
ops('__proto__', () => o.__proto__ === Object.prototype);
// expect: __proto__: get(__proto__ object) getPrototypeOf() => true
ops('instanceof', () => o instanceof Object); // expect: instanceof: getPrototypeOf() => true
ops('isPrototypeOf', () => Object.prototype.isPrototypeOf(o)); // expect: isPrototypeOf: getPrototypeOf() => true
ops('isExtensible', () => Object.isExtensible(o)); // expect: isExtensible: isExtensible() => true
ops('toString', () => String(o));
// expect: toString: get(Symbol(Symbol.toPrimitive) object) get(toString object) get(Symbol(Symbol.toStringTag) object) => [object T]
ops('toString.call', () => Object.prototype.toString.call(o));
// expect: toString.call: get(Symbol(Symbol.toStringTag) object) => [object T]
ops('valueOf', () => o + '');
// expect: valueOf: get(Symbol(Symbol.toPrimitive) object) get(valueOf object) get(toString object) get(Symbol(Symbol.toStringTag) object) => [object T]
ops('json', () => JSON.stringify(o));
// expect: json: get(toJSON object) ownKeys() getOwnPropertyDescriptor(a) getOwnPropertyDescriptor(b) getOwnPropertyDescriptor(d) get(a object) get(b object) => {"a":3,"b":5}
ops('with accessor', () => make({ get x() { return this.y; }, y: 2 }).x);
// expect: with accessor: get(x object) get(y object) => 2
ops('inherit get', () => Object.create(o).a); // expect: inherit get: get(a object) => 3
ops('inherit set', () => Object.create(o).a = 5); // expect: inherit set: set(a 5 object) => 5
ops('inherit has', () => 'nope' in Object.create(o)); // expect: inherit has: has(nope) => false
ops('inherit index', () => Object.create(o)[3]); // expect: inherit index: get(3 object) => undefined
ops('array over proxy', () => { const a = [1, , 3]; Object.setPrototypeOf(a, make([])); return a[1]; });
// expect: array over proxy: get(1 array) => undefined
ops('isSealed', () => Object.isSealed(o)); // expect: isSealed: isExtensible() => false
ops('freeze', () => Object.freeze(o) === o);
// expect: freeze: preventExtensions() ownKeys() getOwnPropertyDescriptor(a) defineProperty(a object) getOwnPropertyDescriptor(b) defineProperty(b object) getOwnPropertyDescriptor(d) defineProperty(d object) getOwnPropertyDescriptor(Symbol(Symbol.toStringTag)) defineProperty(Symbol(Symbol.toStringTag) object) => true
ops('isFrozen', () => Object.isFrozen(o));
// expect: isFrozen: isExtensible() ownKeys() getOwnPropertyDescriptor(a) getOwnPropertyDescriptor(b) getOwnPropertyDescriptor(d) getOwnPropertyDescriptor(Symbol(Symbol.toStringTag)) => true
ops('preventExtensions', () => Object.preventExtensions(o) === o);
// expect: preventExtensions: preventExtensions() => true
ops('set frozen', () => { 'use strict'; o.a = 1; }); // expect: set frozen: set(a 1 object) => TypeError
ops('delete frozen', () => { 'use strict'; delete o.a; }); // expect: delete frozen: deleteProperty(a) => TypeError

const a = make([1, 2, 3]);
ops('isArray', () => Array.isArray(a)); // expect: isArray:  => true
ops('length', () => a.length); // expect: length: get(length array) => 3
ops('push', () => a.push(4));
// expect: push: get(push array) get(length array) set(3 4 array) getOwnPropertyDescriptor(3) defineProperty(3 object) set(length 4 array) getOwnPropertyDescriptor(length) defineProperty(length object) => 4
ops('pop', () => a.pop());
// expect: pop: get(pop array) get(length array) get(3 array) deleteProperty(3) set(length 3 array) getOwnPropertyDescriptor(length) defineProperty(length object) => 4
ops('iterate', () => [...a].join());
// expect: iterate: get(Symbol(Symbol.iterator) array) get(length array) get(0 array) get(length array) get(1 array) get(length array) get(2 array) get(length array) => 1,2,3
ops('for-of', () => { let s = 0; for (const x of a) s += x; return s; });
// expect: for-of: get(Symbol(Symbol.iterator) array) get(length array) get(0 array) get(length array) get(1 array) get(length array) get(2 array) get(length array) => 6
ops('destructure', () => { const [x] = a; return x; });
// expect: destructure: get(Symbol(Symbol.iterator) array) get(length array) get(0 array) => 1
ops('map', () => a.map((x) => x * 2));
// expect: map: get(map array) get(length array) get(constructor array) has(0) get(0 array) has(1) get(1 array) has(2) get(2 array) => array
ops('concat', () => [0].concat(a).join());
// expect: concat: get(Symbol(Symbol.isConcatSpreadable) array) get(length array) has(0) get(0 array) has(1) get(1 array) has(2) get(2 array) => 0,1,2,3
ops('slice', () => a.slice(1).join());
// expect: slice: get(slice array) get(length array) get(constructor array) has(1) get(1 array) has(2) get(2 array) => 2,3
ops('indexOf', () => a.indexOf(2));
// expect: indexOf: get(indexOf array) get(length array) has(0) get(0 array) has(1) get(1 array) => 1
ops('includes', () => a.includes(9));
// expect: includes: get(includes array) get(length array) get(0 array) get(1 array) get(2 array) => false
ops('reverse', () => a.reverse().join());
// expect: reverse: get(reverse array) get(length array) has(0) get(0 array) has(2) get(2 array) set(0 3 array) getOwnPropertyDescriptor(0) defineProperty(0 object) set(2 1 array) getOwnPropertyDescriptor(2) defineProperty(2 object) get(join array) get(length array) get(0 array) get(1 array) get(2 array) => 3,2,1
ops('array json', () => JSON.stringify(a));
// expect: array json: get(toJSON array) get(length array) get(0 array) get(1 array) get(2 array) => [3,2,1]
ops('array toString', () => Object.prototype.toString.call(a));
// expect: array toString: get(Symbol(Symbol.toStringTag) array) => [object Array]
ops('spread call', () => Math.max(...a));
// expect: spread call: get(Symbol(Symbol.iterator) array) get(length array) get(0 array) get(length array) get(1 array) get(length array) get(2 array) get(length array) => 3
ops('apply', () => Math.max.apply(null, a));
// expect: apply: get(length array) get(0 array) get(1 array) get(2 array) => 3
ops('Array.from', () => Array.from(a).join());
// expect: Array.from: get(Symbol(Symbol.iterator) array) get(length array) get(0 array) get(length array) get(1 array) get(length array) get(2 array) get(length array) => 3,2,1
ops('set length', () => a.length = 1);
// expect: set length: set(length 1 array) getOwnPropertyDescriptor(length) defineProperty(length object) => 1

class Base { constructor(x) { this.x = x; } static s() { return 's'; } m() { return 'm'; } }
const C = make(Base);
ops('typeof', () => typeof C); // expect: typeof:  => function
ops('call class', () => C()); // expect: call class: apply(undefined array) => TypeError
ops('new', () => new C(5)); // expect: new: construct(array fn) get(prototype fn) => object
ops('static', () => C.s()); // expect: static: get(s fn) => s
ops('extends', () => { class D extends C {} return new D(1).m(); });
// expect: extends: get(prototype fn) construct(array fn) => m
ops('super call', () => { class D extends C { constructor() { super(7); } } return new D().x; });
// expect: super call: get(prototype fn) construct(array fn) => 7
ops('Reflect.construct', () => Reflect.construct(Base, [1], C).x); // expect: Reflect.construct: get(prototype fn) => 1
ops('subclass instanceof', () => new Base() instanceof C);
// expect: subclass instanceof: get(Symbol(Symbol.hasInstance) fn) get(prototype fn) => true
const F = make(function f(a, b) { return this === undefined ? a + b : show(this); });
ops('call', () => F(1, 2)); // expect: call: apply(undefined array) => object
ops('call with this', () => F.call([], 1)); // expect: call with this: get(call fn) apply(array array) => array
ops('bind', () => F.bind('x', 1).name);
// expect: bind: get(bind fn) getPrototypeOf() getOwnPropertyDescriptor(length) get(length fn) get(name fn) => bound f
ops('bound call', () => F.bind(null)(3));
// expect: bound call: get(bind fn) getPrototypeOf() getOwnPropertyDescriptor(length) get(length fn) get(name fn) apply(null array) => object
ops('tagged', () => F`x`); // expect: tagged: apply(undefined array) => object
ops('callback', () => [1].map(F).join()); // expect: callback: apply(undefined array) => object
ops('arrow has no new', () => new (make(() => 1))()); // expect: arrow has no new:  => TypeError
