// Array.prototype.sort of numbers and of objects with a comparator.
const base = [];
for (let k = 0, x = 12345; k < 60; k++) {
	x = (x * 1103515245 + 12345) & 0x7fffffff;
	base.push(x % 1000);
}
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const a = base.slice();
		a[i % 60] = i & 1023;
		a.sort((x, y) => x - y);
		sum = (sum + a[i % 60] * 3 + a[59]) % 1000003;
	}
	return sum;
}
