// Classes: inheritance, super calls, fields, private names, statics, accessors.
class Animal {
	legs = 4;
	#name;
	static made = 0;
	constructor(name) { this.#name = name; Animal.made++; }
	get name() { return this.#name; }
	speak(loud) { return loud ? this.#name.length : 1; }
}
class Dog extends Animal {
	#tricks = 0;
	constructor(name) { super(name); this.kind = 'dog'; }
	learn(k) { this.#tricks += k; return this; }
	speak(loud) { return super.speak(loud) + this.#tricks; }
	set tricks(v) { this.#tricks = v; }
}
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const d = new Dog(i & 1 ? 'rex' : 'bello');
		d.learn(2).learn(i & 3);
		if ((i & 7) === 0)
			d.tricks = 9;
		sum = (sum + d.speak(true) + d.legs + d.name.length) % 1000003;
	}
	return sum;
}
