"use strict";
// Strict code cannot assign a name that its own right side declares as a global.
try { undeclared = (globalThis.undeclared = 5); } catch (e) { print(e.name, e.message); }  // expect: ReferenceError undeclared is not defined
undeclared = Math.abs(-3);
print(undeclared);                                                     // expect: 3
var declared; declared = Math.abs(-1);
let lexical; lexical = Math.abs(-2);
print(declared, lexical);                                              // expect: 1 2
function outer() { later = String(1); return later; }
try { outer(); } catch (e) { print(e.message); }                       // expect: later is not defined
globalThis.later = 0;
print(outer());                                                        // expect: 1
