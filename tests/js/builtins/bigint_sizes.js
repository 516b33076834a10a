// Operators around the sizes of limbs: a hash of all results per operator, as Node gives it.
const edge = [0n, 1n, 2n, 3n, 63n, 64n, 65n, 127n, 128n, 1n << 31n, (1n << 53n) + 1n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n,
	1n << 64n, (1n << 64n) + 1n, 0xdeadbeefcafebaben, (1n << 127n) + 7n, (1n << 128n) - 1n, 1n << 128n, 123456789012345678901234567890n];
const values = edge.concat(edge.map(e => -e));
let h;
function add(s) { s = String(s); for (let i = 0; i < s.length; i++) h = h * 31 + s.charCodeAt(i) | 0; }
function all(f) {
	h = 0;
	for (const a of values)
		for (const b of values) {
			let r;
			try { r = f(a, b); } catch (e) { r = e.name; }
			add(r);
			if (typeof r === 'bigint')
				for (const x of [r.toString(16), -r, ~r, Number(r)]) add(x);
		}
	return h;
}
print(all((a, b) => a + b));   // expect: -1353518483
print(all((a, b) => a - b));   // expect: -825658937
print(all((a, b) => a * b));   // expect: -1480629270
print(all((a, b) => a / b));   // expect: 1611062202
print(all((a, b) => a % b));   // expect: 1590758104
print(all((a, b) => a & b));   // expect: -490177371
print(all((a, b) => a | b));   // expect: -1885913327
print(all((a, b) => a ^ b));   // expect: 1706924458
print(all((a, b) => a << b % 400n));   // expect: 1415741099
print(all((a, b) => a >> b % 400n));   // expect: 706304669
print(all((a, b) => [a < b, a <= b, a > b, a >= b, a == b, a === b]));   // expect: -1281420544
print(all((a, b) => a < Number(b) || a == Number(b)));   // expect: 124556884
print(all((a, b) => a.toString(2 + Number(BigInt.asUintN(5, b)))));   // expect: 1029750894
print(all((a, b) => BigInt.asIntN(64, a) + BigInt(Number(b))));   // expect: -1242942628
