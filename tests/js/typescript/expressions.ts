// as, satisfies, !, assertions in angle brackets, type arguments, and what they can be taken for.
const o: any = { a: { b: [1, 2, 3] }, f(x: number) { return this.a.b[x]; } };
console.log(o!.a!.b![1]!, (o as any).a.b.length, (<any>o).a.b[2]);   // expect: 2 3 3
console.log((o.f as Function)(1), o!.f!(2), (o.f as any as (x: number) => number).call(o, 0));   // expect: 2 3 1
console.log(o?.a!.b?.[0]!, o.none?.a!.b);   // expect: 1 undefined
let n = 1 as number;
(n as any) = 5; n! += 1; n!++; (<any>n)--;
console.log(n);   // expect: 6
[o.a.b[0] as any, o.x!] = [7, 8];
console.log(o.a.b[0], o.x);   // expect: 7 8
const colours = { red: [255, 0, 0], green: '#0f0' } satisfies Record<string, string | number[]>;
const fixed = ['a', 'b'] as const, one = <const>'one';
console.log(colours.green, fixed[0], one);   // expect: #0f0 a one
console.log(1 + 2 as number * 3 === 9, typeof 1 as string, !0 as boolean);   // expect: true number true
const as = 1, satisfies = 2;
console.log(as as number, satisfies satisfies number);   // expect: 1 2
let asi = 1
as
satisfies
console.log(asi);   // expect: 1
// < as less-than and as the beginning of arguments
function id<T>(x?: T): any { return x === undefined ? 'none' : x; }
const lt = 1, gt = 0, call = (...a: any[]) => a.length;
console.log(id<number>(1), id<Array<Array<number>>>([[2]])[0][0], id<string>``, id<<T>(x: T) => T>((x) => x)(3));   // expect: 1 2 [ '' ] 3
console.log(call(lt < gt, lt > gt), call(id<string>, id<number>), lt < gt);   // expect: 2 2 false
console.log(lt < 5 && gt > -1, lt<gt>-1, id < 3 > (2 as any), lt << 2 >> 1);   // expect: true true 2 2
const inst = id<string>;
const inst2 = id<string>
console.log(inst('i'), inst2('j'), new Map<string, number>([['k', 1]]).size, new Set<number>().size, new Array<string>);   // expect: i j 1 0 []
console.log(id?.<number>(4), o.f?.<number>(1));   // expect: 4 2
if (lt < gt || gt > lt) { } else console.log('else');   // expect: else
for (let i = 0, m = 2; i<m; i++) if (i>0) console.log(i);   // expect: 1
class Base<T> { v?: T; static make<U>(this: new () => U): U { return new this(); } }
class Derived extends Base<string> { }
class Odd extends (Base as any)<number> { }
console.log(Derived.make<Derived>() instanceof Base, new Odd() instanceof Base);   // expect: true true
// arrow functions
const f1 = (x: number): number => x, f2 = <T>(x: T) => x, f3 = <T, U extends T>(x: T, y?: U): [T, U?] => [x, y];
const f4 = async <T>(x: T): Promise<T> => x, f5 = async (x: number, y: string = 'y'): Promise<string> => x + y;
const f6 = ({ a, b = 2 }: { a: number; b?: number } = { a: 1 }, [c]: number[] = [3], ...r: number[]) => a + b + c + r.length;
const f7 = (x?: number, y?: string) => [x, y], f8 = (): void => { }, f9 = (x): x is string => true;
const f10 = (x: any) => x as string, f11 = (x: { a: 1 }) => ({ x }), f12 = async <T,>(x: T) => x, f13 = (a = 1, b: number) => a + b;
console.log(f1(1), f2('a'), f3(1), f6(), f6({ a: 5 }, [6], 7), f7(1), f8(), f9(1 as any), f10(2), f13(undefined, 4));   // expect: 1 a [ 1, undefined ] 6 14 [ 1, undefined ] undefined true 2 5
f4(1).then(v => f5(v).then(w => console.log(v, w)));
const async = <T>(x: T) => 'called ' + x;
console.log(async<number>(1), async(2));   // expect: called 1 called 2
// in conditionals, where : may also be the conditional's
const yes = true, x = 1, y = 2, z = (v: any) => v;
console.log(yes ? (x) : y, yes ? (x, y) : z, yes ? x : (y) => z);   // expect: 1 2 1
console.log((yes ? (v: number) => v : z)(3), (yes ? (v): number => v : z)(4), (yes ? (v) => (v) : (z))(5));   // expect: 3 4 5
console.log(yes ? (x) : y => z, (yes ? (v) : number => v + 1 : z)(6));   // expect: 1 7
console.log(yes ? (x) ? (y) : x : y, yes ? { a: (x) } : y, yes ? [(x)] : y);   // expect: 2 { a: 1 } [ 1 ]
switch (1) { case (x): console.log('case'); break; default: }   // expect: case
label: for (; ;) { break label; }
// expect: 1 1y
