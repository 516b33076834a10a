// Array methods with small functions: map, filter, reduce, find, some, every, flatMap, forEach.
const data = [];
for (let k = 0; k < 50; k++)
	data.push({ id: k, price: (k * 13) % 47, tags: k & 1 ? ['x'] : ['y', 'z'] });
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const cheap = data.filter((d) => d.price < 30).map((d) => d.price + 1);
		sum += cheap.reduce((a, b) => a + b, 0);
		const found = data.find((d) => d.id === 25 + (i & 7));
		sum += found.price + data.findIndex((d) => d.price === 46);
		if (data.some((d) => d.price === 40) && data.every((d) => d.id >= 0))
			sum += 2;
		data.forEach((d, k) => { sum += k & d.id & 1; });
		sum = (sum + data.flatMap((d) => d.tags).length) % 1000003;
	}
	return sum;
}
