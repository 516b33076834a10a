class A { }
class B extends A {
	constructor(public x: number) {
		if (x) super();
	}
}
