// Import bindings are live views of the exporter's variables.
import Counter, { count, increment as up, total } from './_lib/counter.mjs';
import * as all from './_lib/counter.mjs';
import { count as again } from './_lib/reexport.mjs';
print(count, total, again, all.count);                       // expect: 0 0 0 0
up();
print(count, total, again, all.count);                       // expect: 1 1 1 1
const later = () => count;
up();
print(later());                                              // expect: 2
print(Counter.name, Counter.label, typeof up, up.name);      // expect: Counter Counter function increment
try { count = 5; } catch (e) { print(e.name + ': ' + e.message); } // expect: TypeError: Assignment to constant variable 'count'
try { all.count = 5; } catch (e) { print(e.message); }       // expect: Cannot assign to 'count' of a module namespace
print(this, typeof __filename);                              // expect: undefined undefined
