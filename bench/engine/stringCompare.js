// Comparison of strings: equality, order, a binary search, a prefix test.
const sorted = [];
for (let k = 0; k < 64; k++)
	sorted.push('entry/' + (1000 + k * 3));
function lookup(what) {
	let lo = 0, hi = sorted.length - 1;
	while (lo <= hi) {
		const mid = lo + hi >> 1;
		if (sorted[mid] === what)
			return mid;
		if (sorted[mid] < what)
			lo = mid + 1;
		else
			hi = mid - 1;
	}
	return -1;
}
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const what = 'entry/' + (1000 + i % 192);
		sum = (sum + lookup(what) + (what.endsWith('3') ? 2 : 0) + (what > 'entry/1100' ? 1 : 0) + (what == 'entry/1000' ? 5 : 0) + 1) % 1000003;
	}
	return sum;
}
