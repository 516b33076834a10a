// Global replacement: with a text, with groups, with a function.
const text = 'The quick brown fox, the lazy dog; 12 apples and 345 pears cost $6.70 -- or {{name}} and {{other}}.';
const values = { name: 'Ada', other: 'Grace' };
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const a = text.replace(/\s+/g, ' ');
		const b = text.replace(/(\w+), the (\w+)/, '$2-$1');
		const c = text.replace(/\{\{(\w+)\}\}/g, (all, key) => values[key]);
		const d = text.replace(/\d+/g, (digits) => digits.length);
		sum = (sum + a.length + b.length + c.length + d.length + (i & 1)) % 1000003;
	}
	return sum;
}
