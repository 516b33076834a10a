// Patterns in declarations, parameters, assignments; defaults, rest, order.
const { a, b: { c = 3, ...rest }, ...others } = { a: 1, b: { d: 4, e: 5 }, f: 6 };
console.log(a, c, JSON.stringify(rest), JSON.stringify(others));    // expect: 1 3 {"d":4,"e":5} {"f":6}
const [p, , q = 'dflt', ...tail] = [1, 2, undefined, 4, 5];
console.log(p, q, tail.join());                    // expect: 1 dflt 4,5
let m = 1, n = 2;
[m, n] = [n, m];
console.log(m, n);                                 // expect: 2 1
function f({ x = 1, y = x + 1 } = {}, [z] = [x0()]) { return x + y + z; }
function x0() { return 10; }
console.log(f(), f({ x: 5 }, [0]));                // expect: 13 11
const log = [];
function* g() { try { yield 1; yield 2; } finally { log.push('closed'); } }
const [first] = g();
console.log(first, log.join());                    // expect: 1 closed
const target = {};
({ k: target.deep, ['co' + 'mp']: target['x'] } = { k: 'v', comp: 'w' });
console.log(JSON.stringify(target));               // expect: {"deep":"v","x":"w"}
for (const [i, { v }] of [[0, { v: 'a' }], [1, { v: 'b' }]]) console.log(i + v);
// expect: 0a
// expect: 1b
try { const { z } = null; } catch (e) { console.log(e instanceof TypeError); }    // expect: true
try { const [z] = {}; } catch (e) { console.log(e instanceof TypeError); }        // expect: true
console.log((({ length }) => length)('four'));     // expect: 4
