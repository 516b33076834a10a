// What is imported for its type is not imported.
import Default, { Thing, Alias, value, Kind, over as renamed } from './_lib/values.mts';
import type Whole from './_lib/none.mts';
import type { A, B as C } from './_lib/none.mts';
import type * as Star from './_lib/none.mts';
import { type Missing, type AlsoMissing as M2 } from './_lib/none.mts';
import Unused, { neither } from './_lib/none.mts';
import * as UnusedStar from './_lib/none.mts';
import { type Thing as T, NS, Abstract } from './_lib/values.mts';
import type from './_lib/values.mts';
import { type as } from './_lib/none.mts';
import './_lib/effect.mts';   // expect: effect
import { Nothing } from './_lib/effect.mts';
import Est = NS.n;
let t: Thing & Alias & Whole & A & C & Star.X & Missing & M2 & T & Nothing & Unused & as | undefined;
const q: typeof neither | keyof typeof UnusedStar | null = null;
class Impl extends Abstract { m(): any { return 'm'; } }
console.log(value, Kind.B, renamed(3), new Default<string>().v, new type().v, NS.n, Est, new Impl().m(), q);   // expect: 1 b 3 default default 2 2 m null
interface Foo { }
type Bar = Foo;
export { Foo, Bar };
export type { Thing } from './_lib/none.mts';
export type * from './_lib/none.mts';
export type * as Everything from './_lib/none.mts';
export { type A2 } from './_lib/values.mts';
export default Foo;
export interface Exported { }
export default interface Second { }
export as namespace Global;
