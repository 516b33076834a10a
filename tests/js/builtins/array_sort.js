// sort and toSorted: orders, stability, bad comparison functions, holes.
print([10, 9, 1, 100, -1, -10, 0, 2147483647, -2147483648, 5].sort().join());   // expect: -1,-10,-2147483648,0,1,10,100,2147483647,5,9
print([3, 1, 2].sort((a, b) => a - b).join(), ["b", "a", "é", "Z", "aa", ""].sort().join("|"), ["abcdefghij", "abcdefgh", "abcdefghi", "abcdefg"].sort().join());
// expect: 1,2,3 |Z|a|aa|b|é abcdefg,abcdefgh,abcdefghi,abcdefghij
print(["a\u0000", "a", "\u0100", "\uFFFF", "ab", "\uD800\uDC00"].sort().map(s => s.length + ":" + s.charCodeAt(0)).join());
// expect: 1:97,2:97,2:97,1:256,2:55296,1:65535
print([true, null, "b", 3, undefined, 1.5, "a", , NaN, -0].sort().map(String).join(), [2, undefined, 1, ,].sort().length, 3 in [2, undefined, 1, ,].sort());
// expect: 0,1.5,3,NaN,a,b,null,true,undefined, 4 false
print([undefined, 3, undefined, 1].sort((a, b) => { if (a === undefined || b === undefined) throw 1; return b - a; }).join("-"));
// expect: 3-1--
const recs = []; for (let i = 0; i < 500; i++) recs.push({ k: (i * 7919) % 10, i });
recs.sort((a, b) => a.k - b.k); let ok = true;
for (let i = 1; i < recs.length; i++) if (recs[i - 1].k > recs[i].k || (recs[i - 1].k === recs[i].k && recs[i - 1].i > recs[i].i)) ok = false;
print(ok, recs.length);   // expect: true 500
for (const bad of [() => 1, () => -1, () => NaN, () => undefined, () => ({ valueOf() { return -1; } }), (a, b) => (a * 7 + b * 3) % 5 - 2, () => "1"]) {
	const xs = []; for (let i = 0; i < 100; i++) xs.push(i);
	xs.sort(bad); print(new Set(xs).size, xs.length);
// expect: 100 100
// expect: 100 100
// expect: 100 100
// expect: 100 100
// expect: 100 100
// expect: 100 100
// expect: 100 100
}
const m = [5, 4, 3, 2, 1]; m.sort((a, b) => { m.length = 0; return a - b; }); print(m.join(), m.length);   // expect: 1,2,3,4,5 5
const g = [3, 2, 1]; g.sort((a, b) => { g.push(0); return a - b; }); print(g.slice(0, 3).join());   // expect: 1,2,3
try { [1, 2].sort((a, b) => { throw new Error("cmp"); }); } catch (e) { print(e.message); }   // expect: cmp
for (const f of [null, {}, "x", 1]) try { [1].sort(f); print("no"); } catch (e) { print(e.name); }
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: TypeError
try { [1, 2].toSorted(null); } catch (e) { print(e.name); }   // expect: TypeError
try { [Symbol(), 1].sort(); } catch (e) { print(e.name); }   // expect: TypeError
print([Symbol()].sort().length, [2, , 1].toSorted().length, 2 in [2, , 1].toSorted(), [3, 1].toSorted((a, b) => b - a).join());
// expect: 1 3 true 3,1
const orig = [3, 1, 2]; print(orig.toSorted().join(), orig.join(), orig.sort() === orig);   // expect: 1,2,3 3,1,2 true
const like = { length: 4, 0: "c", 2: "a", 3: "b" }; Array.prototype.sort.call(like); print(JSON.stringify(like), 3 in like);
// expect: {"0":"a","1":"b","2":"c","length":4} false
let toStrings = 0; const obj = v => ({ toString() { toStrings++; return v; } });
print([obj("b"), obj("a"), obj("c")].sort().map(String).join(), toStrings >= 3, [obj("z")].sort().length);   // expect: a,b,c true 1
let seed = 42; const rnd = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff);
const ints = [], strs = [], dbls = [];
for (let i = 0; i < 3000; i++) { ints.push(rnd() - 1e9 | 0); strs.push("k" + rnd() % 1000); dbls.push(rnd() / 7); }
const inOrder = (xs, le) => xs.every((x, i) => i === 0 || le(xs[i - 1], x));
print(inOrder(ints.slice().sort(), (a, b) => String(a) <= String(b)), inOrder(strs.slice().sort(), (a, b) => a <= b), inOrder(dbls.slice().sort(), (a, b) => String(a) <= String(b)));
// expect: true true true
print(inOrder(ints.slice().sort((a, b) => a - b), (a, b) => a <= b), inOrder(dbls.slice().sort((a, b) => b - a), (a, b) => a >= b));
// expect: true true
let cmps = 0; const asc = []; for (let i = 0; i < 1000; i++) asc.push(i); asc.sort((a, b) => { cmps++; return a - b; }); print(cmps < 2000);
// expect: true
print([3, 20, 100].sort().join(), [1, 2, 3].sort(undefined).join(), ["B", "a"].sort((a, b) => a.toLowerCase() < b.toLowerCase() ? -1 : 1).join());
// expect: 100,20,3 1,2,3 a,B
