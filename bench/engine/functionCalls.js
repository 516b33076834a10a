// Plain calls, a method, a closure, a default argument and a rest argument.
function add(a, b) { return a + b; }
function twice(x, by = 2) { return x * by; }
function count(...rest) { return rest.length; }
var counter = { n: 0, step(k) { this.n = (this.n + k) & 65535; return this.n; } };
function adder(k) { return x => x + k; }
var addThree = adder(3);
function run(n) {
	var sum = 0;
	counter.n = 0;
	for (var i = 0; i < n; i++)
		sum = (add(sum, i) + twice(i) + addThree(i) + counter.step(1) + count(i, i)) % 1000003;
	return sum;
}
