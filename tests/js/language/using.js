// Using declarations: order of disposal, ways out of a scope, errors on the way.
let log = [];
function res(name, fails) {
  return { [Symbol.dispose]() { log.push(name); if (fails) throw new Error(name); } };
}
function asyncRes(name, fails) {
  return { async [Symbol.asyncDispose]() { log.push(name); await null; log.push(name + "."); if (fails) throw new Error(name); } };
}
function show(what) { print(what + ": " + log.join(" ")); log = []; }

{ using a = res("a"), b = res("b"); log.push("body"); }
show("block");                                           // expect: block: body b a
(() => { using a = res("a"); log.push("body"); return log.push("value"); })();
show("return");                                          // expect: return: body value a
for (const x of [1, 2, 3]) { using a = res("a" + x); if (x === 1) continue; if (x === 2) break; }
show("jumps");                                           // expect: jumps: a1 a2
for (using i = res("head"), n = null; log.length < 2;) log.push("round");
show("for");                                             // expect: for: round round head
for (using x of [res("p"), null, res("q")]) log.push(x ? "some" : "none");
show("for-of");                                          // expect: for-of: some p none some q
function* gen() { using g = res("g"); yield 1; yield 2; }
for (const x of gen()) { log.push(x); break; }
show("generator");                                       // expect: generator: 1 g
label: { using a = res("a"); break label; }
show("label");                                           // expect: label: a
try { using a = res("a", true), b = res("b", true); throw new Error("body"); } catch (e) {
  print(e.name, e.error.message, e.suppressed.error.message, e.suppressed.suppressed.message);
}                                                        // expect: SuppressedError a b body
show("errors");                                          // expect: errors: b a
try { using a = res("a"), b = {}; } catch (e) { log.push(e.name); }
show("no method");                                       // expect: no method: a TypeError
class C { static { using a = res("static"); } }
show("static block");                                    // expect: static block: static
class D extends C { constructor() { using a = res("ctor"); super(); } }
new D();
show("constructor");                                     // expect: constructor: ctor
const f = (h) => { using fn = h ?? (() => 0); };
try { f(); } catch (e) { print(e.name); }                // expect: TypeError
{ using x = null; print((() => { try { x = 1; } catch (e) { return e.message; } })()); } // expect: Assignment to constant variable 'x'

// The words are names everywhere else.
var using = 5, of = [7];
using
print(using);                                            // expect: 5
for (using of of) ;
print(using);                                            // expect: 7
for (const bad of ["using x = null;", "switch (1) { case 1: using x = null; }", "{ using x = null, [y] = []; }", "{ using x; }",
  "if (1) using x = null;", "for (using x in {});", "async function f() { for (await using x in {}); }"])
  try { Function("", bad === "using x = null;" ? "return eval('" + bad + "')" : bad)(); print("?", bad); } catch (e) { log.push(e.name); }
show("refused");                                         // expect: refused: SyntaxError SyntaxError SyntaxError SyntaxError SyntaxError SyntaxError SyntaxError

const stack = new DisposableStack();
stack.use(res("used")); stack.adopt("it", (v) => log.push("adopted " + v)); stack.defer(() => log.push("deferred"));
{ using moved = stack.move(); log.push(stack.disposed); }
show("stack");                                           // expect: stack: true deferred adopted it used

(async () => {
  { await using a = asyncRes("a"), b = res("b"), c = null; log.push("body"); }
  show("async");                                         // expect: async: body b a a.
  try { await using a = asyncRes("a", true); throw 1; } catch (e) { print(e.name, e.error.message, e.suppressed); } // expect: SuppressedError a 1
  log = [];
  for (await using x of [asyncRes("p"), asyncRes("q")]) log.push("body");
  show("for-of");                                        // expect: for-of: body p p. body q q.
  await using s = new AsyncDisposableStack();
  s.use(asyncRes("s")); s.use(res("t")); s.defer(async () => log.push("deferred"));
  async function* g() { await using r = asyncRes("r"); yield 1; }
  for await (const x of g()) break;
  show("generator");                                     // expect: generator: r r.
})().then(() => show("stack"));                          // expect: stack: deferred t s s.
