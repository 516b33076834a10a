// Namespaces: exported variables are properties wherever they are used.
namespace A {
	export const one = 1, { two, three: [four = 4] } = { two: 2, three: [] as number[] };
	export let counter = 0, unset: string;
	export var list: number[] = [];
	const hidden = 'hidden';
	export function bump(by = one) { counter += by; ({ counter } = { counter: counter + 1 }); return counter; }
	export async function later() { return hidden; }
	export class C { n = counter; static s = two; }
	export abstract class D { }
	export enum E { X = 3, Y = X + one }
	export interface I { }
	export type T = string;
	export declare const nothing: number;
	export namespace Inner { export const v = one + four; export const shadow = (one: number) => one; }
	namespace Private { export const p = 1 }
	for (counter of [5]) list.push(counter, Private.p);
	const short = { counter, two };
	list.push(short.counter);
	function shadowed(counter: string) { { let two = 'local'; return counter + two; } }
	export const s = shadowed('c');
	typeof counter; counter++; --counter;
}
console.log(A.one, A.two, A.four, A.counter, A.bump(), A.bump(2), A.counter);   // expect: 1 2 4 5 7 10 10
console.log(A.list.join(), A.s, new A.C().n, A.C.s, A.E.Y, A.E[3], A.Inner.v, A.Inner.shadow(9));   // expect: 5,1,5 clocal 10 2 4 X 5 9
console.log('unset' in A, 'hidden' in A, 'Private' in A, 'nothing' in A, typeof A.D);   // expect: false false false false function
namespace A { export const more = counter + bump() + C.s; counter = 0; }
console.log(A.more, A.counter);   // expect: 24 0
namespace Deep.Er.Est { export const x = 'deep'; export function f() { return x; } }
namespace Deep.Er { export const y = Est.x + Est.f(); }
console.log(Deep.Er.Est.x, Deep.Er.y);   // expect: deep deepdeep
namespace OnlyTypes { export interface X { } export type Y = X; namespace Z { type W = 1 } }
console.log(typeof OnlyTypes === 'undefined');   // expect: true
function merged() { return merged.value; }
namespace merged { export const value = 'function and namespace'; }
class Klass { static a = Klass.name; }
namespace Klass { export const b = a2() + '!'; function a2() { return Klass.a; } }
console.log(merged(), Klass.b);   // expect: function and namespace Klass!
namespace Same { export class Same { v = 1 } export const w = new Same().v; export function make() { return new Same(); } }
console.log(new Same.Same().v, Same.w, Same.make().v);   // expect: 1 1 1
namespace Alias { export import E = A.E; import inner = A.Inner; export const v = inner.v + E.X; }
import Est = Deep.Er.Est;
console.log(Alias.E.X, Alias.v, Est.x);   // expect: 3 8 deep
declare namespace Ghost { const x: number; function f(): void; namespace G { let y: string } export = x; }
declare module 'ghost' { export default function f(): void; export const a: 1; import b = require('b'); export { b }; export * from 'c'; }
declare module 'short';
declare global { interface Array<T> { ghost: T } var g: number; }
console.log(typeof Ghost);   // expect: undefined
function local() { namespace In { export const z = 1; } return In.z; }
console.log(local());   // expect: 1
export { };
