// A WeakMap as private data and a WeakSet as a mark.
const data = new WeakMap(), seen = new WeakSet(), objects = [];
for (let k = 0; k < 32; k++)
	objects.push({ k });
function run(n) {
	for (const o of objects)
		data.set(o, { count: 0 });
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const o = objects[i & 31], d = data.get(o);
		d.count = d.count + 1 & 255;
		if (!seen.has(o))
			seen.add(o);
		const fresh = { i };
		data.set(fresh, d);
		sum = (sum + d.count + (data.has(fresh) ? 1 : 0)) % 1000003;
	}
	return sum;
}
