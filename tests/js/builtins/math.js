// Math.
print(Math.E, Math.LN10, Math.LN2, Math.LOG10E, Math.LOG2E, Math.PI, Math.SQRT1_2, Math.SQRT2, Math[Symbol.toStringTag]);   // expect: 2.718281828459045 2.302585092994046 0.6931471805599453 0.4342944819032518 1.4426950408889634 3.141592653589793 0.7071067811865476 1.4142135623730951 Math
print(Math.abs(-5), Math.abs(-2147483648), Math.abs('-1.5'), Math.abs(-Infinity), Math.abs(), Object.is(Math.abs(-0), 0));   // expect: 5 2147483648 1.5 Infinity NaN true
print(Math.floor(-1.5), Math.floor(5), Math.ceil(1.2), Object.is(Math.ceil(-0.5), -0), Math.trunc(-4.7), Object.is(Math.trunc(-0.7), -0), Math.floor('3.9'), Math.ceil(2 ** 40 + 0.5));   // expect: -2 5 2 true -4 true 3 1099511627777
print(Math.round(2.5), Math.round(-2.5), Math.round(0.49999999999999994), Math.round(4503599627370495.5), Math.round(4503599627370497), Object.is(Math.round(-0.5), -0), Object.is(Math.round(-0.2), -0), Math.round(1.7976931348623157e308), Math.round(-1.5), Math.round(NaN), Math.round(Infinity), Object.is(Math.round(0.2), 0));   // expect: 3 -2 0 4503599627370496 4503599627370497 true true 1.7976931348623157e+308 -1 NaN Infinity true
print(Math.max(), Math.min(), Math.max(1, 3, 2), Math.min(1, '0', 2), Math.max(NaN, 1), Math.max(1, NaN, 5), Object.is(Math.max(-0, 0), 0), Object.is(Math.max(0, -0), 0), Object.is(Math.min(0, -0), -0), Object.is(Math.min(-0, 0), -0), Math.max(1, undefined), Math.max(2 ** 40, 1), Math.max(-1, -2), Math.min(3, 4));   // expect: -Infinity Infinity 3 0 NaN NaN true true true true NaN 1099511627776 -1 3
print(Math.sign(-3), Math.sign(0.1), Object.is(Math.sign(-0), -0), Math.sign(NaN), Math.sqrt(2), Math.sqrt(-1), Math.cbrt(27), Math.cbrt(-8), Math.hypot(3, 4), Math.hypot(), Math.hypot(NaN, Infinity), Math.hypot(1, 2, 3), Math.hypot(-3), Math.hypot(1e300, 1e300), Math.hypot(1e-300, 0, 1e-300));   // expect: -1 1 true NaN 1.4142135623730951 NaN 3 -2 5 0 Infinity 3.741657386773941 3 1.4142135623730952e+300 1.4142135623730952e-300
print(Math.pow(2, 10), Math.pow(2, 0.5), Math.pow(1, Infinity), Math.pow(-1, -Infinity), Math.pow(NaN, 0), Math.pow(0, -1), Math.pow(-0, -3), Math.pow(-8, 1 / 3), 7 ** 2 === Math.pow(7, 2), 2 ** -1074, Math.pow(1.1, 2) === 1.1 ** 2);   // expect: 1024 1.4142135623730951 NaN NaN 1 Infinity -Infinity NaN true 5e-324 true
print(Math.clz32(0), Math.clz32(1), Math.clz32(-1), Math.clz32(0.5), Math.clz32(2 ** 32), Math.imul(0xffffffff, 5), Math.imul(2, 4), Math.imul(0x80000000, 2), Math.imul(), Math.fround(5.5), Math.fround(5.05), Math.fround(1e40), Object.is(Math.fround(-0), -0));   // expect: 32 31 0 32 32 -5 8 0 0 5.5 5.050000190734863 Infinity true
print(Math.sin(0), Math.cos(0), Math.tan(0), Math.asin(2), Math.acos(1), Math.atan(1), Math.atan2(1, -1), Math.atan2(-0, -0), Math.sinh(1), Math.cosh(1), Math.tanh(Infinity), Math.asinh(1), Math.acosh(2), Math.atanh(0.5));   // expect: 0 1 0 NaN 0 0.7853981633974483 2.356194490192345 -3.141592653589793 1.1752011936438014 1.5430806348152437 1 0.881373587019543 1.3169578969248166 0.5493061443340548
print(Math.exp(1), Math.expm1(1e-10), Math.log(10), Math.log(-1), Math.log(0), Math.log10(1000), Math.log2(8), Math.log1p(1e-10), Object.is(Math.expm1(-0), -0));   // expect: 2.718281828459045 1.00000000005e-10 2.302585092994046 NaN -Infinity 3 3 9.999999999500001e-11 true
{
	const order = [];
	const o = n => ({ valueOf() { order.push(n); return n; } });
	Math.max(NaN, o(1), o(2)); Math.hypot(Infinity, o(3)); Math.atan2(o(4), o(5)); Math.pow(o(6), o(7)); Math.imul(o(8), o(9));
	print(order.join());   // expect: 1,2,3,4,5,6,7,8,9
	try { Math.max(Symbol()); } catch (e) { print(e.name); }   // expect: TypeError
}
{
	let ok = true, seen = new Set();
	for (let i = 0; i < 1000; i++) { const r = Math.random(); ok &&= r >= 0 && r < 1; seen.add(r); }
	print(ok, seen.size > 990);   // expect: true true
}
print(Object.getOwnPropertyNames(Math).every(n => typeof Math[n] === 'number' || Math[n].name === n), Object.isExtensible(Math), Object.getOwnPropertyDescriptor(Math, 'PI').writable);   // expect: true true false
