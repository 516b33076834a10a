// Closures made and called: counters, an adder, a composition.
function counter(start) {
	let value = start;
	return { next: () => ++value, add: (d) => { value += d; }, get: () => value };
}
function compose(f, g) { return (x) => f(g(x)); }
function adder(d) { return (x) => x + d; }
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const c = counter(i & 15);
		c.next();
		c.add(3);
		const both = compose(adder(2), adder(i & 7));
		sum = (sum + c.get() + both(i & 31)) % 1000003;
	}
	return sum;
}
