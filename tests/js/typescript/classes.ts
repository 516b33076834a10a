// Members, modifiers, signatures and what they leave.
interface Named { name: string }
interface Aged { age?: number }
abstract class Shape<T = number> implements Named, Aged {
	abstract readonly sides: number;
	protected abstract area(): T;
	abstract get kind(): string;
	abstract set kind(v: string);
	public name: string = 'shape';
	private static count = 0;
	protected readonly id: number = ++Shape.count;
	declare ghost: string;
	optional?: string;
	definite!: number;
	[key: string]: any;
	static [index: number]: string;
	static readonly ORIGIN = [0, 0] as const;
	static async make<U extends Shape<any>>(this: new () => U): Promise<U> { return new this(); }
	constructor();
	constructor(x: string);
	constructor(x?: any) { if (x) this.name = x; }
	describe(): string;
	describe(loud: boolean): string;
	describe(loud?: boolean): string { return loud ? this.name.toUpperCase() : this.name; }
	public get sum(): number { return this.#hidden(1); }
	public set sum(v) { this.definite = v; }
	#hidden(x: number): number;
	#hidden(x: any): any { return x + this.id; }
	optionalMethod?(): void;
	static { Shape.count = 10; }
}
class Square extends Shape<number> {
	override readonly sides = 4;
	override get kind(): string { return 'square'; }
	override set kind(v: string) { }
	protected override area(): number { return this.sides; }
	readonly = 1; declare; abstract; static static = 5; public; get; set; async; type?: string; private?: number
	accessor = 2; override() { return 'o'; } declare2(): void { } static() { return 's'; } get<T>(x: T) { return x; }
}
const s = new Square();
console.log(s.describe(), s.describe(true), s.sides, s.sum, s.kind);   // expect: shape SHAPE 4 12 square
console.log(Object.keys(s).join());   // expect: name,id,optional,definite,sides,readonly,declare,abstract,public,get,set,async,type,private,accessor
console.log(Square.static, s.override(), s.static(), 'ghost' in s, 'describe' in s, 'optionalMethod' in s);   // expect: 5 o s false true false
Square.make<Square>().then(v => console.log(v instanceof Square));
// Parameter properties: fields, and assigned right after super().
class Point { constructor(public x: number, protected readonly y = x * 2, private z?: string, plain?: number) { console.log(this.x, this.y, this.z, plain); } }
new Point(1);   // expect: 1 2 undefined undefined
console.log(JSON.stringify(new Point(1, 2, 'z', 4)), Point.length);   // expect: 1 2 z 4
// expect: {"x":1,"y":2,"z":"z"} 1
class Point3 extends Point {
	w = 'field';
	constructor(readonly depth: number, override readonly x = 9) { 'use something'; const before = depth; super(before); console.log(this.depth, this.x, this.w); }
}
new Point3(3);   // expect: 3 6 undefined undefined
// expect: 3 9 field
class Counter { accessor n = 1; static accessor total = 5; accessor #p = 2; bump() { this.n++; this.#p += 10; Counter.total++; return this.n + this.#p; } }
const c = new Counter();
console.log(c.n, c.bump(), c.n, Counter.total, Object.keys(c).length, 'n' in Counter.prototype);   // expect: 1 14 2 6 0 true
const anonymous = class<T> implements Named { name = 'anon' }, named = class Foo<T> extends Array<T> { };
console.log(new anonymous<string>().name, new named<number>().length);   // expect: anon 0
class Generic<const T extends readonly unknown[], in out U = string> { m<V>(this: this, v: V, ...r: U[]): asserts v is V & {} { } }
console.log(new Generic().m(1));   // expect: undefined
// expect: true
