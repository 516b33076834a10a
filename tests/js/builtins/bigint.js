// BigInt: literals, operators, conversions, comparison, limits.
console.log(0n, -0n, 0xffn, 0b101n, 0o17n, 1_000n, [1n, Object(2n)], typeof 1n, typeof Object(1n));   // expect: 0n 0n 255n 5n 15n 1000n [ 1n, [BigInt: 2n] ] bigint object
console.log(7n + 2n, 7n - 9n, -7n * 3n, -7n / 2n, -7n % 2n, 2n ** 100n, (-2n) ** 3n, 0n ** 0n);   // expect: 9n -2n -21n -3n -1n 1267650600228229401496703205376n -8n 1n
console.log(6n & -4n, 6n | -4n, 6n ^ -4n, ~6n, ~-1n, 1n << 70n, -5n >> 1n, -1n >> 100n, 5n >> -1n, 1n << -1n);   // expect: 4n -2n -6n -7n 0n 1180591620717411303424n -3n -1n 10n 0n
let x = 5n; x++; x += 2n; x **= 2n; const y = x--;
console.log(x, y, -x, +[], x > 10, x == '63', x == 63, 63 == x, x === 63n, 1n < 1.5, 2n > '1', 1n < 'x', 1n == true, 0n == '', 9007199254740993n == 9007199254740992, 9007199254740993n > 9007199254740992, 2n ** 2000n > 1e308, 1n < NaN);   // expect: 63n 64n -63n 0 true true true true true true true false true true false true true false
console.log(!0n, !1n, 0n ? 'yes' : 'no', 0n || 'or', 5n && 'and', Object.is(0n, -0n), [1n].includes(1n), [2n ** 64n].indexOf(2n ** 64n), new Set([1n, 1n, 2n ** 70n, 2n ** 70n]).size, new Map([[3n, 'm']]).get(BigInt('3')));   // expect: true false no or and true true 0 2 m
console.log(BigInt(''), BigInt(' 0x1F '), BigInt('-12'), BigInt(2 ** 53), BigInt(-1e21), BigInt(true), Number(2n ** 64n + 2n ** 11n), Number(2n ** 1024n), Number('1n'), parseInt('12n'), +(2n ** 64n + 2n ** 11n + 1n).toString());   // expect: 0n 31n -12n 9007199254740992n -1000000000000000000000n 1n 18446744073709552000 Infinity NaN 12 18446744073709556000
console.log((255n).toString(16), (-(2n ** 70n)).toString(2).length, (10n ** 30n).toString(36), (1234567n).toLocaleString(), String(10n ** 40n), `${12n}`, 'a' + 1n, ({ 1n: 'k' })['1'], [7, 8][1n]);   // expect: ff 72 2oy99wnkl1c76diocq9s 1,234,567 10000000000000000000000000000000000000000 12 a1 k 8
console.log(BigInt.asIntN(8, 128n), BigInt.asIntN(64, 2n ** 63n), BigInt.asUintN(8, -1n), BigInt.asUintN(64, -(2n ** 65n) + 3n), BigInt.asIntN(0, 5n), BigInt.asIntN(3, -5n), BigInt.asUintN(200, 5n));   // expect: -128n -9223372036854775808n 255n 3n 0n 3n 5n
const f = n => n < 2n ? 1n : n * f(n - 1n);
console.log(f(30n), f(300n) / f(298n), String(f(300n)).length, f(300n) % (10n ** 9n + 7n));   // expect: 265252859812191058636308480000000n 89700n 615 419467694n
const big = 3n ** 20000n, other = 7n ** 9000n;
console.log(big * other / other === big, (big * other + 5n) % big, big * big === big ** 2n, BigInt(String(big)) === big, BigInt('0x' + big.toString(16)) === big);   // expect: true 5n true true true
for (const g of [() => 1n + 1, () => +1n, () => 1n >>> 0n, () => Math.max(1n), () => JSON.stringify(1n), () => new BigInt(1), () => BigInt(1.5), () => BigInt('1.5'), () => BigInt(), () => 1n / 0n, () => 1n % 0n, () => 2n ** -1n, () => 1n << (1n << 40n), () => 2n ** (2n ** 64n), () => (1n).toString(1), () => BigInt.asUintN(2 ** 53, 1n), () => isNaN(1n), () => BigInt.prototype.valueOf.call(1)])
	try { console.log('no error', g()); } catch (e) { console.log(e.name); }
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: RangeError
// expect: SyntaxError
// expect: TypeError
// expect: RangeError
// expect: RangeError
// expect: RangeError
// expect: RangeError
// expect: RangeError
// expect: RangeError
// expect: RangeError
// expect: TypeError
// expect: TypeError
BigInt.prototype.toJSON = function () { return 'big ' + this; };
console.log(JSON.stringify({ a: 1n }));   // expect: {"a":"big 1"}
