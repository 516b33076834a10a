// What ECMA-262 2026 adds to the library.
print(Math.sumPrecise([1e308, 1e308, 0.1, 0.1, 1e30, 0.1, -1e30, -1e308, -1e308]));  // expect: 0.30000000000000004
print(Object.is(Math.sumPrecise([]), -0), Math.sumPrecise([1e308, 1e308]), Math.sumPrecise([Infinity, -Infinity]));  // expect: true Infinity NaN
print(Math.sumPrecise([5e-324, 5e-324]), Math.sumPrecise([2 ** 53, 1, -(2 ** -1074)]), Math.sumPrecise([0.1, -0.1]));  // expect: 1e-323 9007199254740992 0
const m = new Map([["a", 1]]), w = new WeakMap(), k = {};
print(m.getOrInsert("a", 2), m.getOrInsert("b", 2), m.getOrInsertComputed(-0, (x) => Object.is(x, 0)), [...m.keys()].join());  // expect: 1 2 true a,b,0
print(w.getOrInsertComputed(k, () => { w.set(k, 1); return 2; }), w.get(k));  // expect: 2 2
print([...Iterator.concat([1, 2], new Set([3]), "ab" && [4])].join());  // expect: 1,2,3,4
const bytes = new Uint8Array([0, 255, 254, 1]);
print(bytes.toBase64(), bytes.toBase64({ alphabet: "base64url", omitPadding: true }), bytes.toHex());  // expect: AP/+AQ== AP_-AQ 00fffe01
print(Uint8Array.fromBase64(" A P/+AQ "), Uint8Array.fromHex("00ffFE01").join());  // expect: 0,255,254,1 0,255,254,1
const to = new Uint8Array(4);
print(JSON.stringify(to.setFromBase64("AP/+AQIDBA==")), to.join());  // expect: {"read":4,"written":3} 0,255,254,0
try { to.setFromHex("0102zz"); } catch (e) { print(e.name, to.join()); }  // expect: SyntaxError 1,2,254,0
try { Uint8Array.fromBase64("AQ", { lastChunkHandling: "strict" }); } catch (e) { print(e.name); }  // expect: SyntaxError
print(JSON.stringify({ big: JSON.rawJSON("12345678901234567890") }), JSON.isRawJSON(JSON.rawJSON("1")));  // expect: {"big":12345678901234567890} true
JSON.parse('{"a":1.0,"b":[2e1],"a":-0}', function (key, v, c) { if (typeof v === "number") print(key, c.source); return v; });  // expect: a -0
// expect: 0 2e1
print(JSON.parse("[1,2]", function (key, v, c) { if (key === "0") this[1] = 3; return c.source ?? v; }) + "");  // expect: 1,3
