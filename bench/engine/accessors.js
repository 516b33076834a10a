// Getters and setters of literals, of classes and by defineProperty.
class Temperature {
	constructor(c) { this._c = c; }
	get celsius() { return this._c; }
	set celsius(v) { this._c = v; }
	get fahrenheit() { return this._c * 9 / 5 + 32 | 0; }
}
const box = { _v: 1, get v() { return this._v; }, set v(x) { this._v = x & 255; } };
const lazy = {};
Object.defineProperty(lazy, 'size', { get: function () { return 3; }, enumerable: true });
function run(n) {
	const t = new Temperature(20);
	let sum = 0;
	for (let i = 0; i < n; i++) {
		t.celsius = i & 31;
		box.v = box.v + 3;
		sum = (sum + t.fahrenheit + t.celsius + box.v + lazy.size) % 1000003;
	}
	return sum;
}
