// Nested loops with labels: a sieve, and a search in a grid.
const grid = [];
for (let y = 0; y < 12; y++) {
	grid.push([]);
	for (let x = 0; x < 12; x++)
		grid[y].push((x * 7 + y * 13) % 61);
}
function primes(limit) {
	let count = 0;
	outer: for (let i = 2; i < limit; i++) {
		for (let j = 2; j * j <= i; j++)
			if (i % j === 0)
				continue outer;
		count++;
	}
	return count;
}
function search(what) {
	let steps = 0;
	rows: for (let y = 0; y < 12; y++) {
		const row = grid[y];
		for (let x = 0; x < 12; x++) {
			steps++;
			if (row[x] === what)
				break rows;
			if (row[x] > 55)
				continue rows;
		}
	}
	return steps;
}
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++)
		sum = (sum + primes(60) + search(i % 61)) % 1000003;
	return sum;
}
