// Statements: labels, switch, try/finally, loops, comma, exponent, operators.
outer: for (let i = 0; i < 3; i++) {
	for (let j = 0; j < 3; j++) {
		if (j === 1) continue outer;
		if (i === 2) break outer;
		console.log(i + '' + j);
	}
}
// expect: 00
// expect: 10
function sw(x) {
	let out = '';
	switch (x) {
	case 1: out += 'one';
	case 2: out += 'two'; break;
	default: out += 'other';
	case 3: out += 'three';
	}
	return out;
}
console.log(sw(1), sw(2), sw(3), sw(4));           // expect: onetwo two three otherthree
function fin(k) {
	for (;;) {
		try {
			if (k === 0) return 'r';
			if (k === 1) break;
			if (k === 2) throw 't';
			k--;
			continue;
		} catch (e) {
			return 'caught ' + e;
		} finally {
			if (k === 5) return 'overridden';
		}
	}
	return 'broke';
}
console.log(fin(0), fin(1), fin(2), fin(3), fin(6));   // expect: r broke caught t caught t overridden
console.log(2 ** 3 ** 2, (-2) ** 2, 7 % -3, -7 % 3);   // expect: 512 4 1 -1
console.log(1 / -0, 0 === -0, Object.is(0, -0), NaN !== NaN);   // expect: -Infinity true false true
console.log(null ?? 'd', 0 ?? 'd', 0 || 'd', '' && 'd');        // expect: d 0 d 
let u; u ??= 5; u ||= 6; u &&= 7;
console.log(u);                                    // expect: 7
const o = { a: { b: () => 'deep' } };
console.log(o?.a?.b?.(), o.x?.y.z.w, o.x?.[u++], u, delete o?.a);    // expect: deep undefined undefined 7 true
console.log(typeof undeclared, void 0, (1, 2));    // expect: undefined undefined 2
console.log('b' + 'a' + +'a' + 'a');               // expect: baNaNa
console.log([] + {}, [] == false, null == undefined, null == 0);    // expect: [object Object] true true false
console.log(1 << 31, 1 << 32, -1 >>> 28, ~5, 5 & 3 | 8 ^ 2);        // expect: -2147483648 1 15 -6 11
console.log(0.1 + 0.2, 1e21, 1e-7, 123456789012345680000, 0xff, 0b11, 0o17, 1_000);   // expect: 0.30000000000000004 1e+21 1e-7 123456789012345680000 255 3 15 1000
var i = 5, keys = [];
do keys.push(i); while (--i > 3);
for (var k in { z: 1, 1: 1, y: 1, 0: 1 }) keys.push(k);
console.log(keys.join());                          // expect: 5,4,0,1,z,y
console.log(((a, b) => a + b).length, (function (...r) { }).length, ((a, b = 1, c) => { }).length);   // expect: 2 0 1
console.log(`a${1}b${`c${2}`}`, String.raw`\n${3}`);   // expect: a1bc2 \n3
if (true) function blockFn() { return 'annex'; }
console.log(blockFn());                            // expect: annex
