// Two recursive functions: Fibonacci numbers, and a walk over a binary tree.
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
function tree(depth) { return depth === 0 ? null : { left: tree(depth - 1), right: tree(depth - 1), value: depth }; }
function total(node) { return node === null ? 0 : node.value + total(node.left) + total(node.right); }
var root = tree(6);
function run(n) {
	var sum = 0;
	for (var i = 0; i < n; i++)
		sum = (sum + fib(10) + total(root) + i) % 1000003;
	return sum;
}
