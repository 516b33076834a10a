// Statements and declarations.
let a = 1, b;
const { c, d: [e = 2, ...f], ...g } = h;
if (a) b(); else { c(); }
for (let i = 0; i < 3; i++) continue;
for (const k in o) { if (k) break; }
for (var v of list) ;
while (x) x--;
do y(); while (z);
switch (q) { case 1: one(); break; default: two(); }
try { t(); } catch ({ message }) { m(message); } finally { n(); }
out: { break out; }
function fn(p, q = p, ...r) { return arguments.length; }
function* gen() { const r = yield 1; yield* r; }
async function as() { for await (const x of y) await x; }
class A extends B { #p = 1; static s; static { } constructor() { super(); } get p() { return this.#p; } }
throw new Error('end');
