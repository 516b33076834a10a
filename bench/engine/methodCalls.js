// Method calls on objects of one class and of three shapes in turn.
class Vec {
	constructor(x, y) { this.x = x; this.y = y; }
	dot(o) { return this.x * o.x + this.y * o.y; }
	scale(k) { this.x = (this.x * k) & 1023; this.y = (this.y * k) & 1023; return this; }
}
class Square { constructor(a) { this.a = a; } area() { return this.a * this.a; } }
class Rect { constructor(w, h) { this.w = w; this.h = h; } area() { return this.w * this.h; } }
class Tri { constructor(b, h) { this.h = h; this.b = b; } area() { return (this.b * this.h) >> 1; } }
const shapes = [new Square(3), new Rect(4, 5), new Tri(6, 7)];
function run(n) {
	const a = new Vec(1, 2), b = new Vec(3, 4);
	let sum = 0;
	for (let i = 0; i < n; i++) {
		a.scale(3);
		sum = (sum + a.dot(b) + shapes[i % 3].area()) % 1000003;
	}
	return sum;
}
