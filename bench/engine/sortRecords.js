// Sorting records by two keys, and strings by their code units.
const records = [], words = [];
for (let k = 0; k < 40; k++) {
	records.push({ group: 'g' + (k * 7) % 5, rank: (k * 31) % 17, id: k });
	words.push('w' + (k * 37) % 101);
}
function byGroup(a, b) {
	if (a.group !== b.group)
		return a.group < b.group ? -1 : 1;
	return a.rank - b.rank;
}
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const r = records.slice().sort(byGroup), w = words.slice().sort();
		sum = (sum + r[i % 40].id * 3 + w[i % 40].length) % 1000003;
	}
	return sum;
}
