// Sets: distinct values of a list, union and intersection by hand, forEach.
var left = [], right = [];
for (var k = 0; k < 24; k++) {
	left.push(k * 3);
	right.push('t' + (k * 2) % 17);
}
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const a = new Set(left), b = new Set(right);
		a.add(i & 31);
		for (const x of right)
			if (b.has(x) && !a.has(x))
				a.add(x);
		a.forEach((x) => { sum += typeof x === 'number' ? x : 1; });
		sum = (sum + a.size * 3 + b.size) % 1000003;
	}
	return sum;
}
