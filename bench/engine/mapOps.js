// A Map with string keys and one with integer keys: set, get, has, delete, iterate.
var names = [];
for (var k = 0; k < 64; k++)
	names.push('key-' + k);
function run(n) {
	const words = new Map(), ids = new Map();
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const name = names[i & 63];
		words.set(name, (words.get(name) || 0) + 1);
		ids.set(i & 255, i & 15);
		if (ids.has((i * 7) & 511))
			sum += ids.get((i * 7) & 511) || 0;
		if ((i & 31) === 31)
			ids.delete(i & 255);
		if ((i & 1023) === 0)
			for (const [key, value] of words)
				sum += key.length + (value & 7);
		sum %= 1000003;
	}
	return sum + words.size + ids.size;
}
