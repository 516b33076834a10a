// String methods, code points, regular expressions in strings.
const s = 'Hello, Wörld 🙂';
console.log(s.length, [...s].length, s.codePointAt(13), s.at(-1) === '\ude42');   // expect: 15 14 128578 true
console.log(s.toUpperCase(), 'ß'.toUpperCase(), 'ΑΣ'.toLowerCase(), 'İ'.toLowerCase().length);   // expect: HELLO, WÖRLD 🙂 SS ας 2
console.log('a-b-c'.split('-').join(), 'abc'.split('').join(), 'x'.split(',', 0).length);   // expect: a,b,c a,b,c 0
console.log('abc'.slice(-2, -1), 'abc'.substring(2, 0), 'abcdef'.substr(-3, 2));   // expect: b ab de
console.log('x'.padStart(3, 'ab'), 'x'.padEnd(4), '|', ' \t\u00a0trim\n'.trim(), 'ab'.repeat(3));   // expect: abx x    | trim ababab
console.log('aXbX'.replace('X', '$&$&'), 'aXbX'.replaceAll('X', (m, i) => i));   // expect: aXXbX a1b3
console.log('aBc'.localeCompare('aBc'), 'a' < 'b', 'a' < 'B', '10' < '9', 10 < '9');   // expect: 0 true false true false
console.log('abcabc'.indexOf('c', 3), 'abcabc'.lastIndexOf('b', 3), 'abc'.includes('bc', 2), 'abc'.endsWith('b', 2));   // expect: 5 1 false true
console.log(JSON.stringify('"\\\b\x01\ud800é'));   // expect: "\"\\\b\u0001\ud800é"
console.log('x'.isWellFormed(), '\ud800'.isWellFormed(), '\ud800'.toWellFormed() === '\ufffd');   // expect: true false true
console.log('e\u0301'.normalize().length, 'é'.normalize('NFD').length);   // expect: 1 2
console.log(String.fromCharCode(104, 105), String.fromCodePoint(0x1f642).length, 'abc'.charCodeAt(9));   // expect: hi 2 NaN
console.log(encodeURIComponent('a b/ü'), decodeURIComponent('%E2%82%AC'), encodeURI('a b/ü?'));   // expect: a%20b%2F%C3%BC € a%20b/%C3%BC?
try { decodeURIComponent('%'); } catch (e) { console.log(e.name); }   // expect: URIError
let rope = '';
for (let i = 0; i < 10000; i++) rope += i % 10;
console.log(rope.length, rope.slice(4995, 5005), rope[9999]);   // expect: 10000 5678901234 9
