// String: constructor, units, searching, cutting, padding, well-formedness, HTML.
print('[' + String() + ']', String(1.5), String(null), String(Symbol('d')), typeof String('x'), typeof new String('x'));   // expect: [] 1.5 null Symbol(d) string object
print(new String('abc').length, Object.keys(new String('ab')).join(), 1 in new String('ab'), 2 in new String('ab'));   // expect: 3 0,1 true false
print(String.length, String.name, String.prototype.length, Object.prototype.toString.call(String.prototype));   // expect: 1 String 0 [object String]
print(String.fromCharCode(72, 105, 0x10041), String.fromCharCode('65.9'), String.fromCodePoint(128578).length);   // expect: HiA A 2
try { String.fromCodePoint(1.5); } catch (e) { print(e.name); }   // expect: RangeError
try { String.fromCodePoint(-1); } catch (e) { print(e.name); }   // expect: RangeError
try { String.fromCodePoint(0x110000); } catch (e) { print(e.name); }   // expect: RangeError
print(String.raw`a\n${1}b${2}\u0041`, String.raw({ raw: 'xyz' }, 1, 2, 3), '[' + String.raw({ raw: [] }) + ']');   // expect: a\n1b2\u0041 x1y2z []
print('abc'.at(0), 'abc'.at(-1), 'abc'.at(3), 'abc'.at(-4), 'abc'.at(NaN), 'abc'.at(Infinity));   // expect: a c undefined undefined a undefined
print('abc'.charAt(1), '[' + 'abc'.charAt(9) + ']', 'abc'.charCodeAt(1), 'abc'.charCodeAt(-1), 'abc'.charCodeAt(1.9));   // expect: b [] 98 NaN 98
print('a\u{1f642}b'.codePointAt(1), 'a\u{1f642}b'.codePointAt(2), 'a'.codePointAt(1), '\ud83d'.codePointAt(0));   // expect: 128578 56898 undefined 55357
print('abcabc'.indexOf('c'), 'abcabc'.indexOf('c', 3), 'abc'.indexOf(''), 'abc'.indexOf('', 9), 'abc'.indexOf('abcd'), 'abc'.indexOf('a', -5));   // expect: 2 5 0 3 -1 0
print('abcabc'.lastIndexOf('c'), 'abcabc'.lastIndexOf('c', 4), 'abc'.lastIndexOf(''), 'abc'.lastIndexOf('a', -1), 'abc'.lastIndexOf('b', NaN), 'canal'.lastIndexOf('a', 0));   // expect: 5 2 3 0 1 -1
print('aΩb'.indexOf('Ω'), 'ab'.indexOf('Ω'), 'aΩbΩ'.lastIndexOf('Ω'), 'aΩb'.includes('b'), 'aΩb'.indexOf('Ωb'));   // expect: 1 -1 3 true 1
print('abc'.includes('bc'), 'abc'.includes('bc', 2), 'abc'.startsWith('b', 1), 'abc'.startsWith(''), 'abc'.endsWith('b', 2), 'abc'.endsWith('abcd'), 'undefined'.startsWith());   // expect: true false true true true false true
for (const m of ['includes', 'startsWith', 'endsWith']) try { ''[m]({ [Symbol.match]: true }); } catch (e) { print(m, e.name); }   // expect: includes TypeError
// expect: startsWith TypeError
// expect: endsWith TypeError
print(''.includes.call('a[object Object]', { [Symbol.match]: false }));   // expect: true
print('abcdef'.slice(2), 'abcdef'.slice(-3, -1), '[' + 'abc'.slice(2, 1) + ']', 'abc'.slice(-9), 'abc'.slice(undefined, undefined));   // expect: cdef de [] abc abc
print('abcdef'.substring(4, 1), 'abcdef'.substring(-1, 2), 'abcdef'.substring(NaN), 'abcdef'.substr(-3, 2), 'abcdef'.substr(2), '[' + 'abc'.substr(1, -1) + ']');   // expect: bcd ab abcdef de cdef []
print('0123456789012345678901234567890123456789'.slice(5, 35).slice(1, 28), '0123456789012345678901234567890123456789'.substring(10, 40).length);   // expect: 678901234567890123456789012 30
print('a'.concat('b', 1, null, [2, 3]), 'x'.repeat(3), '[' + 'x'.repeat(0) + ']', '[' + ''.repeat(2 ** 28) + ']', 'ab'.repeat(300).length, 'aΩ'.repeat(2));   // expect: ab1null2,3 xxx [] [] 600 aΩaΩ
try { 'x'.repeat(-1); } catch (e) { print(e.name + ': ' + e.message); }   // expect: RangeError: Invalid count value: -1
try { 'x'.repeat(Infinity); } catch (e) { print(e.name); }   // expect: RangeError
try { 'x'.repeat(2 ** 30); } catch (e) { print(e.name); }   // expect: RangeError
try { 'x'.padEnd(2 ** 31); } catch (e) { print(e.name); }   // expect: RangeError
print('5'.padStart(3, '0'), 'abc'.padStart(8, '12'), 'abc'.padEnd(6) + '|', 'abc'.padStart(2), 'abc'.padEnd(9, ''), 'a'.padEnd(5, 'Ωx'), 'x'.padStart(1000, 'abc').length, 'x'.padStart(1000, 'abc').slice(-4));   // expect: 005 12121abc abc   | abc abc aΩxΩx 1000 abcx
print('[' + ' \t\n\u00a0\ufeff\u2028x y\u3000 '.trim() + ']', '[' + ' a '.trimStart() + ']', '[' + ' a '.trimEnd() + ']', '[' + '\u180e'.trim() + ']' === '[\u180e]');   // expect: [x y] [a ] [ a] true
print(String.prototype.trimLeft === String.prototype.trimStart, String.prototype.trimRight === String.prototype.trimEnd, String.prototype.trimLeft.name);   // expect: true true trimStart
print('a\ud800b'.isWellFormed(), '\u{1f642}'.isWellFormed(), 'a\udc00\ud800'.toWellFormed() === 'a\ufffd\ufffd', 'ok'.toWellFormed());   // expect: false true true ok
print('x'.anchor('"q"'), 'x'.bold(), 'x'.link('u'), 'x'.fontcolor('red'), 'x'.sup(), 'x'.fixed(), 'x'.italics(), 'x'.strike());   // expect: <a name="&quot;q&quot;">x</a> <b>x</b> <a href="u">x</a> <font color="red">x</font> <sup>x</sup> <tt>x</tt> <i>x</i> <strike>x</strike>
for (const m of ['at', 'charAt', 'trim', 'split', 'normalize', 'anchor', 'toUpperCase']) try { String.prototype[m].call(null); } catch (e) { print(e.message); }   // expect: String.prototype.at called on null or undefined
// expect: String.prototype.charAt called on null or undefined
// expect: String.prototype.trim called on null or undefined
// expect: String.prototype.split called on null or undefined
// expect: String.prototype.normalize called on null or undefined
// expect: String.prototype.anchor called on null or undefined
// expect: String.prototype.toUpperCase called on null or undefined
try { String.prototype.toString.call({}); } catch (e) { print(e.name); }   // expect: TypeError
print(String.prototype.valueOf.call(new String('v')), ''.at.call(12345, 2), ''.slice.call({ toString: () => 'object' }, 1));   // expect: v 3 bject
print([...'a\u{1f642}\ud83dz'].map(c => c.length).join(), ''[Symbol.iterator]().next().done, Object.prototype.toString.call(''[Symbol.iterator]()), 'ab'[Symbol.iterator]().next().value);   // expect: 1,2,1,1 true [object String Iterator] a
{
	const order = [];
	const o = n => ({ toString() { order.push(n); return n; }, valueOf() { order.push(n + '#'); return 1; } });
	String.prototype.padStart.call(o('this'), o('len'), o('fill'));
	String.prototype.substring.call(o('this'), o('from'), o('to'));
	print(order.join());   // expect: this,len#,this,from#,to#
}
print('\u00e9'.localeCompare('e\u0301'), 'a'.localeCompare('b'), 'b'.localeCompare('a'), 'a'.localeCompare('a'), 'a'.localeCompare('B'), 'A'.localeCompare('a'), 'résumé'.localeCompare('resume'), 'résumé'.localeCompare('resumf'), 'z'.localeCompare('ä'), '10'.localeCompare('9'), '_'.localeCompare('a'));   // expect: 0 -1 1 0 -1 1 1 -1 1 -1 -1
print(['b', 'a', 'C', 'ä', 'A', 'é', 'e', 'Z', '1', '_'].sort((x, y) => x.localeCompare(y)).join());   // expect: _,1,a,A,ä,b,C,e,é,Z
