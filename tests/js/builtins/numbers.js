// Printing and parsing of numbers, Math, JSON.
console.log((255).toString(16), (0.5).toString(2), (-255).toString(36), (1e21).toString(7).length > 10);   // expect: ff 0.1 -73 true
console.log((1.005).toFixed(2), (1e21).toFixed(2), (25).toExponential(), (0.00001234).toPrecision(2), (123.456).toPrecision(4));   // expect: 1.00 1e+21 2.5e+1 0.000012 123.5
console.log(5e-324, 1.7976931348623157e308, 0.1, 100, 1e5, 123e-20, -1.5e-10);   // expect: 5e-324 1.7976931348623157e+308 0.1 100 100000 1.23e-18 -1.5e-10
console.log(Number('  12 '), Number(''), Number('0x1f'), Number('1e3'), Number('12px'), Number(null), Number(undefined), Number([7]));   // expect: 12 0 31 1000 NaN 0 NaN 7
console.log(parseInt('12px'), parseInt('0x1f'), parseInt('101', 2), parseFloat('3.14abc'), parseFloat('.5'), parseInt(''));   // expect: 12 31 5 3.14 0.5 NaN
console.log(Math.max(), Math.min(1, '0'), Math.round(-0.4) + 0, Math.round(2.5), Math.trunc(-4.7), Math.sign(-3), Math.hypot(3, 4), Math.cbrt(27), Math.clz32(1), Math.fround(5.5), Math.imul(0xffffffff, 5));   // expect: -Infinity 0 0 3 -4 -1 5 3 31 5.5 -5
console.log(Object.is(Math.round(-0.5), -0), Number.MAX_SAFE_INTEGER, Number.EPSILON > 0, Number.isInteger(5.0), Number.isSafeInteger(2 ** 53));   // expect: true 9007199254740991 true true false
console.log(2147483647 + 1, -2147483648 - 1, 65536 * 65536, 2 ** 53 + 1, (2 ** 31) | 0, 4294967295 >>> 0);   // expect: 2147483648 -2147483649 4294967296 9007199254740992 -2147483648 4294967295
console.log(JSON.stringify({ u: undefined, f() { }, n: NaN, d: -0, a: [undefined, () => { }], t: { toJSON() { return 'tj'; } } }));   // expect: {"n":null,"d":0,"a":[null,null],"t":"tj"}
console.log(JSON.stringify([1, { a: [] }], null, 2).split('\n').length, JSON.stringify({ a: 1, b: 2 }, ['b']), JSON.stringify('x', (k, v) => v + k + '!'));   // expect: 6 {"b":2} "x!"
console.log(JSON.parse('[1e3, "\\u0041\\n", true, null, {"a": {"b": -0.5}}]', (k, v) => typeof v === 'number' ? v * 2 : v)[4].a.b);   // expect: -1
for (const bad of ['{a:1}', '[1,]', '01', '"\n"', '', 'nul', '1 2']) try { JSON.parse(bad); console.log('accepted ' + bad); } catch (e) { if (e.name !== 'SyntaxError') console.log(e.name); }
const ring = {}; ring.self = ring;
try { JSON.stringify(ring); } catch (e) { console.log(e.name); }   // expect: TypeError
