// Fields, private names, accessors, statics, super, new.target, subclassing.
class Animal {
	#name;
	static count = 0;
	legs = 4;
	constructor(name) { this.#name = name; Animal.count++; }
	get name() { return this.#name; }
	set name(v) { this.#name = v.trim(); }
	speak() { return `${this.#name} makes a sound`; }
	static is(o) { return #name in o; }
	#secret() { return 'secret of ' + this.#name; }
	tell() { return this.#secret(); }
	static { Animal.ready = true; }
}
class Dog extends Animal {
	legs = super.legs === undefined ? 'four' : 5;
	speak() { return super.speak() + ': woof'; }
	get [Symbol.toStringTag]() { return 'Dog'; }
}
const d = new Dog('Rex');
console.log(d.speak(), d.legs);                    // expect: Rex makes a sound: woof four
d.name = '  Max ';
console.log(d.name, d.tell());                     // expect: Max secret of Max
console.log(Animal.is(d), Animal.is({}));          // expect: true false
console.log(Animal.count, Animal.ready);           // expect: 1 true
console.log(String(d), d instanceof Animal);       // expect: [object Dog] true
try { Dog(); } catch (e) { console.log(e instanceof TypeError); }   // expect: true
try { new (class extends Animal { constructor() { } })(); } catch (e) { console.log(e.name); }   // expect: ReferenceError
class List extends Array { sum() { return this.reduce((p, q) => p + q, 0); } }
const l = List.from([1, 2, 3]);
console.log(l.map(v => v * 2).sum(), l.length, l instanceof List);  // expect: 12 3 true
class MyError extends Error { constructor(m) { super(m); this.name = 'MyError'; } }
try { throw new MyError('boom'); } catch (e) { console.log(String(e), e instanceof Error); }   // expect: MyError: boom true
function F() { return new.target === F; }
console.log(new F() instanceof F, F());            // expect: true false
const o = { __proto__: { hi() { return 'hi'; } }, hi() { return super.hi() + '!'; } };
console.log(o.hi());                               // expect: hi!
console.log(Object.getOwnPropertyNames(Animal.prototype).join());   // expect: constructor,name,speak,tell
