// String: replace, replaceAll, split with strings; dispatch to objects.
print('aXbXc'.replace('X', '-'), 'aXbXc'.replaceAll('X', '-'), 'abc'.replace('z', 'y'), 'abc'.replace('', '_'), 'abc'.replaceAll('', '_'), ''.replaceAll('', 'x'));   // expect: a-bXc a-b-c abc _abc _a_b_c_ x
print('abc'.replace('b', '[$$|$&|$`|$\'|$1|$<x>|$]'), 'abc'.replace('b', '$0$01$'), 'abcd'.replaceAll('b', "$'"), 'aaa'.replaceAll('aa', 'b'));   // expect: a[$|b|a|c|$1|$<x>|$]c a$0$01$c acdcd ba
print('abcabc'.replaceAll('b', (m, i, s) => `<${m}${i}${s.length}>`), 'abc'.replace('c', () => '$&'), 'abc'.replace('b', () => undefined), 'a.b'.replace('.', {}));   // expect: a<b16>ca<b46>c ab$& aundefinedc a[object Object]b
print('aΩbΩ'.replaceAll('Ω', '-'), 'abc'.replace('b', 'Ω'), 'x'.repeat(5000).replaceAll('x', 'yy').length, 'undefined'.replace(undefined, 'u'));   // expect: a-b- aΩc 10000 u
print('a,b,,c'.split(',').join('|'), 'abc'.split('').join('|'), 'abc'.split('', 2).join('|'), 'abc'.split().length, ''.split('').length, ''.split(',').length, ''.split().length);   // expect: a|b||c a|b|c a|b 1 0 1 1
print('a,b,c'.split(',', 2).join('|'), 'a,b,c'.split(',', 0).length, 'a,b,c'.split(',', -1).length, 'a--b--c--'.split('--').join('|'), 'abc'.split('abc').join('|'), 'aaa'.split('aa').join('|'), 'a1b'.split(1).join('|'));   // expect: a|b 0 3 a|b|c| | |a a|b
print('aΩbΩc'.split('Ω').join('|'), 'aΩb'.split('').length, '\u{1f642}x'.split('').length, 'abcΩ'.split('b').join('|'), 'a,b'.split('Ω').length, 'x,'.repeat(3000).split(',').length, ','.split(',').length);   // expect: a|b|c 3 3 a|cΩ 1 3001 2
print('0123456789012345678901234567890,b'.split(',')[0].length, 'a undefined b'.split(undefined).length, 'anullb'.split(null).join('|'), Array.isArray('a'.split('b')));   // expect: 31 1 a|b true
{
	const log = [];
	const pat = {};
	for (const n of ['match', 'matchAll', 'replace', 'search', 'split'])
		pat[Symbol[n]] = function (...a) { log.push(n + ':' + (this === pat) + ':' + a.map(x => typeof x === 'object' ? 'object' : String(x)).join('/')); return n.toUpperCase(); };
	print('s'.match(pat), 's'.matchAll({ [Symbol.matchAll]: s => s + '!' }), 's'.replace(pat, 'r'), 's'.replaceAll({ [Symbol.replace]: (s, r) => s + r }, 'q'), 's'.search(pat), 's'.split(pat, 7));   // expect: MATCH s! REPLACE sq SEARCH SPLIT
	print(log.join(' '));   // expect: match:true:s replace:true:s/r search:true:s split:true:s/7
}
print('a'.replace({ [Symbol.replace]: undefined, toString: () => 'a' }, 'b'), 'a'.split({ [Symbol.split]: null, toString: () => 'a' }).length);   // expect: b 2
for (const bad of [1, true, 'x']) try { 'a'.replace({ [Symbol.replace]: bad }, ''); } catch (e) { print(e.name); }   // expect: TypeError
// expect: TypeError
// expect: TypeError
try { 'a'.matchAll({ [Symbol.match]: true, flags: 'i', [Symbol.matchAll]() { } }); } catch (e) { print(e.name); }   // expect: TypeError
try { 'a'.replaceAll({ [Symbol.match]: true, flags: undefined }, ''); } catch (e) { print(e.name); }   // expect: TypeError
print('a'.replaceAll({ [Symbol.match]: true, flags: 'g', [Symbol.replace]: () => 'global' }, ''));   // expect: global
{
	const order = [];
	const o = n => ({ toString() { order.push(n); return n; } });
	String.prototype.replace.call(o('this'), o('what'), o('with'));
	String.prototype.split.call(o('this'), o('sep'), { valueOf() { order.push('limit'); return 0; } });
	print(order.join());   // expect: this,what,with,this,limit,sep
}
print('match,matchAll,replace,replaceAll,search,split'.split(',').map(m => ''[m].length).join());   // expect: 1,1,2,2,1,2
