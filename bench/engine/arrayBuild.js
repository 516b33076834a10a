// Arrays made, grown and taken apart: push, pop, slice, concat, indexOf, includes, reverse, fill, Array.from.
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const a = [];
		for (let k = 0; k < 20; k++)
			a.push(k ^ i & 7);
		const b = a.slice(5, 15).concat([i & 1, 2, 3]).reverse();
		if (b.includes(7))
			b.pop();
		b.unshift(9);
		b.splice(2, 3, 1);
		sum += b.indexOf(2) + b.length + b.join('').length;
		const c = Array.from({ length: 8 }, (x, k) => k * 2), d = new Array(5).fill(1);
		sum = (sum + c[i & 7] + d.length + c.at(-1) + 1) % 1000003;
	}
	return sum;
}
