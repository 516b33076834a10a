// A list of equal objects built and written as JSON, as a handler answers.
function build(seed) {
	const items = [];
	for (let i = 0; i < 20; i++)
		items.push({ id: i, name: 'Item number ' + i, price: (i + seed) * 1.25, inStock: i % 3 !== 0,
			tags: ['red', 'large', 'tag' + (i % 7)], vendor: { id: i % 10, city: 'Rotterdam' } });
	return { count: items.length, items };
}
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++)
		sum = (sum + JSON.stringify(build(i & 7)).length) % 1000003;
	return sum;
}
