// flags: -m 64m
// Keys that grow fast make no store that grows with them.
const lists = [];
for (let n = 0; n < 50; n++) {
	const o = {}, a = [];
	for (let i = 16; i < 5e6; i = i * 2 + 16)
		o[i] = a[i] = i;
	lists.push(o, a);
}
print(Object.keys(lists[98]).length, lists[99].length);        // expect: 18 4194289
print(Object.keys(lists[99]).slice(-2).join(), lists[0][48]);  // expect: 2097136,4194288 48
const dense = {};
for (let i = 0; i < 3000; i += 2)
	dense[i] = i;
print(Object.keys(dense).length, dense[2998]);                 // expect: 1500 2998
