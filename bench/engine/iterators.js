// for-of over entries, over a class with Symbol.iterator, over strings and Maps.
class Range {
	constructor(n) { this.n = n; }
	[Symbol.iterator]() {
		let i = 0;
		const n = this.n;
		return { next: () => i < n ? { value: i++, done: false } : { value: undefined, done: true } };
	}
}
const list = ['a', 'bb', 'ccc'], map = new Map([['x', 1], ['y', 2], ['z', 3]]);
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		for (const x of new Range(6))
			sum += x;
		for (const [k, v] of list.entries())
			sum += k + v.length;
		for (const [k, v] of map)
			sum += v + k.length;
		for (const c of 'hello')
			sum += c === 'l' ? 2 : 1;
		sum = (sum + [...map.values()].length) % 1000003;
	}
	return sum;
}
