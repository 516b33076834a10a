// Async functions three deep, awaiting values and promises, and Promise.all.
async function leaf(i) { return i & 7; }
async function middle(i) {
	const a = await leaf(i), b = await 3;
	return a + b;
}
async function loop(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		sum += await middle(i);
		if ((i & 15) === 0)
			for (const v of await Promise.all([leaf(i), middle(i + 1), 5]))
				sum += v;
		sum %= 1000003;
	}
	return sum;
}
function run(n) { return loop(n); }
