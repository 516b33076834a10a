// Expressions that need more registers than a function has.
function f(a, b, c) { return c === undefined ? a + 1 : a + b + c; }
const deep = (n, open, inner, close) => (0, eval)("(function () { let v = 1; return " + open.repeat(n) + inner + close.repeat(n) + "; })");
print(deep(300, "f(", "v", ")")());                           // expect: 301
print(deep(120, "f(v, v++, ", "1", ")")());                   // expect: 14521
print(JSON.stringify(deep(280, "[v, ", "v", "]")()).length);  // expect: 1121
print(deep(100, "`${v}${f(", "2", ")}`")().length);           // expect: 200
print(deep(90, "(v ? f(v, [v].concat(", "'x'", ").length, 3) : 0)")());  // expect: 6
try { deep(100, "f(1, 2, ", "missing", ")")(); } catch (e) { print(e.name); }  // expect: ReferenceError
const gen = (0, eval)("(function* () { return " + "f(1, yield 1, ".repeat(80) + "yield 2" + ")".repeat(80) + "; })");
let it = gen(), r = it.next(), steps = 0;
while (!r.done) { steps++; r = it.next(10); }
print(steps, r.value);                                        // expect: 81 890
(0, eval)("(async function () { print(" + "f(1, await 2, ".repeat(80) + "await 3" + ")".repeat(80) + "); })")();  // expect: 243
