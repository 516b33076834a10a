// Enums are objects: numbers map back, strings do not.
enum Plain { A, B, C = 10, D, E = C * 2 + 1, F = -1, G, 'quoted name', ['computed'] }
console.log(JSON.stringify(Plain));   // expect: {"0":"G","1":"quoted name","2":"computed","10":"C","11":"D","21":"E","A":0,"B":1,"C":10,"D":11,"E":21,"F":-1,"-1":"F","G":0,"quoted name":1,"computed":2}
enum Text { A = 'a', B = `b${1 + 1}`, C = A + '-' + B, D = 'x'.length, E = `${Math.abs(-1)}` }
console.log(JSON.stringify(Text));   // expect: {"1":"D","A":"a","B":"b2","C":"a-b2","D":1,"E":"1"}
const enum Const { One = 1, Two = One << 1, Four = Two ** 2, Mask = One | Two | Four, Not = ~One, Rest = 7 % 4 >>> 1 }
console.log(Const.Mask, Const['Four'], Const[2], Const.Not, Const.Rest);   // expect: 7 4 Two -2 1
enum Self { A = 1, B = Self.A + 1, C = Self['B'] + 1, D = [A, B].map(A => A * 2).length, E = (() => C)() }
console.log(Self.A, Self.B, Self.C, Self.D, Self.E);   // expect: 1 2 3 2 3
enum Self { F = 100, G = F + A }
console.log(Self.G, Self[101], Self.A);   // expect: 101 G 1
const outer = 5;
enum Outer { A = outer, B = outer + 1 }
console.log(Outer.A, Outer[6]);   // expect: 5 B
enum Odd { NaN1 = 0 / 0, Inf = 1 / 0, Half = 0.5, Big = 1e21, Hex = 0xff, toString = 3 }
console.log(Odd.NaN1, Odd.Inf, Odd[0.5], Odd[1e21], Odd.Hex, Odd.toString, Odd[3]);   // expect: NaN Infinity Half Big 255 3 toString
declare enum Declared { A }
declare const enum DeclaredConst { A }
enum Empty { }
console.log(JSON.stringify(Empty), typeof Declared);   // expect: {} undefined
function inside() {
	enum Local { A = 1, B }
	{ enum Local { X = 7 } console.log(Local.X); }
	return Local.B;
}
console.log(inside());   // expect: 7
// expect: 2
namespace Outer { export const extra = 'merged'; }
console.log((Outer as any).extra, Outer.B);   // expect: merged 6
{
	// A text from another enum, or from a constant, has no way back.
	enum From { T = 'text', N = 4 }
	const text = 'constant';
	enum To { A = From.T, B = From['N'], C = text }
	print(JSON.stringify(To));                             // expect: {"4":"B","A":"text","B":4,"C":"constant"}
}
