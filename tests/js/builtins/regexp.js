print(/a+b/.exec("xxaaab").index);                           // expect: 2
print(JSON.stringify("a1b22c333".match(/\d+/g)));            // expect: ["1","22","333"]
print("foo bar".replace(/(\w+) (\w+)/, "$2 $1"));            // expect: bar foo
print("aBc".replace(/b/i, (x, at, s) => x + at + s));        // expect: aB1aBcc
print(JSON.stringify("a,b, c".split(/(,)\s*/)));             // expect: ["a",",","b",",","c"]
print(/(?<y>\d{4})-(?<m>\d\d)/.exec("on 2024-05").groups.m); // expect: 05
print("2024-05".replace(/(?<y>\d+)-(?<m>\d+)/, "$<m>/$<y>")); // expect: 05/2024
print(String(/(z)((a+)?(b+)?(c))*/.exec("zaacbbbcac")));     // expect: zaacbbbcac,z,ac,a,,c
print([..."a1b2".matchAll(/[a-z](\d)/g)].map(m => m[1]).join()); // expect: 1,2
print(/^.$/u.test("\u{1F600}"), /^.$/.test("\u{1F600}"));    // expect: true false
print(/a/dg.exec("ba").indices[0].join());                   // expect: 1,2
print(new RegExp("/\n").source, String(new RegExp("")));     // expect: \/\n /(?:)/
const r = /a/y; r.lastIndex = 1;
print(r.test("xa"), r.lastIndex, r.test("xa"), r.lastIndex); // expect: true 2 false 0
print(RegExp.escape("a.b"), /x/gimsuy.flags);                // expect: \x61\.b gimsuy
/(b)(c)/.test("abcd");
print(RegExp.$1, RegExp.$2, RegExp.lastMatch, RegExp["$`"], RegExp.rightContext); // expect: b c bc a d
for (const bad of ["(", "a**", "[b-a]", "(?<a>)(?<a>)"]) {
	try { new RegExp(bad); } catch (e) { print(e.name); }
}
// expect: SyntaxError
// expect: SyntaxError
// expect: SyntaxError
// expect: SyntaxError
// A changed protocol is seen.
class Loud extends RegExp { exec(s) { print("exec", s); return super.exec(s); } }
print("aa".replace(new Loud("a"), "b"));
// expect: exec aa
// expect: ba
const exec = RegExp.prototype.exec;
RegExp.prototype.exec = function (s) { print("patched"); return exec.call(this, s); };
print(/q/.test("q"));
// expect: patched
// expect: true
RegExp.prototype.exec = exec;
print(/q/.test("q"));                                        // expect: true
const long = "x".repeat(100000);
print(/(x+x+)+y/.test(long), /(x+x+)+[yz]/.test("y" + long)); // expect: false false
console.log(/a\/b/gi, [/x/], { r: Object.assign(/y/, { extra: 1 }) }); // expect: /a\/b/gi [ /x/ ] { r: /y/ { extra: 1 } }
