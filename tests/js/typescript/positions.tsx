// Stacks name places of the source, also within what is erased or lowered.
const at = (f: () => unknown): string => { try { f(); return 'no error'; } catch (e) { return (e as Error).stack!.split('\n').slice(1, 3).map((l) => l.replace(/.*positions\.tsx:/, '').replace(')', '')).join(' '); } };
const none = null as any;
function generic<T extends { a?: (x: T) => void }>(this: void, x: T, y?: Array<Map<string, T>>): T {
	return (x as unknown as { b: { c: T } }).b.c;
}
print(1, at(() => generic<{ a?: any }>({})));   // expect: 1 5:45 7:19
print(2, at(() => { enum E { A = 1, B = none.b } return E; }));   // expect: 2 8:46 8:28
namespace Later { export function f(o?: any): any { return o!.x; } export namespace Inner { export const g = (): any => none.deep; } }
print(3, at(() => Later.f()));   // expect: 3 9:63 10:25
print(4, at(() => Later.Inner.g()));   // expect: 4 9:126 11:31
class C { constructor(private readonly v: any, public w = none?.x) { this.v.missing(); } accessor a: number = 1; get g(): any { return this.v!.q.r; } }
print(5, at(() => new C({})));   // expect: 5 12:77 13:19
const T = <P extends object>(p: P & { name?: string }) => <p title={p.name!}>{p.name!.length}</p>;
print(6, at(() => renderToString(<div><T /></div>)));   // expect: 6 14:87     at renderToString (native
print(7, at(() => <p>{none.x}</p>));   // expect: 7 16:28 2:50
print(8, at(() => <p
	title="a"
	class={none.y}
>text</p>));   // expect: 8 19:14 2:50
print(9, at(() => (none satisfies any as string).length));   // expect: 9 21:50 2:50
print(10, at(() => comptime({ a: 1 } as any).b.c));   // expect: 10 22:48 2:50
abstract class D<X> { abstract m(): X; declare z: number; n(this: D<X>): X { return none!.n; } }
class F extends D<string> { m(): string { return super.n(); } }
print(11, at(() => new F().m()));   // expect: 11 23:91 24:50
function over(a: string): void; function over(a: number): void; function over(a: any): void { a.b.c; }
print(12, at(() => over(1)));   // expect: 12 26:99 27:20
