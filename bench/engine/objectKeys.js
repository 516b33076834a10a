// Objects as dictionaries: keys, values, entries, for-in, in, delete, fromEntries.
const ages = { ada: 36, grace: 45, alan: 41, edsger: 72, barbara: 80 };
const words = 'the cat and the dog and the bird saw the cat'.split(' ');
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const count = {};
		for (const w of words)
			count[w] = (count[w] || 0) + 1;
		for (const name in ages)
			sum += ages[name];
		for (const [name, age] of Object.entries(ages))
			sum += name.length + age;
		const doubled = Object.fromEntries(Object.entries(count).map(([k, v]) => [k, v * 2]));
		delete count.the;
		sum = (sum + Object.keys(count).length + Object.values(doubled).length + ('cat' in count ? 1 : 0) + doubled.and) % 1000003;
	}
	return sum;
}
