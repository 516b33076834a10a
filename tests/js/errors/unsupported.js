// What is not part of the language yet says so, with a position.
const refused = (src) => { try { (0, eval)(src); return 'accepted'; } catch (e) { return e.name + ': ' + e.message; } };
console.log(refused('with ({}) {}'));   // expect: SyntaxError: the with statement is not supported yet (line 1, column 1)
console.log(refused('function f() { eval("1"); }'));   // expect: SyntaxError: direct eval is not supported yet (line 1, column 16)
