// Products of small matrices of doubles held in arrays of arrays.
function make(size, f) {
	const m = [];
	for (let i = 0; i < size; i++) {
		const row = [];
		for (let j = 0; j < size; j++)
			row.push(f(i, j));
		m.push(row);
	}
	return m;
}
function multiply(a, b, size) {
	const out = [];
	for (let i = 0; i < size; i++) {
		const row = new Array(size), ai = a[i];
		for (let j = 0; j < size; j++) {
			let sum = 0;
			for (let k = 0; k < size; k++)
				sum += ai[k] * b[k][j];
			row[j] = sum;
		}
		out.push(row);
	}
	return out;
}
const a = make(8, (i, j) => i * 0.5 + j), b = make(8, (i, j) => i === j ? 1.5 : 0.25);
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const c = multiply(a, b, 8);
		sum = (sum + Math.floor(c[i & 7][3])) % 1000003;
	}
	return sum;
}
