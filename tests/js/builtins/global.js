// Functions and values of the global object; URI handling; escape.
print(globalThis === this || typeof globalThis, Object.getOwnPropertyDescriptor(globalThis, 'NaN').writable, Object.getOwnPropertyDescriptor(globalThis, 'undefined').configurable, Object.getOwnPropertyDescriptor(globalThis, 'globalThis').enumerable, Infinity, NaN, undefined);   // expect: true false false false Infinity NaN undefined
print(encodeURIComponent("a b&c=d/e?f#g;,:@$+-_.!~*'()"), encodeURI("a b&c=d/e?f#g;,:@$+-_.!~*'()%"), encodeURIComponent('é€\u{1f642}'), encodeURIComponent(), '[' + encodeURI('') + ']');   // expect: a%20b%26c%3Dd%2Fe%3Ff%23g%3B%2C%3A%40%24%2B-_.!~*'() a%20b&c=d/e?f#g;,:@$+-_.!~*'()%25 %C3%A9%E2%82%AC%F0%9F%99%82 undefined []
print(decodeURIComponent('%E2%82%AC%20%F0%9F%99%82%41'), decodeURI('%23%24%41%2f%e2%82%ac'), decodeURIComponent('%23%2F'), decodeURIComponent('plain'), decodeURIComponent('Ω%41'), decodeURIComponent('%EF%BF%BD') === '\ufffd');   // expect: € 🙂A %23%24A%2f€ #/ plain ΩA true
for (const s of ['%', '%4', '%zz', '%80', '%C0%80', '%E2%82', '%E2%28%A1', '%ED%A0%80', '%F8%80%80%80', '%F4%90%80%80', '%C2', '%FF', 'a%A']) try { decodeURIComponent(s); print('accepted ' + s); } catch (e) { print(e.name + ': ' + e.message); }   // expect: URIError: URI malformed
// expect: URIError: URI malformed
// expect: URIError: URI malformed
// expect: URIError: URI malformed
// expect: URIError: URI malformed
// expect: URIError: URI malformed
// expect: URIError: URI malformed
// expect: URIError: URI malformed
// expect: URIError: URI malformed
// expect: URIError: URI malformed
// expect: URIError: URI malformed
// expect: URIError: URI malformed
// expect: URIError: URI malformed
for (const s of ['\ud800', '\udc00', 'a\ud800b', '\udc00\ud800']) try { encodeURIComponent(s); print('accepted'); } catch (e) { print(e.name); }   // expect: URIError
// expect: URIError
// expect: URIError
// expect: URIError
print(escape('a b+c/é€@*_-.%'), unescape('%u20AC%E9%41%zz%u12%'), unescape(escape('ÿ\u0100\ud83d')) === 'ÿ\u0100\ud83d', escape(), unescape('%U0041'));   // expect: a%20b+c/%E9%u20AC@*_-.%25 €éA%zz%u12% true undefined %U0041
print([encodeURI, encodeURIComponent, decodeURI, decodeURIComponent, escape, unescape, eval, isNaN, isFinite].map(f => f.name + f.length).join());   // expect: encodeURI1,encodeURIComponent1,decodeURI1,decodeURIComponent1,escape1,unescape1,eval1,isNaN1,isFinite1
print((0, eval)('1 + 1'), eval.call(null, 42), (0, eval)('var evalMade = 5; evalMade'), evalMade, typeof (0, eval)('({})'));   // expect: 2 42 5 5 object
try { (0, eval)('1 +'); } catch (e) { print(e.name); }   // expect: SyntaxError
