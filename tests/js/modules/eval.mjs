// Direct eval in a module: strict, sees imported names live.
import { count, increment } from './_lib/counter.mjs';
import * as ns from './_lib/counter.mjs';
const before = eval('count');
increment();
console.log(eval('count + (() => ns.count)() + eval("count")') - 3 * before, eval('typeof this'));   // expect: 3 undefined
try { eval('count = 1'); } catch (e) { console.log(e.name); }   // expect: TypeError
eval('var local = 1');
console.log(typeof local);   // expect: undefined
console.log(await eval('import("./_lib/counter.mjs").then(m => m === ns)'));   // expect: true
try { eval('import.meta'); } catch (e) { console.log(e.name); }   // expect: SyntaxError
