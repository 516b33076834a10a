// Every form of type, of which nothing is left when the program runs.
type Primitive = string | number | boolean | bigint | symbol | null | undefined | void | never | unknown | any | object;
type Literal = 'a' | "b" | 1 | -1 | 10n | -10n | true | false | null | `c`;
type Leading =
	| { kind: 'one' }
	| { kind: 'two' };
type Both = & { a: 1 } & { b: 2 };
type Arr = string[][] | readonly number[] | Array<Array<string>>;
type Tuple = [string, number?, ...boolean[]];
type Named = [first: string, second?: number, ...rest: boolean[]];
type Fn = (a: string, b?: number, ...c: boolean[]) => void;
type Generic = <T, U extends T = T>(this: Window, { a, b: [c] }: { a: T; b: U[] }, ...d: U[]) => T;
type Ctor = new (...args: any[]) => object;
type AbstractCtor = abstract new () => object;
type Lookup = Shape['area'] | Shape[keyof Shape] | Tuple[number];
type Query = typeof globalThis | typeof print | typeof Math.abs | typeof import('./types');
type Imported = import('./types').Shape<string> | import('x', { with: { 'resolution-mode': 'import' } }).Y;
type Conditional<T> = T extends string ? 's' : T extends (infer U)[] ? U : T extends (...a: any[]) => infer R ? R : never;
type Constrained<T> = T extends [infer H extends string, ...infer R extends string[]] ? [H, R] : never;
type Nested<T> = T extends (infer U extends number ? 1 : 0) ? 1 : 0;
type Equal<X, Y> = (<T>() => T extends X ? 1 : 2) extends <T>() => T extends Y ? 1 : 2 ? true : false;
type Mapped<T> = { [K in keyof T]: T[K] } & { readonly [K in keyof T]?: T[K] } & { -readonly [K in keyof T]-?: T[K] };
type Plus<T> = { +readonly [K in keyof T as `get${Capitalize<string & K>}`]+?: () => T[K]; };
type Template = `${string}-${number}` | `a${'b' | 'c'}d`;
type Guard = (x: unknown) => x is string;
type Assert = (x: unknown) => asserts x is string;
type Assert2 = (x: unknown) => asserts x;
type This = (this: Date) => this is Date;
type Unique = { readonly tag: unique symbol };
type Keyof = keyof typeof table;
type In<in T, out U, in out V, const W = string> = [T, U, V, W];
interface Window { }
interface Shape<T = unknown> extends Array<T>, Record<string, any> {
	(x: number): string;
	<U>(x: U): U;
	new (x: number): Shape;
	area: number;
	readonly fixed: string
	optional?: boolean,
	method(x: string): void;
	optionalMethod?<U>(x: U): U;
	'quoted key': 1;
	42: string;
	[Symbol.iterator](): Iterator<T>;
	[index: number]: T;
	readonly [key: string]: any;
	get accessor(): string;
	set accessor(v: string);
	get: string;
	set?: number;
	readonly: boolean;
	type: 'x';
	default: 1; class: 2; in(): 3
}
const table = { a: 1, b: 2 } as const;
let a: string = 'x', b: number | undefined, c!: boolean;
var d: Array<Array<number>>= [[1]], e: Map<string, Set<number>>=new Map;
const f: (x: number) => (y: number) => number = x => y => x + y;
const g: { a: string } & { b?: number } = { a };
let h: typeof f | null = null;
console.log(a, b, c, d[0][0], e.size, f(1)(2), g.a, h);   // expect: x undefined undefined 1 0 3 x null
function first(this: void, x: string, y?: number, ...z: boolean[]): [string, number?] { return [x, y]; }
console.log(first('p'), first.length);   // expect: [ 'p', undefined ] 2
function check(x: unknown): x is string { return typeof x === 'string'; }
function must(x: unknown): asserts x is string { if (!check(x)) throw new TypeError('no'); }
function truthy(x: unknown): asserts x { }
must('x'); truthy(1);
console.log(check(1));   // expect: false
const { x: px, y: py = 5 }: { x: number; y?: number } = { x: 1 }, [q1, q2]: [number, number] = [2, 3];
console.log(px, py, q1, q2);   // expect: 1 5 2 3
for (const k of [1] as number[]) console.log(k);   // expect: 1
for (let i: number = 0; i < 1; i++) console.log(i);   // expect: 0
try { throw new Error('e'); } catch (err: any) { console.log(err.message); }   // expect: e
// Words of types are names elsewhere.
let type = 1, declare = 2, namespace = 3, module = 4, abstract = 5, keyof = 6, infer = 7, is = 8, asserts = 9;
let readonly = 10, unique = 11, satisfies = 12, override = 13, accessor = 14, out = 15, global = 16;
type = declare + namespace
namespace
abstract = type
console.log(type, abstract, module + keyof + infer + is + asserts + readonly + unique + satisfies + override + accessor + out + global);   // expect: 5 5 125
