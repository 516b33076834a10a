// Number: constructor, predicates, formatting; parseInt, parseFloat, isNaN, isFinite.
print(Number(), Number('12'), Number(' 0x1F '), Number('1e3'), Number('1_0'), Number(null), Number(undefined), Number(true), Number([5]), Number('Infinity'), Number('-'), Number('.5'));   // expect: 0 12 31 1000 NaN 0 NaN 1 5 Infinity NaN 0.5
print(typeof new Number(1), new Number(3) + 1, Number.prototype.valueOf.call(new Number(4)), Object.prototype.toString.call(Number.prototype), Number.length);   // expect: object 4 4 [object Number] 1
print(Number.EPSILON, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, Number.MAX_VALUE, Number.MIN_VALUE, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);   // expect: 2.220446049250313e-16 9007199254740991 -9007199254740991 1.7976931348623157e+308 5e-324 NaN -Infinity Infinity
print(Number.isInteger(5), Number.isInteger(5.5), Number.isInteger('5'), Number.isInteger(1e300), Number.isSafeInteger(2 ** 53), Number.isSafeInteger(2 ** 53 - 1), Number.isFinite('1'), Number.isFinite(1), Number.isNaN('x'), Number.isNaN(NaN), Number.isInteger(-0), Number.isInteger(Infinity));   // expect: true false false true false true false true false true true false
print(isNaN('x'), isNaN(''), isFinite('12'), isFinite('x'), isFinite(Infinity), isNaN(undefined));   // expect: true false true false false true
print(Number.parseInt === parseInt, Number.parseFloat === parseFloat, parseInt.length, parseFloat.length, parseInt.name);   // expect: true true 2 1 parseInt
print(parseInt('42px'), parseInt('0x1f'), parseInt('0x'), parseInt('-0xF'), parseInt('101', 2), parseInt('12', 1), parseInt('z', 36), parseInt('z', 37), parseInt(''), parseInt('  7'), parseInt('9', 8), parseInt('0b11'), parseInt('1e3'));   // expect: 42 31 NaN -15 5 NaN 35 NaN NaN 7 NaN 0 1
print(parseInt(1e21), parseInt(0.0000005), parseInt(15.99), parseInt(-15.99), Object.is(parseInt(-0.5), -0), Object.is(parseInt('-0'), -0), Object.is(parseInt(-0), 0), parseInt(null), parseInt('null', 36), parseInt('123', 10.9), parseInt('11', '0x2'), parseInt('11', 2 ** 32 + 2));   // expect: 1 5 15 -15 true true true NaN 1112745 123 3 3
print(parseInt('9007199254740993'), parseInt('1'.repeat(30)), parseInt('1'.repeat(400)), parseInt('zzzzzzzzzzzzzzzz', 36), parseInt('-ff', 16), parseInt('+5'), parseInt('- 5'), parseInt('\u00a05Ω'));   // expect: 9007199254740992 1.111111111111111e+29 Infinity 7.958661109946401e+24 -255 5 NaN 5
print(parseFloat('3.14abc'), parseFloat('.5.5'), parseFloat('-.5e-2x'), parseFloat('1e'), parseFloat('1e+'), parseFloat('Infinityx'), parseFloat('-Infinity'), parseFloat('infinity'), parseFloat('+'), parseFloat('0x10'), parseFloat(' 7 '), parseFloat('1.5Ω'), Object.is(parseFloat('-0'), -0), Object.is(parseFloat(-0), 0), parseFloat('5.'), parseFloat('e5'));   // expect: 3.14 0.5 -0.005 1 1 Infinity -Infinity NaN NaN 0 7 1.5 true true 5 NaN
print((255).toString(16), (0.5).toString(2), (-255).toString(36), (0).toString(2), (1 / 3).toString(3).slice(0, 6), NaN.toString(2), (-Infinity).toString(36), (1e21).toString(10), (25).toString(undefined), (2 ** 53).toString(2).length);   // expect: ff 0.1 -73 0 0.1 NaN -Infinity 1e+21 25 54
for (const r of [1, 37, 0, Infinity, NaN]) try { (1).toString(r); print('accepted'); } catch (e) { print(e.name); }   // expect: RangeError
// expect: RangeError
// expect: RangeError
// expect: RangeError
// expect: RangeError
print((1.005).toFixed(2), (0).toFixed(2), (1e21).toFixed(2), (123.456).toFixed(), (0.5).toFixed(0), (1.5).toFixed(0), (2.5).toFixed(0), (-1.5).toFixed(0), (1000000000000000128).toFixed(1), NaN.toFixed(2), (0.000001).toFixed(7), (-0.0000001).toFixed(2));   // expect: 1.00 0.00 1e+21 123 1 2 3 -2 1000000000000000128.0 NaN 0.0000010 -0.00
print((123456).toExponential(), (123456).toExponential(2), (0).toExponential(), (0).toExponential(2), (0.00015).toExponential(1), Infinity.toExponential(200), (-1.5e-9).toExponential(3), (1.25).toExponential(1));   // expect: 1.23456e+5 1.23e+5 0e+0 0.00e+0 1.5e-4 Infinity -1.500e-9 1.3e+0
print((123.456).toPrecision(4), (0.000123).toPrecision(2), (1e21).toPrecision(3), (123456).toPrecision(2), (0).toPrecision(3), (1.5).toPrecision(), NaN.toPrecision(200), (0.0000001).toPrecision(1), (99.99).toPrecision(3));   // expect: 123.5 0.00012 1.00e+21 1.2e+5 0.00 1.5 NaN 1e-7 100
for (const f of [() => (1).toFixed(101), () => (1).toFixed(-1), () => (1).toExponential(101), () => (1).toPrecision(0), () => (1).toPrecision(101)]) try { f(); } catch (e) { print(e.name); }   // expect: RangeError
// expect: RangeError
// expect: RangeError
// expect: RangeError
// expect: RangeError
print((1234567.891).toLocaleString(), (1234.5).toLocaleString(), (0).toLocaleString(), (-1234567).toLocaleString(), (999).toLocaleString(), (1e21).toLocaleString(), NaN.toLocaleString(), Infinity.toLocaleString(), (0.1239).toLocaleString(), (1000).toLocaleString());   // expect: 1,234,567.891 1,234.5 0 -1,234,567 999 1,000,000,000,000,000,000,000 NaN ∞ 0.124 1,000
for (const m of ['toString', 'valueOf', 'toFixed', 'toPrecision', 'toExponential', 'toLocaleString']) try { Number.prototype[m].call('1'); } catch (e) { print(e.name); }   // expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
{
	const order = [];
	try { Number.prototype.toFixed.call({}, { valueOf() { order.push('arg'); return 1; } }); } catch (e) { order.push(e.name); }
	try { NaN.toPrecision({ valueOf() { order.push('arg'); return 1000; } }); } catch (e) { order.push(e.name); }
	print(order.join());   // expect: TypeError,arg
}
class N extends Number { get twice() { return this * 2; } }
print(new N(21).twice, new N(3) instanceof Number, new N(5).toFixed(1));   // expect: 42 true 5.0
