// String: case conversion and normalisation.
print('Hello, World 123'.toUpperCase(), 'Hello, World 123'.toLowerCase(), ''.toUpperCase() === '', 'àÿµß÷×Þ'.toUpperCase(), 'ÀÞ×÷ß'.toLowerCase());   // expect: HELLO, WORLD 123 hello, world 123 true ÀŸΜSS÷×Þ àþ×÷ß
print('ß'.toUpperCase(), 'ÿ'.toUpperCase(), 'µ'.toUpperCase(), 'ŉ'.toUpperCase(), 'ﬃ'.toUpperCase(), 'ΐ'.toUpperCase(), 'İ'.toLowerCase().length, 'K'.toLowerCase());   // expect: SS Ÿ Μ ʼN FFI Ϊ́ 2 k
print('ΑΣ'.toLowerCase(), 'ΑΣΒ'.toLowerCase(), 'Σ'.toLowerCase(), 'ΑΣ.'.toLowerCase(), 'Α\u00ADΣ'.toLowerCase(), 'ΑΣ\u00ADΒ'.toLowerCase() === 'ασ\u00ADβ', 'A\u{1d49c}Σ'.toLowerCase().endsWith('ς'));   // expect: ας ασβ σ ας. α­ς true true
print('\u{10400}'.toLowerCase() === '\u{10428}', '\u{10428}'.toUpperCase() === '\u{10400}', '\ud801'.toLowerCase() === '\ud801', 'I'.toLocaleLowerCase(), 'ä'.toLocaleUpperCase());   // expect: true true true i Ä
print('abc'.toUpperCase().toLowerCase() === 'abc', 'A'.repeat(5000).toLowerCase() === 'a'.repeat(5000), 'Ω'.repeat(3000).toLowerCase() === 'ω'.repeat(3000));   // expect: true true true
print('e\u0301'.normalize().length, '\u00e9'.normalize('NFD').length, '\u1e9b\u0323'.normalize('NFC') === '\u1e9b\u0323', '\u1e9b\u0323'.normalize('NFKC') === '\u1e69', '\u1e9b\u0323'.normalize('NFKD') === 's\u0323\u0307', '\u1e9b\u0323'.normalize('NFD') === '\u017f\u0323\u0307');   // expect: 1 2 true true true true
print('\u1100\u1161\u11a8'.normalize() === '\uac01', '\uac01'.normalize('NFD').length, '\uac00\u11a8'.normalize() === '\uac01', '\u0344'.normalize() === '\u0308\u0301', '\u212b'.normalize() === '\u00c5', '\u2126'.normalize() === '\u03a9');   // expect: true 3 true true true true
print('a\u0315\u0300\u05ae\u0062'.normalize('NFC') === '\u00e0\u05ae\u0315b', 'a\u0315\u0300\u05ae\u0062'.normalize('NFD') === 'a\u05ae\u0300\u0315b', '\u0958'.normalize() === '\u0915\u093c', 'ﬁ'.normalize('NFKC'), 'ﬁ'.normalize() === 'ﬁ', '\ud800a'.normalize() === '\ud800a');   // expect: true true true fi true true
print(('a' + '\u0301\u0323'.repeat(500)).normalize() === '\u1ea1' + '\u0323'.repeat(499) + '\u0301'.repeat(500), ('a' + '\u0301\u0323'.repeat(500)).normalize('NFD').length);   // expect: true 1001
print('\u09c7\u09be'.normalize() === '\u09cb', 'x'.normalize('NFC'), '\u0301'.normalize(), '\u0301a'.normalize().length);   // expect: true x ́ 2
try { 'x'.normalize('nfc'); } catch (e) { print(e.name); }   // expect: RangeError
try { 'x'.normalize(null); } catch (e) { print(e.name); }   // expect: RangeError
