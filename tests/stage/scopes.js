// What is captured, what stays in registers, what is global.
var globalVar = 1;
let lexical = 2;
function outer(p, q) {
	var kept = p;
	let captured = q;
	for (let i = 0; i < 2; i++) (() => i);
	{ let shadow = kept; use(shadow); }
	return function inner() { return captured + free + lexical; };
}
function sloppy(a) { a = 2; return arguments[0]; }
try { f(); } catch (e) { (() => e)(); }
