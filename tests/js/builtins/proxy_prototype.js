// A proxy as the prototype of Array.prototype: fast paths must notice, and go back afterwards.
let log = '';
const h = {
  get(t, k, r) { log += 'get ' + String(k) + ' '; return Reflect.get(t, k, r); },
  set(t, k, v, r) { log += 'set ' + String(k) + ' '; return Reflect.set(t, k, v, r); },
  has(t, k) { log += 'has ' + String(k) + ' '; return Reflect.has(t, k); },
  getOwnPropertyDescriptor(t, k) { log += 'gopd ' + String(k) + ' '; return Reflect.getOwnPropertyDescriptor(t, k); },
  ownKeys(t) { log += 'ownKeys' + ' '; return Reflect.ownKeys(t); },
  getPrototypeOf(t) { log += 'proto' + ' '; return Reflect.getPrototypeOf(t); },
};
function hot(a, v) { a[a.length] = v; }
function hotget(a, i) { return a[i]; }
function hotp(o) { return o.zork; }
function hotset(o) { o.zork2 = 1; }
{ const a = []; for (let i = 0; i < 200; i++) { hot(a, i); hotget(a, i); } for (let i = 0; i < 50; i++) { hotp({ a: 1 }); hotset({ a: 1 }); } }
let out = '';
function ops(what, f) { log = ''; let r; try { r = String(f()); } catch (e) { r = e.name; } const l = log; out += what + ': ' + l + '=> ' + r + '\n'; }
function suite(name) {
  const a = [1, , 3], d = [1, 2, 3];
  ops('hot append', () => { hot(d, 4); return d.length; });
  ops('hot oob', () => hotget(d, 99));
  ops('hole', () => hotget(a, 1));
  ops('hotp', () => hotp({ a: 1 }));
  ops('hotset', () => hotset({ a: 1 }));
  ops('push', () => d.push(9));
  ops('set literal oob', () => { d[7] = 1; return d.length; });
  ops('pop', () => a.pop());
  ops('shift', () => a.shift());
  ops('unshift', () => a.unshift(1, 2));
  ops('reverse', () => a.reverse().length);
  ops('indexOf', () => a.indexOf(42));
  ops('includes', () => a.includes(undefined));
  ops('join', () => [1, , 2].join());
  ops('iter', () => [...[1, , 2]].length);
  ops('concat', () => [1, , 2].concat([3]).length);
  ops('slice', () => [1, , 2].slice().length);
  ops('map', () => [1, , 2].map((x) => x).length);
  ops('sort', () => [3, , 2].sort().length);
  ops('fill', () => new Array(2).fill(1).length);
  ops('splice', () => [1, , 2].splice(0, 2).length);
  ops('json', () => JSON.stringify([1, , 2]));
  ops('apply', () => Math.max.apply(null, [1, , 2]));
  ops('literal', () => [1, 2].length);
  ops('objlit', () => ({ p: 1 }).p);
  ops('destr', () => { const [x, y] = [1]; return y; });
  ops('forin', () => { let s = ''; for (const k in { q: 1 }) s += k; return s; });
  ops('in', () => 5 in [1]);
  ops('length', () => { const z = [1]; z.length = 5; return z.length; });
  ops('func', () => (function f() {}).nope);
  ops('str', () => 'abc'.nope);
  ops('args', () => (function () { return arguments[5]; })(1));
  ops('keys', () => Object.keys({ a: 1 }).join());
}
Object.setPrototypeOf(Array.prototype, new Proxy(Object.prototype, h));
suite();
Object.setPrototypeOf(Array.prototype, Object.prototype);
suite();
const np = Object.create(new Proxy({}, h));
const arr = [1, , 3]; Object.setPrototypeOf(arr, np);
ops('own arr', () => arr[1] + arr[5]);
ops('own arr set', () => { arr[1] = 5; arr[9] = 1; return arr.length; });
print(out.trimEnd());
// expect: hot append: set 3 => 4
// expect: hot oob: get 99 => undefined
// expect: hole: get 1 => undefined
// expect: hotp: => undefined
// expect: hotset: => undefined
// expect: push: set 4 => 5
// expect: set literal oob: set 7 => 8
// expect: pop: => 3
// expect: shift: has 1 => 1
// expect: unshift: has 0 set 0 set 1 => 3
// expect: reverse: has 2 set 2 => 3
// expect: indexOf: has 0 => -1
// expect: includes: get 0 => true
// expect: join: get 1 => 1,,2
// expect: iter: get 1 => 3
// expect: concat: get Symbol(Symbol.isConcatSpreadable) has 1 get Symbol(Symbol.isConcatSpreadable) => 4
// expect: slice: has 1 => 3
// expect: map: has 1 => 3
// expect: sort: has 1 set 1 => 3
// expect: fill: set 0 set 1 => 2
// expect: splice: has 1 => 2
// expect: json: get toJSON get 1 => [1,null,2]
// expect: apply: get 1 => NaN
// expect: literal: => 2
// expect: objlit: => 1
// expect: destr: => undefined
// expect: forin: => q
// expect: in: has 5 => false
// expect: length: => 5
// expect: func: => undefined
// expect: str: => undefined
// expect: args: => undefined
// expect: keys: => a
// expect: hot append: => 4
// expect: hot oob: => undefined
// expect: hole: => undefined
// expect: hotp: => undefined
// expect: hotset: => undefined
// expect: push: => 5
// expect: set literal oob: => 8
// expect: pop: => 3
// expect: shift: => 1
// expect: unshift: => 3
// expect: reverse: => 3
// expect: indexOf: => -1
// expect: includes: => true
// expect: join: => 1,,2
// expect: iter: => 3
// expect: concat: => 4
// expect: slice: => 3
// expect: map: => 3
// expect: sort: => 3
// expect: fill: => 2
// expect: splice: => 2
// expect: json: => [1,null,2]
// expect: apply: => NaN
// expect: literal: => 2
// expect: objlit: => 1
// expect: destr: => undefined
// expect: forin: => q
// expect: in: => false
// expect: length: => 5
// expect: func: => undefined
// expect: str: => undefined
// expect: args: => undefined
// expect: keys: => a
// expect: own arr: get 1 get 5 => NaN
// expect: own arr set: set 1 set 9 => 10
