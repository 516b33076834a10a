// Regular expressions: groups, look-around, flags, Unicode, stickiness, backtracking.
console.log(/(a)|(b)/.exec('b').map(x => x ?? 'u').join(), /(?:(a)|b)*/.exec('ab')[1], /(z)((a+)?(b+)?(c))*/.exec('zaacbbbcac')[3]);   // expect: b,u,b undefined a
console.log(/(?<year>\d{4})-(?<m>\d\d)/.exec('on 2024-05').groups.m, /(?<=\$)\d+/.exec('a$42')[0], /\d+(?!\.)/.exec('3.14')[0], /(?<!a)b/.exec('abb').index);   // expect: 05 42 14 2
console.log(/^b/m.test('a\nb'), /a.b/s.test('a\nb'), /A/i.test('a'), /\bfoo\b/.test('a foo.'), /[^]/.test('\n'));   // expect: true true true true true
console.log(/^.$/.test('🙂'), /^.$/u.test('🙂'), /\u{1f642}/u.test('🙂'), /\p{Lu}\p{Script=Greek}/u.test('Aα'), /[\p{L}--[a-z]]/v.test('a'));   // expect: false true true true false
const g = /o/g;
console.log(g.test('foo'), g.lastIndex, g.test('foo'), g.lastIndex, g.test('foo'), g.lastIndex);   // expect: true 2 true 3 false 0
const y = /a/y;
console.log(y.test('ba'), (y.lastIndex = 1, y.test('ba')), y.flags, /x/dgimsuy.flags);   // expect: false true y dgimsuy
console.log('aaa'.replace(/a{2}?/, 'x'), /a+?b/.exec('aaab')[0], /(a*)*/.exec('b')[0].length, /(?=(a+))a*b\1/.exec('baaabac')[0]);   // expect: xa aaab 0 aba
console.log(/(.)\1/.test('abba'), /\k<n>(?<n>x)/.test('x'), /[\d-z]/.test('-'), /\cA/.test('\x01'), /\0/.test('\0'));   // expect: true true true true true
console.log(/a|ab/.exec('ab')[0], /((a)|(ab))((c)|(bc))/.exec('abc').map(x => x ?? '').join(), /x*/.exec('y').index);   // expect: a abc,a,a,,bc,,bc 0
try { new RegExp('('); } catch (e) { console.log(e.name); }   // expect: SyntaxError
try { new RegExp('a', 'gg'); } catch (e) { console.log(e.name); }   // expect: SyntaxError
console.log(new RegExp('/').source, String(new RegExp('')), /[/]\//.source, RegExp.prototype.toString.call(/a/g));   // expect: \/ /(?:)/ [/]\/ /a/g
console.log(/(x+x+)+y/.test('x'.repeat(28)), /^(a+)+$/.test('a'.repeat(28) + 'b'));   // expect: false false
console.log('aBC'.replace(/b/gi, c => c.toLowerCase()), 'abc'.search(/c/), 'a,b;c'.split(/([,;])/).join('|'));   // expect: abC 2 a|,|b|;|c
const d = /b(c)/d.exec('abc');
console.log(d.indices[0].join(), d.indices[1].join());   // expect: 1,3 2,3
