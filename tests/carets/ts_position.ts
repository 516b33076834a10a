interface Long { a: string; b: number }
enum E { A, B }
class P { constructor(private readonly x: string | null, y?: E) { } len(): number { return this.x!.length; } }
namespace N { export const go = <T>(v: T): T => { (new P(null) as any as P).len(); return v; }; }
N.go<number>(E.B);
