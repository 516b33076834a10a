// Trees built bottom up and counted, one that lives and many that do not.
class Tree {
	constructor(left, right) { this.left = left; this.right = right; }
	check() { return this.left === null ? 1 : 1 + this.left.check() + this.right.check(); }
}
function build(depth) { return depth === 0 ? new Tree(null, null) : new Tree(build(depth - 1), build(depth - 1)); }
function run(n) {
	const old = build(6);
	let sum = 0;
	for (let i = 0; i < n; i++)
		sum = (sum + build(4 + (i & 1)).check()) % 1000003;
	return sum + old.check();
}
