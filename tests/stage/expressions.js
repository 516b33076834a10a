// Precedence, assignment forms, calls, literals.
x = a + b * c ** d ** e - (f, g);
x ??= y || z && w;
y = a ? b : c ? d : e;
o = { a, b: 1, [c]: 2, get d() { return 1; }, set d(v) { }, async *e() { }, ...f, 'g': 3, 4: 5, __proto__: null };
z = [1, , ...b, c];
f(a, ...b)(c).d?.[e]?.(g);
new A; new B(1); new C.D().e;
t`a${1}b`;
delete a.b; typeof c; void 0; -+~!d; e++ + --f;
(a, b = 1, { c, d: [e] }, ...rest) => a + b;
async x => await x;
