// Generators: a range, a filter over it, delegation, and an explicit next.
function* range(from, to) { for (let i = from; i < to; i++) yield i; }
function* odd(list) { for (const x of list) if (x & 1) yield x; }
function* both(a, b) { yield* a; yield* b; }
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		for (const x of odd(range(0, 16)))
			sum += x;
		for (const x of both([1, 2], range(i & 3, 6)))
			sum += x;
		const g = range(0, 3);
		sum = (sum + g.next().value + g.next().value) % 1000003;
	}
	return sum;
}
